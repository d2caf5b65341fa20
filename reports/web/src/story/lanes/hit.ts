// What stands under the pointer, and what is to be said about it.

import { lowerBound } from "../../history/grouped";
import { duration } from "../../page/civil_time";
import { cut, isolated } from "../words";
import { barsBetween } from "./draw_bars";
import type { DrawnThreads } from "./draw_threads";
import type { Frame } from "./frame";
import type { Layout, Placed } from "./layout";

export interface Hit {
  lines: string[];
  item: number; // -1: about none.
}

const near = 4; // Pixels: a bar may be one pixel wide, a finger is not.

/** "2020-01-27 13:00:00.250": to the millisecond when little is seen at once. */
export function instant(frame: Pick<Frame, "civil" | "from" | "to">, at: number): string {
  at = Math.round(at); // Between two pixels an instant has fractions of a microsecond.
  const span = frame.to - frame.from;
  if (span > 120e6) return frame.civil.full(at);
  return `${frame.civil.date(at)} ${frame.civil.clock(at, span > 1e5 ? 1000 : 1)}`;
}

export function sentenceOf(frame: Pick<Frame, "history">, row: number): string {
  const { records, sentences } = frame.history,
    sentence = sentences[records.sentence[row]];
  return sentence.item
    ? `${sentence.before}${frame.history.nameOf(records.item[row])}${sentence.after}`
    : sentence.before + sentence.after;
}

function hitBar(frame: Frame, { lane, bars }: Placed, x: number, y: number): Hit | null {
  const n = bars.findIndex((bar) => y >= bar.top - 0.5 && y <= bar.top + bar.height + 0.5);
  if (n < 0) return null;
  const { spans, texts, span_kinds } = frame.history,
    per = (frame.to - frame.from) / frame.width,
    at = frame.from + x * per;
  let best = -1,
    distance = near * per;
  barsBetween(lane.rows[n], spans.end, at - near * per, at + near * per, (span) => {
    const off = Math.max(spans.begin[span] - at, at - spans.end[span], 0);
    if (off <= distance) {
      best = span;
      distance = off;
    }
  });
  if (best < 0) return null;
  const item = spans.item[best],
    outcome = spans.outcome[best],
    flags = spans.flags[best];
  const kind = span_kinds[spans.kind[best]],
    called = texts[spans.name[best]] ?? kind;
  return {
    item,
    lines: [
      called === kind ? cut(kind) : `${cut(called)} (${kind})`,
      ...(item >= 0 ? [cut(frame.history.nameOf(item))] : []),
      `${instant(frame, spans.begin[best])}, ${(flags & 2) !== 0 ? "still under way at the end" : `takes ${duration(spans.end[best] - spans.begin[best])}`}`,
      ...(outcome >= 0 ? [cut(texts[outcome])] : []),
      ...((flags & 1) !== 0 && outcome < 0 ? ["it went wrong"] : []),
    ],
  };
}

function hitRecord(frame: Frame, { lane }: Placed, x: number): Hit | null {
  const per = (frame.to - frame.from) / frame.width,
    at = frame.from + x * per,
    low = lowerBound(lane.times, at - near * per);
  const high = lowerBound(lane.times, at + near * per);
  if (low >= high) return null;
  const { records, sentences } = frame.history;
  let best = low,
    worst = false;
  for (let n = low; n < high && n < low + 5000; ++n) {
    const bad = sentences[records.sentence[lane.records[n]]].bad;
    if (worst && !bad) continue;
    if (Math.abs(lane.times[n] - at) < Math.abs(lane.times[best] - at) || (bad && !worst)) best = n;
    worst ||= bad;
  }
  const row = lane.records[best];
  return {
    item: records.item[row],
    lines: [
      instant(frame, records.at[row]),
      cut(sentenceOf(frame, row), 240),
      ...(high - low > 1 ? [`and ${high - low - 1} more here`] : []),
    ],
  };
}

export function hitLanes(frame: Frame, layout: Layout, drawn: DrawnThreads, x: number, y: number): Hit | null {
  const at = frame.from + (x / frame.width) * (frame.to - frame.from),
    { history, threads } = frame;
  if (y >= layout.threads.top && y < layout.threads.top + layout.threads.height) {
    const item = drawn.items[Math.floor((y - layout.threads.top) / drawn.rowHeight)];
    if (item === undefined) return null;
    const state = threads.stateAt(item, at);
    return {
      item,
      lines: [
        cut(history.nameOf(item)),
        `${instant(frame, at)}: ${state < 0 ? "not there yet" : history.states[state]}`,
        `arrived ${instant(frame, history.items.arrived[item])}`,
      ],
    };
  }
  const placed = layout.lanes.find((lane) => y >= lane.top && y < lane.top + lane.height);
  if (!placed) return null;
  const bar = hitBar(frame, placed, x, y);
  if (bar) return bar;
  const place = placed.series.findIndex((row) => y >= row.top && y <= row.top + row.height);
  if (place >= 0) {
    const one = history.series[placed.lane.series[place]],
      n = lowerBound(one.at, at + 1) - 1;
    return {
      item: -1,
      lines: [
        cut(one.name),
        `${instant(frame, at)}: ${n < 0 ? 0 : one.value[n]} ${one.unit}`,
        ...(one.thinned ? ["of each short stretch only the largest and the last value are kept"] : []),
      ],
    };
  }
  return placed.records ? hitRecord(frame, placed, x) : null;
}

/** For the lines of a tooltip: their direction ends with them. */
export const apart = (lines: string[]): string[] => lines.map(isolated);
