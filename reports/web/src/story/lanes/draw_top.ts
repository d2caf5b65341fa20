// Above the lanes: the steps of the timeline as numbered flags, and the axis of civil time. The numbers are those of the
// list of sentences, where there is room for more than a name.

import type { MarkData } from "../../generated/report";
import { fitted, font, type Frame } from "./frame";
import { ticksOf } from "./ticks";

export const axisHeight = 36,
  flagHeight = 18,
  flagRows = 4;
export const topHeight = axisHeight + flagRows * flagHeight + 4;

export interface Flag {
  mark: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

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

/** Flags in as many rows as they need; where the rows are full only the number is left of one, then only its pole. */
export function drawFlags(frame: Frame, marks: MarkData[], decisive: number | null, bottom: number): Flag[] {
  const { ctx, palette, from, to, width, x } = frame,
    flags: Flag[] = [],
    texts: string[] = [];
  const taken = new Array<number>(flagRows).fill(-Infinity);
  ctx.font = font(12, 500);
  marks.forEach((mark, n) => {
    if (mark.at < from || mark.at > to) return;
    const pole = x(mark.at),
      number = String(n + 1);
    const whole = `${number}  ${mark.name || mark.text}`;
    for (const text of [fitted(ctx, whole, 190), number]) {
      const wide = ctx.measureText(text).width + 10,
        left = Math.max(Math.min(pole, width - wide), 0);
      const row = taken.findIndex((right) => right + 3 <= left);
      if (row < 0) continue;
      taken[row] = left + wide;
      const foot = bottom - 3 - row * flagHeight; // The first row is the nearest to the axis.
      flags.push({ mark: n, left, right: left + wide, top: foot - flagHeight + 2, bottom: foot });
      ctx.fillStyle = palette.quiet;
      ctx.fillRect(Math.round(pole), foot - flagHeight + 2, 1, bottom - foot + flagHeight - 2);
      texts.push(text);
      return;
    }
    ctx.fillStyle = palette.quiet;
    ctx.fillRect(Math.round(pole), bottom - 6, 1, 6);
  });
  // After all poles, which would run through their texts.
  flags.forEach((flag, n) => drawFlag(frame, marks[flag.mark], texts[n], flag));
  if (decisive !== null && decisive >= from && decisive <= to) {
    const at = x(decisive);
    ctx.fillStyle = palette.bad;
    ctx.beginPath();
    ctx.moveTo(at - 5, bottom + axisHeight - 6);
    ctx.lineTo(at + 5, bottom + axisHeight - 6);
    ctx.lineTo(at, bottom + axisHeight);
    ctx.fill();
  }
  return flags;
}

function drawFlag({ ctx, palette }: Frame, mark: MarkData, text: string, flag: Flag): void {
  const height = flag.bottom - flag.top,
    person = mark.by_operator && !mark.skipped;
  // A person's step is a full flag, what the machinery does a hollow one, and what did not come off is struck through.
  ctx.fillStyle = person ? palette.accent : palette.ground;
  ctx.fillRect(flag.left, flag.top, flag.right - flag.left, height);
  ctx.strokeStyle = person ? palette.accent : palette.quiet;
  ctx.lineWidth = 1;
  ctx.setLineDash(mark.skipped ? [2, 2] : []);
  ctx.strokeRect(flag.left + 0.5, flag.top + 0.5, flag.right - flag.left - 1, height - 1);
  ctx.setLineDash([]);
  ctx.fillStyle = person ? palette.ground : mark.skipped ? palette.quiet : palette.text;
  ctx.fillText(text, flag.left + 5, flag.bottom - 4);
  if (mark.skipped) ctx.fillRect(flag.left + 4, (flag.top + flag.bottom) / 2 + 1, flag.right - flag.left - 8, 1);
}
