// The lanes' own contents: records as ticks or, when they stand too close, as how many there are; what lasts as bars; how
// much waits as an area. What falls on a pixel where the same already stands is passed over.

import { lowerBound, upperBound } from "../../history/grouped";
import { toneOf } from "../../history/tone";
import { font, fitted, type Frame } from "./frame";
import type { Placed, PlacedRow } from "./layout";
import { type BarRow, blockLength } from "./model";
import { colourOfSpan } from "./palette";

/** How many records each column of pixels holds, by the counts of the whole run. */
function columnsOf(frame: Frame, system: number): Float64Array {
  const { width: stretch, stretches, count } = frame.history.density,
    columns = new Float64Array(Math.ceil(frame.width));
  const begins = frame.begins,
    first = Math.max(0, Math.floor((frame.from - begins) / stretch));
  const last = Math.min(count - 1, Math.floor((frame.to - begins) / stretch));
  for (let n = first; n <= last; ++n) {
    const many = stretches[system * count + n];
    if (many === 0) continue;
    const column = Math.min(Math.max(Math.floor(frame.x(begins + (n + 0.5) * stretch)), 0), columns.length - 1);
    columns[column] += many;
  }
  return columns;
}

export function drawRecords(frame: Frame, { lane }: Placed, place: PlacedRow): void {
  const { ctx, palette } = frame,
    bottom = place.top + place.height;
  const low = lowerBound(lane.times, frame.from),
    high = upperBound(lane.times, frame.to);
  ctx.fillStyle = palette.density;
  const perColumn = frame.history.density.width / ((frame.to - frame.from) / frame.width);
  if (perColumn <= 1.5 && frame.history.density.count > 0) {
    const columns = columnsOf(frame, lane.system),
      most = Math.log1p(columns.reduce((a, b) => Math.max(a, b), 1));
    const path = new Path2D();
    columns.forEach((many, column) => {
      if (many === 0) return;
      const height = Math.max((Math.log1p(many) / most) * place.height, 1.5);
      path.rect(column, bottom - height, 1, height);
    });
    ctx.fill(path);
  } else drawTicks(frame, lane.times, low, high, place.top + place.height * 0.3, place.height * 0.7);
  ctx.fillStyle = palette.bad;
  drawTicks(frame, lane.bad, lowerBound(lane.bad, frame.from), upperBound(lane.bad, frame.to), place.top, place.height, 2);
}

/** One tick by column of pixels; the search leaps over what stands on a column that has one. */
function drawTicks(frame: Frame, times: Float64Array, low: number, high: number, top: number, height: number, wide = 1): void {
  const path = new Path2D(),
    perPixel = (frame.to - frame.from) / frame.width;
  for (let n = low; n < high;) {
    const column = Math.floor(frame.x(times[n]));
    path.rect(column - (wide - 1) / 2, top, wide, height);
    n = Math.max(n + 1, lowerBound(times, frame.from + (column + 1) * perPixel, n, high));
  }
  frame.ctx.fill(path);
}

/** Calls for each bar of a row that is to be seen, in order of beginning. */
export function barsBetween(row: BarRow, ends: Float64Array, from: number, to: number, each: (span: number) => void): void {
  const high = upperBound(row.begins, to);
  for (let block = 0; block * blockLength < high; ++block) {
    if (row.reach[block] < from) continue;
    const last = Math.min(high, (block + 1) * blockLength);
    for (let n = block * blockLength; n < last; ++n) if (ends[row.spans[n]] >= from) each(row.spans[n]);
  }
}

export function drawBars(frame: Frame, row: BarRow, place: PlacedRow): void {
  const { ctx, palette, history, x, width } = frame,
    { begin, end, flags, item, name } = history.spans;
  const good = new Path2D(),
    bad = new Path2D(),
    open = new Path2D(),
    followed: [number, number][] = [];
  const labelled: { span: number; left: number; room: number }[] = [];
  let goodTo = -Infinity,
    badTo = -Infinity;
  barsBetween(row, end, frame.from, frame.to, (span) => {
    const left = Math.max(x(begin[span]), -2),
      right = Math.max(Math.min(x(end[span]), width + 2), left + 1);
    if (item[span] === frame.followed && frame.followed >= 0) followed.push([left, right]);
    const wrong = (flags[span] & 1) !== 0;
    if (right <= (wrong ? badTo : goodTo)) return;
    if (wrong) badTo = right;
    else goodTo = right;
    // A gap of a hair between bars that are wide enough to have one.
    const bar = right - left > 4 ? right - left - 0.7 : right - left;
    (wrong ? bad : good).rect(left, place.top, bar, place.height);
    if ((flags[span] & 2) !== 0) open.rect(right - 3, place.top, 3, place.height);
    if (place.height >= 10 && right - left > 44)
      labelled.push({ span, left: Math.max(left, 0), room: right - Math.max(left, 0) - 8 });
  });
  ctx.fillStyle = colourOfSpan(palette, history.span_kinds[row.kind]);
  ctx.fill(good);
  ctx.fillStyle = palette.bad;
  ctx.fill(bad);
  ctx.fillStyle = palette.ground;
  ctx.globalAlpha = 0.5;
  ctx.fill(open);
  ctx.globalAlpha = 1;
  ctx.font = font(Math.min(place.height - 1, 11), 500);
  const isRun = history.span_kinds[row.kind] === "run"; // Strong bars, as those of what went wrong: their text is as the ground.
  for (const { span, left, room } of labelled) {
    const about =
      item[span] >= 0 ? `${history.texts[name[span]] ?? ""} · ${history.nameOf(item[span])}` : (history.texts[name[span]] ?? "");
    ctx.fillStyle = isRun || (flags[span] & 1) !== 0 ? palette.ground : palette.text;
    ctx.fillText(fitted(ctx, about, room), left + 4, place.top + place.height - (place.height > 12 ? 3.5 : 2));
  }
  ctx.strokeStyle = palette.accent;
  ctx.lineWidth = 2;
  for (const [left, right] of followed) ctx.strokeRect(left - 1, place.top - 1, right - left + 2, place.height + 2);
}

/** A step function as an area; of the steps on one column of pixels the highest is shown. Its scale is that of the span. */
export function drawSeries(frame: Frame, series: number, place: PlacedRow): void {
  const { ctx, palette, history, x, width } = frame,
    { at, value, name } = history.series[series];
  const low = Math.max(upperBound(at, frame.from) - 1, 0),
    high = upperBound(at, frame.to);
  let most = 0;
  for (let n = low; n < high; ++n) if (value[n] > most) most = value[n];
  const bottom = place.top + place.height,
    usable = place.height - 3;
  ctx.fillStyle = palette.line;
  ctx.fillRect(0, bottom - 0.5, width, 0.5);
  if (high > low && most > 0) {
    const area = new Path2D(),
      edge = new Path2D(),
      height = (v: number) => bottom - (v / most) * usable;
    let left = Math.max(at[low] < frame.from ? 0 : x(at[low]), 0),
      peak = value[low],
      now = value[low];
    const put = (right: number) => {
      if (right <= left) return;
      if (peak > 0) {
        area.rect(left, height(peak), right - left, bottom - height(peak));
        edge.rect(left, height(peak), right - left, 1.2);
      }
      left = right;
      peak = now;
    };
    for (let n = low + 1; n < high; ++n) {
      const column = Math.floor(x(at[n]));
      if (column > left) put(column);
      now = value[n];
      if (now > peak) peak = now;
    }
    put(left + 1);
    put(width);
    ctx.fillStyle = /nobody|overdue|dead/.test(name) ? palette.tone[toneOf(name)] : palette.backlog;
    ctx.globalAlpha = 0.3;
    ctx.fill(area);
    ctx.globalAlpha = 1;
    ctx.fill(edge);
  }
  ctx.font = font(11);
  ctx.fillStyle = palette.quiet;
  const said = fitted(ctx, `${name}${most > 0 ? `, at most ${most}` : ": none"}`, Math.min(260, width * 0.6));
  const room = ctx.measureText(said).width;
  ctx.globalAlpha = 0.8;
  ctx.fillStyle = palette.ground;
  ctx.fillRect(width - room - 8, place.top, room + 8, 14);
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette.quiet;
  ctx.fillText(said, width - room - 4, place.top + 11);
}
