// Where each lane stands, from the top of the chart downwards, in pixels.

import type { History } from "../../history/unpack";
import type { Lane } from "./model";

export const recordsHeight = 11,
  seriesHeight = 26,
  gap = 6;
const threadsHeights = [
    { upTo: 4, height: 84 },
    { upTo: 10, height: 176 },
  ],
  threadsHeight = 300;

/** Of the area of the threads: few have no need of all of it. Only three heights, so that lanes seldom move. */
export const heightFor = (items: number): number => threadsHeights.find(({ upTo }) => items <= upTo)?.height ?? threadsHeight;

export interface PlacedRow {
  top: number;
  height: number;
}
export interface Placed {
  lane: Lane;
  top: number;
  height: number;
  records: PlacedRow | null;
  bars: PlacedRow[]; // One for each row of the lane.
  series: PlacedRow[];
}
export interface Layout {
  width: number;
  height: number;
  narrow: boolean; // Names stand above their lanes instead of left of them.
  threads: PlacedRow;
  lanes: Placed[];
}

/** Fewer rows may be taller; a job's runs, which are few and matter, are the tallest. */
function barHeight(history: History, lane: Lane, row: number): number {
  if (history.span_kinds[lane.rows[row].kind] === "run") return 14;
  return lane.rows.length <= 3 ? 11 : lane.rows.length <= 6 ? 8 : 5;
}

export function laidOut(history: History, lanes: Lane[], width: number, narrow: boolean, threadsTall: number): Layout {
  const title = narrow ? 15 : 0;
  const threads = { top: title + 4, height: narrow ? threadsTall * 0.8 : threadsTall };
  let y = threads.top + threads.height + gap;
  const placed = lanes.map((lane): Placed => {
    const top = y;
    y += gap / 2 + title;
    const place = (height: number): PlacedRow => {
      const row = { top: y, height };
      y += height + 1;
      return row;
    };
    const records = lane.system >= 0 ? place(recordsHeight) : null;
    const bars = lane.rows.map((_, n) => place(barHeight(history, lane, n)));
    const series = lane.series.map(() => place(seriesHeight));
    y = Math.max(y + gap / 2, top + (narrow ? 32 : 34));
    return { lane, top, height: y - top, records, bars, series };
  });
  return { width, height: y + 2, narrow, threads, lanes: placed };
}
