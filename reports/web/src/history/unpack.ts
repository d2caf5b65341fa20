// The history of a story: unpacked once, its columns as typed arrays with the differences summed up.

import type { HistoryData, StoryData } from "../generated/report";

export interface History extends Omit<HistoryData, "items" | "changes" | "records" | "spans" | "series"> {
  items: { kind: Int32Array; arrived: Float64Array; fate: Int32Array; end: Float64Array; id: Float64Array };
  changes: { item: Int32Array; at: Float64Array; state: Int32Array };
  /** `cause` is the row of what brought it about, or -1. */
  records: { at: Float64Array; sentence: Int32Array; item: Int32Array; cause: Int32Array };
  spans: {
    kind: Int32Array; system: Int32Array; item: Int32Array; begin: Float64Array; end: Float64Array;
    name: Int32Array; outcome: Int32Array; flags: Int32Array;
  };
  series: { system: number; name: string; unit: string; thinned: boolean; at: Float64Array; value: Float64Array }[];
  /** "application 467991431" */
  nameOf(item: number): string;
}

function summed(differences: number[]): Float64Array {
  const out = new Float64Array(differences.length);
  let sum = 0;
  for (let n = 0; n < differences.length; ++n) out[n] = sum += differences[n];
  return out;
}

async function unpacked(text: string): Promise<HistoryData> {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let n = 0; n < bytes.length; ++n) bytes[n] = letters.charCodeAt(n);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

function opened(data: HistoryData): History {
  const { items, changes, records, spans } = data;
  const next = data.item_kinds.map((kind) => kind.first_id);
  const id = Float64Array.from(items.kind, (kind) => next[kind]++);
  const begin = summed(spans.begin);
  const kind = Int32Array.from(items.kind);
  return {
    ...data,
    items: { kind, arrived: summed(items.arrived), fate: Int32Array.from(items.fate), end: Float64Array.from(items.end), id },
    changes: { item: Int32Array.from(changes.item), at: summed(changes.at), state: Int32Array.from(changes.state) },
    records: {
      at: summed(records.at), sentence: Int32Array.from(records.sentence), item: Int32Array.from(records.item),
      cause: Int32Array.from(records.cause, (back, row) => (back === 0 ? -1 : row - back)),
    },
    spans: {
      kind: Int32Array.from(spans.kind), system: Int32Array.from(spans.system), item: Int32Array.from(spans.item), begin,
      end: Float64Array.from(spans.lasts, (lasts, n) => begin[n] + lasts), name: Int32Array.from(spans.name),
      outcome: Int32Array.from(spans.outcome), flags: Int32Array.from(spans.flags),
    },
    series: data.series.map((one) => ({ ...one, at: summed(one.at), value: Float64Array.from(one.value) })),
    nameOf: (item) => `${data.item_kinds[kind[item]]?.name ?? "item"} ${id[item]}`,
  };
}

const open = new WeakMap<StoryData, Promise<History>>();

/** Unpacked at the first call; the same promise afterwards. */
export function historyOf(story: StoryData): Promise<History> {
  let history = open.get(story);
  if (!history) {
    const packed = story.history;
    history = (typeof packed === "string" ? unpacked(packed) : Promise.resolve(packed)).then(opened);
    open.set(story, history);
  }
  return history;
}
