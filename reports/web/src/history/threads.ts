// Each item as a thread: the stretches of time that it spent in each state, and until when there is anything to draw.

import { upperBound } from "./grouped";
import { severityOf, toneOf, type Tone } from "./tone";
import type { History } from "./unpack";

export interface Stretch {
  from: number;
  to: number;
  state: number; // In `history.states`.
}

export class Threads {
  readonly tones: Tone[]; // By state.
  readonly severity: Uint8Array; // By state.
  // The stretches of item n stand from starts[n] up to starts[n + 1]; each lasts until the next one begins.
  readonly starts: Int32Array;
  readonly at: Float64Array;
  readonly state: Int32Array;
  readonly finishedAt: Float64Array; // By item: when it was finished for good; infinity: never.
  readonly until: Float64Array; // By item: the same, or the end of the run.
  readonly worst: Uint8Array; // By item: the worst severity that it ever had.
  readonly before: Int32Array; // By change: the state that the item had before.

  constructor(
    readonly history: History,
    readonly ends: number,
  ) {
    const { changes, items, states } = history,
      count = items.kind.length;
    this.tones = states.map(toneOf);
    this.severity = Uint8Array.from(this.tones, severityOf);
    // The data tells changes; that an arriving item is under way goes without saying there.
    const underWay = Math.max(states.indexOf("under way"), 0);
    this.starts = new Int32Array(count + 1);
    for (const item of changes.item) ++this.starts[item + 1];
    for (let item = 0; item < count; ++item) this.starts[item + 1] += this.starts[item] + 1;
    this.at = new Float64Array(changes.item.length + count);
    this.state = new Int32Array(changes.item.length + count);
    this.worst = new Uint8Array(count).fill(count > 0 ? this.severity[underWay] : 0);
    this.finishedAt = new Float64Array(count).fill(Infinity);
    this.before = new Int32Array(changes.item.length);
    const next = this.starts.slice(0, count),
      now = new Int32Array(count).fill(underWay);
    for (let item = 0; item < count; ++item) {
      this.at[next[item]] = items.arrived[item];
      this.state[next[item]++] = underWay;
    }
    for (let row = 0; row < changes.item.length; ++row) {
      const item = changes.item[row],
        state = changes.state[row],
        severity = this.severity[state];
      this.before[row] = now[item];
      now[item] = state;
      this.at[next[item]] = changes.at[row];
      this.state[next[item]++] = state;
      this.finishedAt[item] = severity === 0 ? changes.at[row] : Infinity;
      if (severity > this.worst[item]) this.worst[item] = severity;
    }
    this.until = this.finishedAt.map((at) => Math.min(at, ends));
  }

  /** The states of an item, one after the other, until the end of the run. Such as lasted no time are left out. */
  stretchesOf(item: number): Stretch[] {
    const out: Stretch[] = [],
      end = this.starts[item + 1];
    for (let n = this.starts[item]; n < end; ++n) {
      const to = n + 1 < end ? this.at[n + 1] : Math.max(this.ends, this.at[n]);
      if (to > this.at[n] || n + 1 === end) out.push({ from: this.at[n], to, state: this.state[n] });
    }
    return out;
  }

  /** The state of an item at an instant; -1 before it arrives. */
  stateAt(item: number, at: number): number {
    const n = upperBound(this.at, at, this.starts[item], this.starts[item + 1]) - 1;
    return n < this.starts[item] ? -1 : this.state[n];
  }

  /** The worst state that an item was ever in. */
  worstStateOf(item: number): number {
    let worst = this.state[this.starts[item]];
    for (let n = this.starts[item]; n < this.starts[item + 1]; ++n)
      if (this.severity[this.state[n]] > this.severity[worst]) worst = this.state[n];
    return worst;
  }

  /** The items of which there is something to see between two instants, in order of arrival. */
  between(from: number, to: number, wanted: (item: number) => boolean): Int32Array {
    const { arrived } = this.history.items,
      end = upperBound(arrived, to),
      found = new Int32Array(end);
    let count = 0;
    for (let item = 0; item < end; ++item) if (this.until[item] >= from && wanted(item)) found[count++] = item;
    return found.subarray(0, count);
  }
}
