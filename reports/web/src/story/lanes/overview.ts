// The whole run on one strip: how much happens when, how many items are in a bad state, and what of it is looked at now.
// Its window can be dragged, and a drag beside it chooses a new one.

import type { CivilTime } from "../../page/civil_time";
import type { StoryData } from "../../generated/report";
import type { Threads } from "../../history/threads";
import { h } from "../../page/dom";
import type { Span, View } from "../view";
import { font, type Frame, sized } from "./frame";
import { listen } from "./gestures";
import { paletteOf } from "./palette";
import { ticksOf } from "./ticks";
import { isTrouble } from "./draw_threads";

const height = 58,
  chart = 40;

/** How many items are in a state of trouble, at each column the most. */
export function troubleBy(columns: number, begins: number, ends: number, threads: Threads): Float64Array {
  const out = new Float64Array(columns),
    { at, state } = threads.history.changes;
  const columnOf = (instant: number) =>
    Math.min(Math.max(Math.floor(((instant - begins) / (ends - begins)) * columns), 0), columns - 1);
  let now = 0,
    filled = 0;
  for (let row = 0; row < at.length; ++row) {
    const column = columnOf(at[row]),
      was = threads.before[row];
    // The column in which it changes keeps the larger of both, so that a short burst is seen.
    for (; filled < column; ++filled) out[filled + 1] = now;
    now += Number(isTrouble(threads.severity[state[row]])) - Number(isTrouble(threads.severity[was]));
    if (now > out[column]) out[column] = now;
  }
  for (; filled < columns - 1; ++filled) out[filled + 1] = now;
  return out;
}

export class Overview {
  readonly element: HTMLElement;
  private readonly canvas = h("canvas", {
    role: "img",
    "aria-label": "The whole run: how much happens when. The span in view can also be typed above.",
    "data-testid": "overview",
  });
  private width = 0;
  private brushed: Span | null = null;
  private counted: { columns: Float64Array; trouble: Float64Array } | null = null;

  constructor(
    private readonly story: StoryData,
    private readonly threads: Threads,
    private readonly civil: CivilTime,
    private readonly view: View,
    private readonly redraw: () => void,
  ) {
    this.element = h("div", { class: "overview" }, this.canvas);
    let held: { from: number; to: number; x: number } | null = null;
    const timeAt = (event: PointerEvent) =>
      view.begins +
      ((event.clientX - this.canvas.getBoundingClientRect().left) / Math.max(this.width, 1)) * (view.ends - view.begins);
    // Within the window a drag moves it; these listeners stand before those of the brush, and then keep it away.
    this.canvas.addEventListener("pointerdown", (event) => {
      const at = timeAt(event),
        slack = ((view.ends - view.begins) / Math.max(this.width, 1)) * 6;
      if (
        event.button !== 0 ||
        event.shiftKey ||
        at < view.from - slack ||
        at > view.to + slack ||
        view.to - view.from > (view.ends - view.begins) * 0.98
      )
        return;
      held = { from: view.from, to: view.to, x: at };
      this.canvas.setPointerCapture(event.pointerId);
      event.stopImmediatePropagation();
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      const by = timeAt(event) - held.x;
      view.set(held.from + by, held.to + by);
      event.stopImmediatePropagation();
    });
    for (const over of ["pointerup", "pointercancel"] as const)
      this.canvas.addEventListener(over, (event) => {
        if (!held) return;
        held = null;
        event.stopImmediatePropagation();
      });
    listen(this.canvas, this.element, {
      view,
      shown: () => ({ from: view.begins, to: view.ends }),
      plot: () => ({ left: 0, width: Math.max(this.width, 1) }),
      drag: "brush",
      brushing: (span) => {
        this.brushed = span;
        this.redraw();
      },
      click: (x) => {
        const length = view.to - view.from,
          at = view.begins + (x / Math.max(this.width, 1)) * (view.ends - view.begins);
        view.glide({ from: at - length / 2, to: at + length / 2 });
      },
      hover: () => undefined,
    });
  }

  draw(width: number): void {
    this.width = width;
    const ctx = this.canvas.getContext("2d");
    if (!ctx || width <= 0) return;
    const { begins, ends } = this.view,
      palette = paletteOf(this.element),
      ratio = sized(this.canvas, width, height);
    const x = (at: number) => ((at - begins) / (ends - begins)) * width;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.fillStyle = palette.raised;
    ctx.fillRect(0, 0, width, chart);
    const { columns, trouble } = this.counts(Math.ceil(width));
    const most = Math.log1p(columns.reduce((a, b) => Math.max(a, b), 1));
    ctx.fillStyle = palette.density;
    columns.forEach((many, column) => {
      if (many > 0) {
        const tall = (Math.log1p(many) / most) * (chart - 4);
        ctx.fillRect(column, chart - tall, 1, tall);
      }
    });
    const worst = trouble.reduce((a, b) => Math.max(a, b), 0);
    ctx.fillStyle = palette.bad;
    if (worst > 0)
      trouble.forEach((many, column) => {
        if (many === 0) return;
        const tall = Math.max((many / worst) * (chart - 6), 2);
        ctx.globalAlpha = 0.28;
        ctx.fillRect(column, chart - tall, 1, tall);
        ctx.globalAlpha = 1;
        ctx.fillRect(column, chart - tall, 1, 1.6);
      });
    ctx.fillStyle = palette.text;
    for (const mark of this.story.marks) ctx.fillRect(Math.round(x(mark.at)), 0, 1, mark.by_operator && !mark.skipped ? 7 : 4);
    this.drawAxis({ ctx, palette, width, x } as Frame);
    this.drawWindow(ctx, x, palette.ground, palette.accent);
  }
  /** Counted anew only when the width has changed. */
  private counts(width: number): { columns: Float64Array; trouble: Float64Array } {
    if (this.counted?.columns.length === width) return this.counted;
    const { begins, ends } = this.view,
      { density, systems } = this.threads.history,
      columns = new Float64Array(width);
    const offset = this.story.begins - begins; // Beside another run, whose clock may begin earlier.
    for (let n = 0; n < density.count; ++n) {
      const column = Math.min(width - 1, Math.floor(((offset + (n + 0.5) * density.width) / (ends - begins)) * width));
      for (let system = 0; system < systems.length; ++system) columns[column] += density.stretches[system * density.count + n];
    }
    return (this.counted = { columns, trouble: troubleBy(width, begins, ends, this.threads) });
  }
  private drawAxis({ ctx, palette, width, x }: Pick<Frame, "ctx" | "palette" | "width" | "x">): void {
    ctx.font = font(11);
    ctx.fillStyle = palette.quiet;
    let free = 0;
    for (const { at, label } of ticksOf(this.civil, this.view.begins, this.view.ends, width, 60).fine) {
      const room = ctx.measureText(label).width,
        left = x(at) - room / 2;
      ctx.fillRect(Math.round(x(at)), chart, 1, 3);
      if (left < free || left + room > width) continue;
      ctx.fillText(label, left, height - 4);
      free = left + room + 8;
    }
  }
  private drawWindow(ctx: CanvasRenderingContext2D, x: (at: number) => number, ground: string, accent: string): void {
    const { from, to } = this.brushed ?? this.view,
      left = Math.max(x(from), 0),
      right = Math.min(Math.max(x(to), left + 3), this.width);
    ctx.globalAlpha = 0.55;
    ctx.fillStyle = ground;
    ctx.fillRect(0, 0, left, chart);
    ctx.fillRect(right, 0, this.width - right, chart);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = accent;
    ctx.lineWidth = 2;
    ctx.strokeRect(left + 0.5, 1, right - left - 1, chart - 2);
    ctx.fillStyle = accent;
    for (const edge of [left, right]) ctx.fillRect(edge - 2, chart / 2 - 7, 4, 14);
  }
}
