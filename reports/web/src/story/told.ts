// One story told: everything about one run, bound together by the span in view and the followed item.

import type { StoryData } from "../generated/report";
import { grouped } from "../history/grouped";
import { Threads } from "../history/threads";
import type { History } from "../history/unpack";
import { CivilTime } from "../page/civil_time";
import { h } from "../page/dom";
import { hashOf, type Route, settle } from "../page/route";
import { followPanel } from "./follow/panel";
import { itemNamed, searchBox } from "./follow/search";
import { storyFoot, storyHead } from "./head";
import { Chart } from "./lanes/chart";
import { isLoud } from "./lanes/model";
import { legend } from "./legend";
import { sequenceView } from "./sequence/sequence";
import { itemsTable } from "./tables/items_table";
import { recordsTable } from "./tables/records_table";
import { timeline } from "./timeline";
import { spanSummary, toolbar } from "./toolbar";
import { decisiveSpan, lifeOf, type Span, View } from "./view";
import { Watched, whenQuiet } from "./watched";
import { button, cut, figure } from "./words";

/** The span and the item that an address asks for; what it asks for and does not exist is said. */
function asked(route: Route, story: StoryData, threads: Threads): { span: Span | null; item: number; wrong: string[] } {
  const wrong: string[] = [],
    number = (key: string) => (route.with.has(key) ? Number(route.with.get(key)) : NaN);
  const from = number("from"),
    to = number("to"),
    name = route.with.get("item");
  let item = -1;
  if (name !== null) {
    item = itemNamed(threads.history, name);
    if (item < 0) wrong.push(`There is no item "${cut(name, 60)}" in this run.`);
  }
  const hasSpan = route.with.has("from") || route.with.has("to"),
    span = to > from && to > story.begins && from < story.ends ? { from, to } : null;
  if (hasSpan && !span) wrong.push("The span in the address is none of this run.");
  return { span, item, wrong };
}

export function told(outlet: HTMLElement, story: StoryData, history: History, route: Route, number: number): void {
  const threads = new Threads(history, story.ends),
    civil = new CivilTime(story.zone, story.offsets);
  const { span, item, wrong } = asked(route, story, threads),
    first = span ?? (item >= 0 ? lifeOf(threads, story.begins, item) : decisiveSpan(story, threads));
  const view = new View(story.begins, story.ends, first),
    followed = new Watched(item);
  const wanted = new Watched<(item: number) => boolean>(() => true),
    inLanes = new Watched(isLoud),
    pointer = new Watched(NaN);
  const recordsOf = grouped(history.records.item, history.items.kind.length);
  // A jump keeps the length of the span, so that one can compare; a very long one is narrowed to where something is seen.
  const jump = (at: number) => {
    const length = Math.min(view.to - view.from, Math.max((story.ends - story.begins) / 20, 1000));
    view.glide({ from: at - length * 0.4, to: at + length * 0.6 });
    chart.element.scrollIntoView({ block: "nearest" });
  };
  const happened = timeline(story, jump);
  const chart: Chart = new Chart({
    story,
    threads,
    view,
    followed,
    wanted,
    inLanes,
    pointer,
    keys: { d: () => view.glide(decisiveSpan(story, threads)), D: () => view.glide(decisiveSpan(story, threads)) },
    chooseMark: (mark) => {
      happened.show(mark);
      jump(story.marks[mark].at);
    },
  });
  const context = { story, threads, civil, jump, showWhole: (one: number) => view.glide(lifeOf(threads, story.begins, one)) };
  const items = itemsTable(story, threads, view, followed),
    records = recordsTable(story, threads, view, followed, jump);
  const chip = h("span", { class: "chip", role: "status" });
  const showChip = () =>
    chip.replaceChildren(
      ...(followed.value < 0
        ? []
        : [
            h("b", {}, "▬ "),
            h("bdi", {}, cut(history.nameOf(followed.value), 60)),
            ` ${story.fates[history.items.fate[followed.value]] ?? ""} `,
            button("its story", () => panel.scrollIntoView({ block: "start" }), { class: "link" }),
          ]),
    );
  const panel = followPanel(context, followed);
  followed.watch(showChip);
  showChip();

  const settled = whenQuiet(200, () => {
    if (chart.element.isConnected)
      settle(
        hashOf("story", number, {
          item: followed.value >= 0 ? history.nameOf(followed.value) : null,
          from: Math.round(view.from),
          to: Math.round(view.to),
        }),
      );
  });
  view.watch(settled);
  followed.watch(settled);

  const section = (title: string, id: string, open: boolean, body: HTMLElement, opened?: () => void) => {
    const details = h("details", { class: "part", id, open }, h("summary", {}, h("h2", {}, title)), body);
    if (opened)
      details.addEventListener("toggle", () => {
        if (details.open) opened();
      });
    return details;
  };
  outlet.append(
    ...wrong.map((text) => h("p", { class: "error", role: "alert" }, text)),
    storyHead(story, jump),
    h(
      "section",
      { class: "chart-part", "aria-label": "The run over time" },
      toolbar(story, threads, view),
      h("div", { class: "follow-bar" }, searchBox(story, history, followed), chip),
      spanSummary(story, threads, view),
      chart.element,
      legend(threads, chart.lanes.filter((lane) => lane.quiet).length, wanted, inLanes),
    ),
    h("div", { class: "columns" }, happened.element, panel),
    storyFoot(story, jump),
    section("Messages between systems", "messages", true, sequenceView(story, threads, view, followed, recordsOf)),
    section(`Items (${figure(history.items.kind.length)})`, "items", false, items.element, items.fill),
    section("Records in the span in view", "records", false, records.element, records.fill),
    section(
      `Systems (${figure(history.systems.length)})`,
      "systems",
      false,
      h(
        "ul",
        { class: "systems" },
        ...history.systems.map((one) =>
          h("li", {}, h("bdi", {}, cut(one.name, 20_000)), " ", h("span", { class: "quiet" }, cut(one.kind, 200))),
        ),
      ),
    ),
  );
}
