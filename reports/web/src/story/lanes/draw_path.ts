// The way of the followed item through the lanes: a dot at each of its records, a line from one to the next.

import { lowerBound, upperBound } from "../../history/grouped";
import type { Frame } from "./frame";
import type { Layout } from "./layout";

export function drawPath(frame: Frame, layout: Layout, rows: Int32Array): void {
  const { ctx, palette, history, x, width } = frame,
    { at, sentence } = history.records;
  const height = new Map<number, number>();
  for (const { lane, records } of layout.lanes) if (records) height.set(lane.system, records.top + records.height / 2);
  const times = Float64Array.from(rows, (row) => at[row]);
  // One before and one after the window, so that the line leads in and out of it.
  const low = Math.max(lowerBound(times, frame.from) - 1, 0),
    high = Math.min(upperBound(times, frame.to) + 1, rows.length);
  const line = new Path2D(),
    dots = new Path2D(),
    badDots = new Path2D();
  let before = -1,
    lastX = -Infinity,
    lastY = -1;
  for (let n = low; n < high; ++n) {
    const said = history.sentences[sentence[rows[n]]],
      y = height.get(said.system);
    if (y === undefined) continue;
    const here = Math.min(Math.max(x(times[n]), -10), width + 10);
    if (before < 0) line.moveTo(here, y);
    else {
      line.lineTo(here, before);
      line.lineTo(here, y);
    }
    before = y;
    if (!said.bad && Math.abs(here - lastX) < 1 && y === lastY) continue;
    const radius = said.bad ? 4 : 3,
      into = said.bad ? badDots : dots;
    into.moveTo(here + radius, y);
    into.arc(here, y, radius, 0, 7);
    lastX = here;
    lastY = y;
  }
  ctx.lineJoin = "round";
  ctx.strokeStyle = palette.ground;
  ctx.lineWidth = 4;
  ctx.globalAlpha = 0.8;
  ctx.stroke(line);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = palette.accent;
  ctx.lineWidth = 1.6;
  ctx.stroke(line);
  ctx.fillStyle = palette.accent;
  ctx.fill(dots);
  ctx.fillStyle = palette.bad;
  ctx.fill(badDots);
}
