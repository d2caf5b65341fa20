// The picture below the axis, from what lies behind to what lies before.

import type { StoryData } from "../../generated/report";
import type { Span } from "../view";
import { drawLines } from "./draw_axis";
import { drawBars, drawRecords, drawSeries } from "./draw_bars";
import { drawPath } from "./draw_path";
import { type DrawnThreads, drawThreads } from "./draw_threads";
import type { Frame } from "./frame";
import type { Layout } from "./layout";

/** `path`: the records of the followed item. */
export function drawLanes(
  frame: Frame,
  layout: Layout,
  story: StoryData,
  items: Int32Array,
  path: Int32Array | null,
  brushed: Span | null,
): DrawnThreads {
  frame.ctx.fillStyle = frame.palette.raised;
  layout.lanes.forEach(({ top, height }, n) => {
    if (n % 2 === 0) frame.ctx.fillRect(0, top, layout.width, height);
  });
  drawBrushed(frame, brushed, layout.height);
  drawLines(frame, story.marks, story.decisive, 0, layout.height);
  const drawn = drawThreads(frame, layout.threads, items);
  for (const placed of layout.lanes) {
    if (placed.records) drawRecords(frame, placed, placed.records);
    placed.lane.rows.forEach((row, n) => drawBars(frame, row, placed.bars[n]));
    placed.lane.series.forEach((series, n) => drawSeries(frame, series, placed.series[n]));
  }
  if (path) drawPath(frame, layout, path);
  return drawn;
}

/** The span that is being chosen with the pointer. */
export function drawBrushed({ ctx, palette, x }: Frame, span: Span | null, height: number): void {
  if (!span) return;
  ctx.fillStyle = palette.accent;
  ctx.globalAlpha = 0.18;
  ctx.fillRect(x(span.from), 0, x(span.to) - x(span.from), height);
  ctx.globalAlpha = 1;
}
