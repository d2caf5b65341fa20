// In which the two runs differ: where they part, whose fate is another, which checks and steps changed.

import type { ReportData, SidesData } from "../generated/report";
import { CivilTime, duration } from "../page/civil_time";
import { h } from "../page/dom";
import { button, command, counted, cut, name } from "../story/words";

export interface Leads {
  jump(at: number): void;
  follow(kind: string, id: number): void;
  hashOfItem(kind: string, id: number): string;
}

export function parting(report: ReportData, sides: SidesData, leads: Leads): HTMLElement {
  const a = report.stories[sides.a],
    civil = new CivilTime(a.zone, a.offsets);
  if (sides.same)
    return h(
      "section",
      { class: "parting" },
      h("h2", {}, "The runs are the same"),
      h("p", {}, "Nothing happens otherwise in B than in A."),
      command(sides.command),
    );
  return h(
    "section",
    { class: "parting", "data-testid": "parting" },
    h("h2", {}, "What differs first"),
    sides.parted !== null &&
      h(
        "p",
        {},
        "The runs part at ",
        button(civil.full(sides.parted), () => leads.jump(sides.parted!), { class: "link", "data-testid": "parted" }),
        sides.cause ? ": " : ".",
        h("b", {}, h("bdi", {}, cut(sides.cause, 1000))),
      ),
    sides.parted === null && sides.cause !== "" && h("p", {}, h("b", {}, h("bdi", {}, cut(sides.cause, 1000)))),
    h(
      "dl",
      {},
      h("dt", {}, "in A"),
      h("dd", {}, sides.first_a ? h("bdi", {}, cut(sides.first_a, 1000)) : h("span", { class: "quiet" }, "nothing of the kind")),
      h("dt", {}, "in B"),
      h("dd", {}, sides.first_b ? h("bdi", {}, cut(sides.first_b, 1000)) : h("span", { class: "quiet" }, "nothing of the kind")),
    ),
    h("details", {}, h("summary", {}, "The same on a terminal"), command(sides.command)),
  );
}

const shownAtFirst = 24,
  shownMost = 500;

function ids(kind: string, all: number[], leads: Leads): HTMLElement {
  const list = h("span", { class: "ids" });
  const show = (most: number) => {
    list.replaceChildren(
      ...all.slice(0, most).flatMap((id) => [
        h(
          "a",
          {
            href: leads.hashOfItem(kind, id),
            onclick: (event: Event) => {
              event.preventDefault();
              leads.follow(kind, id);
            },
          },
          id,
        ),
        " ",
      ]),
    );
    if (all.length > most)
      list.append(
        most < shownMost
          ? button(`and ${counted(all.length - most, "other")}`, () => show(shownMost), { class: "link" })
          : h("span", { class: "quiet" }, `and ${counted(all.length - most, "other")}; the command above names all with --all`),
      );
  };
  show(shownAtFirst);
  return list;
}

function itemsTable(sides: SidesData, leads: Leads): HTMLElement {
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      { class: "changed", "data-testid": "changed-items" },
      h("caption", {}, "Items that fare otherwise"),
      h("thead", {}, h("tr", {}, ...["items", "in A", "in B", "which"].map((label) => h("th", { scope: "col" }, label)))),
      h(
        "tbody",
        {},
        ...sides.items.map((group) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, `${group.ids.length} × `, name(group.kind)),
            h("td", { "data-label": "in A" }, cut(group.a, 300)),
            h("td", { "data-label": "in B" }, cut(group.b, 300)),
            h("td", { "data-label": "which" }, ids(group.kind, group.ids, leads)),
          ),
        ),
      ),
    ),
  );
}

export function differences(report: ReportData, sides: SidesData, leads: Leads): HTMLElement {
  const a = report.stories[sides.a],
    civil = new CivilTime(a.zone, a.offsets);
  const when = (at: number | null) =>
    at === null ? h("span", { class: "quiet" }, "not done") : button(civil.full(at), () => leads.jump(at), { class: "link" });
  return h(
    "section",
    { class: "differences" },
    sides.items.length > 0 ? itemsTable(sides, leads) : h("p", { class: "quiet" }, "No item fares otherwise."),
    h(
      "div",
      { class: "head-tables" },
      sides.checks.length > 0
        ? h(
            "div",
            { class: "scroll" },
            h(
              "table",
              { "data-testid": "changed-checks" },
              h("caption", {}, "Checks that say something else"),
              h("thead", {}, h("tr", {}, ...["check", "in A", "in B"].map((label) => h("th", { scope: "col" }, label)))),
              h(
                "tbody",
                {},
                ...sides.checks.map((check) =>
                  h(
                    "tr",
                    {},
                    h("th", { scope: "row" }, name(check.name)),
                    h("td", { class: check.expected.startsWith("broken") ? "bad" : "" }, check.expected),
                    h("td", { class: check.broken ? "bad" : "" }, check.verdict),
                  ),
                ),
              ),
            ),
          )
        : h("p", { class: "quiet" }, "All checks say the same."),
      sides.moved.length > 0 &&
        h(
          "div",
          { class: "scroll" },
          h(
            "table",
            {},
            h("caption", {}, "Steps at other times"),
            h(
              "thead",
              {},
              h("tr", {}, ...["step", "in A", "in B", "moved (+ is later)"].map((label) => h("th", { scope: "col" }, label))),
            ),
            h(
              "tbody",
              {},
              ...sides.moved.map((step) =>
                h(
                  "tr",
                  {},
                  h("th", { scope: "row" }, name(step.name)),
                  h("td", {}, when(step.a)),
                  h("td", {}, when(step.b)),
                  h(
                    "td",
                    { class: "number" },
                    step.a !== null && step.b !== null ? `${step.b > step.a ? "+" : ""}${duration(step.b - step.a)}` : "",
                  ),
                ),
              ),
            ),
          ),
        ),
    ),
  );
}
