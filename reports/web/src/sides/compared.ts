// Both runs under one clock: two charts that are zoomed together, and the followed item told twice.

import type { ReportData, SidesData } from "../generated/report";
import { grouped } from "../history/grouped";
import { CivilTime } from "../page/civil_time";
import { h } from "../page/dom";
import { hashOf, type Route, settle } from "../page/route";
import { itemStory } from "../story/follow/item_story";
import { itemNamed, searchBox } from "../story/follow/search";
import { storyName } from "../story/head";
import { Chart } from "../story/lanes/chart";
import type { Lane } from "../story/lanes/model";
import { fit, spanSummary, zoomBar } from "../story/toolbar";
import { decisiveSpan, lifeOf, type Span, View } from "../story/view";
import { Watched, whenQuiet } from "../story/watched";
import { button, cut, name } from "../story/words";
import { differences, type Leads, parting } from "./differences";
import { counterparts, differing, laneChoices, type Side, unlike } from "./pair";

const both = (a: Span, b: Span): Span => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) });

/** Where it turns in one of them, wide enough to hold the instant at which they part. */
function firstSpan(sides: SidesData, a: Side, b: Side): Span {
  const turning = [a, b].filter(({ story }) => story.decisive !== null).map(({ story, threads }) => decisiveSpan(story, threads));
  const span = turning.length > 0 ? turning.reduce(both) : { from: a.story.begins, to: a.story.ends };
  if (sides.parted === null || (sides.parted > span.from && sides.parted < span.to)) return span;
  const margin = (Math.max(span.to, sides.parted) - Math.min(span.from, sides.parted)) * 0.08;
  return { from: Math.min(span.from, sides.parted - margin), to: Math.max(span.to, sides.parted + margin) };
}

export function compared(
  outlet: HTMLElement,
  report: ReportData,
  sides: SidesData,
  a: Side,
  b: Side,
  route: Route,
  number: number,
): void {
  const pair = [a, b],
    across = [counterparts(a.threads.history, b.threads.history), counterparts(b.threads.history, a.threads.history)];
  const others = unlike(a.threads.history, b.threads.history),
    unequal = [differing(a, b, across[0]), differing(b, a, across[1])];
  const asked = { from: Number(route.with.get("from")), to: Number(route.with.get("to")) },
    item = route.with.get("item");
  const begins = Math.min(a.story.begins, b.story.begins),
    ends = Math.max(a.story.ends, b.story.ends);
  const view = new View(begins, ends, asked.to > asked.from ? asked : firstSpan(sides, a, b));
  const pointer = new Watched(NaN),
    inLanes = new Watched<(lane: Lane) => boolean>(laneChoices.differ(others));
  const followed = pair.map(() => new Watched(-1)),
    wanted = pair.map(() => new Watched<(one: number) => boolean>(() => true));
  // Who is followed in one run is followed in the other, if he arrives there.
  followed.forEach((one, n) =>
    one.watch((value) => {
      if (value < 0 || across[n][value] >= 0) followed[1 - n].set(value < 0 ? -1 : across[n][value]);
      else followed[1 - n].set(-1);
    }),
  );

  const jump = (at: number) => {
    const length = Math.min(view.to - view.from, (ends - begins) / 8);
    view.glide({ from: at - length * 0.4, to: at + length * 0.6 });
    charts[0].element.scrollIntoView({ block: "nearest" });
  };
  const charts: Chart[] = [];
  for (const [n, side] of pair.entries())
    charts.push(
      new Chart({
        order: charts[0]?.lanes.map((lane) => lane.name),
        story: side.story,
        threads: side.threads,
        view,
        followed: followed[n],
        wanted: wanted[n],
        inLanes,
        pointer,
        keys: { d: () => view.glide(firstSpan(sides, a, b)), D: () => view.glide(firstSpan(sides, a, b)) },
        chooseMark: (mark) => jump(side.story.marks[mark].at),
      }),
    );
  const told = h("div", { class: "told-twice", "data-testid": "both" });
  const followName = (itemName: string): boolean => {
    const found = pair.map(({ threads }) => itemNamed(threads.history, itemName)),
      first = found[0] >= 0 ? 0 : 1;
    if (found[first] < 0) return false;
    followed[first].set(found[first]);
    return true;
  };
  const leads: Leads = {
    jump,
    hashOfItem: (kind, id) => hashOf("sides", number, { item: `${kind} ${id}` }),
    follow: (kind, id) => {
      followName(`${kind} ${id}`);
      told.scrollIntoView({ block: "nearest" });
    },
  };
  const recordsOf = pair.map(({ threads: { history } }) => grouped(history.records.item, history.items.kind.length));
  const tell = () =>
    told.replaceChildren(
      ...(followed.every(({ value }) => value < 0)
        ? [h("p", { class: "quiet" }, "Choose a thread in one of the charts or an item above: both runs tell what became of it.")]
        : pair.map((side, n) =>
            h(
              "section",
              { "aria-label": `In ${side.letter}` },
              h("p", { class: "quiet" }, `In ${side.letter}: `, name(storyName(side.story))),
              followed[n].value < 0
                ? h("p", {}, "It does not arrive in this run.")
                : itemStory(
                    {
                      story: side.story,
                      threads: side.threads,
                      civil: new CivilTime(side.story.zone, side.story.offsets),
                      recordsOf: recordsOf[n],
                      jump,
                      showWhole: (one) => view.glide(lifeOf(side.threads, begins, one)),
                    },
                    followed[n].value,
                  ),
            ),
          )),
    );
  const later = whenQuiet(0, tell);
  const settled = whenQuiet(200, () => {
    const n = followed[0].value >= 0 ? 0 : 1,
      here = followed[n].value;
    if (told.isConnected)
      settle(
        hashOf("sides", number, {
          item: here >= 0 ? pair[n].threads.history.nameOf(here) : null,
          from: Math.round(view.from),
          to: Math.round(view.to),
        }),
      );
  });
  for (const one of followed)
    one.watch(() => {
      later();
      settled();
    });
  view.watch(settled);

  const lanes = h(
    "select",
    {
      "data-testid": "lanes-choice",
      onchange: () =>
        inLanes.set(
          lanes.value === "all" ? laneChoices.all() : lanes.value === "none" ? laneChoices.none() : laneChoices.differ(others),
        ),
    },
    h("option", { value: "differ" }, `of systems that differ (${others.size})`),
    h("option", { value: "all" }, "of all systems"),
    h("option", { value: "none" }, "none, only the items"),
  );
  const onlyUnequal = h("input", {
    type: "checkbox",
    onchange: () =>
      wanted.forEach((one, n) => one.set(onlyUnequal.checked ? (candidate) => unequal[n][candidate] === 1 : () => true)),
  });
  const charted = charts.map((chart, n) =>
    h(
      "section",
      { class: "side", "aria-label": pair[n].letter },
      h(
        "h2",
        { class: "side-name" },
        h("span", { class: "letter" }, pair[n].letter),
        " ",
        name(storyName(pair[n].story)),
        " ",
        h("a", { href: hashOf("story", pair[n].number) }, "its story"),
      ),
      h("p", { class: "quiet" }, pair[n].story.sentence),
      spanSummary(pair[n].story, pair[n].threads, view),
      chart.element,
    ),
  );
  outlet.append(
    parting(report, sides, leads),
    differences(report, sides, leads),
    h(
      "section",
      { class: "chart-part", "aria-label": "Both runs over time" },
      zoomBar(a.story, view, firstSpan(sides, a, b), both(fit(a.story, a.threads), fit(b.story, b.threads))),
      h(
        "div",
        { class: "filters" },
        searchBox(a.story, a.threads.history, followed[0]),
        h("label", {}, "lanes ", lanes),
        h("label", {}, onlyUnequal, " only items that fare otherwise"),
        button("Let go of the item", () => followed.forEach((one) => one.set(-1))),
      ),
      ...charted,
    ),
    h("section", {}, h("h2", {}, "One item in both"), told),
  );
  tell();
  if (item !== null && !followName(item))
    outlet.prepend(h("p", { class: "error", role: "alert" }, `There is no item "${cut(item, 60)}" in these runs.`));
}
