// The span in view, typed or stepped through with buttons, and what it holds in one sentence.

import type { StoryData } from "../generated/report";
import type { Threads } from "../history/threads";
import { CivilTime } from "../page/civil_time";
import { h } from "../page/dom";
import { instantText, parsedInstant } from "./instant_text";
import { spanSentence } from "./span_summary";
import { decisiveSpan, type Span, type View } from "./view";
import { whenQuiet } from "./watched";
import { button } from "./words";

/** From the first record to the last: without the empty time around them. */
export function fit(story: StoryData, threads: Threads): Span {
  const { records } = threads.history,
    count = records.at.length;
  if (count === 0) return { from: story.begins, to: story.ends };
  // The records of beginning and end say nothing about where something happens.
  const first = count > 2 ? records.at[1] : records.at[0],
    last = count > 2 ? records.at[count - 2] : records.at[count - 1];
  const margin = Math.max((last - first) * 0.02, 1000);
  return { from: first - margin, to: last + margin };
}

export function spanInputs(civil: CivilTime, view: View): HTMLElement {
  const field = (label: string) =>
    h("input", {
      type: "text",
      size: 21,
      spellcheck: "false",
      autocomplete: "off",
      "aria-label": label,
      placeholder: "2020-01-27 11:00",
      "aria-describedby": "span-error",
    });
  const from = field("From, date and time"),
    to = field("To, date and time"),
    error = h("span", { class: "error", role: "alert", id: "span-error" });
  from.dataset.testid = "from";
  to.dataset.testid = "to";
  const say = (text: string, wrong?: HTMLInputElement) => {
    error.textContent = text;
    for (const one of [from, to]) one.setAttribute("aria-invalid", String(one === wrong));
  };
  const apply = (event: Event) => {
    event.preventDefault();
    const a = parsedInstant(civil, from.value),
      b = parsedInstant(civil, to.value);
    if (a === null)
      return say(`"${from.value.slice(0, 40)}" is no instant; write 2020-01-27 11:00 or 2020-01-27 11:00:05.250`, from);
    if (b === null) return say(`"${to.value.slice(0, 40)}" is no instant; write 2020-01-27 14:00 or 2020-01-27 14:00:05.250`, to);
    if (b <= a) return say("the span ends before it begins", to);
    if (b <= view.begins || a >= view.ends)
      return say(`the run lasts from ${civil.full(view.begins)} to ${civil.full(view.ends)}: the span lies outside`, from);
    say(
      a < view.begins || b > view.ends
        ? `cut to the run, which lasts from ${civil.full(view.begins)} to ${civil.full(view.ends)}`
        : "",
    );
    view.glide({ from: Math.max(a, view.begins), to: Math.min(b, view.ends) });
  };
  const show = () => {
    if (document.activeElement !== from) from.value = instantText(civil, view.from);
    if (document.activeElement !== to) to.value = instantText(civil, view.to);
  };
  show();
  view.watch(whenQuiet(120, show));
  return h(
    "form",
    { class: "span-inputs", onsubmit: apply },
    h("label", {}, "from ", from),
    h("label", {}, "to ", to),
    h("button", { type: "submit" }, "Show"),
    error,
  );
}

export function toolbar(story: StoryData, threads: Threads, view: View): HTMLElement {
  return zoomBar(story, view, story.decisive !== null ? decisiveSpan(story, threads) : null, fit(story, threads));
}

/** `decisive`: where the story turns; null: nowhere. `fitting`: where there is something to see at all. */
export function zoomBar(story: StoryData, view: View, decisive: Span | null, fitting: Span): HTMLElement {
  return h(
    "div",
    { class: "toolbar" },
    spanInputs(new CivilTime(story.zone, story.offsets), view),
    h(
      "div",
      { class: "buttons", role: "group", "aria-label": "Zoom" },
      button("+", () => view.zoom(0.5), { "aria-label": "Zoom in", title: "Zoom in (+)" }),
      button("−", () => view.zoom(2), { "aria-label": "Zoom out", title: "Zoom out (-)" }),
      button("◀", () => view.pan((view.from - view.to) / 2), { "aria-label": "Earlier", title: "Earlier (left arrow)" }),
      button("▶", () => view.pan((view.to - view.from) / 2), { "aria-label": "Later", title: "Later (right arrow)" }),
      button("Whole run", () => view.glide(view.whole()), { title: "The whole run (0)" }),
      button("Fit", () => view.glide(fitting), { title: "From the first record to the last" }),
      decisive !== null &&
        button("Decisive moment", () => view.glide(decisive), {
          class: "strong",
          title: "Where the story turns (D)",
          "data-testid": "decisive",
        }),
    ),
  );
}

/** Said aloud by screen readers once the span has come to rest. */
export function spanSummary(story: StoryData, threads: Threads, view: View): HTMLElement {
  const civil = new CivilTime(story.zone, story.offsets),
    element = h("p", { class: "span-summary", "aria-live": "polite", "data-testid": "span-summary" });
  const show = () => {
    element.textContent = spanSentence(civil, threads, { from: view.from, to: view.to }, story.ends);
  };
  show();
  view.watch(whenQuiet(150, show));
  return element;
}
