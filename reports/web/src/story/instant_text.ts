// Instants as one types them: a date, with a time of day, with seconds, with parts of a second.

import { type CivilTime, minute, second } from "../page/civil_time";

/** null: not understood. A date alone is its midnight. */
export function parsedInstant(civil: CivilTime, text: string): number | null {
  const m = /^\s*(\d{4}-\d\d?-\d\d?)(?:[ T]+(\d\d?:\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)?)?\s*$/.exec(text);
  if (!m) return null;
  const date = m[1]
      .split("-")
      .map((part) => part.padStart(2, "0"))
      .join("-"),
    clock = (m[2] ?? "00:00").padStart(5, "0");
  const at = civil.parse(`${date} ${clock}:${m[3] ?? "00"}`);
  // A 31 February would be taken for a day in March.
  if (at === null || civil.date(at) !== date || civil.clock(at, minute) !== clock) return null;
  return at + Number((m[4] ?? "").padEnd(6, "0"));
}

/** As short as it can be without saying another instant; `parsedInstant` takes it back. */
export function instantText(civil: CivilTime, at: number): string {
  const whole = Math.round(at);
  if (whole % second === 0) return civil.full(whole);
  return `${civil.date(whole)} ${civil.clock(whole, whole % 1000 === 0 ? 1000 : 1)}`;
}
