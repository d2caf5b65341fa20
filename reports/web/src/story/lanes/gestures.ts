// Hands on a chart: wheel, drag, pinch and keys, as ways to move and to narrow what is looked at.

import type { Span, View } from "../view";

export interface Hands {
  view: View;
  /** What the plot shows from its left to its right: the view, or for an overview the whole run. */
  shown(): Span;
  /** From the left edge of the element that is touched to where time begins, and how wide time is. */
  plot(): { left: number; width: number };
  /** What a drag does without Shift: moves the span, or chooses a new one. */
  drag: "pan" | "brush";
  brushing(span: Span | null): void;
  click(x: number, y: number, event: PointerEvent): void;
  hover(x: number, y: number, event: PointerEvent | null): void;
}

const clickSlop = 4;

/** `focus`: the element that must have the focus for a plain wheel to zoom; without it the page scrolls. */
export function listen(element: HTMLElement, focus: HTMLElement, hands: Hands): void {
  const { view } = hands,
    fingers = new Map<number, { x: number; y: number }>();
  let start: { x: number; from: number; to: number; brush: boolean; moved: boolean } | null = null;
  let pinch: { distance: number; at: number; length: number } | null = null;
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left - hands.plot().left, y: event.clientY - box.top };
  };
  const timeAt = (x: number, span: Span = hands.shown()) => span.from + (x / hands.plot().width) * (span.to - span.from);

  element.addEventListener(
    "wheel",
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const ours = event.ctrlKey || event.metaKey || sideways || focus.contains(document.activeElement);
      if (!ours) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
      const perPixel = (hands.shown().to - hands.shown().from) / hands.plot().width;
      if (sideways) view.pan(event.deltaX * unit * perPixel);
      else if (event.shiftKey) view.pan(event.deltaY * unit * perPixel);
      // A pinch on a touch pad comes as a wheel with Ctrl, in smaller steps.
      else
        view.zoom(
          Math.exp(event.deltaY * unit * (event.ctrlKey && Math.abs(event.deltaY) < 50 ? 0.01 : 0.002)),
          timeAt(place(event).x),
        );
    },
    { passive: false },
  );

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    fingers.set(event.pointerId, { x, y });
    element.setPointerCapture(event.pointerId);
    start = { x, ...hands.shown(), brush: hands.drag === "brush" || event.shiftKey, moved: false };
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      pinch = { distance: Math.max(Math.abs(a.x - b.x), 20), at: timeAt((a.x + b.x) / 2), length: view.to - view.from };
    }
  });
  element.addEventListener("pointermove", (event) => {
    const { x, y } = place(event);
    if (!fingers.has(event.pointerId)) return hands.hover(x, y, event);
    fingers.set(event.pointerId, { x, y });
    if (pinch && fingers.size === 2) {
      const [a, b] = [...fingers.values()],
        middle = (a.x + b.x) / 2;
      const length = (pinch.length * pinch.distance) / Math.max(Math.abs(a.x - b.x), 20),
        from = pinch.at - (middle / hands.plot().width) * length;
      view.set(from, from + length);
      if (start) start.moved = true;
      return;
    }
    if (!start) return;
    if (Math.abs(x - start.x) > clickSlop) start.moved = true;
    if (!start.moved) return;
    if (start.brush) hands.brushing(inOrder(timeAt(start.x, start), timeAt(x, start)));
    else {
      const by = ((start.x - x) / hands.plot().width) * (start.to - start.from);
      view.set(start.from + by, start.to + by);
    }
  });
  const end = (event: PointerEvent) => {
    const was = start;
    fingers.delete(event.pointerId);
    if (pinch) {
      if (fingers.size === 0) pinch = start = null;
      return;
    }
    start = null;
    if (!was) return;
    const { x, y } = place(event);
    hands.brushing(null);
    if (event.type === "pointercancel") return;
    if (!was.moved) hands.click(x, y, event);
    else if (was.brush) view.glide(inOrder(timeAt(was.x, was), timeAt(x, was)));
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener("pointerleave", () => hands.hover(0, 0, null));
}

const inOrder = (a: number, b: number): Span => ({ from: Math.min(a, b), to: Math.max(a, b) });

/** Keys while the chart has the focus; true: it was one of them. */
export function onKey(event: KeyboardEvent, view: View, more: Record<string, () => void>): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const length = view.to - view.from;
  const keys: Record<string, () => void> = {
    "+": () => view.zoom(0.6),
    "=": () => view.zoom(0.6),
    "-": () => view.zoom(1 / 0.6),
    _: () => view.zoom(1 / 0.6),
    ArrowLeft: () => view.pan(-length * (event.shiftKey ? 0.75 : 0.12)),
    ArrowRight: () => view.pan(length * (event.shiftKey ? 0.75 : 0.12)),
    "0": () => view.glide(view.whole()),
    Home: () => view.glide(view.whole()),
    ...more,
  };
  const act = keys[event.key];
  if (!act) return false;
  event.preventDefault();
  act();
  return true;
}
