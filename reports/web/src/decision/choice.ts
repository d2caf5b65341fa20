// What the reader of the decision has chosen. It stands in the address, so that a link shows another reader the same.

import type { DecisionData, MeasureData, ReadingData } from "../generated/report";
import { hashOf, settle, type Route } from "../page/route";

export const groups = ["items", "times", "effort"];

/** By which column the strategies stand in order: a measure's name, "strategy" or "as-expected"; "" is the order of the file. */
export interface Order {
  by: string;
  descending: boolean;
}

export type Pair = [number, number];

export interface Choice {
  reading: number;
  all: boolean;                          // All measures, not only the main ones.
  groups: Set<string>;
  as: "values" | "differences";
  order: Order;
  trade: number;                         // Which of the reading's pairs.
  /** Whose runs are shown: strategy and measure, or strategy and check, by number. */
  cell: Pair | null;
  check: Pair | null;
}

function bounded(text: string | null, size: number): number {
  const n = Number.parseInt(text ?? "", 10);
  return n >= 0 && n < size ? n : 0;
}

function pairOf(text: string | null, strategies: number, others: number): Pair | null {
  const match = /^(\d+)\.(\d+)$/.exec(text ?? "");
  if (!match) return null;
  const [strategy, other] = [Number(match[1]), Number(match[2])];
  return strategy < strategies && other < others ? [strategy, other] : null;
}

export function choiceOf(route: Route, decision: DecisionData): Choice {
  const at = decision.readings.findIndex((one) => one.name === route.with.get("reading"));
  const reading = at >= 0 ? at : 0;
  const chosen = decision.readings[reading];
  const sort = route.with.get("sort") ?? "";
  const without = new Set((route.with.get("without") ?? "").split(","));
  return {
    reading,
    all: route.with.get("measures") === "all" || !chosen.measures.some((measure) => measure.main),
    groups: new Set(groups.filter((group) => !without.has(group))),
    as: route.with.get("as") === "differences" && chosen.strategies.length > 1 ? "differences" : "values",
    order: { by: sort.replace(/^-/, ""), descending: sort.startsWith("-") },
    trade: bounded(route.with.get("trade"), chosen.trade_offs.length),
    cell: pairOf(route.with.get("cell"), chosen.strategies.length, chosen.measures.length),
    check: pairOf(route.with.get("check"), chosen.strategies.length, chosen.strategies[0].checks.length),
  };
}

/** What an address asks for and this report does not have, a sentence each: a link may come from another report. */
export function notHere(route: Route, decision: DecisionData): string[] {
  const choice = choiceOf(route, decision), reading = decision.readings[choice.reading];
  const asked = (name: string) => route.with.get(name);
  const sentences: string[] = [];
  if (asked("reading") !== null && asked("reading") !== reading.name)
    sentences.push(`This report has no reading "${asked("reading")}"; what follows is "${reading.name}".`);
  const { by } = choice.order;
  if (by !== "" && by !== "strategy" && by !== "as-expected" && !reading.measures.some((measure) => measure.name === by))
    sentences.push(`This report has no measure "${by}" to sort by; the strategies stand in the order of the file.`);
  if (asked("trade") !== null && String(choice.trade) !== asked("trade"))
    sentences.push(`This report has no trade-off number ${asked("trade")}.`);
  if ((asked("cell") !== null && !choice.cell) || (asked("check") !== null && !choice.check))
    sentences.push("This report does not have the figure that the address asks for.");
  return sentences;
}

/** The address of a choice; what is chosen anyhow is left out. */
export function hashOfChoice(choice: Choice, decision: DecisionData): string {
  const without = groups.filter((group) => !choice.groups.has(group)).join(",");
  return hashOf("decision", 0, {
    reading: choice.reading === 0 ? null : decision.readings[choice.reading].name,
    measures: choice.all ? "all" : null,
    without: without || null,
    as: choice.as === "values" ? null : choice.as,
    sort: choice.order.by === "" ? null : `${choice.order.descending ? "-" : ""}${choice.order.by}`,
    trade: choice.trade || null,
    cell: choice.cell ? choice.cell.join(".") : null,
    check: choice.check ? choice.check.join(".") : null,
  });
}

export function remember(choice: Choice, decision: DecisionData): void {
  settle(hashOfChoice(choice, decision));
}

/** The measures to be shown, by number. */
export function shownMeasures(reading: ReadingData, choice: Choice): number[] {
  const shown = (measure: MeasureData) => choice.groups.has(measure.group) && (choice.all || measure.main);
  return reading.measures.flatMap((measure, n) => (shown(measure) ? [n] : []));
}
