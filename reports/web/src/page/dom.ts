// Elements are made here and nowhere else, and text only ever as text: what a scenario's author wrote can be no markup.

type Child = Node | string | number | null | undefined | false;
type Attribute = string | number | boolean | null | undefined | ((event: any) => void);

const svgNamespace = "http://www.w3.org/2000/svg";

// Characters that would turn the text around them, or that no reader sees: what is read has to be what is written.
const unseen = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** A text as it may be shown: such characters by their numbers, "⟨U+202E⟩". */
export function visible(text: string): string {
  return text.replace(unseen, (c) => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

function fill(element: Element, attributes: Record<string, Attribute>, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : visible(String(child)));
  }
}

/** h("button", { class: "plain", onclick: f }, "Text"): an element; `false`, `null` and `undefined` leave out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Record<string, Attribute> = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** The same for SVG. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag, attributes: Record<string, Attribute> = {}, ...children: Child[]): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgNamespace, tag);
  fill(element, attributes, children);
  return element;
}
