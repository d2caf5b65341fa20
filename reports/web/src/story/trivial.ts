import type { SentenceData } from "../generated/report";

const trivial = new Set([
  "field",
  "member",
  "changed",
  "committed-offset",
  "acknowledged",
  "transaction-began",
  "observed",
  "began",
  "ended",
]);

/** Bookkeeping: true, and seldom what one is looking for. What went wrong never is. */
export const isTrivial = (sentence: SentenceData): boolean => !sentence.bad && trivial.has(sentence.kind);
