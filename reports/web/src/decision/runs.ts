// The runs behind one figure: what each seed gave, how that compares with the baseline, and the command that repeats it.

import { h } from "../page/dom";
import { hashOf } from "../page/route";
import { clamped, command } from "../page/widgets";
import { senseOf } from "./difference";
import { figureText, intervalText, withSign } from "./figures";
import { stripChart } from "./strip";
import { figureParts, readingOf, type View } from "./view";

const atFirst = 100;

function storyLink(view: View, strategy: string, seed: number | null): HTMLElement | false {
  const reading = readingOf(view).name;
  const at = view.report.stories.findIndex((story) => story.strategy === strategy && story.reading === reading && (seed === null || story.seed === seed));
  return at >= 0 && h("a", { href: hashOf("story", at) }, seed === null ? `The story of seed ${view.report.stories[at].seed}` : "its story");
}

/** `chosen` is told the seed whose command is wanted. */
function seedTable(view: View, strategy: number, measure: number, chosen: (seed: number) => void): HTMLElement {
  const reading = readingOf(view), { unit } = reading.measures[measure];
  const own = reading.strategies[strategy].cells[measure].by_seed, base = reading.strategies[0].cells[measure].by_seed;
  const told = own.some((_, n) => storyLink(view, reading.strategies[strategy].name, reading.seeds[n]));
  let pressed: HTMLElement | null = null;
  const row = (seed: number, n: number) => {
    const paired = own[n] !== null && base[n] !== null && base[n] !== undefined ? own[n] - base[n] : null;
    const button = h("button", { class: "seed", type: "button", "aria-pressed": "false", title: `The command of seed ${seed}`, onclick: () => {
      pressed?.setAttribute("aria-pressed", "false");
      pressed = button;
      button.setAttribute("aria-pressed", "true");
      chosen(seed);
    } }, seed);
    return h("tr", {}, h("th", { scope: "row" }, button), h("td", {}, figureText(own[n], unit)),
      strategy > 0 && h("td", {}, figureText(base[n], unit)), strategy > 0 && h("td", {}, withSign(paired, unit)),
      told && h("td", {}, storyLink(view, reading.strategies[strategy].name, seed)));
  };
  const seeds = reading.seeds.slice(0, own.length);
  const body = h("tbody", {}, ...seeds.slice(0, atFirst).map(row));
  const rest = seeds.length > atFirst && h("button", { class: "button", type: "button", onclick: () => {
    body.append(...seeds.slice(atFirst).map((seed, n) => row(seed, atFirst + n)));
    (rest as HTMLElement).remove();
  } }, `Show all ${seeds.length} runs`);
  return h("div", {}, h("table", { class: "data seeds" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Seed"), h("th", { scope: "col" }, "This strategy"),
      strategy > 0 && h("th", { scope: "col" }, "Baseline"), strategy > 0 && h("th", { scope: "col" }, "Difference"), told && h("th", { scope: "col" }, "Story"))), body), rest);
}

function facts(view: View, strategy: number, measure: number): HTMLElement {
  const reading = readingOf(view), data = reading.measures[measure], cell = reading.strategies[strategy].cells[measure];
  const percent = `${Math.round(reading.level * 100)} % interval`;
  const sense = senseOf(cell, data);
  const fact = (name: string, ...value: (string | Node)[]) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
  return h("dl", { class: "facts" },
    fact(percent, intervalText(cell, data.unit)), fact("Smallest to largest", cell.least === null ? "–" : `${figureText(cell.least, data.unit)} to ${figureText(cell.most, data.unit)}`),
    fact("Runs in which it applies", `${cell.n} of ${reading.strategies[strategy].runs}`),
    ...(strategy === 0 ? [] : [fact("Difference to the baseline, paired by seed", h("span", { class: sense }, cell.difference_text), sense === "better" || sense === "worse" ? `: ${sense}` : ""),
      fact(`Its ${percent}`, cell.difference_low === null || cell.difference_high === null ? "–" : `${withSign(cell.difference_low, data.unit)} to ${withSign(cell.difference_high, data.unit)}`)]));
}

/** A dialog, closed by Escape, by its button, or by a press beside it. */
export function runsDialog(view: View, strategy: number, measure: number, onclose: () => void): HTMLDialogElement {
  const reading = readingOf(view), one = reading.strategies[strategy], data = reading.measures[measure];
  const commandOf = (seed: number) => command(`${one.command} --seed ${seed}`);
  const place = h("div", {}, commandOf(reading.seeds[0] ?? 1));
  const heading = h("h3", {}, "Repeat a run");
  const dialog = h("dialog", { class: "runs", "aria-labelledby": "runs-title", onclose: () => onclose(), onclick: (event: MouseEvent) => {
    if (event.target === dialog) dialog.close();
  } });
  dialog.append(h("div", { class: "inside" },
    h("header", {}, h("div", {}, h("h2", { id: "runs-title" }, clamped(data.heading)), h("p", { class: "whose" }, h("bdi", {}, one.name))),
      h("button", { class: "button", type: "button", autofocus: true, onclick: () => dialog.close() }, "Close")),
    h("p", { class: "large" }, ...figureParts(one.cells[measure].text)), facts(view, strategy, measure),
    h("div", { class: "chart" }, stripChart(view, measure, strategy === 0 ? [0] : [0, strategy]).chart),
    heading, h("p", { class: "quiet small" }, "Choose a seed in the table to have its command."), place, storyLink(view, one.name, null),
    h("h3", {}, `The ${one.cells[measure].by_seed.length} runs behind it`),
    seedTable(view, strategy, measure, (seed) => {
      place.replaceChildren(commandOf(seed));
      heading.scrollIntoView({ block: "nearest" });
    })));
  return dialog;
}
