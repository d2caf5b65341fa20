// Small parts that every page uses.

import { h, visible } from "./dom";

let controls = 0;

/** One of a few, as radio buttons: [value, label] each. */
export function segmented(label: string, options: [string, string][], chosen: string, onchange: (value: string) => void): HTMLElement {
  const name = `control-${++controls}`;
  return h("fieldset", { class: "segmented", "aria-label": label }, h("legend", {}, label),
    h("div", { class: "choices" }, ...options.map(([value, text]) => {
      const input = h("input", { type: "radio", name, value, "data-key": `${label}:${value}`, onchange: () => onchange(value) });
      input.checked = value === chosen;
      return h("label", { class: "choice" }, input, h("span", {}, named(text)));
    })));
}

export function tick(label: string, checked: boolean, onchange: (checked: boolean) => void, disabled = false): HTMLElement {
  const input = h("input", { type: "checkbox", disabled, "data-key": label.replace(/ \(.*| \d.*/, ""), onchange: () => onchange(input.checked) });
  input.checked = checked;
  return h("label", { class: "tick" }, input, label);
}

/** A name from outside on one line; the whole of it is in its title. */
export function named(text: string): HTMLElement {
  const shown = text.trim() === "" ? "(no name)" : text;
  return h("bdi", { class: "name", title: shown.length > 14 ? visible(shown) : null }, shown);
}

/** The same on three lines at most. */
export function clamped(text: string): HTMLElement {
  return h("bdi", { class: "clamped", title: text.length > 24 ? visible(text) : null }, text);
}

/** For places that take text only: an option, a label that is heard. */
export function short(text: string, most = 48): string {
  return visible(text.length > most ? `${Array.from(text.slice(0, most)).slice(0, -1).join("")}…` : text);
}

const enough = 420;

/** A text from outside, of any length: what is beyond measure is shown when it is asked for. */
export function longText(text: string): HTMLElement {
  const bdi = h("bdi", {}, text);
  if (text.length <= enough) return bdi;
  const start = `${Array.from(text.slice(0, enough)).slice(0, -1).join("")}…`;
  let whole = false;
  const button = h("button", { class: "more", type: "button", "aria-expanded": "false", onclick: () => {
    whole = !whole;
    bdi.textContent = visible(whole ? text : start);
    button.textContent = whole ? "less" : `all ${text.length} characters`;
    button.setAttribute("aria-expanded", String(whole));
  } }, `all ${text.length} characters`);
  bdi.textContent = visible(start);
  return h("span", {}, bdi, button);
}

/** Where a browser lets no script write to the clipboard, the text is selected at least. */
async function copied(text: string, shown: HTMLElement): Promise<string> {
  getSelection()?.selectAllChildren(shown);
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    // What is shown may have other characters than what is meant: see `visible`.
    const give = (event: ClipboardEvent) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", give, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", give);
    return done ? "Copied" : "Selected: copy it with your keyboard";
  }
}

/** A command to be taken away, with a button that copies it. */
export function command(text: string, what = "Copy"): HTMLElement {
  const code = h("code", { tabindex: "0" }, h("bdi", {}, text));
  const button = h("button", { class: "button", type: "button", onclick: async () => {
    said.textContent = button.textContent = await copied(text, code);
    setTimeout(() => { button.textContent = what; }, 2000);
  } }, what);
  const said = h("span", { class: "heard", role: "status" });
  return h("div", { class: "command" }, code, button, said);
}

/**
 * One stop of the tab key for many links that lie in rows: the arrow keys, Home and End move between them. A reader with a
 * keyboard would otherwise pass hundreds of figures to get to the next section.
 */
export function rove(container: HTMLElement, rows: HTMLElement[][]): void {
  let row = 0, column = 0;
  const every = rows.flat();
  for (const one of every) one.tabIndex = -1;
  if (every.length === 0) return;
  rows[0][0].tabIndex = 0;
  const enter = (element: HTMLElement) => {
    for (const one of every) if (one.tabIndex === 0) one.tabIndex = -1;
    element.tabIndex = 0;
    row = rows.findIndex((cells) => cells.includes(element));
    column = rows[row].indexOf(element);
  };
  container.addEventListener("focusin", (event) => {
    const element = every.find((one) => one === event.target);
    if (element) enter(element);
  });
  container.addEventListener("keydown", (event: KeyboardEvent) => {
    if (!every.includes(event.target as HTMLElement) || event.ctrlKey || event.altKey || event.metaKey) return;
    const last = rows[row].length - 1;
    const to: Record<string, [number, number]> = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      Home: [row, 0], End: [row, last],
    };
    const next = to[event.key] && rows[to[event.key][0]]?.[to[event.key][1]];
    if (!to[event.key]) return;
    event.preventDefault();
    next?.focus();
  });
}
