// The items as threads: one thin line each from arrival to finish, in order of arrival, in the colour of its state.
// Where there are more items than rows of pixels, a row shows the worst state that any of its items is in.

import { severityOf, tones } from "../../history/tone";
import { font, fitted, type Frame } from "./frame";
import type { PlacedRow } from "./layout";

const rowMost = 16;

export interface DrawnThreads {
  items: Int32Array; // From top to bottom.
  rowHeight: number;
}

/** How thick and how broken the line of a tone is, so that it is told by more than its colour. */
function stroke(severity: number, rowHeight: number): { height: number; dash: number[] } {
  const room = Math.max(rowHeight - (rowHeight > 3 ? 1 : 0), 1);
  switch (tones[severity]) {
    case "nobody":
      return { height: Math.min(room, 7), dash: [] };
    case "dead-lettered":
      return { height: Math.min(room, 6), dash: rowHeight >= 3 ? [3, 3] : [] };
    case "overdue":
      return { height: Math.min(room, 4.5), dash: rowHeight >= 3 ? [8, 3] : [] };
    default:
      return { height: Math.min(Math.max(room * 0.45, 1), 2.5), dash: [] };
  }
}

export function drawThreads(frame: Frame, area: PlacedRow, items: Int32Array): DrawnThreads {
  const rowHeight = Math.min(rowMost, area.height / Math.max(items.length, 1));
  if (rowHeight * frame.ratio >= 1) drawEach(frame, area, items, rowHeight);
  else drawWorst(frame, area, items);
  const at = items.indexOf(frame.followed);
  if (at >= 0) drawFollowed(frame, area.top + (at + 0.5) * rowHeight, rowHeight);
  return { items, rowHeight };
}

function drawEach(
  { ctx, palette, threads, x, width, ratio }: Frame,
  area: PlacedRow,
  items: Int32Array,
  rowHeight: number,
): void {
  const { starts, at, state } = threads,
    step = 1 / ratio;
  const lines: Path2D[] = tones.map(() => new Path2D());
  const strokes = tones.map((_, severity) => stroke(severity, rowHeight));
  const ends = new Path2D();
  for (let n = 0; n < items.length; ++n) {
    const middle = area.top + (n + 0.5) * rowHeight,
      end = starts[items[n] + 1];
    for (let k = starts[items[n]]; k < end; ++k) {
      const severity = threads.severity[state[k]];
      const x0 = Math.max(x(at[k]), -4);
      if (severity === 0) {
        if (k === end - 1 && rowHeight >= 4 && x0 > -4 && x0 < width + 4) {
          const size = Math.min(rowHeight * 0.32, 3);
          ends.moveTo(x0 + size, middle);
          ends.arc(x0, middle, size, 0, 7);
        }
        continue;
      }
      const x1 = Math.min(x(k + 1 < end ? at[k + 1] : threads.ends), width + 4);
      if (x1 < 0 || x0 > width) continue;
      const height = Math.max(strokes[severity].height, step),
        top = Math.round((middle - height / 2) * ratio) / ratio;
      const [on, off] = strokes[severity].dash;
      const right = Math.max(x1, x0 + 1);
      if (on === undefined) lines[severity].rect(x0, top, right - x0, height);
      // Dashes hang on the beginning of the stretch, not on the window, so that they do not crawl when it is moved.
      else
        for (let a = x(at[k]) + Math.max(0, Math.floor((x0 - x(at[k])) / (on + off))) * (on + off); a < right; a += on + off)
          lines[severity].rect(a, top, Math.min(on, right - a), height);
    }
  }
  lines.forEach((line, severity) => {
    ctx.fillStyle = palette.tone[tones[severity]];
    ctx.fill(line);
  });
  ctx.fillStyle = palette.tone.finished;
  ctx.fill(ends);
}

/** By row of device pixels: the worst first, and what is painted is passed over by the rest. */
function drawWorst({ ctx, palette, threads, x, width, ratio }: Frame, area: PlacedRow, items: Int32Array): void {
  const { starts, at, state } = threads,
    columns = Math.ceil(width * ratio),
    rowsOfPixels = Math.floor(area.height * ratio);
  const paths: Path2D[] = tones.map(() => new Path2D());
  const next = new Int32Array(columns + 1); // The next column that is not painted yet, by column.
  const free = (column: number): number => {
    while (next[column] !== column) column = next[column] = next[next[column]];
    return column;
  };
  for (let row = 0; row < rowsOfPixels; ++row) {
    const first = Math.floor((row * items.length) / rowsOfPixels),
      last = Math.floor(((row + 1) * items.length) / rowsOfPixels);
    for (let column = 0; column <= columns; ++column) next[column] = column;
    for (let severity = tones.length - 1; severity > 0; --severity)
      for (let n = first; n < last; ++n) {
        if (threads.worst[items[n]] < severity) continue;
        const end = starts[items[n] + 1];
        for (let k = starts[items[n]]; k < end; ++k) {
          if (threads.severity[state[k]] !== severity) continue;
          const from = Math.max(Math.floor(x(at[k]) * ratio), 0);
          const to = Math.min(Math.ceil(x(k + 1 < end ? at[k + 1] : threads.ends) * ratio), columns);
          for (let column = from < columns ? free(from) : columns; column < to; column = free(column)) {
            const start = column;
            while (column < to && next[column] === column) next[column] = ++column;
            paths[severity].rect(start / ratio, area.top + row / ratio, (column - start) / ratio, 1 / ratio);
          }
        }
      }
  }
  paths.forEach((path, severity) => {
    ctx.fillStyle = palette.tone[tones[severity]];
    ctx.fill(path);
  });
}

function drawFollowed({ ctx, palette, history, threads, x, width, followed }: Frame, middle: number, rowHeight: number): void {
  const x0 = x(history.items.arrived[followed]),
    x1 = Math.min(x(threads.until[followed]), width);
  const half = Math.max(rowHeight / 2 + 1.5, 4);
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = palette.accent;
  ctx.strokeRect(Math.max(x0, -3), middle - half, Math.max(x1 - Math.max(x0, -3), 3), half * 2);
  ctx.font = font(12, 600);
  const label = fitted(ctx, history.nameOf(followed), 240),
    room = ctx.measureText(label).width;
  // Beside the line where there is room, else on it.
  const left = x1 + 6 + room < width ? x1 + 6 : x0 - 6 - room > 0 ? x0 - 6 - room : Math.max(x0, 0) + 6;
  ctx.fillStyle = palette.ground;
  ctx.fillRect(left - 3, middle - 9, room + 6, 18);
  ctx.fillStyle = palette.accent;
  ctx.fillText(label, left, middle + 4);
}

export const isTrouble = (severity: number): boolean => severity >= severityOf("overdue");
