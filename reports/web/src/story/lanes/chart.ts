// The chart of one run: the whole run as a strip, flags and axis, the threads of the items, a lane for each system.

import type { StoryData } from "../../generated/report";
import { grouped, type Grouped } from "../../history/grouped";
import type { Threads } from "../../history/threads";
import { CivilTime } from "../../page/civil_time";
import { h } from "../../page/dom";
import type { Span, View } from "../view";
import type { Watched } from "../watched";
import { Crosshair } from "./crosshair";
import { axisHeight, drawAxis } from "./draw_axis";
import { drawFlags, type Flag, flagAt, heightOf, placeFlags } from "./draw_flags";
import { drawBrushed, drawLanes } from "./draw_lanes";
import type { DrawnThreads } from "./draw_threads";
import { type Frame, sized } from "./frame";
import { listen, onKey } from "./gestures";
import { gutterOf } from "./gutter";
import { type Hit, hitLanes } from "./hit";
import { heightFor, laidOut, type Layout } from "./layout";
import { type Lane, lanesOf } from "./model";
import { Overview } from "./overview";
import { paletteOf } from "./palette";
import { followSurroundings } from "./surroundings";
import { Tooltip } from "./tooltip";

export interface ChartOptions {
  story: StoryData;
  threads: Threads;
  view: View;
  followed: Watched<number>;
  /** Which items have a thread. */
  wanted: Watched<(item: number) => boolean>;
  /** Which systems have a lane. */
  inLanes: Watched<(lane: Lane) => boolean>;
  /** Where the pointer is in time; NaN: nowhere. Charts that share it show it together. */
  pointer: Watched<number>;
  keys: Record<string, () => void>;
  /** Names of systems: the order of the lanes, if another chart has it already. */
  order?: string[];
  chooseMark(mark: number): void;
}

const gutterWidth = 148,
  narrowBelow = 620,
  paperWidth = 690;

export class Chart {
  readonly element: HTMLElement;
  readonly lanes: Lane[];
  private readonly top = h("canvas", { role: "img", class: "chart-top", "data-testid": "axis" });
  private readonly body = h("canvas", { role: "img", class: "chart-body", "data-testid": "lanes" });
  private readonly gutter = h("div", { class: "gutter" });
  private readonly tooltip = new Tooltip();
  private readonly crosshair: Crosshair;
  private readonly overview: Overview;
  private readonly recordsOf: Grouped;
  private readonly civil: CivilTime;
  private layout: Layout | null = null;
  private drawn: DrawnThreads = { items: new Int32Array(), rowHeight: 1 };
  private flags: Flag[] = [];
  private brushed: Span | null = null;
  private width = 0;
  private threadsTall = heightFor(Infinity);
  private asked = 0;

  constructor(private readonly options: ChartOptions) {
    const { story, threads, view, followed, wanted, inLanes, pointer } = options;
    this.civil = new CivilTime(story.zone, story.offsets);
    this.crosshair = new Crosshair(this.civil);
    this.lanes = lanesOf(threads.history, options.order);
    this.recordsOf = grouped(threads.history.records.item, threads.history.items.kind.length);
    this.overview = new Overview(story, threads, this.civil, view, () => this.ask());
    const rows = h("div", { class: "chart-rows" }, this.gutter, this.body);
    const help =
      "Keys: plus and minus zoom, arrows move, 0 shows the whole run, D the decisive moment, Escape lets go of the followed item.";
    this.element = h(
      "div",
      {
        class: "run-chart",
        tabindex: "0",
        role: "group",
        "aria-label": `Chart of ${story.strategy}, seed ${story.seed}. ${help}`,
      },
      this.overview.element,
      h("div", { class: "chart-head" }, this.top),
      rows,
      this.crosshair.element,
      this.tooltip.element,
    );
    this.top.setAttribute(
      "aria-label",
      `The axis, in the time of ${story.zone}, and ${story.marks.length} steps as flags. The list "What happened" says the same in sentences.`,
    );
    this.body.setAttribute(
      "aria-label",
      `${threads.history.items.kind.length} items as threads and ${threads.history.systems.length} systems as lanes. The tables "Items" and "Records" hold what is drawn.`,
    );
    this.listen();
    for (const one of [view, followed, wanted]) one.watch(() => this.ask());
    inLanes.watch(() => this.resize());
    pointer.watch(() => this.cross());
    view.watch(() => this.cross());
    followSurroundings(this.element, {
      room: () => this.resize(),
      look: () => this.ask(),
      paper: (printing) => {
        this.resize(printing ? paperWidth : undefined);
        if (printing) this.draw(); // There is no further frame before the paper is filled.
      },
    });
  }

  private listen(): void {
    const plot = () => ({ left: 0, width: Math.max(this.plotWidth(), 1) }),
      brushing = (span: Span | null) => {
        this.brushed = span;
        this.ask();
      };
    const { view, followed } = this.options,
      shown = () => ({ from: view.from, to: view.to });
    listen(this.body, this.element, {
      view,
      shown,
      plot,
      drag: "pan",
      brushing,
      click: (x, y) => {
        const hit = this.hit(x, y);
        if (hit && hit.item >= 0) followed.set(hit.item);
      },
      hover: (x, y, event) => {
        this.options.pointer.set(event ? view.from + (x / plot().width) * (view.to - view.from) : NaN);
        this.tooltip.show(event && this.hit(x, y)?.lines, event);
      },
    });
    listen(this.top, this.element, {
      view,
      shown,
      plot,
      drag: "brush",
      brushing,
      click: (x, y) => {
        const flag = flagAt(this.flags, x, y);
        if (flag) this.options.chooseMark(flag.mark);
      },
      hover: (x, y, event) => {
        const flag = flagAt(this.flags, x, y),
          mark = flag && this.options.story.marks[flag.mark];
        this.tooltip.show(event && mark ? [this.civil.full(mark.at), mark.text] : null, event);
      },
    });
    this.element.addEventListener("keydown", (event) => {
      onKey(event, view, { Escape: () => followed.set(-1), ...this.options.keys });
    });
  }

  private plotWidth(): number {
    return this.layout?.width ?? 0;
  }
  private resize(width = this.element.clientWidth): void {
    this.width = width;
    const narrow = width < narrowBelow,
      lanes = this.lanes.filter(this.options.inLanes.value);
    const room = narrow ? 0 : gutterWidth;
    this.layout = laidOut(
      this.options.threads.history,
      lanes,
      Math.max(width - room, 50),
      narrow,
      width === paperWidth ? this.threadsTall * 0.55 : this.threadsTall,
    );
    this.element.classList.toggle("narrow", narrow);
    this.element.style.setProperty("--gutter", `${room}px`);
    this.gutter.replaceChildren(...gutterOf(this.layout));
    this.ask();
  }
  ask(): void {
    if (this.asked === 0) this.asked = requestAnimationFrame(() => this.draw());
  }

  /** What is seen now, for whoever draws it or asks what is where. */
  private seen(ctx: CanvasRenderingContext2D, ratio: number): Frame {
    const { view, threads, followed, story } = this.options,
      { from, to } = view,
      width = this.plotWidth(),
      scale = width / (to - from);
    return {
      ctx,
      palette: paletteOf(this.element),
      history: threads.history,
      threads,
      civil: this.civil,
      begins: story.begins,
      from,
      to,
      width,
      ratio,
      followed: followed.value,
      x: (at) => (at - from) * scale,
    };
  }
  private cleared(canvas: HTMLCanvasElement, height: number): Frame | null {
    const ctx = canvas.getContext("2d"),
      width = this.plotWidth();
    if (!ctx || width <= 0) return null;
    const ratio = sized(canvas, width, height);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    return this.seen(ctx, ratio);
  }

  private draw(): void {
    cancelAnimationFrame(this.asked);
    this.asked = 0;
    if (!this.layout || this.width <= 0) return;
    const began = performance.now(),
      { story, view, threads, wanted } = this.options,
      items = threads.between(view.from, view.to, wanted.value),
      tall = heightFor(items.length);
    if (tall !== this.threadsTall) {
      this.threadsTall = tall;
      this.resize(this.width);
      cancelAnimationFrame(this.asked);
      this.asked = 0;
    }
    this.drawHead();
    const frame = this.cleared(this.body, this.layout.height);
    if (frame) {
      const path = frame.followed >= 0 ? this.recordsOf.of(frame.followed) : null;
      this.drawn = drawLanes(frame, this.layout, story, items, path, this.brushed);
      this.body.dataset.threads = String(items.length);
    }
    this.overview.draw(this.width);
    const took = performance.now() - began;
    this.body.dataset.drawMs = took.toFixed(2);
    this.body.dataset.draws = String(Number(this.body.dataset.draws ?? 0) + 1);
    if (this.body.dataset.draws === "1") performance.mark("premortem-first-chart");
  }

  private drawHead(): void {
    const { marks, decisive } = this.options.story,
      ctx = this.top.getContext("2d");
    if (!ctx) return;
    this.flags = placeFlags(this.seen(ctx, 1), marks);
    const flagsHeight = heightOf(this.flags),
      head = this.cleared(this.top, flagsHeight + axisHeight);
    if (!head) return;
    drawBrushed(head, this.brushed, flagsHeight + axisHeight);
    drawFlags(head, marks, this.flags, flagsHeight, decisive);
    drawAxis(head, flagsHeight);
  }

  private cross(): void {
    const { pointer, view } = this.options;
    this.crosshair.show(pointer.value, {
      from: view.from,
      to: view.to,
      width: this.plotWidth(),
      left: this.width - this.plotWidth(),
    });
  }

  private hit(x: number, y: number): Hit | null {
    const ctx = this.body.getContext("2d");
    return this.layout && ctx ? hitLanes(this.seen(ctx, 1), this.layout, this.drawn, x, y) : null;
  }
}
