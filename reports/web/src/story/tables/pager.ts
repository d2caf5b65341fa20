import { h } from "../../page/dom";
import { button, counted, figure } from "../words";

/** A table that is filled when it comes into sight: there may be hundreds of thousands of rows to choose from. */
export interface Filled {
  element: HTMLElement;
  fill(): void;
}

/** Rows by the page, with how many there are said. `row` makes one row; it is asked only for those that are shown. */
export class Pager {
  readonly element: HTMLElement;
  private readonly said = h("span", { role: "status" });
  private readonly body = h("tbody");
  private first = 0;
  get firstShown(): number {
    return this.first;
  }
  private count = 0;
  private readonly back = button("← earlier", () => this.go(this.first - this.size));
  private readonly on = button("later →", () => this.go(this.first + this.size));

  constructor(
    private readonly what: string,
    private readonly size: number,
    head: HTMLElement,
    label: string,
    private readonly row: (n: number) => HTMLElement,
  ) {
    this.element = h(
      "div",
      { class: "paged" },
      h("div", { class: "pager" }, this.back, this.on, this.said),
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
        h("table", { class: "rows" }, h("caption", { class: "hidden" }, label), head, this.body),
      ),
    );
  }
  /** Shows from the first row on. */
  show(count: number): void {
    this.count = count;
    this.go(0);
  }
  private go(first: number): void {
    this.first = Math.max(0, Math.min(first, Math.max(this.count - 1, 0)));
    const last = Math.min(this.first + this.size, this.count);
    this.body.replaceChildren(...Array.from({ length: last - this.first }, (_, n) => this.row(this.first + n)));
    this.back.disabled = this.first === 0;
    this.on.disabled = last >= this.count;
    this.said.textContent =
      this.count === 0
        ? `no ${this.what}s`
        : this.count <= this.size
          ? counted(this.count, this.what)
          : `${figure(this.first + 1)} to ${figure(last)} of ${counted(this.count, this.what)}`;
  }
}
