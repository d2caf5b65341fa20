import type { ReportData } from "../generated/report";
import { historyOf } from "../history/unpack";
import { h } from "../page/dom";
import type { Route } from "../page/route";
import { storyName, storyPicker } from "./head";
import "./lanes.css";
import "./story.css";
import { told } from "./told";
import { name } from "./words";

export function storyPage(outlet: HTMLElement, report: ReportData, route: Route): void {
  outlet.classList.add("story");
  const number = route.number in report.stories ? route.number : 0,
    story = report.stories[number];
  if (!story) {
    outlet.append(h("p", {}, "This report tells no run."));
    return;
  }
  if (number !== route.number)
    outlet.append(
      h("p", { class: "error", role: "alert" }, `This report has no story number ${route.number}; here is the first.`),
    );
  const place = h("div", { class: "told" }, h("p", { class: "quiet", role: "status" }, "Unpacking the run…"));
  outlet.append(
    h(
      "header",
      { class: "story-title" },
      h("h2", {}, name(storyName(story))),
      h(
        "p",
        { class: "quiet" },
        story.title !== report.title && name(story.title),
        story.title !== report.title && " · ",
        "times are those of ",
        name(story.zone),
      ),
      storyPicker(report, number),
    ),
    place,
  );
  historyOf(story).then(
    (history) => {
      place.replaceChildren();
      told(place, story, history, route, number);
    },
    (error: unknown) =>
      place.replaceChildren(
        h("p", { class: "error", role: "alert" }, `The run in this page cannot be unpacked: ${String(error)}`),
      ),
  );
}
