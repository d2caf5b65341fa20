// The runs behind one figure: what each seed gave, how that compares with the baseline, and the command that repeats it.

import { h } from "../page/dom";
import { hashOf } from "../page/route";
import { command } from "../page/widgets";
import { dialog } from "./dialog";
import { senseOf } from "./difference";
import { between, figureText, intervalText, withSign } from "./figures";
import { stripChart } from "./strip";
import { figureParts, readingOf, type View } from "./view";

const atFirst = 100;

function storyLink(view: View, strategy: string, seed: number | null): HTMLElement | false {
  const reading = readingOf(view).name;
  const at = view.report.stories.findIndex((story) => story.strategy === strategy && story.reading === reading && (seed === null || story.seed === seed));
  return at >= 0 && h("a", { href: hashOf("story", at) }, seed === null ? `The story of seed ${view.report.stories[at].seed}` : "its story");
}

/** Makes buttons of seeds, of which one at a time is pressed; `chosen` is told whose command is wanted. */
function seedButton(chosen: (seed: number) => void): (seed: number) => HTMLElement {
  let pressed: HTMLElement | null = null;
  return (seed) => {
    const button = h("button", { class: "seed", type: "button", "aria-pressed": "false", title: `The command of seed ${seed}`, onclick: () => {
      pressed?.setAttribute("aria-pressed", "false");
      pressed = button;
      button.setAttribute("aria-pressed", "true");
      chosen(seed);
    } }, seed);
    return button;
  };
}

/** `chosen` is told the seed whose command is wanted. */
function seedTable(view: View, strategy: number, measure: number, chosen: (seed: number) => void): HTMLElement {
  const reading = readingOf(view), { unit } = reading.measures[measure];
  const own = reading.strategies[strategy].cells[measure].by_seed, base = reading.strategies[0].cells[measure].by_seed;
  // One story has its link above; a column is worth its room when there are more.
  const told = own.filter((_, n) => storyLink(view, reading.strategies[strategy].name, reading.seeds[n])).length > 1;
  const button = seedButton(chosen);
  const row = (seed: number, n: number) => {
    const paired = own[n] !== null && base[n] !== null && base[n] !== undefined ? own[n] - base[n] : null;
    return h("tr", {}, h("th", { scope: "row" }, button(seed)), h("td", {}, figureText(own[n], unit)),
      strategy > 0 && h("td", {}, figureText(base[n], unit)), strategy > 0 && h("td", {}, withSign(paired, unit)),
      told && h("td", {}, storyLink(view, reading.strategies[strategy].name, seed)));
  };
  const seeds = reading.seeds.slice(0, own.length);
  const body = h("tbody", {}, ...seeds.slice(0, atFirst).map(row));
  const rest = seeds.length > atFirst && h("button", { class: "button", type: "button", onclick: () => {
    body.append(...seeds.slice(atFirst).map((seed, n) => row(seed, atFirst + n)));
    (rest as HTMLElement).remove();
  } }, `Show all ${seeds.length} runs`);
  const headings = ["Seed", "This strategy", ...(strategy > 0 ? ["Baseline", "Difference"] : []), ...(told ? ["Story"] : [])];
  return h("div", {}, h("table", { class: "data seeds" },
    h("thead", {}, h("tr", {}, ...headings.map((heading) => h("th", { scope: "col" }, heading)))), body), rest);
}

function facts(view: View, strategy: number, measure: number): HTMLElement {
  const reading = readingOf(view), data = reading.measures[measure], cell = reading.strategies[strategy].cells[measure];
  const percent = `${Math.round(reading.level * 100)} % interval`;
  const sense = senseOf(cell, data);
  const fact = (name: string, ...value: (string | Node)[]) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
  return h("dl", { class: "facts" },
    fact(percent, intervalText(cell, data.unit)), fact("Smallest to largest", between(cell.least, cell.most, data.unit)),
    fact("Runs in which it applies", `${cell.n} of ${reading.strategies[strategy].runs}`),
    ...(strategy === 0 ? [] : [
      fact("Difference to the baseline, paired by seed", h("span", { class: sense }, cell.difference_text),
        sense === "better" || sense === "worse" ? `: ${sense}` : ""),
      fact(`Its ${percent}`, between(cell.difference_low, cell.difference_high, data.unit, withSign))]));
}

/** "Repeat a run": the command of a seed, and where its story stands. */
function repeat(view: View, strategy: number): { parts: (Node | false)[]; chosen: (seed: number) => void } {
  const one = readingOf(view).strategies[strategy];
  const commandOf = (seed: number) => command(`${one.command} --seed ${seed}`);
  const place = h("div", {}, commandOf(readingOf(view).seeds[0] ?? 1)), heading = h("h3", {}, "Repeat a run");
  const chosen = (seed: number) => {
    place.replaceChildren(commandOf(seed));
    heading.scrollIntoView({ block: "nearest" });
  };
  return { parts: [heading, place, storyLink(view, one.name, null)], chosen };
}

/** The runs behind a mean. */
export function runsDialog(view: View, strategy: number, measure: number, onclose: () => void): HTMLDialogElement {
  const reading = readingOf(view), one = reading.strategies[strategy], cell = one.cells[measure];
  const { parts, chosen } = repeat(view, strategy);
  return dialog(reading.measures[measure].heading, one.name, onclose,
    h("p", { class: "large" }, ...figureParts(cell.text)), facts(view, strategy, measure),
    h("div", { class: "strip-place" }, stripChart(view, measure, strategy === 0 ? [0] : [0, strategy]).chart), ...parts,
    h("h3", {}, `The ${cell.by_seed.length} runs behind it`), h("p", { class: "quiet small" }, "A seed's button gives its command."),
    seedTable(view, strategy, measure, chosen));
}

/** Seeds as buttons. */
function seedButtons(seeds: number[], chosen: (seed: number) => void): HTMLElement {
  const button = seedButton(chosen);
  return h("p", { class: "seeds" }, ...seeds.slice(0, atFirst).flatMap((seed) => [button(seed), " "]),
    seeds.length > atFirst && `and ${seeds.length - atFirst} more`);
}

/** The runs behind a count of a check. */
export function checkDialog(view: View, strategy: number, check: number, onclose: () => void): HTMLDialogElement {
  const one = readingOf(view).strategies[strategy];
  const { name, held, broken, not_exercised, as_expected, broken_seeds } = one.checks[check];
  const count = (label: string, runs: number) => h("div", {}, h("dt", {}, label), h("dd", {}, `${runs} of ${one.runs} runs`));
  const { parts, chosen } = repeat(view, strategy);
  return dialog(name, one.name, onclose, h("dl", { class: "facts" }, count("Held in", held), count("Broken in", broken),
    count("Not exercised in", not_exercised), count("As the scenario expects in", as_expected)), ...parts,
    broken > 0 && h("h3", {}, "Seeds of the runs in which it was broken"), broken > 0 && seedButtons(broken_seeds, chosen));
}
