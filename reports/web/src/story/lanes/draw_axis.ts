// The axis of civil time, and the lines that lead from it and from the steps down through the lanes.

import type { MarkData } from "../../generated/report";
import { fitted, font, type Frame } from "./frame";
import { ticksOf } from "./ticks";

export const axisHeight = 36;

export function drawAxis({ ctx, palette, civil, from, to, width, x }: Frame, top: number): void {
  const { fine, coarse } = ticksOf(civil, from, to, width, width < 500 ? 54 : 66);
  ctx.textAlign = "left";
  ctx.fillStyle = palette.text;
  ctx.font = font(12, 600);
  coarse.forEach(({ at, label }, n) => {
    const left = Math.max(x(at), 0) + (n === 0 ? 2 : 5),
      end = n + 1 < coarse.length ? x(coarse[n + 1].at) : width;
    const said = fitted(ctx, label, end - left - 6);
    if (ctx.measureText(label).width <= end - left - 6) ctx.fillText(said, left, top + 13);
  });
  ctx.fillStyle = palette.line;
  for (const { at } of coarse.slice(1)) ctx.fillRect(Math.round(x(at)), top + 2, 1, axisHeight - 2);
  ctx.font = font(12);
  let free = 0;
  for (const { at, label } of fine) {
    const middle = x(at),
      room = ctx.measureText(label).width,
      left = Math.min(Math.max(middle - room / 2, 1), width - room - 1);
    ctx.fillStyle = palette.quiet;
    ctx.fillRect(Math.round(middle), top + axisHeight - 5, 1, 5);
    if (left < free) continue; // At an edge a label is moved inwards, and may then have no room.
    ctx.fillText(label, left, top + axisHeight - 8);
    free = left + room + 8;
  }
  ctx.fillStyle = palette.quiet;
  ctx.fillRect(0, top + axisHeight - 1, width, 1);
}

/** Thin lines through the lanes at the round times and, stronger, at the steps and where the story turns. */
export function drawLines(frame: Frame, marks: MarkData[], decisive: number | null, top: number, bottom: number): void {
  const { ctx, palette, civil, from, to, width, x } = frame;
  ctx.fillStyle = palette.line;
  ctx.globalAlpha = 0.55;
  for (const { at } of ticksOf(civil, from, to, width, width < 500 ? 54 : 66).fine)
    ctx.fillRect(Math.round(x(at)), top, 1, bottom - top);
  ctx.globalAlpha = 1;
  let drawn = -1;
  for (const mark of marks) {
    const column = Math.round(x(mark.at));
    if (mark.at < from || mark.at > to || column === drawn) continue;
    drawn = column;
    ctx.strokeStyle = palette.quiet;
    ctx.lineWidth = 1;
    ctx.setLineDash(mark.skipped ? [1, 4] : mark.by_operator ? [] : [5, 4]);
    ctx.globalAlpha = 0.7;
    ctx.beginPath();
    ctx.moveTo(column + 0.5, top);
    ctx.lineTo(column + 0.5, bottom);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  if (decisive !== null && decisive >= from && decisive <= to) {
    ctx.fillStyle = palette.bad;
    ctx.fillRect(Math.round(x(decisive)) - 0.5, top, 2, bottom - top);
  }
}
