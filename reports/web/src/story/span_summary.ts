// What happens in a span of time, counted exactly from the changes of states and said in one sentence.

import { lowerBound } from "../history/grouped";
import type { Threads } from "../history/threads";
import type { Tone } from "../history/tone";
import { type CivilTime, minute, second } from "../page/civil_time";
import type { Span } from "./view";
import { counted, figure } from "./words";

export interface SpanCounts {
  arrive: number;
  /** Items that come into a state of this tone from one of another tone; each counts once. */
  into: Map<Tone, { items: number; states: string[] }>;
  unfinished: number;   // Of those that have arrived, at the end of the span.
}

/** From the beginning on, up to but without the end; the very end of the run belongs to its last span. */
export function countsOf(threads: Threads, span: Span, ends: number): SpanCounts {
  const { changes, items, states } = threads.history, until = span.to >= ends ? Infinity : span.to;
  const arrived = lowerBound(items.arrived, until), into: SpanCounts["into"] = new Map();
  for (const [state, tone] of threads.tones.entries()) {
    const one = into.get(tone) ?? { items: 0, states: [] };
    one.states.push(states[state]);
    into.set(tone, one);
  }
  const seen = new Map<Tone, Set<number>>();
  const end = lowerBound(changes.at, until);
  for (let row = lowerBound(changes.at, span.from); row < end; ++row) {
    const tone = threads.tones[changes.state[row]], before = threads.before[row];
    if (before >= 0 && threads.tones[before] === tone) continue;
    let items = seen.get(tone);
    if (!items) seen.set(tone, (items = new Set()));
    items.add(changes.item[row]);
  }
  for (const [tone, items] of seen) into.get(tone)!.items = items.size;
  let unfinished = 0;
  for (let item = 0; item < arrived; ++item) if (threads.finishedAt[item] >= until) ++unfinished;
  return { arrive: arrived - lowerBound(items.arrived, span.from), into, unfinished };
}

/** "2020-01-27 11:00 to 14:00": the day is said twice only when there are two. */
export function spanText(civil: CivilTime, { from, to }: Span): string {
  const precision = to - from > 2 * minute ? minute : to - from > second / 5 ? second : 1;
  const exact = (at: number) => (precision === minute && at % minute !== 0 ? second : precision);
  const text = (at: number, withDay: boolean) => `${withDay ? `${civil.date(at)} ` : ""}${civil.clock(at, exact(at))}`;
  return `${text(from, true)} to ${text(to, civil.date(from) !== civil.date(to))}`;
}

export function spanSentence(civil: CivilTime, threads: Threads, span: Span, ends: number): string {
  const { arrive, into, unfinished } = countsOf(threads, span, ends);
  const of = (tone: Tone) => into.get(tone);
  const plural = (n: number, one: string, many: string) => `${figure(n)} ${n === 1 ? one : many}`;
  const parts = [`${counted(arrive, "item arrives", "items arrive")}`];
  const nobody = of("nobody"), overdue = of("overdue"), dead = of("dead-lettered"), other = of("other"), finished = of("finished");
  if (nobody) parts.push(`${plural(nobody.items, "goes", "go")} red (${nobody.states.join(", ")})`);
  if (overdue) parts.push(`${plural(overdue.items, "becomes", "become")} ${overdue.states.join(", ")}`);
  if (dead && dead.items > 0) parts.push(`${plural(dead.items, "is", "are")} ${dead.states.join(", ")}`);
  if (other && other.items > 0) parts.push(`${plural(other.items, "becomes", "become")} ${other.states.join(", ")}`);
  parts.push(plural(finished?.items ?? 0, "finishes", "finish"));
  return `${spanText(civil, span)}: ${parts.join(", ")}; ${counted(unfinished, "item is", "items are")} unfinished at its end.`;
}
