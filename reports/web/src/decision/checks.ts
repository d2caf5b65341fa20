// In how many runs each check held, strategy by strategy.

import type { CheckCountData } from "../generated/report";
import { h } from "../page/dom";
import { clamped, rove } from "../page/widgets";
import { ordered } from "./order";
import { strategyName } from "./tags";
import { checkLink, readingOf, type View } from "./view";

function parts(check: CheckCountData, runs: number): (HTMLElement | string | null)[] {
  const unexpected = runs - check.as_expected;
  const parts: (HTMLElement | string | null)[] = [];
  if (check.not_exercised === runs) parts.push(h("span", { class: "quiet" }, "– not exercised"));
  else if (check.broken === 0) parts.push(h("span", {}, h("span", { class: "heard" }, "held in "), `✓ ${check.held} of ${runs}`));
  else parts.push(h("span", { class: "broken" }, `✕ broken in ${check.broken} of ${runs}`));
  if (check.broken > 0 && check.held > 0) parts.push(h("small", {}, `held in ${check.held}`));
  if (check.not_exercised > 0 && check.not_exercised < runs) parts.push(h("small", {}, `not exercised in ${check.not_exercised}`));
  if (unexpected > 0) parts.push(h("small", { class: "unexpected" }, `not as expected in ${unexpected}`));
  else if (check.broken > 0) parts.push(h("small", {}, "as expected"));
  return parts;
}

export function checks(view: View): HTMLElement | false {
  const reading = readingOf(view);
  const names = reading.strategies[0].checks.map((check) => check.name);
  if (names.length === 0) return false;
  const links: HTMLElement[][] = [];
  const rows = ordered(reading, view.choice).map((strategy) => {
    const one = reading.strategies[strategy];
    const row = one.checks.map((check, n) => checkLink(view, strategy, n, ...parts(check, one.runs)));
    links.push(row);
    return h("tr", { class: strategy === 0 ? "baseline" : null }, h("th", { scope: "row" }, ...strategyName(reading, strategy)),
      ...row.map((link) => h("td", {}, link)));
  });
  const body = h("tbody", {}, ...rows);
  rove(body, links);
  return h("section", { "aria-labelledby": "checks" }, h("h2", { id: "checks" }, "Checks"),
    h("p", { class: "note" }, "✓ in how many runs each check held; ✕ in how many it was broken. A check may be broken as the scenario ",
      "expects: that is said where it is so."),
    h("div", { class: "scroller wide", role: "region", tabindex: "0", "aria-label": "Checks by strategy" },
      h("table", { class: "data checks" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Strategy"), ...names.map((name) => h("th", { scope: "col" }, clamped(name))))),
        body)));
}
