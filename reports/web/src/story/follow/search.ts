// A box in which an item is found by its number or name. Before anything is typed it offers those that fared worst.

import type { StoryData } from "../../generated/report";
import type { History } from "../../history/unpack";
import { badnessOf } from "../../history/tone";
import { h } from "../../page/dom";
import type { Watched } from "../watched";
import { cut } from "../words";

const shownMost = 10;
let boxes = 0; // Two stories side by side have a box each: their lists need names of their own.

/** Items whose name or number holds the text, those that ended badly first, then in order of arrival. */
export function found(story: StoryData, history: History, text: string): number[] {
  const wanted = text.trim().toLowerCase(),
    bad = story.fates.map(badnessOf),
    fate = history.items.fate;
  const byBadness = Array.from({ length: 8 }, (): number[] => []);
  for (let item = 0; item < fate.length; ++item) {
    const list = byBadness[bad[fate[item]] ?? 0];
    // Enough of the worst are found: what is less bad need not be looked at, its name not be made.
    if (list.length >= shownMost) continue;
    if (wanted === "" || history.nameOf(item).toLowerCase().includes(wanted)) list.push(item);
  }
  const all = byBadness.reverse().flat();
  const exact = all.findIndex(
    (item) => String(history.items.id[item]) === wanted || history.nameOf(item).toLowerCase() === wanted,
  );
  if (exact > 0) all.unshift(...all.splice(exact, 1));
  return all.slice(0, shownMost);
}

/** The item of exactly that name or number; -1: none. */
export function itemNamed(history: History, text: string): number {
  const wanted = text.trim().toLowerCase();
  for (let item = 0; item < history.items.kind.length; ++item)
    if (String(history.items.id[item]) === wanted || history.nameOf(item).toLowerCase() === wanted) return item;
  return -1;
}

export function searchBox(story: StoryData, history: History, followed: Watched<number>): HTMLElement {
  const id = `found-${++boxes}`;
  const list = h("ul", { role: "listbox", id, class: "found", "aria-label": "Items found" });
  const said = h("span", { class: "error", role: "status" });
  const input = h("input", {
    type: "search",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "number or name",
    "aria-label": "Follow an item: its number or name",
    "data-testid": "item-search",
  });
  let items: number[] = [],
    at = -1;
  const close = () => {
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (item: number) => {
    followed.set(item);
    input.value = history.nameOf(item);
    said.textContent = "";
    close();
  };
  const point = (to: number) => {
    at = to;
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const offer = () => {
    items = found(story, history, input.value);
    list.replaceChildren(
      ...items.map((item, n) =>
        h(
          "li",
          {
            role: "option",
            id: `${id}-${n}`,
            "aria-selected": "false",
            onpointerdown: (event: Event) => {
              event.preventDefault();
              choose(item);
            },
          },
          h("bdi", {}, cut(history.nameOf(item), 60)),
          h("span", { class: "quiet" }, ` ${story.fates[history.items.fate[item]] ?? ""}`),
        ),
      ),
    );
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    said.textContent = items.length === 0 ? "no item has this in its name" : "";
    point(-1);
  };
  close();
  input.addEventListener("input", offer);
  input.addEventListener("focus", () => {
    input.select();
    input.value = followed.value >= 0 ? "" : input.value;
    offer();
  });
  input.addEventListener("blur", () => {
    close();
    said.textContent = "";
    input.value = followed.value >= 0 ? history.nameOf(followed.value) : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) offer();
      const step = event.key === "ArrowDown" ? 1 : -1;
      point(items.length === 0 ? -1 : (at + step + (at < 0 && step < 0 ? 1 : 0) + items.length) % items.length);
    } else if (event.key === "Enter") {
      const exact = itemNamed(history, input.value),
        item = at >= 0 ? items[at] : exact >= 0 ? exact : items[0];
      if (item !== undefined) choose(item);
    } else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  followed.watch((item) => {
    if (document.activeElement !== input) input.value = item >= 0 ? history.nameOf(item) : "";
  });
  if (followed.value >= 0) input.value = history.nameOf(followed.value);
  return h("div", { class: "search" }, h("label", {}, "Follow an item ", input), list, said);
}
