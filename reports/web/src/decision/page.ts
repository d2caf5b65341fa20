// The page that people decide from: the verdict, what it rests on, and the runs behind every figure.

import "./decision.css";
import "./charts.css";
import type { DecisionData, ReportData } from "../generated/report";
import { h } from "../page/dom";
import type { Route } from "../page/route";
import { longText } from "../page/widgets";
import { checks } from "./checks";
import { choiceOf, notHere, remember, type Choice } from "./choice";
import { comparisonTable, printedTables } from "./comparison";
import { controls } from "./controls";
import { panels } from "./panels";
import { checkDialog, runsDialog } from "./runs";
import { tradeOff } from "./trade_off";
import { readingSummary, readingSwitch, verdict } from "./verdict";
import type { View } from "./view";

/** What depends on the choice; all of it is made anew when that changes, which takes a few milliseconds. */
function parts(view: View): (Node | false)[] {
  const slot = h("div", { class: "on-paper" });
  slot.addEventListener("print-tables", () => slot.replaceChildren(...printedTables(view)));
  return [readingSwitch(view), readingSummary(view),
    h("section", { "aria-labelledby": "side-by-side" }, h("h2", { id: "side-by-side" }, "Strategies side by side"),
      controls(view), comparisonTable(view), slot),
    tradeOff(view),
    h("section", { "aria-labelledby": "by-measure" }, h("h2", { id: "by-measure" }, "Measure by measure"), legend(), panels(view)),
    checks(view)];
}

function legend(): HTMLElement {
  const key = (kind: string, text: string) => h("li", {}, h("span", { class: `key ${kind}`, "aria-hidden": "true" }), text);
  return h("ul", { class: "legend" }, key("key-dots", "a single run"), key("key-interval", "mean and its interval"),
    key("key-better", "better than the baseline ▲▼"), key("key-worse", "worse ▲▼"), key("key-none", "no difference shown"), key("key-reference", "the baseline's mean"));
}

/** The table for paper is made when there is paper. */
addEventListener("beforeprint", () => document.querySelector(".on-paper")?.dispatchEvent(new Event("print-tables")));

function keptInPlace(body: HTMLElement, draw: () => void): void {
  const key = document.activeElement?.getAttribute("data-key");
  const sideways = Array.from(body.querySelectorAll(".scroller.wide"), (one) => one.scrollLeft);
  draw();
  body.querySelectorAll(".scroller.wide").forEach((one, n) => { if (sideways[n]) one.scrollLeft = sideways[n]; });
  if (key) body.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function shown(outlet: HTMLElement, report: ReportData, decision: DecisionData, choice: Choice): void {
  const body = h("div", { class: "parts" }), dialogs = h("div", {});
  const draw = () => body.replaceChildren(...parts(view).filter((part) => part !== false));
  const view: View = {
    report, decision, choice,
    change(changed) {
      const other = changed.reading !== undefined && changed.reading !== choice.reading;
      Object.assign(choice, changed, other ? { trade: 0 } : {});
      remember(choice, decision);
      keptInPlace(body, draw);
    },
    open(what) {
      dialogs.querySelector("dialog")?.close();
      Object.assign(choice, { cell: null, check: null }, what);
      remember(choice, decision);
      const closed = () => {
        dialog.remove();
        // Another figure may have been opened from within: then the address is that one's.
        if (dialogs.childElementCount > 0) return;
        choice.cell = choice.check = null;
        remember(choice, decision);
      };
      const dialog = "cell" in what ? runsDialog(view, ...what.cell, closed) : checkDialog(view, ...what.check, closed);
      dialogs.append(dialog);
      dialog.showModal();
    },
  };
  draw();
  outlet.append(h("div", { class: "decision" }, verdict(view), body, dialogs));
  if (choice.cell) view.open({ cell: choice.cell });
  else if (choice.check) view.open({ check: choice.check });
}

export function decisionPage(outlet: HTMLElement, report: ReportData, route: Route): void {
  if (!report.decision) return;
  outlet.append(...notHere(route, report.decision).map((sentence) => h("p", { class: "not-here sentence", role: "alert" }, longText(sentence))));
  shown(outlet, report, report.decision, choiceOf(route, report.decision));
}
