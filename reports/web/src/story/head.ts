// What the run came to, before one looks into it: verdict, fates, checks, and what must be said aloud.

import type { ReportData, StoryData } from "../generated/report";
import { CivilTime } from "../page/civil_time";
import { h } from "../page/dom";
import { hashOf } from "../page/route";
import { button, command, counted, cut, figure, name, prose } from "./words";

const verdictText: Record<string, string> = {
  "as-expected": "as expected",
  different: "different from what was expected",
  "not-exercised": "not exercised",
};

export function storyName(story: StoryData): string {
  return `${cut(story.strategy, 60)}${story.reading && story.reading !== "as written" ? `, ${cut(story.reading, 60)}` : ""}, seed ${story.seed}`;
}

const fewPairs = 2; // As many links fit into a line.

/** Which of the runs in the report is told, and which of its pairs stand side by side. */
export function storyPicker(report: ReportData, chosen: number): HTMLElement | null {
  const pairs = report.sides.flatMap((pair, n) =>
    pair.a === chosen || pair.b === chosen ? [{ n, other: pair.a === chosen ? pair.b : pair.a }] : [],
  );
  if (report.stories.length < 2 && pairs.length === 0) return null;
  const select = h(
    "select",
    {
      "data-testid": "story-picker",
      onchange: (event: Event) => {
        location.hash = hashOf("story", Number((event.target as HTMLSelectElement).value));
      },
    },
    ...report.stories.map((story, n) =>
      h("option", { value: n, selected: n === chosen }, `${storyName(story)}: ${verdictText[story.verdict] ?? story.verdict}`),
    ),
  );
  const beside = h(
    "select",
    {
      onchange: () => {
        if (beside.value) location.hash = hashOf("sides", Number(beside.value));
      },
    },
    h("option", { value: "" }, "choose…"),
    ...pairs.map(({ n, other }) => h("option", { value: n }, storyName(report.stories[other]))),
  );
  return h(
    "div",
    { class: "picker" },
    report.stories.length > 1 && h("label", {}, "Run ", select),
    pairs.length > fewPairs
      ? h("label", {}, "Side by side with ", beside)
      : pairs.length > 0 &&
          h(
            "span",
            {},
            "Side by side with ",
            ...pairs.flatMap(({ n, other }, k) => [
              k > 0 && ", ",
              h("a", { href: hashOf("sides", n) }, name(storyName(report.stories[other]))),
            ]),
          ),
  );
}

function fatesTable(story: StoryData): HTMLElement {
  const shown = story.fates.map((fate, n) => ({ fate, n })).filter(({ n }) => story.fate_rows.some((row) => row.counts[n] > 0));
  return h(
    "table",
    { class: "compact" },
    h("caption", {}, "What became of the items"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "items"),
        h("th", { scope: "col", class: "number" }, "arrived"),
        ...shown.map(({ fate }) => h("th", { scope: "col", class: "number" }, fate)),
      ),
    ),
    h(
      "tbody",
      {},
      ...story.fate_rows.map((row) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, name(row.item)),
          h("td", { class: "number" }, figure(row.arrived)),
          ...shown.map(({ fate, n }) =>
            h(
              "td",
              { class: `number ${row.counts[n] > 0 && fate !== "done" && fate !== "in-flight" ? "bad" : ""}` },
              figure(row.counts[n]),
            ),
          ),
        ),
      ),
    ),
  );
}

function checksTable(story: StoryData, jump: (at: number) => void): HTMLElement {
  const civil = new CivilTime(story.zone, story.offsets);
  return h(
    "table",
    { class: "compact" },
    h("caption", {}, "Checks"),
    h(
      "thead",
      {},
      h("tr", {}, ...["check", "verdict", "expected", "first broken"].map((label) => h("th", { scope: "col" }, label))),
    ),
    h(
      "tbody",
      {},
      ...story.checks.map((check) => {
        const at = check.first_at;
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, name(check.name)),
          h("td", { class: check.broken ? "bad" : "" }, check.verdict),
          h(
            "td",
            {},
            check.expected,
            " ",
            h("span", { class: check.as_expected ? "quiet" : "bad" }, check.as_expected ? "✓ as expected" : "✗ not as expected"),
          ),
          h(
            "td",
            {},
            at === null
              ? h("span", { class: "quiet" }, "–")
              : button(civil.full(at), () => jump(at), { class: "link", title: "Show this moment" }),
          ),
        );
      }),
    ),
  );
}

const said = (title: string, lines: string[]) =>
  lines.length > 0 &&
  h("div", { class: "aloud" }, h("h3", {}, title), h("ul", {}, ...lines.map((line) => h("li", {}, prose(line, 800)))));

/** The answer: verdict, effort, where it turns, and what became of the items. The chart follows at once. */
export function storyHead(story: StoryData, jump: (at: number) => void): HTMLElement {
  const good = story.verdict === "as-expected",
    turn = story.decisive;
  return h(
    "section",
    { class: "story-head", "aria-label": "What the run came to" },
    h(
      "div",
      {},
      h(
        "p",
        { class: "verdict" },
        h(
          "span",
          { class: `badge ${good ? "good" : "warn"}` },
          `${good ? "✓" : "!"} ${verdictText[story.verdict] ?? story.verdict}`,
        ),
        " ",
        story.sentence,
      ),
      h("p", { class: "effort" }, story.effort),
      turn !== null &&
        h(
          "p",
          { class: "turn" },
          h("span", { class: "turn-sign", "aria-hidden": "true" }, "▼"),
          " ",
          button(new CivilTime(story.zone, story.offsets).full(turn), () => jump(turn), { class: "link" }),
          " ",
          prose(story.decisive_text),
        ),
    ),
    h("div", { class: "scroll" }, fatesTable(story)),
  );
}

/** What else there is to say of the run as a whole. */
export function storyFoot(story: StoryData, jump: (at: number) => void): HTMLElement {
  return h(
    "section",
    { class: "story-foot", "aria-label": "Checks and notes" },
    h("div", { class: "scroll" }, checksTable(story, jump)),
    h(
      "div",
      {},
      said("Not in this page", story.left_out),
      said("Notes", story.notes),
      story.records_kept < story.records_all &&
        h(
          "p",
          { class: "quiet" },
          `${figure(story.records_kept)} of ${counted(story.records_all, "record")} are in this page; the strip of the whole run and the small columns in the lanes count all of them.`,
        ),
      h(
        "details",
        {},
        h("summary", {}, "Repeat this run"),
        command(story.command),
        h("p", { class: "quiet" }, `${figure(story.events)} events, digest `, h("code", {}, story.digest)),
      ),
    ),
  );
}
