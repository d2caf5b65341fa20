// The table behind the threads: every item, by kind and fate, in any order.

import type { StoryData } from "../../generated/report";
import type { Threads } from "../../history/threads";
import { badnessOf, toneOfFate } from "../../history/tone";
import { CivilTime, duration } from "../../page/civil_time";
import { h } from "../../page/dom";
import type { View } from "../view";
import { type Watched, whenQuiet } from "../watched";
import { button, cut } from "../words";
import { type Filled, Pager } from "./pager";

interface Column {
  label: string;
  key: (item: number) => number;
}

export function itemsTable(story: StoryData, threads: Threads, view: View, followed: Watched<number>): Filled {
  const { history } = threads,
    { items, item_kinds, states } = history,
    civil = new CivilTime(story.zone, story.offsets);
  const columns: Column[] = [
    { label: "item", key: (item) => items.id[item] },
    { label: "fate", key: (item) => badnessOf(story.fates[items.fate[item]] ?? "") },
    { label: "worst state", key: (item) => threads.worst[item] },
    { label: "arrives", key: (item) => items.arrived[item] },
    { label: "finishes", key: (item) => (items.end[item] < 0 ? Infinity : items.arrived[item] + items.end[item]) },
    { label: "takes", key: (item) => (items.end[item] < 0 ? Infinity : items.end[item]) },
  ];
  let sortBy = 3,
    down = false,
    shown: number[] = [];
  const fates = story.fates.map((fate, n) => ({ fate, n })).filter(({ n }) => items.fate.includes(n));
  const all = (label: string) => h("option", { value: -1 }, label);
  const fate = h(
    "select",
    { "data-testid": "fate-filter", onchange: () => fill() },
    all("any fate"),
    ...fates.map(({ fate: one, n }) => h("option", { value: n }, one)),
  );
  const kind = h(
    "select",
    { onchange: () => fill() },
    all("any kind"),
    ...item_kinds.map((one, n) => h("option", { value: n }, cut(one.name, 60))),
  );
  const inSpan = h("input", { type: "checkbox", onchange: () => fill() });
  const headers = columns.map((column, n) => {
    const th = h("th", { scope: "col", "aria-sort": n === sortBy ? "ascending" : "none" });
    th.append(
      button(
        column.label,
        () => {
          down = sortBy === n ? !down : false;
          sortBy = n;
          headers.forEach((one, k) => one.setAttribute("aria-sort", k === n ? (down ? "descending" : "ascending") : "none"));
          fill();
        },
        { class: "sort" },
      ),
    );
    return th;
  });
  const row = (n: number) => {
    const item = shown[n],
      name = story.fates[items.fate[item]] ?? "",
      worst = threads.worstStateOf(item),
      finished = items.end[item] >= 0;
    return h(
      "tr",
      { class: item === followed.value ? "current" : "" },
      h(
        "th",
        { scope: "row" },
        button(cut(history.nameOf(item), 80), () => followed.set(item), { class: "link" }),
      ),
      h("td", {}, h("span", { class: `badge tone-${toneOfFate(name)}` }, name)),
      h("td", {}, states[worst]),
      h("td", { class: "number" }, civil.full(items.arrived[item])),
      h("td", { class: "number" }, finished ? civil.full(items.arrived[item] + items.end[item]) : "never"),
      h("td", { class: "number" }, finished ? duration(items.end[item]) : "–"),
    );
  };
  const pager = new Pager("item", 50, h("thead", {}, h("tr", {}, ...headers)), "Items", row);
  const fill = () => {
    const wantedFate = Number(fate.value),
      wantedKind = Number(kind.value),
      key = columns[sortBy].key;
    shown = [];
    for (let item = 0; item < items.kind.length; ++item) {
      if (wantedFate >= 0 && items.fate[item] !== wantedFate) continue;
      if (wantedKind >= 0 && items.kind[item] !== wantedKind) continue;
      if (inSpan.checked && (items.arrived[item] > view.to || threads.until[item] < view.from)) continue;
      shown.push(item);
    }
    // Equal ones stay in order of arrival, both ways round.
    shown.sort((a, b) => {
      const x = key(a),
        y = key(b);
      return (x === y ? 0 : x < y === !down ? -1 : 1) || a - b;
    });
    pager.show(shown.length);
  };
  view.watch(
    whenQuiet(250, () => {
      if (inSpan.checked && pager.element.checkVisibility()) fill();
    }),
  );
  followed.watch(() => {
    for (const [n, tr] of [...pager.element.querySelectorAll("tbody tr")].entries())
      tr.classList.toggle("current", shown[pager.firstShown + n] === followed.value);
  });
  const element = h(
    "div",
    {},
    h(
      "div",
      { class: "filters" },
      h("label", {}, "fate ", fate),
      h("label", {}, "kind ", kind),
      h("label", {}, inSpan, " only those there in the span in view"),
    ),
    pager.element,
  );
  return { element, fill };
}
