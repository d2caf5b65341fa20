// Two runs of which items and systems are found again in each other: by kind and number, and by name.

import type { StoryData } from "../generated/report";
import { Threads } from "../history/threads";
import type { History } from "../history/unpack";
import type { Lane } from "../story/lanes/model";

export interface Side {
  letter: "A" | "B";
  number: number; // In `stories`.
  story: StoryData;
  threads: Threads;
}

export const sideOf = (letter: Side["letter"], number: number, story: StoryData, history: History): Side => ({
  letter,
  number,
  story,
  threads: new Threads(history, story.ends),
});

/** By item of one run: the same one in the other; -1: it does not arrive there. */
export function counterparts(from: History, to: History): Int32Array {
  const key = (history: History, item: number) =>
    `${history.item_kinds[history.items.kind[item]]?.name} ${history.items.id[item]}`;
  const known = new Map<string, number>();
  for (let item = 0; item < to.items.kind.length; ++item) known.set(key(to, item), item);
  return Int32Array.from(from.items.kind, (_, item) => known.get(key(from, item)) ?? -1);
}

/** The names of the systems that do not do the same in both runs, by how many records and bars they have when. */
export function unlike(a: History, b: History): Set<string> {
  const told = (history: History) => {
    const out = new Map<string, string>();
    history.systems.forEach(({ name }, system) => {
      const { stretches, count } = history.density,
        mine = stretches.slice(system * count, (system + 1) * count);
      let spans = 0;
      for (const one of history.spans.system) if (one === system) ++spans;
      out.set(name, `${spans} ${mine.join()}`);
    });
    return out;
  };
  const inA = told(a),
    inB = told(b),
    names = new Set([...inA.keys(), ...inB.keys()]);
  return new Set([...names].filter((name) => inA.get(name) !== inB.get(name)));
}

/** The items whose fate or whose story differs, by item of one run. */
export function differing(from: Side, to: Side, across: Int32Array): Uint8Array {
  return Uint8Array.from(across, (other, item) =>
    Number(
      other < 0 ||
        from.story.fates[from.threads.history.items.fate[item]] !== to.story.fates[to.threads.history.items.fate[other]] ||
        from.threads.worst[item] !== to.threads.worst[other],
    ),
  );
}

export const laneChoices = {
  differ: (names: Set<string>) => (lane: Lane) => lane.system < 0 || (names.has(lane.name) && !lane.quiet),
  all: () => (lane: Lane) => !lane.quiet,
  none: () => (lane: Lane) => lane.system < 0,
};
