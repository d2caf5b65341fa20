// From figures to places on an axis, and the figures that stand along it.

import { countTicks, durationLogTicks, durationTicks, type Tick } from "./ticks";

export interface Scale {
  kind: "linear" | "log";
  /** 0 .. 1. */
  at(value: number): number;
  ticks: (Tick & { place: number })[];
  /** On a logarithmic scale zero has a place of its own, left of a gap. */
  zeroApart: boolean;
}

export interface Extent {
  min: number;
  max: number;
  /** The smallest above zero; infinite: none is. */
  positive: number;
}

export function extentOf(values: Iterable<number | null>): Extent {
  const extent = { min: Infinity, max: -Infinity, positive: Infinity };
  for (const value of values) {
    if (value === null) continue;
    if (value < extent.min) extent.min = value;
    if (value > extent.max) extent.max = value;
    if (value > 0 && value < extent.positive) extent.positive = value;
  }
  return extent;
}

export function widen(extent: Extent, by: Extent): void {
  extent.min = Math.min(extent.min, by.min);
  extent.max = Math.max(extent.max, by.max);
  extent.positive = Math.min(extent.positive, by.positive);
}

// A second beside a fortnight is a point beside a line on a linear axis. Counts are read as lengths: only where the small
// ones would vanish do they stand on a logarithmic axis.
const spreadOfTimes = 50, spreadOfCounts = 1000;
const edge = 0.02, zeroStrip = 0.1;

function spaced(ticks: Tick[], at: (value: number) => number, width: number): Scale["ticks"] {
  const kept: Scale["ticks"] = [];
  for (const tick of ticks) {
    const place = at(tick.value), before = kept.at(-1);
    if (place < -0.001 || place > 1.001) continue;
    // A letter takes up about 6.5 px; labels stand centred on their places.
    const room = before ? ((before.label.length + tick.label.length) / 2 * 6.5 + 12) / width : 0;
    if (!before || place - before.place >= room) kept.push({ ...tick, place });
  }
  return kept;
}

/** `width`: about how wide the axis will be on screen, in px. */
export function scaleOf(extent: Extent, unit: string, width: number): Scale {
  const { positive } = extent;
  let { min, max } = extent;
  if (!Number.isFinite(min)) min = max = 0;
  const spread = max / positive;
  if (min >= 0 && spread >= (unit === "ns" ? spreadOfTimes : spreadOfCounts)) {
    const zeroApart = min === 0, left = zeroApart ? zeroStrip : edge;
    const low = Math.log(positive), high = Math.log(max);
    const at = (value: number) =>
      value < positive ? (value <= 0 ? edge : left) : left + (Math.log(value) - low) / (high - low) * (1 - edge - left);
    const ticks = unit === "ns" ? durationLogTicks(positive, max) : countTicks(positive, max, true);
    return { kind: "log", at, ticks: spaced(zeroApart ? [{ value: 0, label: "0" }, ...ticks] : ticks, at, width), zeroApart };
  }
  if (min > 0 && min < 0.6 * max) min = 0;
  if (min === max) {
    // One value: in the middle of its surroundings, or at the left if it is zero.
    max = min === 0 ? 1 : max + Math.abs(max) * 0.1;
    min = min === 0 ? 0 : min - Math.abs(min) * 0.1;
  }
  const at = (value: number) => edge + (value - min) / (max - min) * (1 - 2 * edge);
  const wanted = Math.max(2, Math.min(5, Math.floor(width / 80)));
  const ticks = unit === "ns" ? durationTicks(min, max, wanted) : countTicks(min, max, false, wanted);
  return { kind: "linear", at, ticks: spaced(ticks, at, width), zeroApart: false };
}
