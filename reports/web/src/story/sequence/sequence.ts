// The sequence view with what it is about: the followed item, or the span in view.

import type { StoryData } from "../../generated/report";
import type { Grouped } from "../../history/grouped";
import type { Threads } from "../../history/threads";
import { CivilTime } from "../../page/civil_time";
import { h } from "../../page/dom";
import type { View } from "../view";
import { type Watched, whenQuiet } from "../watched";
import { button, counted, cut, figure } from "../words";
import { diagram } from "./diagram";
import { type Chosen, participants, rowsMost, rowsOfItem, rowsOfSpan } from "./rows";

const printedMost = 60; // Rows: a page.
let views = 0; // Radio buttons of one name belong together: two views in a page need two names.

export function sequenceView(
  story: StoryData,
  threads: Threads,
  view: View,
  followed: Watched<number>,
  recordsOf: Grouped,
): HTMLElement {
  const { history } = threads,
    civil = new CivilTime(story.zone, story.offsets);
  const said = h("p", { class: "quiet", role: "status", "data-testid": "sequence-said" }),
    place = h("div", {
      class: "sequence scroll",
      tabindex: "0",
      role: "region",
      "aria-label": "Messages between systems",
      "data-testid": "sequence",
    });
  const ofItem = h("input", { type: "radio", name: `about-${++views}`, onchange: () => restart() }),
    ofSpan = h("input", { type: "radio", name: ofItem.name, checked: true, onchange: () => restart() });
  const unprinted = h(
    "p",
    { class: "paper-only", hidden: true },
    "So many messages are not printed: follow one item, or narrow the span.",
  );
  let first = 0;
  const back = button("← earlier", () => {
      first = Math.max(0, first - rowsMost);
      draw();
    }),
    on = button("later →", () => {
      first += rowsMost;
      draw();
    });
  const draw = () => {
    const item = followed.value,
      about = ofItem.checked && item >= 0;
    const shown: Chosen = about ? rowsOfItem(history, recordsOf.of(item), first) : rowsOfSpan(history, view.from, view.to, first);
    const columns = participants(history, shown.rows),
      drawn = diagram(history, civil, shown.rows, columns, !about, (one) => followed.set(one));
    place.replaceChildren(...(shown.rows.length > 0 ? [drawn.head, drawn.body] : []));
    const tooLong = shown.rows.length > printedMost;
    place.classList.toggle("too-long", tooLong);
    unprinted.hidden = !tooLong;
    ofItem.disabled = item < 0;
    back.disabled = first === 0;
    on.disabled = shown.more === 0;
    const what = about ? cut(history.nameOf(item), 60) : "the span in view";
    said.textContent =
      shown.rows.length === 0
        ? `Nothing passes in ${what}.`
        : `${about ? `All about ${what}` : "What happens in the span in view"}: ${counted(shown.rows.length, "row")}${first > 0 ? ` after ${figure(first)} earlier` : ""}${shown.more > 0 ? `, ${figure(shown.more)} more: narrow the span, follow one item, or go on with "later"` : ""}${shown.skipped > 0 ? `; ${counted(shown.skipped, "record")} of bookkeeping left out` : ""}.`;
  };
  const restart = () => {
    first = 0;
    draw();
  };
  const later = whenQuiet(250, () => {
    if (place.checkVisibility() && !(ofItem.checked && followed.value >= 0)) restart();
  });
  view.watch(later);
  followed.watch((item) => {
    (item >= 0 ? ofItem : ofSpan).checked = true;
    restart();
  });
  if (followed.value >= 0) ofItem.checked = true;
  // The chart comes first: it is what the reader waits for.
  setTimeout(draw, 30);
  return h(
    "div",
    {},
    h(
      "div",
      { class: "filters", role: "radiogroup", "aria-label": "Messages of" },
      h("label", {}, ofSpan, " the span in view"),
      h("label", {}, ofItem, " the followed item"),
      back,
      on,
    ),
    said,
    unprinted,
    place,
  );
}
