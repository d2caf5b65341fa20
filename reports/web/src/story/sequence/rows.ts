// Which records a sequence view shows: those of one item or of a span, without bookkeeping, and not too many.

import { lowerBound, upperBound } from "../../history/grouped";
import type { History } from "../../history/unpack";
import { isTrivial } from "../trivial";

export const rowsMost = 200;

export interface Chosen {
  rows: number[];
  more: number; // Further ones that are not among them.
  skipped: number; // Of bookkeeping, left out.
}

function chosen(history: History, candidates: Iterable<number>, first: number): Chosen {
  const rows: number[] = [];
  let seen = 0,
    skipped = 0;
  for (const row of candidates) {
    const sentence = history.sentences[history.records.sentence[row]];
    if (isTrivial(sentence) && (sentence.from < 0 || sentence.to < 0)) {
      ++skipped;
      continue;
    }
    if (seen >= first && rows.length < rowsMost) rows.push(row);
    ++seen;
  }
  return { rows, more: seen - first - rows.length, skipped };
}

function* numbers(low: number, high: number): Generator<number> {
  for (let n = low; n < high; ++n) yield n;
}

export function rowsOfSpan(history: History, from: number, to: number, first = 0): Chosen {
  return chosen(history, numbers(lowerBound(history.records.at, from), upperBound(history.records.at, to)), first);
}

export function rowsOfItem(history: History, rows: Int32Array, first = 0): Chosen {
  return chosen(history, rows, first);
}

/** The systems that take part, in order of their first appearance, so that what happens leads from left to right. */
export function participants(history: History, rows: number[]): number[] {
  const part = new Set<number>();
  for (const row of rows) {
    const { system, from, to } = history.sentences[history.records.sentence[row]];
    for (const one of from >= 0 && to >= 0 ? [from, to] : [system]) if (one >= 0) part.add(one);
  }
  return [...part];
}
