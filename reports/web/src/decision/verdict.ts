// The verdict, and what it rests on.

import { h } from "../page/dom";
import { command, longText, segmented } from "../page/widgets";
import { readingOf, type View } from "./view";

const sentences = (texts: string[]) => texts.map((text) => h("p", { class: "sentence" }, longText(text)));

/** Under all readings: the headline, what holds in each of them, and which assumption would change it. */
export function verdict(view: View): HTMLElement {
  const { decision } = view;
  return h("section", { class: "verdict", "aria-labelledby": "verdict" },
    h("div", { class: "said" }, h("h2", { id: "verdict", class: "headline sentence" }, longText(decision.headline)), ...sentences(decision.overall)),
    decision.assumed.length > 0 && h("aside", { class: "assumed", "aria-labelledby": "assumed" },
      h("h3", { id: "assumed" }, "What would change the verdict"), ...sentences(decision.assumed)));
}

const verdicts: Record<string, [string, string]> = {
  "as-expected": ["good", "Every run is as the scenario expects"],
  different: ["worse", "Some run is not as the scenario expects"],
  "not-exercised": ["worse", "In some run nothing happened that the checks are about"],
};

/** What one reading says. Its own element, as it changes with the switch. */
export function readingSummary(view: View): HTMLElement {
  const reading = readingOf(view);
  const [sense, text] = verdicts[reading.verdict] ?? ["worse", reading.verdict];
  const stated = reading.summary.some((one) => one.startsWith(text));
  return h("div", { class: "reading" },
    h("div", { class: "said" }, ...sentences(reading.summary), !stated && h("p", { class: sense }, `${text}.`)),
    h("dl", { class: "facts" },
      h("div", {}, h("dt", {}, "Scenario"), h("dd", {}, longText(view.decision.file))),
      h("div", {}, h("dt", {}, "Runs"), h("dd", {}, longText(reading.stopping))),
      h("div", {}, h("dt", {}, "The same on a terminal"), h("dd", {}, command(reading.command)))));
}

/** Nothing when there is but one reading. */
export function readingSwitch(view: View): HTMLElement | false {
  const { readings } = view.decision;
  if (readings.length < 2) return false;
  const control = segmented("Reading", readings.map((one, n) => [String(n), one.name]), String(view.choice.reading),
    (value) => view.change({ reading: Number(value), cell: null, check: null }));
  control.classList.add("reading-switch");
  return control;
}
