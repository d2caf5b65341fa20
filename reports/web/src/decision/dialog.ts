// The dialog at the side in which the runs behind a figure are shown.

import { h } from "../page/dom";
import { clamped } from "../page/widgets";

/** Closed by Escape, by its button, or by a press beside it. */
export function dialog(title: string, whose: string, onclose: () => void, ...content: (Node | false)[]): HTMLDialogElement {
  const element = h("dialog", { class: "runs", "aria-labelledby": "runs-title", onclose: () => onclose(), onclick: (event: MouseEvent) => {
    if (event.target === element) element.close();
  } });
  element.append(h("div", { class: "inside" },
    h("header", {}, h("div", {}, h("h2", { id: "runs-title" }, clamped(title)), h("p", { class: "whose" }, h("bdi", {}, whose))),
      h("button", { class: "button", type: "button", autofocus: true, onclick: () => element.close() }, "Close")),
    ...content));
  return element;
}
