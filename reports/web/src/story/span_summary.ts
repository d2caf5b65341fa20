// What happens in a span of time, counted exactly from the changes of states and said in one sentence.

import { lowerBound } from "../history/grouped";
import type { Threads } from "../history/threads";
import { toneOf } from "../history/tone";
import { type CivilTime, minute, second } from "../page/civil_time";
import type { Span } from "./view";
import { counted, figure } from "./words";

/** What can become of items: each counts once when it comes into a state of this sort from one that is none. */
const news = {
  red: (state: string) => toneOf(state) === "nobody",
  overdue: (state: string) => /overdue/i.test(state),
  dead: (state: string) => toneOf(state) === "dead-lettered",
  finished: (state: string) => toneOf(state) === "finished",
  late: (state: string) => toneOf(state) === "finished" && /late/i.test(state),
};
export type News = keyof typeof news;

export interface SpanCounts {
  arrive: number;
  of: Record<News, number>;
  unfinished: number; // Of those that have arrived, at the end of the span.
}

/** From the beginning on, up to but without the end; the very end of the run belongs to its last span. */
export function countsOf(threads: Threads, span: Span, ends: number): SpanCounts {
  const { changes, items, states } = threads.history,
    until = span.to >= ends ? Infinity : span.to;
  const arrived = lowerBound(items.arrived, until),
    end = lowerBound(changes.at, until),
    of = {} as SpanCounts["of"];
  for (const [name, test] of Object.entries(news) as [News, (state: string) => boolean][]) {
    const is = states.map(test),
      seen = new Set<number>();
    for (let row = lowerBound(changes.at, span.from); row < end; ++row) {
      const before = threads.before[row];
      if (is[changes.state[row]] && !is[before]) seen.add(changes.item[row]);
    }
    of[name] = seen.size;
  }
  let unfinished = 0;
  for (let item = 0; item < arrived; ++item) if (threads.finishedAt[item] >= until) ++unfinished;
  return { arrive: arrived - lowerBound(items.arrived, span.from), of, unfinished };
}

/** "2020-01-27 11:00 to 14:00": the day is said twice only when there are two. */
export function spanText(civil: CivilTime, { from, to }: Span): string {
  const precision = to - from > 2 * minute ? minute : to - from > 10 * second ? second : to - from > second / 100 ? 1000 : 1;
  const exact = (at: number) => (precision === minute && at % minute !== 0 ? second : precision);
  const text = (instant: number, withDay: boolean, at = Math.round(instant)) =>
    `${withDay ? `${civil.date(at)} ` : ""}${civil.clock(at, exact(at))}`;
  return `${text(from, true)} to ${text(to, civil.date(from) !== civil.date(to))}`;
}

export function spanSentence(civil: CivilTime, threads: Threads, span: Span, ends: number): string {
  const { arrive, of, unfinished } = countsOf(threads, span, ends),
    { states } = threads.history;
  const plural = (n: number, one: string, many: string) => `${figure(n)} ${n === 1 ? one : many}`;
  const parts = [counted(arrive, "item arrives", "items arrive")];
  // What this run knows no state for cannot happen in it; what it knows is said also when it does not happen.
  if (states.some(news.red)) parts.push(`${plural(of.red, "goes", "go")} red (held by nobody)`);
  if (states.some(news.overdue)) parts.push(plural(of.overdue, "becomes overdue", "become overdue"));
  if (of.dead > 0) parts.push(plural(of.dead, "is dead-lettered", "are dead-lettered"));
  parts.push(`${plural(of.finished, "finishes", "finish")}${of.late > 0 ? ` (${figure(of.late)} late)` : ""}`);
  return `${spanText(civil, span)}: ${parts.join(", ")}; ${counted(unfinished, "item is", "items are")} unfinished at its end.`;
}
