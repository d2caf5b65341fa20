// Two measures against each other: a point for each strategy with its intervals in both directions, and the front of those
// that are not beaten in both.

import type { ReadingData, TradeOffData } from "../generated/report";
import { s } from "../page/dom";
import { short } from "../page/widgets";
import type { Scale } from "../page/scale";
import { placed, type Box, type Label } from "./labels";
import { scaleOfMeasure } from "./strip";

interface Point {
  strategy: number;
  x: number;
  y: number;
}

type Place = (value: number) => number;

/** Strategies whose points cannot be told apart share one list of names. */
interface Cluster {
  points: Point[];
  lines: { text: string; front: boolean }[];
}

const margin = { left: 78, right: 14, top: 14, bottom: 30 };
const letter = 6.4, line = 15, longest = 26, mostLines = 4;

function clustered(points: Point[], reading: ReadingData, front: Set<number>): Cluster[] {
  const clusters: Point[][] = [];
  for (const point of points) {
    const near = clusters.find(([first]) => Math.hypot(first.x - point.x, first.y - point.y) < 9);
    if (near) near.push(point);
    else clusters.push([point]);
  }
  return clusters.map((group) => {
    const weight = ({ strategy }: Point) => Number(front.has(strategy)) + 2 * Number(reading.strategies[strategy].recommended);
    const sorted = [...group].sort((a, b) => weight(b) - weight(a));
    const shown = sorted.length > mostLines ? sorted.slice(0, mostLines - 1) : sorted;
    const lines = shown.map(({ strategy }) => ({ text: short(reading.strategies[strategy].name, longest), front: front.has(strategy) }));
    if (shown.length < sorted.length) lines.push({ text: `and ${sorted.length - shown.length} more`, front: false });
    return { points: sorted, lines };
  }).sort((a, b) => Number(b.lines[0].front) - Number(a.lines[0].front) || a.points[0].x - b.points[0].x);
}

function grid(scaleX: Scale, scaleY: Scale, toX: Place, toY: Place): SVGElement[] {
  const [left, right, top, bottom] = [toX(0), toX(1), toY(1), toY(0)];
  return [
    ...scaleX.ticks.flatMap((tick) => [s("path", { class: "grid", d: `M${toX(tick.place)} ${top}V${bottom}` }),
      s("text", { class: "tick-label", x: toX(tick.place), y: bottom + 19, "text-anchor": "middle" }, tick.label)]),
    ...scaleY.ticks.flatMap((tick) => [s("path", { class: "grid", d: `M${left} ${toY(tick.place)}H${right}` }),
      s("text", { class: "tick-label", x: left - 9, y: toY(tick.place) + 4, "text-anchor": "end" }, tick.label)]),
  ];
}

/** Through the front as stairs: everything above and to the right of them is beaten by one that stands on them. */
function stairs(points: Point[]): string {
  const along = [...points].sort((a, b) => a.x - b.x || b.y - a.y);
  return along.map(({ x, y }, n) => (n === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("");
}

function names(clusters: Cluster[], taken: Box[], frame: Box): SVGElement[] {
  const labels: Label[] = clusters.map(({ points: [{ x, y }], lines }) =>
    ({ x, y, width: Math.max(...lines.map(({ text }) => text.length)) * letter + 4, height: lines.length * line }));
  return placed(labels, taken, frame).flatMap((box, n) => {
    const { lines, points: [point] } = clusters[n];
    const x = box.anchor === "start" ? box.left : box.anchor === "end" ? box.left + box.width : box.left + box.width / 2;
    const leader = box.away && s("path", { class: "leader", d: `M${point.x} ${point.y}L${x} ${Math.min(box.top + box.height, Math.max(box.top, point.y))}` });
    const texts = lines.map(({ text, front }, row) =>
      s("text", { class: front ? "point-name front" : "point-name", x, y: box.top + row * line + 12, "text-anchor": box.anchor }, text));
    return leader ? [leader, ...texts] : texts;
  });
}

/** A point's intervals as boxes no wider than their lines: drawn, and kept clear of names. */
function spans(trade: TradeOffData, reading: ReadingData, { strategy, x, y }: Point, toX: Place, toY: Place): { path: string; taken: Box[] } {
  const a = reading.strategies[strategy].cells[trade.x], b = reading.strategies[strategy].cells[trade.y];
  const taken: Box[] = [{ left: x - 8, top: y - 8, width: 16, height: 16 }];
  let path = "";
  if (a.low !== null && a.high !== null) {
    path += `M${toX(a.low)} ${y}H${toX(a.high)}`;
    taken.push({ left: toX(a.low), top: y - 2, width: toX(a.high) - toX(a.low), height: 4 });
  }
  if (b.low !== null && b.high !== null) {
    path += `M${x} ${toY(b.low)}V${toY(b.high)}`;
    taken.push({ left: x - 2, top: toY(b.high), width: 4, height: toY(b.low) - toY(b.high) });
  }
  return { path, taken };
}

function dot(reading: ReadingData, trade: TradeOffData, { strategy, x, y }: Point, onFront: boolean): SVGElement {
  const { name, cells } = reading.strategies[strategy];
  return s("g", { class: onFront ? "point front" : "point" }, s("title", {}, `${name}: ${cells[trade.x].text}; ${cells[trade.y].text}`),
    onFront && s("circle", { class: "ring", cx: x, cy: y, r: 8 }), s("circle", { class: "dot", cx: x, cy: y, r: 4 }));
}

export function scatter(reading: ReadingData, trade: TradeOffData, width: number): SVGElement {
  const height = Math.round(Math.min(500, Math.max(320, width * 0.62)));
  const wide = width - margin.left - margin.right, high = height - margin.top - margin.bottom;
  // Labels of the upright axis stand above each other and need a third of the room.
  const scaleX = scaleOfMeasure(reading, trade.x, wide, false), scaleY = scaleOfMeasure(reading, trade.y, high * 3, false);
  const within = (share: number) => Math.min(1, Math.max(0, share));
  const shareX = (share: number) => Math.round((margin.left + within(share) * wide) * 10) / 10;
  const shareY = (share: number) => Math.round((height - margin.bottom - within(share) * high) * 10) / 10;
  const toX = (value: number) => shareX(scaleX.at(value)), toY = (value: number) => shareY(scaleY.at(value));
  const front = new Set(trade.front);
  const points = reading.strategies.flatMap(({ cells }, strategy): Point[] => {
    const x = cells[trade.x].mean, y = cells[trade.y].mean;
    return x === null || y === null ? [] : [{ strategy, x: toX(x), y: toY(y) }];
  });
  const intervals = points.map((point) => spans(trade, reading, point, toX, toY));
  const frame = { left: margin.left, top: 0, width: width - margin.left, height: height - margin.bottom };
  const fronts = points.filter(({ strategy }) => front.has(strategy)), others = points.filter(({ strategy }) => !front.has(strategy));
  return s("svg", { class: "scatter", viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `${short(reading.measures[trade.x].heading)} against ${short(reading.measures[trade.y].heading)}: the table beside it holds the figures.` },
    ...grid(scaleX, scaleY, shareX, shareY), s("path", { class: "intervals", d: intervals.map(({ path }) => path).join("") }),
    s("path", { class: "stairs", d: stairs(fronts) }), ...others.map((point) => dot(reading, trade, point, false)),
    ...fronts.map((point) => dot(reading, trade, point, true)),
    ...names(clustered(points, reading, front), intervals.flatMap(({ taken }) => taken), frame));
}
