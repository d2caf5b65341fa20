// Where the axis of civil time has its marks: at round times of day of the run's own zone, also when clocks change.

import { type CivilTime, day, hour, minute, second } from "../../page/civil_time";

const steps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1e3,
  2e3,
  5e3,
  10e3,
  20e3,
  50e3,
  100e3,
  200e3,
  500e3,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  28 * day,
  91 * day,
  364 * day,
];
const monday = 4 * day; // 1970-01-05: weeks begin with it.
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

export interface Tick {
  at: number;
  label: string;
}
export interface Ticks {
  step: number;
  fine: Tick[]; // Times of day, or days when they are further apart.
  coarse: Tick[]; // The day or month that they belong to; the first is the one in which the span begins.
}

const localDate = (civil: CivilTime, at: number) => new Date(Math.floor((at + civil.offsetAt(at)) / 1000));

export function dayOf(civil: CivilTime, at: number, long = true): string {
  const d = localDate(civil, at);
  const short = `${d.getUTCDate()} ${months[d.getUTCMonth()].slice(0, long ? 12 : 3)}`;
  return long ? `${weekdays[d.getUTCDay()]} ${short} ${d.getUTCFullYear()}` : short;
}

/** The instants at which local time is a multiple of `step`, after `origin`. */
function* roundTimes(civil: CivilTime, from: number, to: number, step: number, origin = 0): Generator<number> {
  const first = Math.ceil((from + civil.offsetAt(from) - origin) / step) - 1;
  let before = -Infinity;
  for (let n = first; ; ++n) {
    const local = n * step + origin,
      at = local - civil.offsetAt(local - civil.offsetAt(local));
    if (at > to) return;
    if (at >= from && at > before) yield (before = at);
  }
}

/** `room`: how many pixels a label with its gap takes at least. */
export function ticksOf(civil: CivilTime, from: number, to: number, width: number, room = 62): Ticks {
  const perPixel = (to - from) / Math.max(width, 1);
  // Parts of a second have longer labels: 13:00:00.250.
  const step =
    steps.find((one) => one >= perPixel * (one < second ? room * 1.7 : one < minute ? room * 1.15 : room)) ??
    steps[steps.length - 1];
  const origin = step >= 7 * day ? monday : 0;
  const fine = Array.from(roundTimes(civil, from, to, step, origin), (at) => ({
    at,
    label: step >= day ? dayOf(civil, at, false) : civil.clock(at, step >= minute ? minute : step >= second ? second : step),
  }));
  const coarse: Tick[] = [];
  if (step < day) {
    coarse.push({ at: from, label: dayOf(civil, from) });
    for (const at of roundTimes(civil, from + 1, to, day)) coarse.push({ at, label: dayOf(civil, at) });
  } else {
    const monthOf = (at: number) => {
      const d = localDate(civil, at);
      return `${months[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
    };
    coarse.push({ at: from, label: monthOf(from) });
    for (const at of roundTimes(civil, from + 1, to, day))
      if (localDate(civil, at).getUTCDate() === 1) coarse.push({ at, label: monthOf(at) });
  }
  return { step, fine, coarse };
}
