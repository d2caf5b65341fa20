// A line at the pointer's instant: an element of its own, so that nothing else need be drawn again when it moves.

import type { CivilTime } from "../../page/civil_time";
import { h } from "../../page/dom";
import { instant } from "./hit";

export class Crosshair {
  readonly element = h("div", { class: "crosshair", "aria-hidden": "true" });
  constructor(private readonly civil: CivilTime) {}

  /** `left`: where time begins, from the chart's left edge; `width`: how wide it is. NaN hides the line. */
  show(at: number, plot: { from: number; to: number; left: number; width: number }): void {
    const x = ((at - plot.from) / (plot.to - plot.from)) * plot.width,
      shown = x >= 0 && x <= plot.width;
    this.element.classList.toggle("shown", shown);
    if (!shown) return;
    this.element.style.left = `${x + plot.left}px`;
    this.element.replaceChildren(h("span", {}, instant({ civil: this.civil, from: plot.from, to: plot.to }, Math.round(at))));
    this.element.classList.toggle("leftwards", x > plot.width - 160);
  }
}
