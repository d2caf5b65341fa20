// A chart of one measure: a strip for each strategy, its single runs as dots and its mean and interval over them.
//
// The drawing is stretched to whatever width there is; its strokes are not. So it needs no measuring, prints as sharp as it
// shows, and names and figures stay text beside it.

import type { MeasureData, ReadingData } from "../generated/report";
import { h, s } from "../page/dom";
import { extentOf, scaleOf, widen, type Scale } from "../page/scale";
import { named, rove, short } from "../page/widgets";
import { whenSeen } from "../page/when_seen";
import { arrowOf, heardDifference, senseOf } from "./difference";
import { across, dotsOf } from "./dots";
import { figureLink, readingOf, type View } from "./view";

export const rowHeight = 24;

/** `runs`: the axis holds every single run, not only means and intervals. */
export function scaleOfMeasure(reading: ReadingData, measure: number, width: number, runs: boolean): Scale {
  const cells = reading.strategies.map((strategy) => strategy.cells[measure]);
  const extent = extentOf(cells.map((cell) => cell.mean));
  if (runs) for (const cell of cells) widen(extent, extentOf(cell.by_seed));
  // An interval may reach below zero although no count and no time does: there it is cut off.
  for (const { low, high } of cells) {
    if (low !== null) extent.min = Math.min(extent.min, Math.max(0, low));
    if (high !== null) extent.max = Math.max(extent.max, high);
  }
  return scaleOf(extent, reading.measures[measure].unit, width);
}

const stroke = (kind: string, d: string) => s("path", { class: kind, d, "vector-effect": "non-scaling-stroke" });

/** What is drawn for some strategies; says whether every run is. */
function strips(reading: ReadingData, measure: number, strategies: number[], scale: Scale): { parts: SVGElement[]; thinned: boolean } {
  const height = rowHeight * strategies.length;
  const x = (value: number) => Math.round(Math.min(1, Math.max(0, scale.at(value))) * across * 10) / 10;
  const grid = scale.ticks.map((tick) => stroke("grid", `M${x(tick.value)} 0V${height}`));
  const baseline = reading.strategies[0].cells[measure].mean;
  let thinned = false;
  const rows = strategies.flatMap((strategy, row) => {
    const one = reading.strategies[strategy].cells[measure], middle = row * rowHeight + rowHeight / 2;
    const dots = dotsOf(one.by_seed, scale.at, middle, rowHeight - 10);
    thinned ||= dots.drawn < dots.of;
    const sense = senseOf(one, reading.measures[measure]);
    return [dots.path && stroke("dots", dots.path),
      one.mean !== null && one.low !== null && one.high !== null && stroke(`interval ${sense}`, `M${x(one.low)} ${middle}H${x(one.high)}`),
      one.mean !== null && stroke(`mean ring ${sense}`, `M${x(one.mean)} ${middle}h0`),
      one.mean !== null && stroke(`mean ${sense}`, `M${x(one.mean)} ${middle}h0`)].filter((part) => part instanceof Node);
  });
  const reference = baseline === null ? [] : [stroke("reference", `M${x(baseline)} 0V${height}`)];
  return { parts: [...grid, ...reference, ...rows], thinned };
}

/** The labels of an axis, placed by share of its width. */
export function axis(scale: Scale): HTMLElement {
  return h("div", { class: "axis", "aria-hidden": "true" }, ...scale.ticks.map((tick) => {
    const label = h("span", {}, tick.label);
    label.style.left = `${tick.place * 100}%`;
    return label;
  }));
}

export function caption(measure: MeasureData, scale: Scale): string {
  return `${measure.bad ? "less is better" : "more is better"}${scale.kind === "log" ? ` · logarithmic scale${scale.zeroApart ? ", zero apart" : ""}` : ""}`;
}

/** The chart, and the scale that it is drawn to. Names and figures are there at once, the drawing when it comes into sight. */
export function stripChart(view: View, measure: number, strategies: number[]): { chart: HTMLElement; scale: Scale } {
  const reading = readingOf(view);
  const scale = scaleOfMeasure(reading, measure, 300, true);
  const svg = s("svg", { class: "strips", viewBox: `0 0 ${across} ${rowHeight * strategies.length}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.style.setProperty("--rows", String(strategies.length));
  const values = strategies.map((strategy) => {
    const one = reading.strategies[strategy].cells[measure], sense = senseOf(one, reading.measures[measure]);
    const arrow = arrowOf(one);
    return h("span", { class: `row-value ${sense}` }, figureLink(view, strategy, measure,
      arrow ? h("span", { class: "arrow", "aria-hidden": "true" }, `${arrow} `) : null, one.text,
      h("span", { class: "heard" }, ` ${short(reading.strategies[strategy].name)}${heardDifference(one, reading.measures[measure], "the baseline")}`)));
  });
  const names = strategies.map((strategy) => {
    const { name, recommended } = reading.strategies[strategy];
    return h("span", { class: recommended ? "row-name chosen" : "row-name" }, named(name));
  });
  const chart = h("div", { class: "strip-chart" }, h("div", { class: "row-names" }, ...names),
    h("div", { class: "plot" }, svg, axis(scale)), h("div", { class: "row-values" }, ...values));
  rove(chart, values.map((value) => [value.firstElementChild as HTMLElement]));
  whenSeen(chart, () => {
    const { parts, thinned } = strips(reading, measure, strategies, scale);
    svg.replaceChildren(...parts);
    if (thinned) chart.append(h("p", { class: "thinned quiet small" }, "Where runs lie close together, not each of them is drawn."));
  });
  return { chart, scale };
}
