// In which order the strategies stand.

import type { ReadingData } from "../generated/report";
import type { Choice, Order } from "./choice";

type Key = number | string | null;

function keysOf(reading: ReadingData, choice: Choice): Key[] | null {
  const { by } = choice.order;
  if (by === "strategy") return reading.strategies.map((strategy) => strategy.name);
  if (by === "as-expected") return reading.strategies.map((strategy) => strategy.as_expected / Math.max(1, strategy.runs));
  const measure = reading.measures.findIndex((one) => one.name === by);
  if (measure < 0) return null;
  return reading.strategies.map(({ cells }) => (choice.as === "values" ? cells[measure].mean : cells[measure].difference_mean) ?? null);
}

/**
 * Strategies by number. The baseline stays on top whatever is sorted, as everything is compared with it; what has no figure
 * comes last in both directions; equals stay in the order of the file.
 */
export function ordered(reading: ReadingData, choice: Choice): number[] {
  const others = reading.strategies.map((_, n) => n).slice(1);
  const keys = keysOf(reading, choice);
  if (!keys) return [0, ...others];
  const sign = choice.order.descending ? -1 : 1;
  others.sort((a, b) => {
    const x = keys[a], y = keys[b];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (typeof x === "string" ? x.localeCompare(String(y), "en", { numeric: true }) : x - Number(y));
  });
  return [0, ...others];
}

/** A column's first press sorts upwards, the second downwards, the third goes back to the order of the file. */
export function pressed(order: Order, by: string): Order {
  if (order.by !== by) return { by, descending: false };
  return order.descending ? { by: "", descending: false } : { by, descending: true };
}
