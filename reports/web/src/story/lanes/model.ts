// What each lane holds, worked out once: which system's bars stand in which row so that none hides another, where its
// records are, and in which order the lanes stand.

import { grouped } from "../../history/grouped";
import type { History } from "../../history/unpack";

const rowsMost = 12; // More at once than this are drawn over one another in the last row.
export const blockLength = 256;

export interface BarRow {
  kind: number; // In `span_kinds`.
  spans: Int32Array; // In order of beginning.
  begins: Float64Array;
  reach: Float64Array; // By block of 256: the latest end in it, so that long bars are found and old blocks skipped.
}
export interface Lane {
  system: number; // -1: all items.
  name: string;
  kind: string;
  rows: BarRow[];
  series: number[];
  records: Int32Array; // All rows of the history that this system did.
  times: Float64Array; // Their instants.
  bad: Float64Array; // The instants of those that went wrong.
  quiet: boolean; // Nothing to show.
}

export const isLoud = (lane: Lane): boolean => !lane.quiet;

function barRow(history: History, kind: number, spans: number[]): BarRow {
  const { begin, end } = history.spans,
    reach = new Float64Array(Math.ceil(spans.length / blockLength)).fill(-Infinity);
  spans.forEach((span, n) => {
    reach[Math.floor(n / blockLength)] = Math.max(reach[Math.floor(n / blockLength)], end[span]);
  });
  return { kind, spans: Int32Array.from(spans), begins: Float64Array.from(spans, (span) => begin[span]), reach };
}

/** Each bar in the first row that is free when it begins. */
function packed(history: History, spans: Int32Array): BarRow[] {
  const { begin, end, kind } = history.spans,
    rows: BarRow[] = [];
  const order = history.span_kinds
    .map((_, n) => n)
    .sort((a, b) => Number(history.span_kinds[b] === "run") - Number(history.span_kinds[a] === "run") || a - b);
  for (const one of order) {
    const filled: number[][] = [],
      free: number[] = [];
    for (const span of spans) {
      if (kind[span] !== one) continue;
      let row = free.findIndex((at) => at <= begin[span]);
      if (row < 0) row = free.length < rowsMost ? free.length : rowsMost - 1;
      (filled[row] ??= []).push(span);
      free[row] = Math.max(free[row] ?? 0, end[span]);
    }
    rows.push(...filled.map((inRow) => barRow(history, one, inRow)));
  }
  return rows;
}

/** Connected systems next to each other: from each the way goes on to where most of its messages pass. */
function orderOf(history: History): number[] {
  const count = history.systems.length,
    passes = new Float64Array(count * count);
  const times = new Float64Array(history.sentences.length);
  for (const sentence of history.records.sentence) ++times[sentence];
  history.sentences.forEach(({ from, to }, n) => {
    if (from < 0 || to < 0 || from === to) return;
    passes[from * count + to] += times[n];
    passes[to * count + from] += times[n];
  });
  const left = new Set(history.systems.map((_, n) => n)),
    order: number[] = [];
  const isSource = (system: number) => history.systems[system].kind === "arrivals";
  const take = (system: number) => {
    order.push(system);
    left.delete(system);
  };
  for (const system of [...left]) if (isSource(system)) take(system);
  while (left.size > 0) {
    const before = order[order.length - 1] ?? -1;
    let best = -1;
    for (const system of left) {
      const near = before < 0 ? 0 : passes[before * count + system];
      if (near > 0 && (best < 0 || near > passes[before * count + best])) best = system;
    }
    take(best >= 0 ? best : [...left][0]); // The way ends here: on with the next one of the scenario.
  }
  return order;
}

/** In the order of another run, so that the same systems stand at the same places; those that it has not come last. */
function orderAs(history: History, names: string[]): number[] {
  const place = (system: number) => {
    const at = names.indexOf(history.systems[system].name);
    return at < 0 ? names.length : at;
  };
  return history.systems.map((_, n) => n).sort((a, b) => place(a) - place(b) || a - b);
}

/** `names`: the order of the systems, if it is that of another run. */
export function lanesOf(history: History, names?: string[]): Lane[] {
  const { records, sentences, systems } = history;
  const systemOf = Int32Array.from(records.sentence, (sentence) => sentences[sentence].system);
  const recordsBy = grouped(systemOf, systems.length),
    spansBy = grouped(history.spans.system, systems.length);
  const lanes = (names ? orderAs(history, names) : orderOf(history)).map((system): Lane => {
    const rows = recordsBy.of(system);
    const seriesHere = history.series.flatMap((one, n) => (one.system === system ? [n] : []));
    const barRows = packed(history, spansBy.of(system));
    const dense = history.density.stretches.slice(system * history.density.count, (system + 1) * history.density.count);
    return {
      system,
      name: systems[system].name,
      kind: systems[system].kind,
      rows: barRows,
      series: seriesHere,
      records: rows,
      times: Float64Array.from(rows, (row) => records.at[row]),
      bad: Float64Array.from(
        rows.filter((row) => sentences[records.sentence[row]].bad),
        (row) => records.at[row],
      ),
      quiet: rows.length === 0 && barRows.length === 0 && seriesHere.length === 0 && dense.every((n) => n === 0),
    };
  });
  const ofAll = history.series.flatMap((one, n) => (one.system < 0 ? [n] : []));
  if (ofAll.length > 0)
    lanes.unshift({
      system: -1,
      name: "how many items",
      kind: "of all kinds",
      rows: [],
      series: ofAll,
      records: new Int32Array(),
      times: new Float64Array(),
      bad: new Float64Array(),
      quiet: false,
    });
  return lanes;
}
