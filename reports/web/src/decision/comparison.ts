// The table strategy x measure: one row a strategy, the baseline on top.

import type { ReadingData } from "../generated/report";
import { h } from "../page/dom";
import { clamped, rove, short } from "../page/widgets";
import { groups, shownMeasures } from "./choice";
import { groupLabel } from "./controls";
import { arrowOf, heardDifference, senseOf } from "./difference";
import { ordered, pressed } from "./order";
import { strategyName } from "./tags";
import { figureLink, figureParts, readingOf, type View } from "./view";

/** A heading that sorts; on paper, where nothing can be pressed, a plain one. */
function header(view: View, paper: boolean, by: string, label: string, attributes: Record<string, string | number | null>, hint = ""): HTMLElement {
  const { order } = view.choice;
  const sorted = order.by === by ? (order.descending ? "descending" : "ascending") : "none";
  return h("th", { scope: "col", "aria-sort": sorted, ...attributes },
    paper ? clamped(label) : h("button", {
      class: "sort", type: "button", "data-key": `sort:${by}`, title: short(by, 200),
      onclick: () => view.change({ order: pressed(view.choice.order, by) }),
    },
      clamped(label), h("span", { class: "direction", "aria-hidden": "true" }, sorted === "none" ? "↕" : sorted === "ascending" ? "↑" : "↓")),
    hint && h("span", { class: "hint" }, hint));
}

function headers(view: View, measures: number[], paper: boolean): HTMLElement {
  const reading = readingOf(view);
  const spans = groups.map((group) => [group, measures.filter((n) => reading.measures[n].group === group).length] as const).filter(([, n]) => n > 0);
  return h("thead", {},
    h("tr", {}, header(view, paper, "strategy", "Strategy", { rowspan: 2 }), header(view, paper, "as-expected", "As expected", { rowspan: 2 }),
      ...spans.map(([group, n]) => h("th", { scope: "colgroup", class: "group", colspan: n }, groupLabel(group)))),
    h("tr", { class: "second" }, ...measures.map((n) => header(view, paper, reading.measures[n].name, reading.measures[n].heading,
      { class: starts(reading, measures, n) ? "starts" : null }, reading.measures[n].bad ? "less is better" : "more is better"))));
}

/** The first column of a group is set off from the one before. */
function starts(reading: ReadingData, measures: number[], measure: number): boolean {
  const before = measures[measures.indexOf(measure) - 1];
  return before === undefined || reading.measures[before].group !== reading.measures[measure].group;
}

/** In the order of the groups, whatever the data's is: their columns stand under one heading. */
export function byGroup(reading: ReadingData, measures: number[]): number[] {
  return groups.flatMap((group) => measures.filter((n) => reading.measures[n].group === group));
}

function cell(view: View, strategy: number, n: number, first: boolean): [HTMLElement, HTMLElement] {
  const reading = readingOf(view), measure = reading.measures[n], one = reading.strategies[strategy].cells[n];
  const sense = senseOf(one, measure), differs = sense === "better" || sense === "worse";
  const asDifference = view.choice.as === "differences" && strategy > 0;
  const arrow = differs && h("span", { class: "arrow", "aria-hidden": "true" }, `${arrowOf(one)} `);
  const heard = h("span", { class: "heard" }, heardDifference(one, measure, "the baseline"));
  const link = asDifference
    ? figureLink(view, strategy, n, arrow || null, ...figureParts(one.difference_text, differs ? sense : ""))
    : figureLink(view, strategy, n, arrow || null, ...figureParts(one.text), heard);
  const shown = asDifference ? sense : differs ? `${sense} value` : "value";
  return [h("td", { class: `${shown}${first ? " starts" : ""}` }, link), link];
}

function row(view: View, strategy: number, measures: number[]): [HTMLElement, HTMLElement[]] {
  const reading = readingOf(view), one = reading.strategies[strategy];
  const cells = measures.map((n) => cell(view, strategy, n, starts(reading, measures, n)));
  const classes = [strategy === 0 && "baseline", one.recommended && "chosen"].filter(Boolean).join(" ");
  return [h("tr", { class: classes || null, "data-strategy": strategy }, h("th", { scope: "row" }, ...strategyName(reading, strategy)),
    h("td", { class: one.as_expected < one.runs ? "unexpected" : "value" }, `${one.as_expected} of ${one.runs}`),
    ...cells.map(([td]) => td)), cells.map(([, link]) => link)];
}

function table(view: View, measures: number[], paper: boolean): HTMLTableElement {
  const rows = ordered(readingOf(view), view.choice).map((strategy) => row(view, strategy, measures));
  const body = h("tbody", {}, ...rows.map(([tr]) => tr));
  if (measures.length > 0) rove(body, rows.map(([, links]) => links));
  return h("table", { class: "data comparison" }, headers(view, measures, paper), body);
}

/** On paper nothing scrolls: as many tables as it takes, each with the strategies' names. */
export function printedTables(view: View): HTMLElement[] {
  const measures = byGroup(readingOf(view), shownMeasures(readingOf(view), view.choice));
  const chunks = Math.ceil(measures.length / 8), size = Math.ceil(measures.length / chunks);
  return Array.from({ length: chunks }, (_, n) => table(view, measures.slice(n * size, (n + 1) * size), true));
}

export function comparisonTable(view: View): HTMLElement {
  const reading = readingOf(view);
  const measures = byGroup(reading, shownMeasures(reading, view.choice));
  const percent = Math.round(reading.level * 100), baseline = short(reading.strategies[0].name);
  return h("div", {},
    h("div", { class: "scroller wide", role: "region", tabindex: "0", "aria-label": "Strategies by measure" }, table(view, measures, false)),
    measures.length === 0 && h("p", { class: "note" }, "No measure is chosen."),
    h("p", { class: "note" }, `Means over the runs; ± is half of the ${percent} % interval. `,
      reading.strategies.length > 1 && h("span", {}, h("span", { class: "better" }, "▲▼ blue"), ": better, ",
        h("span", { class: "worse" }, "▲▼ orange"),
        ": worse than ", h("bdi", {}, baseline), ", compared run by run under the same seeds; without an arrow no difference is shown. "),
      h("span", { class: "no-print" }, "Every figure leads to the runs behind it; the arrow keys move between figures.")));
}
