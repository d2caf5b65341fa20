// What the colours and lines of the chart mean, and which of its threads and lanes are drawn.

import type { Threads } from "../history/threads";
import { h } from "../page/dom";
import { isTrouble } from "./lanes/draw_threads";
import { isLoud, type Lane } from "./lanes/model";
import type { Watched } from "./watched";

export function legend(
  threads: Threads,
  quietLanes: number,
  wanted: Watched<(item: number) => boolean>,
  inLanes: Watched<(lane: Lane) => boolean>,
): HTMLElement {
  const { history, tones, worst } = threads;
  const swatch = (className: string, text: string) =>
    h("li", {}, h("span", { class: `swatch ${className}`, "aria-hidden": "true" }), " ", text);
  const kinds = new Set(history.spans.kind),
    occurs = new Set(threads.state);
  const spans = history.span_kinds.flatMap((kind, n) =>
    kinds.has(n)
      ? [
          swatch(
            `bar ${kind === "run" ? "run" : /handl|deliver|read/.test(kind) ? "handling" : /transaction/.test(kind) ? "transaction" : "call"}`,
            kind,
          ),
        ]
      : [],
  );
  const hasTrouble = worst.some(isTrouble),
    onlyBad = h("input", { type: "checkbox", onchange: () => choose() }),
    kind = h(
      "select",
      { onchange: () => choose() },
      h("option", { value: -1 }, "all items"),
      ...history.item_kinds.map((one, n) => h("option", { value: n }, `only ${one.name.slice(0, 60)}`)),
    );
  const choose = () => {
    const wantedKind = Number(kind.value),
      bad = onlyBad.checked;
    wanted.set((item) => (wantedKind < 0 || history.items.kind[item] === wantedKind) && (!bad || isTrouble(worst[item])));
  };
  const quietBox = h("input", { type: "checkbox", onchange: () => inLanes.set(quietBox.checked ? () => true : isLoud) });
  return h(
    "div",
    { class: "chart-legend" },
    h(
      "ul",
      { class: "keys", "aria-label": "Legend" },
      ...[...new Set(tones)].flatMap((tone) => {
        const names = history.states.filter((_, n) => tones[n] === tone && occurs.has(n));
        return names.length > 0 ? [swatch(`thread ${tone}`, names.join(", "))] : [];
      }),
      ...spans,
      spans.length > 0 && swatch("bar nobody", "went wrong"),
      history.series.length > 0 && swatch("area", "how many wait"),
      swatch("flag person", "a person's step"),
      swatch("flag", "the run's own"),
      swatch("flag skipped", "did not come off"),
    ),
    h(
      "div",
      { class: "filters" },
      history.item_kinds.length > 1 && h("label", {}, "threads of ", kind),
      hasTrouble && h("label", {}, onlyBad, " only items that get into trouble"),
      quietLanes > 0 && h("label", {}, quietBox, ` show ${quietLanes} system${quietLanes === 1 ? "" : "s"} without records`),
    ),
    h(
      "p",
      { class: "quiet help" },
      "Drag to move, drag on the axis or with Shift to choose a span, click a thread to follow an item. Wheel zooms once the chart has the focus, always with Ctrl. Keys: + − ← → 0 D Esc.",
    ),
  );
}
