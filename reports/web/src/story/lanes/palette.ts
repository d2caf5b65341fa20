// The colours of the charts are those of the page, read when one draws: the theme may have changed since.

import type { Tone } from "../../history/tone";

export interface Palette {
  ground: string;
  raised: string;
  line: string;
  text: string;
  quiet: string;
  accent: string;
  run: string;
  call: string;
  handling: string;
  transaction: string;
  backlog: string;
  density: string;
  bad: string;
  overdue: string;
  tone: Record<Tone, string>;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const role = (name: string) => style.getPropertyValue(`--${name}`).trim() || "#888";
  return {
    ground: role("ground"),
    raised: role("raised"),
    line: role("line"),
    text: role("text"),
    quiet: role("quiet"),
    accent: role("accent"),
    run: role("bar-run"),
    call: role("bar-call"),
    handling: role("bar-handling"),
    transaction: role("bar-transaction"),
    backlog: role("area-backlog"),
    density: role("density"),
    bad: role("tone-nobody"),
    overdue: role("tone-overdue"),
    tone: {
      finished: role("tone-finished"),
      "under-way": role("tone-under-way"),
      other: role("tone-other"),
      overdue: role("tone-overdue"),
      "dead-lettered": role("tone-dead-lettered"),
      nobody: role("tone-nobody"),
    },
  };
}

/** A kind of span that is not among the four known ones is drawn as a call is. */
export function colourOfSpan(palette: Palette, kind: string): string {
  if (kind === "run") return palette.run;
  if (/handl|deliver|read/.test(kind)) return palette.handling;
  if (/transaction/.test(kind)) return palette.transaction;
  return palette.call;
}
