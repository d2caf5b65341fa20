import type { ReportData } from "../generated/report";
import { historyOf } from "../history/unpack";
import { h } from "../page/dom";
import { hashOf, type Route } from "../page/route";
import { storyName } from "../story/head";
import "../story/lanes.css";
import "../story/story.css";
import { compared } from "./compared";
import { sideOf } from "./pair";
import "./sides.css";

export function sidesPage(outlet: HTMLElement, report: ReportData, route: Route): void {
  outlet.classList.add("sides");
  const number = route.number in report.sides ? route.number : 0,
    sides = report.sides[number];
  if (!sides) {
    outlet.append(h("p", {}, "This report sets no two runs side by side."));
    return;
  }
  if (number !== route.number)
    outlet.append(
      h("p", { class: "error", role: "alert" }, `This report has no pair number ${route.number}; here is the first.`),
    );
  const pairName = (n: number) =>
    `${storyName(report.stories[report.sides[n].a])}  |  ${storyName(report.stories[report.sides[n].b])}`;
  const select = h(
    "select",
    {
      "data-testid": "pair-picker",
      onchange: (event: Event) => {
        location.hash = hashOf("sides", Number((event.target as HTMLSelectElement).value));
      },
    },
    ...report.sides.map((_, n) => h("option", { value: n, selected: n === number }, pairName(n))),
  );
  const place = h("div", {}, h("p", { class: "quiet", role: "status" }, "Unpacking the runs…"));
  outlet.append(...(report.sides.length > 1 ? [h("div", { class: "picker" }, h("label", {}, "Pair ", select))] : []), place);
  const a = report.stories[sides.a],
    b = report.stories[sides.b];
  Promise.all([historyOf(a), historyOf(b)]).then(
    ([inA, inB]) => {
      place.replaceChildren();
      compared(place, report, sides, sideOf("A", sides.a, a, inA), sideOf("B", sides.b, b, inB), route, number);
    },
    (error: unknown) =>
      place.replaceChildren(
        h("p", { class: "error", role: "alert" }, `The runs in this page cannot be unpacked: ${String(error)}`),
      ),
  );
}
