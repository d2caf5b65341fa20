// The steps of the story as sentences: when, what, how we know, and what people believed then.

import type { MarkData, StoryData } from "../generated/report";
import { CivilTime } from "../page/civil_time";
import { h } from "../page/dom";
import { button, prose } from "./words";

function provenance(mark: MarkData): HTMLElement | null {
  if (!mark.provenance) return null;
  const badge = `${mark.provenance}`,
    className = `badge ${mark.provenance.replace(/\W+/g, "-")}`;
  if (!mark.source) return h("span", { class: className }, badge);
  return h("details", { class: "source" }, h("summary", { class: className }, badge), h("p", {}, prose(mark.source, 1200)));
}

export interface Timeline {
  element: HTMLElement;
  /** Brings the sentence of a flag into sight. */
  show(mark: number): void;
}

export function timeline(story: StoryData, jump: (at: number) => void): Timeline {
  const civil = new CivilTime(story.zone, story.offsets);
  const rows = story.marks.map((mark, n) =>
    h(
      "li",
      { class: mark.skipped ? "skipped" : mark.by_operator ? "person" : "machine", id: `mark-${n}` },
      h("span", { class: "mark-number", "aria-hidden": "true" }, n + 1),
      h(
        "div",
        {},
        button(civil.full(mark.at), () => jump(mark.at), { class: "link when", title: "Show this moment in the chart" }),
        " ",
        h("span", { class: "quiet who" }, mark.skipped ? "did not come off" : mark.by_operator ? "a person" : "the run"),
        " ",
        provenance(mark),
        h("div", { class: "sentence" }, prose(mark.text)),
        mark.believing && h("div", { class: "believing" }, "People believed: ", h("q", {}, prose(mark.believing))),
      ),
    ),
  );
  return {
    element: h(
      "section",
      { class: "timeline" },
      h("h2", {}, "What happened"),
      rows.length > 0 ? h("ol", {}, ...rows) : h("p", { class: "quiet" }, "The scenario has no timeline: nobody did anything."),
    ),
    show: (n) => {
      rows.forEach((row, k) => row.classList.toggle("current", k === n));
      rows[n]?.scrollIntoView({ block: "nearest" });
    },
  };
}
