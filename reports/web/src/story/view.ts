// The span of time that is looked at. Charts that share a view are zoomed together.

import { day, hour, minute, second } from "../page/civil_time";
import type { StoryData } from "../generated/report";
import { severityOf } from "../history/tone";
import type { Threads } from "../history/threads";

const shortest = 20; // Microseconds: two instants of the data must stay apart on the screen, and no more is to be seen.

export interface Span {
  from: number;
  to: number;
}

export class View {
  from: number;
  to: number;
  private readonly watchers = new Set<() => void>();
  private gliding = 0;

  constructor(
    readonly begins: number,
    readonly ends: number,
    first: Span,
  ) {
    this.from = first.from;
    this.to = first.to;
    this.set(first.from, first.to);
  }
  watch(watcher: () => void): void {
    this.watchers.add(watcher);
  }

  /** Moved and cut so that it lies within the run, with a small margin where there is nothing. */
  set(from: number, to: number): void {
    cancelAnimationFrame(this.gliding);
    this.place(from, to);
  }
  private place(from: number, to: number): void {
    const margin = Math.max((this.ends - this.begins) * 0.01, shortest);
    const least = this.begins - margin,
      most = this.ends + margin;
    const length = Math.min(Math.max(to - from, shortest), most - least);
    if (length !== to - from) from = (from + to - length) / 2;
    from = Math.min(Math.max(from, least), most - length);
    this.from = from;
    this.to = from + length;
    for (const watcher of this.watchers) watcher();
  }
  pan(by: number): void {
    this.set(this.from + by, this.to + by);
  }
  /** Shorter for a factor below 1; `at` stays where it is on the screen. */
  zoom(factor: number, at = (this.from + this.to) / 2): void {
    this.set(at - (at - this.from) * factor, at + (this.to - at) * factor);
  }

  /** Goes there so that the eye can follow, or at once for those who asked for less motion. */
  glide(to: Span): void {
    cancelAnimationFrame(this.gliding);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.set(to.from, to.to);
    const from = { from: this.from, to: this.to },
      began = performance.now(),
      lasts = 220;
    const step = (now: number) => {
      const t = Math.min(Math.max((now - began) / lasts, 0), 1),
        eased = 1 - (1 - t) ** 3;
      // The length changes by equal factors, as a zoom does; only its centre moves along a line.
      const length = (from.to - from.from) ** (1 - eased) * (to.to - to.from) ** eased;
      const centre = ((from.from + from.to) * (1 - eased) + (to.from + to.to) * eased) / 2;
      if (t < 1) {
        this.place(centre - length / 2, centre + length / 2);
        this.gliding = requestAnimationFrame(step);
      } else this.place(to.from, to.to);
    };
    this.gliding = requestAnimationFrame(step);
  }
  whole(): Span {
    return { from: this.begins, to: this.ends };
  }
}

// A span that a person can read begins and ends at a round time.
const roundSteps = [second, 10 * second, minute, 5 * minute, 15 * minute, hour, 6 * hour, day];

/** From the first step to where the story turns and to what follows from that at once; the whole run if it never turns. */
export function decisiveSpan(story: StoryData, threads: Threads): Span {
  const turn = story.decisive;
  if (turn === null) return { from: story.begins, to: story.ends };
  const first = story.marks.length > 0 ? Math.min(story.marks[0].at, turn) : turn;
  let last = turn;
  // What follows at once: steps no further apart than the way there was long, and the burst of items that go bad.
  for (const mark of story.marks) if (mark.at > last && mark.at - last <= Math.max(turn - first, minute)) last = mark.at;
  const { changes } = threads.history,
    bad = severityOf("overdue");
  let burst = turn;
  for (let row = 0; row < changes.at.length; ++row) {
    if (changes.at[row] < turn || threads.severity[changes.state[row]] < bad) continue;
    if (changes.at[row] - burst > Math.max((burst - turn) * 3, minute)) break;
    burst = changes.at[row];
  }
  last = Math.max(last, burst);
  const margin = Math.max((last - first) * 0.12, minute / 2),
    step = roundSteps.findLast((one) => one <= margin) ?? second;
  return {
    from: Math.max(Math.floor((first - margin) / step) * step, story.begins),
    to: Math.min(Math.ceil((last + margin) / step) * step, story.ends),
  };
}

/** All of an item's life, with a little around it. */
export function lifeOf(threads: Threads, begins: number, item: number): Span {
  const from = threads.history.items.arrived[item],
    to = threads.until[item],
    margin = Math.max((to - from) * 0.06, 5000);
  return { from: Math.max(from - margin, begins), to: Math.min(to + margin, threads.ends) };
}
