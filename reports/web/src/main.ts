// The page: reads the data that the program wrote into it, and shows what the address asks for.

import "./page/page.css";
import "./page/widgets.css";
import type { ReportData } from "./generated/report";
import { decisionPage } from "./decision/page";
import { h } from "./page/dom";
import { hashOf, routeOf } from "./page/route";
import { themeSwitch } from "./page/theme";
import { longText } from "./page/widgets";
import { sidesPage } from "./sides/page";
import { storyPage } from "./story/page";

interface Tab {
  label: string;
  page: string;
  number: number;
}

function tabsOf(report: ReportData): Tab[] {
  const tabs: Tab[] = report.decision ? [{ label: "Decision", page: "decision", number: 0 }] : [];
  if (report.stories.length > 0) tabs.push({ label: report.stories.length === 1 ? "Story" : "Stories", page: "story", number: 0 });
  if (report.sides.length > 0) tabs.push({ label: "Side by side", page: "sides", number: 0 });
  return tabs;
}

// Where the reader was on each page: a tab leads back there.
const left = new Map<string, string>();

function show(report: ReportData, root: HTMLElement): void {
  const tabs = tabsOf(report);
  const route = routeOf(location.hash);
  const here = tabs.find((tab) => tab.page === route.page) ?? tabs[0];
  const nav = h("nav", { class: "tabs", "aria-label": "Pages of this report" },
    ...tabs.map((tab) => {
      const href = (tab !== here && left.get(tab.page)) || hashOf(tab.page, tab.number);
      return h("a", { href, "aria-current": tab === here ? "page" : null }, tab.label);
    }));
  const outlet = h("main", { id: "outlet", tabindex: "-1" });
  // Not a jump to "#outlet": what stands behind the # is where the reader is.
  const skip = (event: Event) => {
    event.preventDefault();
    outlet.focus();
  };
  root.replaceChildren(h("a", { class: "skip", href: "#outlet", onclick: skip }, "Skip to the content"),
    h("header", { class: "masthead" }, h("span", { class: "brand" }, "premortem"), themeSwitch(), h("h1", {}, longText(report.title)),
      tabs.length > 1 && nav),
    outlet,
    h("footer", {}, ...report.left_out.map((sentence) => h("p", { class: "sentence" }, longText(sentence))),
      `Made by ${report.generator}. This file holds everything that it shows; it asks no network for anything.`));
  document.title = here ? `${report.title.slice(0, 200)} · ${here.label}` : report.title.slice(0, 200);
  if (!here) outlet.append(h("p", {}, "This report holds nothing."));
  else if (here.page === "decision") decisionPage(outlet, report, route);
  else if (here.page === "story") storyPage(outlet, report, route);
  else sidesPage(outlet, report, route);
}

const root = document.getElementById("report");
const data = document.getElementById("report-data");
if (root && data?.textContent) {
  const report = JSON.parse(data.textContent) as ReportData;
  show(report, root);
  let here = routeOf(location.hash).page;
  addEventListener("hashchange", (event) => {
    left.set(here, new URL(event.oldURL).hash);
    show(report, root);
    // Another page begins at its top, and the keyboard goes on from there; the same page stays where it was.
    const page = routeOf(location.hash).page;
    if (page !== here) {
      scrollTo(0, 0);
      document.getElementById("outlet")?.focus({ preventScroll: true });
    }
    here = page;
  });
}
