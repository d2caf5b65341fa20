// What is said of a strategy beside its name, in words.

import type { ReadingData, StrategyData } from "../generated/report";
import { h } from "../page/dom";
import { named } from "../page/widgets";

function tagsOf(strategy: StrategyData, baseline: boolean): [string, string][] {
  const tags: [string, string][] = [];
  if (baseline) tags.push(["plain", "baseline"]);
  if (strategy.recommended) tags.push(["recommended", "recommended"]);
  if (strategy.flawless) tags.push(["flawless", "flawless"]);
  if (strategy.different > 0) tags.push(["unexpected", `not as expected in ${strategy.different} of ${strategy.runs}`]);
  if (strategy.not_exercised > 0) tags.push(["unexpected", `not exercised in ${strategy.not_exercised} of ${strategy.runs}`]);
  return tags;
}

/** The name alone, and whether it is the recommended one. */
export function briefName(reading: ReadingData, strategy: number): HTMLElement[] {
  const one = reading.strategies[strategy];
  return one.recommended ? [named(one.name), h("span", { class: "tags" }, h("span", { class: "tag recommended" }, "recommended"))] : [named(one.name)];
}

export function strategyName(reading: ReadingData, strategy: number): HTMLElement[] {
  const one = reading.strategies[strategy];
  const tags = tagsOf(one, strategy === 0);
  return [named(one.name), ...(tags.length === 0 ? [] :
    [h("span", { class: "tags" }, ...tags.map(([kind, text]) => h("span", { class: `tag ${kind}` }, text)))])];
}
