// What one strategy gains in one measure, and pays in another.

import type { ReadingData } from "../generated/report";
import { h } from "../page/dom";
import { named, short } from "../page/widgets";
import { tradeTable } from "./figures";
import { ordered } from "./order";
import { behind } from "./panels";
import { scatter } from "./scatter";
import { scaleOfMeasure } from "./strip";
import { readingOf, type View } from "./view";

function pairs(view: View): HTMLElement {
  const { measures, trade_offs } = readingOf(view);
  const options = trade_offs.map(({ x, y }, n) =>
    h("option", { value: n, selected: n === view.choice.trade }, `${short(measures[y].heading)} against ${short(measures[x].heading)}`));
  const select = h("select", {
    class: "button", "data-key": "trade", "aria-label": "Pair of measures", onchange: () => view.change({ trade: select.selectedIndex }),
  }, ...options);
  return h("div", { class: "controls" }, select);
}

/** Drawn for the width that it has, again when that changes; on paper it is scaled. */
function drawing(reading: ReadingData, trade: number): HTMLElement {
  const holder = h("div", { class: "drawing" });
  let drawn = 0;
  const draw = (width: number) => {
    const wanted = Math.round(Math.min(760, Math.max(300, width)));
    if (wanted === drawn) return;
    drawn = wanted;
    holder.replaceChildren(scatter(reading, reading.trade_offs[trade], wanted));
  };
  new ResizeObserver(([entry]) => entry.contentRect.width > 0 && draw(entry.contentRect.width)).observe(holder);
  draw(680);
  return holder;
}

/** A strategy without one of the two figures has no place in the chart; that is said. */
function missing(reading: ReadingData, x: number, y: number): HTMLElement | false {
  const without = reading.strategies.filter(({ cells }) => cells[x].mean === null || cells[y].mean === null);
  if (without.length === 0) return false;
  return h("p", { class: "note" }, "Not in the chart, as one of the two does not apply: ",
    ...without.flatMap((one, n) => [n > 0 && ", ", named(one.name), ` (${one.cells[x].mean === null ? one.cells[x].text : one.cells[y].text})`]), ".");
}

export function tradeOff(view: View): HTMLElement | false {
  const reading = readingOf(view);
  const trade = reading.trade_offs[view.choice.trade];
  if (!trade) return false;
  const { x, y, front } = trade, strategies = ordered(reading, view.choice);
  const onFront = strategies.filter((strategy) => front.includes(strategy));
  const log = [x, y].filter((measure) => scaleOfMeasure(reading, measure, 600, false).kind === "log")
    .map((measure) => short(reading.measures[measure].heading));
  return h("section", { class: "trade", "aria-labelledby": "trade" }, h("h2", { id: "trade" }, "What is traded for what"),
    reading.trade_offs.length > 1 && pairs(view),
    h("div", { class: "beside" },
      h("figure", {}, h("p", { class: "axis-name" }, "↑ ", named(reading.measures[y].heading)), drawing(reading, view.choice.trade),
        h("p", { class: "axis-name right" }, named(reading.measures[x].heading), " →"),
        h("figcaption", { class: "note" }, "Less is better in both: the best corner is at the bottom left. ",
          "Lines through a point are its intervals in both directions.",
          log.length > 0 && ` Logarithmic: ${log.join(" and ")}.`), missing(reading, x, y)),
      h("div", { class: "front-list" }, h("h3", {}, h("span", { class: "ring-key", "aria-hidden": "true" }), "Not beaten"),
        h("p", { class: "quiet small" }, "No other strategy is better in one of the two and no worse in the other. ",
          "In the chart they have a ring; the line joins them."),
        tradeTable(view, reading, x, y, onFront, front),
        strategies.length > onFront.length && behind(`All ${strategies.length} strategies`, () => tradeTable(view, reading, x, y, strategies, front)))));
}
