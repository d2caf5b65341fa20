// A panel for each measure that is shown: its chart, and the table behind it.

import { h } from "../page/dom";
import { shownMeasures } from "./choice";
import { byGroup } from "./comparison";
import { measureTable } from "./figures";
import { ordered } from "./order";
import { caption, stripChart } from "./strip";
import { readingOf, type View } from "./view";

/** Tables behind charts are made when they are opened: most never are. */
export function behind(label: string, make: () => HTMLElement): HTMLElement {
  const details = h("details", { class: "behind", ontoggle: () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  } }, h("summary", {}, label));
  return details;
}

function panel(view: View, measure: number, strategies: number[]): HTMLElement {
  const data = readingOf(view).measures[measure];
  const { chart, scale, thinned } = stripChart(view, measure, strategies);
  return h("figure", { class: "panel", "data-measure": data.name, "aria-labelledby": `measure-${measure}` },
    h("figcaption", {}, h("h3", { id: `measure-${measure}`, title: data.name }, h("bdi", {}, data.heading)), h("p", { class: "quiet small" }, caption(data, scale))),
    chart, thinned && h("p", { class: "quiet small" }, "Where runs lie close together, not each of them is drawn."),
    behind("Table", () => measureTable(view, measure, strategies)));
}

export function panels(view: View): HTMLElement {
  const reading = readingOf(view);
  const measures = byGroup(reading, shownMeasures(reading, view.choice));
  const strategies = ordered(reading, view.choice);
  if (measures.length === 0) return h("p", { class: "note" }, "No measure is chosen.");
  return h("div", { class: "panels" }, ...measures.map((measure) => panel(view, measure, strategies)));
}
