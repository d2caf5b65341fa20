// What a difference to the baseline means to a reader. Only what is shown to differ is ever called better or worse.

import type { CellData, MeasureData } from "../generated/report";

export type Sense = "better" | "worse" | "none" | "unknown" | "baseline";

export function senseOf(cell: CellData, measure: MeasureData): Sense {
  if (cell.difference === "") return "baseline";
  if (cell.difference === "none shown") return "none";
  if (cell.difference !== "higher" && cell.difference !== "lower") return "unknown";
  return (cell.difference === "higher") === measure.bad ? "worse" : "better";
}

export function arrowOf(cell: CellData): string {
  return cell.difference === "higher" ? "▲" : cell.difference === "lower" ? "▼" : "";
}

/** For those who hear the page: what the colour and the arrow say. */
export function heardDifference(cell: CellData, measure: MeasureData, baseline: string): string {
  const sense = senseOf(cell, measure);
  if (sense === "baseline") return "";
  if (sense === "none") return `; no difference to ${baseline} shown`;
  if (sense === "unknown") return `; not comparable with ${baseline}`;
  return `; ${cell.difference} than ${baseline}: ${sense}`;
}
