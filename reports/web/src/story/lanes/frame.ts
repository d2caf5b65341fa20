// What everything that draws one picture of the chart needs to know.

import type { Threads } from "../../history/threads";
import type { History } from "../../history/unpack";
import type { CivilTime } from "../../page/civil_time";
import { isolated } from "../words";
import type { Palette } from "./palette";

export interface Frame {
  ctx: CanvasRenderingContext2D;
  palette: Palette;
  history: History;
  threads: Threads;
  civil: CivilTime;
  begins: number; // Of the run.
  from: number; // Of what is seen.
  to: number;
  width: number;
  ratio: number; // Device pixels by pixel.
  followed: number; // Item; -1: none.
  x(at: number): number;
}

const prefixMost = 80;

/** The text, or as much of it as fits with "…"; "" when not even three letters do. Of a long text only its beginning is measured. */
export function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  const start = text.slice(0, prefixMost);
  if (start.length === text.length && ctx.measureText(start).width <= room) return isolated(start);
  let low = 0,
    high = start.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ctx.measureText(`${start.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low >= 3 ? isolated(`${start.slice(0, low)}…`) : "";
}

/** The size of a canvas on the screen and in memory; one that would be too large for the browser is drawn coarser. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): number {
  const ratio = Math.min(devicePixelRatio || 1, 8000 / Math.max(width, height, 1), 3);
  const w = Math.max(1, Math.round(width * ratio)),
    h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  return ratio;
}

export const font = (size: number, weight = 400): string => `${weight} ${size}px system-ui, sans-serif`;
