// Which measures are shown, and whether as values or as differences.

import { h } from "../page/dom";
import { segmented, short, tick } from "../page/widgets";
import { groups } from "./choice";
import { readingOf, type View } from "./view";

const labels: Record<string, string> = { items: "Items", times: "Times", effort: "Effort" };

export const groupLabel = (group: string) => labels[group] ?? group;

export function controls(view: View): HTMLElement {
  const reading = readingOf(view);
  const { choice } = view;
  const mains = reading.measures.filter((measure) => measure.main).length;
  const boxes = groups.map((group) => {
    const measures = reading.measures.filter((measure) => measure.group === group);
    const shown = choice.all ? measures.length : measures.filter((measure) => measure.main).length;
    // A box that would show nothing says so by being unavailable.
    return measures.length > 0 && tick(`${groupLabel(group)} (${shown})`, choice.groups.has(group) && shown > 0, (checked) => {
      const chosen = new Set(choice.groups);
      if (checked) chosen.add(group);
      else chosen.delete(group);
      view.change({ groups: chosen });
    }, shown === 0);
  });
  const all = mains < reading.measures.length && mains > 0 &&
    tick(`Show all ${reading.measures.length} measures`, choice.all, (checked) => view.change({ all: checked }));
  return h("div", { class: "controls" },
    reading.strategies.length > 1 && segmented("Show", [["values", "Values"], ["differences", `Differences to ${short(reading.strategies[0].name, 32)}`]],
      choice.as, (as) => view.change({ as: as as "values" | "differences" })),
    h("fieldset", { class: "ticks" }, h("legend", {}, "Measures"), ...boxes), all);
}
