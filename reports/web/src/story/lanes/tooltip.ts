import { h } from "../../page/dom";

/** A few lines beside the pointer. They repeat what tables and panel say, so that it is hidden from those who hear the page. */
export class Tooltip {
  readonly element = h("div", { class: "tooltip", "aria-hidden": "true" });

  show(lines: string[] | null | undefined, event: PointerEvent | null): void {
    if (!lines || lines.length === 0 || !event) {
      this.element.classList.remove("shown");
      return;
    }
    this.element.replaceChildren(...lines.map((line, n) => h(n === 0 ? "b" : "span", {}, h("bdi", {}, line))));
    this.element.classList.add("shown");
    const { offsetWidth: width, offsetHeight: height } = this.element,
      margin = 14;
    const left = event.clientX + margin + width > innerWidth ? event.clientX - margin - width : event.clientX + margin;
    const top = event.clientY + margin + height > innerHeight ? event.clientY - margin - height : event.clientY + margin;
    this.element.style.left = `${Math.max(left, 4)}px`;
    this.element.style.top = `${Math.max(top, 4)}px`;
  }
}
