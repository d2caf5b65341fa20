// A panel for each measure that is shown: its chart, and the table behind it.

import type { ReadingData } from "../generated/report";
import { h } from "../page/dom";
import { clamped, named, short } from "../page/widgets";
import { shownMeasures } from "./choice";
import { byGroup } from "./comparison";
import { measureTable } from "./figures";
import { ordered } from "./order";
import { caption, stripChart } from "./strip";
import { figureLink, readingOf, type View } from "./view";

/** Tables behind charts are made when they are opened: most never are. */
export function behind(label: string, make: () => HTMLElement): HTMLElement {
  const details = h("details", { class: "behind", ontoggle: () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  } }, h("summary", {}, label));
  return details;
}

function panel(view: View, measure: number, strategies: number[]): HTMLElement {
  const data = readingOf(view).measures[measure];
  const { chart, scale } = stripChart(view, measure, strategies);
  return h("figure", { class: "panel", "data-measure": data.name, "aria-labelledby": `measure-${measure}` },
    h("figcaption", {}, h("h3", { id: `measure-${measure}`, title: short(data.name, 200) }, clamped(data.heading)),
      h("p", { class: "quiet small" }, caption(data, scale))),
    chart,
    behind("Table", () => measureTable(view, measure, strategies)));
}

/** A measure that is one and the same figure in every run needs a sentence and no chart; zero of everything, above all. */
function constant(reading: ReadingData, measure: number): boolean {
  const first = reading.strategies[0].cells[measure];
  return reading.strategies.every(({ cells }) => {
    const cell = cells[measure];
    return cell.n === first.n && cell.least === first.least && cell.most === cell.least;
  });
}

function constants(view: View, measures: number[]): HTMLElement | false {
  const reading = readingOf(view);
  if (measures.length === 0) return false;
  return h("p", { class: "note same" }, reading.strategies.length > 1 ? "The same in every run of every strategy: " : "The same in every run: ",
    ...measures.flatMap((measure, n) => [n > 0 && ", ", named(reading.measures[measure].heading), " ",
      figureLink(view, 0, measure, reading.strategies[0].cells[measure].text)]), ".");
}

export function panels(view: View): HTMLElement {
  const reading = readingOf(view);
  const measures = byGroup(reading, shownMeasures(reading, view.choice));
  const strategies = ordered(reading, view.choice);
  if (measures.length === 0) return h("p", { class: "note" }, "No measure is chosen.");
  const same = measures.filter((measure) => constant(reading, measure));
  const charts = measures.filter((measure) => !same.includes(measure)).map((measure) => panel(view, measure, strategies));
  return h("div", {}, h("div", { class: "panels" }, ...charts),
    constants(view, same));
}
