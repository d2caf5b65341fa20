// Round figures along an axis: counts in steps of 1, 2 and 5, durations in the units of clocks and calendars.

export interface Tick {
  value: number;
  label: string;
}

const ms = 1e6, second = 1e9, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
const units: [number, string][] = [[day, "d"], [hour, "h"], [minute, "min"], [second, "s"], [ms, "ms"], [1000, "µs"], [1, "ns"]];
const steps = [second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute,
  10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 5 * day];
const decades = [1, 1e3, 1e4, 1e5, ms, 10 * ms, 100 * ms, second, 10 * second, minute, 10 * minute, hour, 6 * hour, day, 7 * day,
  30 * day, 365 * day, 3650 * day];

/** The smallest of 1, 2, 5, 10, ... that is no smaller. */
function roundUp(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= step * 0.999) ?? 10 * power;
}

/** All units down to the one that the step is made of: two neighbours never read the same. */
export function durationLabel(ns: number, step: number): string {
  if (ns === 0) return "0";
  let rest = Math.round(Math.abs(ns));
  const parts: string[] = [];
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * size;
    if (size <= step && parts.length > 0) break;
  }
  return (ns < 0 ? "-" : "") + parts.join(" ");
}

/** Where all labels would begin alike and be long, only the first is whole; the others say how much more it is. */
function shortened(ticks: Tick[], step: number): Tick[] {
  const first = ticks.find((tick) => tick.value !== 0);
  if (!first || first.label.split(" ").length <= 4) return ticks;
  return ticks.map((tick) => (tick.value <= first.value ? tick : { ...tick, label: `+${durationLabel(tick.value - first.value, step)}` }));
}

function along(min: number, max: number, step: number, label: (value: number) => string): Tick[] {
  const ticks: Tick[] = [];
  for (let n = Math.ceil(min / step - 1e-9); n * step <= max + step * 1e-9; ++n) ticks.push({ value: n * step, label: label(n * step) });
  return ticks;
}

export function durationTicks(min: number, max: number, wanted: number): Tick[] {
  const rough = (max - min) / wanted;
  const step = rough < second ? roundUp(rough) : steps.find((one) => one >= rough) ?? roundUp(rough / day) * day;
  return shortened(along(min, max, step, (value) => durationLabel(value, step)), step);
}

export function durationLogTicks(min: number, max: number): Tick[] {
  return decades.filter((one) => one >= min && one <= max).map((value) => ({ value, label: durationLabel(value, value) }));
}

export function countTicks(min: number, max: number, log: boolean, wanted = 5): Tick[] {
  if (log) {
    const from = Math.ceil(Math.log10(min)), to = Math.floor(Math.log10(max));
    return Array.from({ length: to - from + 1 }, (_, n) => ({ value: 10 ** (from + n), label: String(10 ** (from + n)) }));
  }
  const step = roundUp((max - min) / wanted);
  return along(min, max, step, (value) => String(Number(value.toPrecision(12))));
}
