// Names and numbers as text. A name may be anything that its author thought of, ten thousand letters or a text that
// runs the other way: it is cut for the eye, kept apart from its neighbours, and whole in its title.

import { h } from "../page/dom";

const most = 160;

export function cut(text: string, length = most): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

export function name(text: string, className = "name"): HTMLElement {
  return h("bdi", { class: className, title: text.length > 24 ? cut(text, 12_000) : null }, cut(text));
}

/** A sentence that may be of any length: what is too long is folded, and whole when it is opened. */
export function prose(text: string, most = 400): HTMLElement {
  if (text.length <= most) return h("bdi", {}, text);
  return h("details", { class: "long" }, h("summary", {}, h("bdi", {}, cut(text, most))), h("bdi", {}, cut(text, 20_000)));
}

/** For where there are no elements, as in a canvas: the direction of a text ends with it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

export const figure = (n: number): string => n.toLocaleString("en").replace(/,/g, "\u202f");

export function counted(n: number, one: string, many = `${one}s`): string {
  return `${figure(n)} ${n === 1 ? one : many}`;
}

/** A word of a command line that a shell takes as one. */
export function quoted(word: string): string {
  return /^[\w./:=@+-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

export function button(label: string, act: (event: Event) => void, more: Record<string, string | null> = {}): HTMLButtonElement {
  return h("button", { type: "button", ...more, onclick: act }, label);
}

/** A command with a button that copies it; where there is no clipboard it is selected, ready for Ctrl-C. */
export function command(text: string): HTMLElement {
  const code = h("code", {}, text),
    said = h("span", { class: "said", role: "status" });
  const copy = async () => {
    getSelection()?.selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "copied";
    } catch {
      said.textContent = document.execCommand("copy") ? "copied" : "selected: copy it with Ctrl-C";
    }
    setTimeout(() => (said.textContent = ""), 4000);
  };
  return h(
    "div",
    { class: "command-line" },
    code,
    button("Copy", copy, { "aria-label": `Copy the command ${cut(text, 80)}` }),
    said,
  );
}
