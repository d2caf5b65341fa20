// Each item as a thread: the stretches of time that it spent in each state, and until when there is anything to draw.

import { type Grouped, grouped, upperBound } from "./grouped";
import { severityOf, toneOf, type Tone } from "./tone";
import type { History } from "./unpack";

export interface Stretch {
  from: number;
  to: number;
  state: number;  // In `history.states`.
}

export class Threads {
  readonly tones: Tone[];            // By state.
  readonly severity: Uint8Array;     // By state.
  readonly changesOf: Grouped;       // By item.
  readonly finishedAt: Float64Array; // By item: when it was finished for good; infinity: never.
  readonly until: Float64Array;      // By item: the same, or the end of the run.
  readonly worst: Uint8Array;        // By item: the worst severity that it ever had.
  readonly before: Int32Array;       // By change: the state that the item had before; -1: it had none.

  constructor(readonly history: History, readonly ends: number) {
    const { changes, items, states } = history;
    this.tones = states.map(toneOf);
    this.severity = Uint8Array.from(this.tones, severityOf);
    this.changesOf = grouped(changes.item, items.kind.length);
    this.finishedAt = new Float64Array(items.kind.length).fill(Infinity);
    this.worst = new Uint8Array(items.kind.length);
    this.before = new Int32Array(changes.item.length).fill(-1);
    const last = new Int32Array(items.kind.length).fill(-1);
    for (let row = 0; row < changes.item.length; ++row) {
      const item = changes.item[row], severity = this.severity[changes.state[row]];
      this.before[row] = last[item];
      last[item] = changes.state[row];
      this.finishedAt[item] = severity === 0 ? changes.at[row] : Infinity;
      if (severity > this.worst[item]) this.worst[item] = severity;
    }
    this.until = this.finishedAt.map((at) => Math.min(at, ends));
  }

  /** The states of an item, one after the other, until the end of the run. */
  stretchesOf(item: number): Stretch[] {
    const { at, state } = this.history.changes, rows = this.changesOf.of(item);
    return Array.from(rows, (row, n) => ({
      from: at[row], to: n + 1 < rows.length ? at[rows[n + 1]] : Math.max(this.ends, at[row]), state: state[row],
    }));
  }

  /** The state of an item at an instant; -1 before it arrives. */
  stateAt(item: number, at: number): number {
    const rows = this.changesOf.of(item);
    const n = upperBound(Array.from(rows, (row) => this.history.changes.at[row]), at) - 1;
    return n < 0 ? -1 : this.history.changes.state[rows[n]];
  }

  /** The items of which there is something to see between two instants, in order of arrival. */
  between(from: number, to: number, wanted: (item: number) => boolean): Int32Array {
    const { arrived } = this.history.items, end = upperBound(arrived, to), found = new Int32Array(end);
    let count = 0;
    for (let item = 0; item < end; ++item) if (this.until[item] >= from && wanted(item)) found[count++] = item;
    return found.subarray(0, count);
  }
}
