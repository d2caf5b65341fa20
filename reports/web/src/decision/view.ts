// What the parts of the decision page need of each other: the data, the choice, and what happens when it changes.

import type { DecisionData, ReadingData, ReportData } from "../generated/report";
import { h } from "../page/dom";
import { hashOfChoice, type Choice, type Pair } from "./choice";

export interface View {
  report: ReportData;
  decision: DecisionData;
  choice: Choice;
  /** Takes over what changed, puts it into the address and draws anew what shows it. */
  change(changed: Partial<Choice>): void;
  /** Shows the runs behind a figure, or behind a count of a check. */
  open(what: { cell: Pair } | { check: Pair }): void;
}

export function readingOf(view: View): ReadingData {
  return view.decision.readings[view.choice.reading];
}

/** A figure as a link to the runs behind it: a real one, so that it can be opened elsewhere, and its text be selected. */
function link(view: View, what: { cell: Pair } | { check: Pair }, children: (Node | string | null)[]): HTMLAnchorElement {
  return h("a", {
    class: "figure", draggable: "false", href: hashOfChoice({ ...view.choice, cell: null, check: null, ...what }, view.decision),
    onclick: (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (getSelection()?.type !== "Range") view.open(what);
    },
  }, ...children);
}

export function figureLink(view: View, strategy: number, measure: number, ...children: (Node | string | null)[]): HTMLAnchorElement {
  return link(view, { cell: [strategy, measure] }, children);
}

export function checkLink(view: View, strategy: number, check: number, ...children: (Node | string | null)[]): HTMLAnchorElement {
  return link(view, { check: [strategy, check] }, children);
}

/** "93.1 ±0.4" as a figure and, more quietly, its interval, with a word beside that. */
export function figureParts(text: string, word = ""): (Node | string)[] {
  const at = text.indexOf(" ±");
  const parts: (Node | string)[] = [h("span", {}, at < 0 ? text : text.slice(0, at))];
  if (at >= 0 || word) parts.push(" ", h("small", {}, at < 0 ? "" : text.slice(at + 1), word && h("em", {}, `${at < 0 ? "" : " "}${word}`)));
  return parts;
}
