// The names of the lanes, as text beside the canvas: they can be selected, and a long one is whole in its title.

import { h } from "../../page/dom";
import { name } from "../words";
import type { Layout } from "./layout";

function placed(top: number, height: number, ...children: (Node | string)[]): HTMLElement {
  const element = h("div", { class: "lane-name" }, ...children);
  element.style.top = `${top}px`;
  element.style.height = `${height}px`;
  return element;
}

export function gutterOf(layout: Layout): HTMLElement[] {
  const { threads } = layout,
    titleHeight = 15;
  return [
    placed(
      layout.narrow ? 0 : threads.top,
      layout.narrow ? titleHeight : threads.height,
      h("b", {}, "items"),
      h("span", { class: "lane-kind" }, "one line each"),
    ),
    ...layout.lanes.map(({ lane, top, height }) =>
      placed(
        top,
        layout.narrow ? titleHeight : height,
        h("b", {}, name(lane.name)),
        h("span", { class: "lane-kind" }, name(lane.kind)),
      ),
    ),
  ];
}
