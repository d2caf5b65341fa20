// The panel in which one item is followed: found, told, and from there to its neighbours.

import { grouped } from "../../history/grouped";
import { h } from "../../page/dom";
import { badnessOf } from "../../history/tone";
import { whenQuiet, type Watched } from "../watched";
import { button, counted } from "../words";
import { type ItemStory, itemStory } from "./item_story";

/** The next item in order of arrival, among those that fared as badly when `alike`; -1: there is none. */
export function neighbour(fate: Int32Array, item: number, step: 1 | -1, alike: boolean): number {
  for (let at = item + step; at >= 0 && at < fate.length; at += step) if (!alike || fate[at] === fate[item]) return at;
  return -1;
}

export function followPanel(base: Omit<ItemStory, "recordsOf">, followed: Watched<number>): HTMLElement {
  const { history } = base.threads,
    context: ItemStory = { ...base, recordsOf: grouped(history.records.item, history.items.kind.length) };
  const place = h("div", { class: "followed" });
  const isBad = (item: number) => badnessOf(base.story.fates[history.items.fate[item]] ?? "") > 1;
  const show = () => {
    const item = followed.value;
    if (item < 0 || item >= history.items.kind.length) {
      const bad = history.items.fate.reduce((n, _, one) => n + Number(isBad(one)), 0);
      place.replaceChildren(
        h(
          "p",
          { class: "quiet" },
          `Choose a thread in the chart, a row of the table, or search above. ${counted(bad, "item")} of ${history.items.kind.length} did not end well.`,
        ),
      );
      return;
    }
    const go = (step: 1 | -1, alike: boolean, label: string) => {
      const to = neighbour(history.items.fate, item, step, alike);
      const one = button(label, () => followed.set(to));
      one.disabled = to < 0;
      return one;
    };
    const fate = base.story.fates[history.items.fate[item]] ?? "";
    place.replaceChildren(
      h(
        "div",
        { class: "buttons", role: "group", "aria-label": "Other items" },
        go(-1, false, "← previous"),
        go(1, false, "next →"),
        go(-1, true, `← ${fate}`),
        go(1, true, `${fate} →`),
        button("Show all of it", () => base.showWhole(item), { "data-testid": "item-span" }),
        button("Let go", () => followed.set(-1)),
      ),
      itemStory(context, item),
    );
  };
  show();
  followed.watch(whenQuiet(0, show));
  return h("section", { class: "follow", "aria-label": "The followed item" }, h("h2", {}, "One item"), place);
}
