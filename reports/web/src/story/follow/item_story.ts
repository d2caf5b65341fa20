// What became of one item, told from the records about it.

import type { StoryData } from "../../generated/report";
import type { Grouped } from "../../history/grouped";
import type { Threads } from "../../history/threads";
import { toneOfFate } from "../../history/tone";
import { type CivilTime, duration, second } from "../../page/civil_time";
import { h } from "../../page/dom";
import { instantText } from "../instant_text";
import { button, command, counted, cut, quoted } from "../words";
import { isTrivial } from "../trivial";

export interface ItemStory {
  story: StoryData;
  threads: Threads;
  civil: CivilTime;
  recordsOf: Grouped;
  jump(at: number): void;
  /** Brings all of an item's life into view. */
  showWhole(item: number): void;
}

/** To the second where that tells one from the next; the rest stands in the title. */
const instantOf = (civil: CivilTime, at: number) => `${civil.date(at)} ${civil.clock(at, second)}`;

export function statesBar({ threads, civil, jump }: ItemStory, item: number): HTMLElement {
  const stretches = threads
    .stretchesOf(item)
    .filter(({ state }, n, all) => threads.severity[state] > 0 || n < all.length - 1 || all.length === 1);
  const states = threads.history.states,
    whole = Math.max(
      stretches.reduce((sum, { from, to }) => sum + to - from, 0),
      1,
    ),
    last = threads.stretchesOf(item).at(-1);
  const parts = stretches.map(({ from, to, state }) => {
    const part = h("span", { class: `state ${threads.tones[state]}`, title: `${states[state]}: ${duration(to - from)}` });
    // A short state next to one of weeks is still to be seen.
    part.style.flexGrow = String(Math.max((to - from) / whole, 0.001));
    return part;
  });
  const lines = stretches.map(({ from, to, state }) =>
    h(
      "li",
      {},
      h("span", { class: `swatch ${threads.tones[state]}`, "aria-hidden": "true" }),
      " ",
      h("b", {}, states[state]),
      ` for ${duration(to - from)}, from `,
      button(instantOf(civil, from), () => jump(from), { class: "link" }),
      ` to ${instantOf(civil, to)}`,
    ),
  );
  if (last && threads.severity[last.state] === 0)
    lines.push(
      h(
        "li",
        {},
        h("span", { class: "swatch finished", "aria-hidden": "true" }),
        " ",
        h("b", {}, states[last.state]),
        " at ",
        button(instantOf(civil, last.from), () => jump(last.from), { class: "link" }),
      ),
    );
  return h(
    "div",
    { class: "states" },
    h("div", { class: "states-bar", "aria-hidden": "true" }, ...parts),
    h("ol", { class: "states-list", "data-testid": "item-states" }, ...lines),
  );
}

function fateLine({ story, threads, civil }: ItemStory, item: number): HTMLElement {
  const { items, item_kinds } = threads.history,
    arrived = items.arrived[item],
    end = items.end[item],
    due = item_kinds[items.kind[item]]?.due ?? null;
  const fate = story.fates[items.fate[item]] ?? "unknown";
  return h(
    "p",
    { class: "fate" },
    h("span", { class: `badge tone-${toneOfFate(fate)}`, "data-testid": "item-fate" }, fate),
    ` arrives ${instantOf(civil, arrived)}; `,
    end >= 0 ? `finishes ${instantOf(civil, arrived + end)}, ${duration(end)} later` : "never finishes",
    due !== null &&
      `; due within ${duration(due)}${end > due ? `: ${duration(end - due)} late` : end < 0 && story.ends - arrived > due ? ": overdue" : ""}`,
    ".",
  );
}

/** The sentence with the item's name left out where it is the one that is followed: "it" reads faster. */
function sentenceOf({ threads: { history } }: ItemStory, row: number): string {
  const sentence = history.sentences[history.records.sentence[row]];
  if (!sentence.item) return sentence.before + sentence.after;
  return `${sentence.before}${sentence.before === "" ? "It" : "it"}${sentence.after}`;
}

const hopsMost = 6;

/** What brought a record about; null where that is the item itself, if only by way of a document or the like. */
function causeOf(context: ItemStory, row: number): HTMLElement | null {
  const { history } = context.threads,
    { cause: causes, item } = history.records,
    cause = causes[row];
  if (cause < 0) return null;
  for (let one = cause, hops = 0; one >= 0 && hops < hopsMost; one = causes[one], ++hops) {
    if (item[one] === item[row]) return null;
    if (item[one] >= 0) break;
  }
  const sentence = history.sentences[history.records.sentence[cause]],
    at = history.records.at[cause];
  const text = sentence.item
    ? sentence.before + history.nameOf(history.records.item[cause]) + sentence.after
    : sentence.before + sentence.after;
  return h(
    "span",
    { class: "cause" },
    "because ",
    button(cut(text, 200), () => context.jump(at), {
      class: "link",
      title: `${instantText(context.civil, at)}: show this moment`,
    }),
  );
}

function recordLine(context: ItemStory, row: number): HTMLElement {
  const { history } = context.threads,
    at = history.records.at[row],
    bad = history.sentences[history.records.sentence[row]].bad;
  return h(
    "li",
    { class: bad ? "bad" : "" },
    button(instantOf(context.civil, at), () => context.jump(at), {
      class: "link when",
      title: `${instantText(context.civil, at)}: show this moment`,
    }),
    " ",
    h("bdi", {}, cut(sentenceOf(context, row), 1000)),
    " ",
    causeOf(context, row),
  );
}

const shownAtFirst = 400;

/** The records one by one; runs of those in which nothing is decided are folded away. */
function records(context: ItemStory, item: number): HTMLElement {
  const rows = context.recordsOf.of(item),
    { history } = context.threads,
    lines: HTMLElement[] = [];
  let folded: HTMLElement[] = [];
  const fold = () => {
    if (folded.length > 2)
      lines.push(
        h(
          "li",
          { class: "folded" },
          h("details", {}, h("summary", {}, counted(folded.length, "further record")), h("ol", {}, ...folded)),
        ),
      );
    else lines.push(...folded);
    folded = [];
  };
  if (rows.length === 0)
    return h(
      "p",
      { class: "quiet", "data-testid": "item-records" },
      "The records about this item are not in this page: of a large run only those of some items are kept. The commands below show them.",
    );
  const end = Math.min(rows.length, shownAtFirst);
  for (let n = 0; n < end; ++n) {
    const sentence = history.sentences[history.records.sentence[rows[n]]],
      line = recordLine(context, rows[n]);
    if (isTrivial(sentence)) folded.push(line);
    else {
      fold();
      lines.push(line);
    }
  }
  fold();
  if (rows.length > end)
    lines.push(
      h(
        "li",
        { class: "quiet" },
        `${counted(rows.length - end, "further record")}: see the table of records and narrow the span.`,
      ),
    );
  return h("ol", { class: "records", "data-testid": "item-records" }, ...lines);
}

/** `premortem why` asked about the item of this run; null when the command of the run has no such counterpart. */
export function whyCommand(story: StoryData, itemName: string): string | null {
  const start = ["premortem run ", story.file, " "],
    quotedStart = ["premortem run ", quoted(story.file), " "];
  const text = `${story.command} `;
  for (const parts of [start, quotedStart])
    if (text.startsWith(parts.join("")) && !text.includes("--choices"))
      return `premortem why ${parts[1]} ${quoted(itemName)} ${text.slice(parts.join("").length)}`.trim();
  return null;
}

export function itemStory(context: ItemStory, item: number): HTMLElement {
  const { history } = context.threads,
    itemName = history.nameOf(item),
    why = whyCommand(context.story, itemName);
  return h(
    "div",
    { class: "item-story", "data-testid": "item-story" },
    h("h3", { tabindex: "-1" }, h("bdi", {}, cut(itemName))),
    fateLine(context, item),
    statesBar(context, item),
    records(context, item),
    h(
      "details",
      { open: context.recordsOf.of(item).length === 0 },
      h("summary", {}, "Ask on a terminal"),
      h("p", {}, "The same run again:"),
      command(context.story.command),
      why !== null && h("p", {}, "Why this item met its fate, each cause proven by a changed run:"),
      why !== null && command(why),
    ),
  );
}
