// How bad a state or a fate is: what the reader sees as a colour and a thickness, and what "goes red" means.

export const tones = ["finished", "under-way", "other", "overdue", "dead-lettered", "nobody"] as const;
export type Tone = (typeof tones)[number];

/** The worse, the larger. */
export const severityOf = (tone: Tone): number => tones.indexOf(tone);

/** The tone of a state by its name; a name that nobody foresaw is "other", which is shown and named like the rest. */
export function toneOf(state: string): Tone {
  if (/finish|done/i.test(state)) return "finished";
  if (/nobody|lost/i.test(state)) return "nobody";
  if (/dead|park/i.test(state)) return "dead-lettered";
  if (/overdue|late|stuck/i.test(state)) return "overdue";
  if (/under way|in.flight|held/i.test(state)) return "under-way";
  return "other";
}

const badness: Record<string, number> = {
  done: 0,
  "in-flight": 1,
  late: 2,
  duplicated: 3,
  misrouted: 4,
  "dead-lettered": 5,
  stuck: 6,
  lost: 7,
};

/** Orders fates for those who look for trouble: 0 is good, more is worse. */
export const badnessOf = (fate: string): number => badness[fate] ?? 3;

/** The tone in which a fate is written. */
export function toneOfFate(fate: string): Tone {
  if (fate === "done") return "finished";
  if (fate === "in-flight") return "under-way";
  if (fate === "lost" || fate === "stuck") return "nobody";
  if (fate === "dead-lettered") return "dead-lettered";
  return "overdue";
}
