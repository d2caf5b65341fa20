// Figures as the program writes them, and the tables that hold them.

import type { CellData, ReadingData } from "../generated/report";
import { duration } from "../page/civil_time";
import { durationLabel } from "../page/ticks";
import { h } from "../page/dom";
import { clamped, short } from "../page/widgets";
import { figureLink, readingOf, type View } from "./view";
import { briefName } from "./tags";

export function figureText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  if (value === 0) return unit === "ns" ? "0 s" : "0";
  if (unit === "ns") return Math.abs(value) < 1000 ? `${Math.round(value)} ns` : duration(Math.round(value / 1000));
  return String(Number(value.toFixed(Math.abs(value) < 1 ? 2 : 1)));
}

export function withSign(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  return `${value > 0 ? "+" : ""}${figureText(value, unit)}`;
}

/** "92.7 to 93.5"; two durations are written as finely as it takes to tell them apart. */
export function between(low: number | null, high: number | null, unit: string, text = figureText): string {
  if (low === null || high === null) return "–";
  const ends = [text(low, unit), text(high, unit)];
  if (ends[0] !== ends[1] || low === high || unit !== "ns") return ends.join(" to ");
  return [low, high].map((end) => (text === withSign && end > 0 ? "+" : "") + durationLabel(end, (high - low) / 2)).join(" to ");
}

/** After a single run there is no interval. */
export function intervalText(cell: CellData, unit: string): string {
  return between(cell.low, cell.high, unit);
}

function headed(...headings: string[]): HTMLElement {
  return h("thead", {}, h("tr", {}, ...headings.map((heading) => h("th", { scope: "col" }, clamped(heading)))));
}

function scrolled(label: string, table: HTMLElement): HTMLElement {
  return h("div", { class: "scroller", role: "region", tabindex: "0", "aria-label": label }, table);
}

/** What the chart of a measure is drawn from. */
export function measureTable(view: View, measure: number, strategies: number[]): HTMLElement {
  const reading = readingOf(view), { unit, heading } = reading.measures[measure];
  const rows = strategies.map((strategy) => {
    const cell = reading.strategies[strategy].cells[measure];
    return h("tr", {}, h("th", { scope: "row" }, ...briefName(reading, strategy)), h("td", {}, figureLink(view, strategy, measure, cell.text)),
      h("td", {}, intervalText(cell, unit)), h("td", {}, figureText(cell.least, unit)), h("td", {}, figureText(cell.most, unit)), h("td", {}, cell.n),
      h("td", {}, strategy === 0 ? "baseline" : cell.difference_text));
  });
  return scrolled(`Figures of ${short(heading)}`, h("table", { class: "data" },
    headed("Strategy", "Mean", `${Math.round(reading.level * 100)} % interval`, "Smallest", "Largest", "Runs", "Difference"), h("tbody", {}, ...rows)));
}

/** What a trade-off chart is drawn from. */
export function tradeTable(view: View, reading: ReadingData, x: number, y: number, strategies: number[], front: number[]): HTMLElement {
  const all = strategies.length > front.length;
  const rows = strategies.map((strategy) => {
    const { cells } = reading.strategies[strategy];
    return h("tr", {}, h("th", { scope: "row" }, ...briefName(reading, strategy)), h("td", {}, figureLink(view, strategy, x, cells[x].text)),
      h("td", {}, figureLink(view, strategy, y, cells[y].text)), all && h("td", {}, front.includes(strategy) ? "not beaten" : "beaten"));
  });
  return scrolled("Figures of the trade-off", h("table", { class: "data" },
    headed("Strategy", reading.measures[x].heading, reading.measures[y].heading, ...(all ? ["Both together"] : [])), h("tbody", {}, ...rows)));
}
