// The steps of the timeline as numbered flags over the axis. The numbers are those of the list of sentences, where there is
// room for more than a name.

import type { MarkData } from "../../generated/report";
import { axisHeight } from "./draw_axis";
import { fitted, font, type Frame } from "./frame";

const flagHeight = 18,
  rowsMost = 4;

export interface Flag {
  mark: number;
  pole: number;
  text: string; // "": there is room for no more than the foot of its pole.
  row: number; // The first is the nearest to the axis.
  left: number;
  right: number;
}

export const heightOf = (flags: Flag[]): number => flags.reduce((most, { row }) => Math.max(most, row + 1), 1) * flagHeight + 6;

/** In as many rows as they need; where the rows are full only the number is left of one, then only its pole. */
export function placeFlags(frame: Pick<Frame, "ctx" | "from" | "to" | "width" | "x">, marks: MarkData[]): Flag[] {
  const { ctx, from, to, width, x } = frame,
    taken = new Array<number>(rowsMost).fill(-Infinity);
  ctx.font = font(12, 500);
  const placed = (mark: number, pole: number): Flag => {
    const number = String(mark + 1);
    for (const text of [fitted(ctx, `${number}  ${marks[mark].name || marks[mark].text}`, 190), number]) {
      const wide = ctx.measureText(text).width + 10,
        left = Math.max(Math.min(pole, width - wide), 0),
        row = taken.findIndex((right) => right + 3 <= left);
      if (row < 0) continue;
      taken[row] = left + wide;
      return { mark, pole, text, row, left, right: left + wide };
    }
    return { mark, pole, text: "", row: 0, left: pole, right: pole };
  };
  return marks.flatMap((mark, n) => (mark.at < from || mark.at > to ? [] : [placed(n, x(mark.at))]));
}

/** `height`: of all rows of flags, as `heightOf` says. */
export function drawFlags(frame: Frame, marks: MarkData[], flags: Flag[], height: number, decisive: number | null): void {
  const { ctx, palette, from, to, x } = frame,
    topOf = (flag: Flag) => height - 3 - (flag.row + 1) * flagHeight + 2;
  ctx.font = font(12, 500);
  ctx.fillStyle = palette.quiet;
  // All poles before any flag: they would run through the texts.
  for (const flag of flags) {
    const top = flag.text ? topOf(flag) : height - 6;
    ctx.fillRect(Math.round(flag.pole), top, 1, height - top);
  }
  for (const flag of flags) if (flag.text) drawFlag(frame, marks[flag.mark], flag, topOf(flag), flagHeight - 2);
  if (decisive !== null && decisive >= from && decisive <= to) {
    const at = x(decisive),
      bottom = height + axisHeight;
    ctx.fillStyle = palette.bad;
    ctx.beginPath();
    ctx.moveTo(at - 5, bottom - 6);
    ctx.lineTo(at + 5, bottom - 6);
    ctx.lineTo(at, bottom);
    ctx.fill();
  }
}

/** The flag at a place, if there is one; `y` from the top of all rows. */
export function flagAt(flags: Flag[], x: number, y: number): Flag | undefined {
  const height = heightOf(flags);
  return flags.find(
    ({ text, row, left, right }) => text && x >= left && x <= right && Math.floor((height - 3 - y) / flagHeight) === row,
  );
}

function drawFlag({ ctx, palette }: Frame, mark: MarkData, flag: Flag, top: number, height: number): void {
  const person = mark.by_operator && !mark.skipped;
  // A person's step is a full flag, what the machinery does a hollow one, and what did not come off is struck through.
  ctx.fillStyle = person ? palette.accent : palette.ground;
  ctx.fillRect(flag.left, top, flag.right - flag.left, height);
  ctx.strokeStyle = person ? palette.accent : palette.quiet;
  ctx.lineWidth = 1;
  ctx.setLineDash(mark.skipped ? [2, 2] : []);
  ctx.strokeRect(flag.left + 0.5, top + 0.5, flag.right - flag.left - 1, height - 1);
  ctx.setLineDash([]);
  ctx.fillStyle = person ? palette.ground : mark.skipped ? palette.quiet : palette.text;
  ctx.fillText(flag.text, flag.left + 5, top + height - 4);
  if (mark.skipped) ctx.fillRect(flag.left + 4, top + height / 2 + 1, flag.right - flag.left - 8, 1);
}
