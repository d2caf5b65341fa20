// The table behind the lanes: the records in the span in view.

import type { StoryData } from "../../generated/report";
import { lowerBound, upperBound } from "../../history/grouped";
import type { Threads } from "../../history/threads";
import { CivilTime } from "../../page/civil_time";
import { h } from "../../page/dom";
import { instantText } from "../instant_text";
import type { View } from "../view";
import { type Watched, whenQuiet } from "../watched";
import { button, cut, name } from "../words";
import { type Filled, Pager } from "./pager";

export function recordsTable(
  story: StoryData,
  threads: Threads,
  view: View,
  followed: Watched<number>,
  jump: (at: number) => void,
): Filled {
  const { history } = threads,
    { records, sentences, systems } = history,
    civil = new CivilTime(story.zone, story.offsets);
  let shown = new Int32Array();
  const system = h(
    "select",
    { onchange: () => fill() },
    h("option", { value: -1 }, "any system"),
    ...systems.map((one, n) => h("option", { value: n }, cut(one.name, 60))),
  );
  const badOnly = h("input", { type: "checkbox", onchange: () => fill() }),
    itemOnly = h("input", { type: "checkbox", onchange: () => fill() });
  const row = (n: number) => {
    const at = shown[n],
      sentence = sentences[records.sentence[at]],
      item = records.item[at],
      cause = records.cause[at];
    return h(
      "tr",
      { class: sentence.bad ? "bad" : "" },
      h(
        "td",
        { class: "number" },
        button(instantText(civil, records.at[at]), () => jump(records.at[at]), { class: "link" }),
      ),
      h("td", {}, sentence.system >= 0 ? name(systems[sentence.system].name) : ""),
      h(
        "td",
        {},
        h("bdi", {}, cut(sentence.before, 600)),
        sentence.item && item >= 0 ? button(cut(history.nameOf(item), 80), () => followed.set(item), { class: "link" }) : "",
        h("bdi", {}, cut(sentence.after, 600)),
      ),
      h(
        "td",
        {},
        cause >= 0
          ? button(instantText(civil, records.at[cause]), () => jump(records.at[cause]), {
              class: "link",
              title: "What brought it about: show that moment",
            })
          : "",
      ),
    );
  };
  const head = h(
    "thead",
    {},
    h("tr", {}, ...["instant", "system", "what happened", "brought about at"].map((label) => h("th", { scope: "col" }, label))),
  );
  const pager = new Pager("record", 100, head, "Records in the span in view", row);
  const fill = () => {
    const wanted = Number(system.value),
      low = lowerBound(records.at, view.from),
      high = upperBound(records.at, view.to),
      found = new Int32Array(high - low);
    let count = 0;
    for (let at = low; at < high; ++at) {
      const sentence = sentences[records.sentence[at]];
      if (wanted >= 0 && sentence.system !== wanted) continue;
      if (badOnly.checked && !sentence.bad) continue;
      if (itemOnly.checked && records.item[at] !== followed.value) continue;
      found[count++] = at;
    }
    shown = found.subarray(0, count);
    pager.show(count);
  };
  const later = whenQuiet(250, () => {
    if (pager.element.checkVisibility()) fill();
  });
  view.watch(later);
  followed.watch(() => {
    if (itemOnly.checked) later();
  });
  return {
    element: h(
      "div",
      {},
      h(
        "div",
        { class: "filters" },
        h("label", {}, "system ", system),
        h("label", {}, badOnly, " only what went wrong"),
        h("label", {}, itemOnly, " only the followed item"),
      ),
      pager.element,
    ),
    fill,
  };
}
