// Instants as the clock on the wall showed them. The offsets come with the story: a browser's own zone database may say
// something else than the run did.

import type { ZoneOffsetData } from "../generated/report";

export const second = 1e6, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

const two = (n: number) => String(n).padStart(2, "0");

export class CivilTime {
  constructor(readonly zone: string, private readonly offsets: ZoneOffsetData[]) {}

  /** Microseconds that local time is ahead of UTC. */
  offsetAt(at: number): number {
    let offset = this.offsets[0]?.offset ?? 0;
    for (const one of this.offsets) if (one.at <= at) offset = one.offset;
    return offset;
  }
  /** A date whose UTC parts are the local ones. */
  private local(at: number): Date {
    return new Date(Math.floor((at + this.offsetAt(at)) / 1000));
  }
  date(at: number): string {
    const d = this.local(at);
    return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  }
  /** "11:00", "11:00:05", "11:00:05.250": as much as `precision` (microseconds) asks for. */
  clock(at: number, precision = second): string {
    const d = this.local(at);
    const text = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
    if (precision >= minute) return text;
    const seconds = `${text}:${two(d.getUTCSeconds())}`;
    if (precision >= second) return seconds;
    const fraction = String(((at % second) + second) % second).padStart(6, "0");
    return `${seconds}.${precision >= 1000 ? fraction.slice(0, 3) : fraction}`;
  }
  /** "2020-01-27 11:00", with seconds where there are some. */
  full(at: number): string {
    return `${this.date(at)} ${this.clock(at, at % minute === 0 ? minute : second)}`;
  }
  /** The instant of a local date and time of day, "2020-01-27 11:00[:05]"; null: not understood. */
  parse(text: string): number | null {
    const m = /^\s*(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?\s*$/.exec(text);
    if (!m) return null;
    const [, y, mo, d, h, mi, sec] = m.map(Number);
    const local = Date.UTC(y, mo - 1, d, h, mi, sec || 0) * 1000;
    return local - this.offsetAt(local - this.offsetAt(local));
  }
}

/** The two largest units: "16 d 2 h", "1.8 s". */
export function duration(us: number): string {
  const sign = us < 0 ? "-" : "", t = Math.abs(us);
  const pair = (big: number, bigName: string, small: number, smallName: string) => {
    const whole = Math.floor(t / big), rest = Math.floor((t % big) / small);
    return `${sign}${whole} ${bigName}${rest ? ` ${rest} ${smallName}` : ""}`;
  };
  if (t >= day) return pair(day, "d", hour, "h");
  if (t >= hour) return pair(hour, "h", minute, "min");
  if (t >= minute) return pair(minute, "min", second, "s");
  if (t >= second) return `${sign}${Number((t / second).toFixed(1))} s`;
  if (t >= 1000) return `${sign}${Math.round(t / 1000)} ms`;
  return `${sign}${t} µs`;
}
