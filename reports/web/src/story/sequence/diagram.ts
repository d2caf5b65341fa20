// Messages between systems as a sequence diagram: a column for each system, an arrow for what passes, a note for the rest.

import type { History } from "../../history/unpack";
import { type CivilTime, second } from "../../page/civil_time";
import { s } from "../../page/dom";
import { instantText } from "../instant_text";
import { cut } from "../words";

const timeWidth = 108,
  columnWidth = 138,
  rowHeight = 24,
  headHeight = 34,
  noteChars = 60;

export interface Diagram {
  head: SVGSVGElement;
  body: SVGSVGElement;
  width: number;
}

export function diagram(
  history: History,
  civil: CivilTime,
  rows: number[],
  systems: number[],
  named: boolean,
  follow: (item: number) => void,
): Diagram {
  const column = new Map(systems.map((system, n) => [system, timeWidth + (n + 0.5) * columnWidth]));
  let width = timeWidth + Math.max(systems.length, 1) * columnWidth + 40;
  const marks: SVGElement[] = [],
    { records, sentences } = history;
  let y = 6,
    day = "";
  for (const row of rows) {
    const at = records.at[row],
      sentence = sentences[records.sentence[row]],
      item = records.item[row],
      date = civil.date(at);
    if (date !== day) {
      y += rowHeight;
      marks.push(s("text", { x: 4, y: y - 8, class: "day" }, date));
      day = date;
    }
    y += rowHeight;
    const line: SVGElement[] = [
      s(
        "title",
        {},
        `${instantText(civil, at)} ${cut(sentence.before, 400)}${sentence.item && item >= 0 ? history.nameOf(item) : ""}${cut(sentence.after, 400)}`,
      ),
      s("text", { x: 4, y: y - 7, class: "when" }, civil.clock(at, at % second === 0 ? second : 1000)),
    ];
    const about = named && item >= 0 ? ` · ${history.nameOf(item)}` : "";
    const from = column.get(sentence.from),
      to = column.get(sentence.to);
    if (from !== undefined && to !== undefined) {
      const text = cut(sentence.label || sentence.kind, 40) + cut(about, 40);
      line.push(...arrow(from, to, y, text));
      if (to >= from) width = Math.max(width, from + 28 + noteRoom(text));
    } else {
      const subject = sentence.item ? (named && item >= 0 ? history.nameOf(item) : "it") : "";
      const text = cut(`${cut(sentence.before, 200)}${subject}${cut(sentence.after, 200)}`, noteChars),
        left = (column.get(sentence.system) ?? timeWidth - 8) + 8;
      line.push(...note(column.get(sentence.system) ?? null, left, y, text));
      width = Math.max(width, left + noteRoom(text) + 12);
    }
    const group = s(
      "g",
      {
        class: `message${sentence.bad ? " bad" : ""}${sentence.kind === "replied" || sentence.kind === "acknowledged" ? " answer" : ""}`,
      },
      ...line,
    );
    if (named && item >= 0) {
      group.classList.add("leads");
      group.addEventListener("dblclick", () => follow(item));
    }
    marks.push(group);
  }
  const height = y + 12;
  const lifelines = systems.map((system) =>
    s("line", { x1: column.get(system)!, x2: column.get(system)!, y1: 0, y2: height, class: "lifeline" }),
  );
  const heads = systems.map((system) => {
    const name = history.systems[system].name;
    return s(
      "g",
      {},
      s("title", {}, cut(name, 12_000)),
      s("rect", {
        x: column.get(system)! - columnWidth / 2 + 6,
        y: 3,
        width: columnWidth - 12,
        height: headHeight - 8,
        rx: 4,
        class: "participant",
      }),
      s(
        "text",
        { x: column.get(system)!, y: headHeight / 2 + 3, class: "participant-name", "text-anchor": "middle" },
        cut(name, 16),
      ),
    );
  });
  return {
    width,
    head: s(
      "svg",
      {
        width,
        height: headHeight,
        viewBox: `0 0 ${width} ${headHeight}`,
        class: "sequence-head",
        role: "img",
        "aria-label": `Systems: ${systems.map((one) => cut(history.systems[one].name, 40)).join(", ")}`,
      },
      ...heads,
    ),
    body: s(
      "svg",
      {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        class: "sequence-body",
        role: "group",
        "aria-label": "Messages in order of time",
      },
      ...lifelines,
      ...marks,
    ),
  };
}

function arrow(from: number, to: number, y: number, label: string): SVGElement[] {
  if (from === to) {
    return [
      s("path", { d: `M${from} ${y - 9}h22v8h-20`, class: "arrow" }),
      s("path", { d: `M${from + 2} ${y - 1}l7 -4v8z`, class: "arrow-head" }),
      s("text", { x: from + 28, y: y - 2, class: "label" }, label),
    ];
  }
  const way = Math.sign(to - from),
    tip = to - way * 1.5;
  return [
    s("line", { x1: from, x2: tip - way * 6, y1: y - 2, y2: y - 2, class: "arrow" }),
    s("path", { d: `M${tip} ${y - 2}l${-way * 8} -4v8z`, class: "arrow-head" }),
    s("circle", { cx: from, cy: y - 2, r: 2.5, class: "arrow-head" }),
    s("text", { x: way > 0 ? from + 8 : from - 8, y: y - 7, class: "label", "text-anchor": way > 0 ? "start" : "end" }, label),
  ];
}

/** The width of a note is reckoned, not measured: its text is in no page yet. */
const noteRoom = (text: string) => text.length * 6.7 + 14;

function note(at: number | null, left: number, y: number, text: string): SVGElement[] {
  return [
    s("rect", { x: left, y: y - 18, width: noteRoom(text), height: 18, rx: 3, class: "note" }),
    at !== null && s("circle", { cx: at, cy: y - 9, r: 3, class: "note-dot" }),
    s("text", { x: left + 7, y: y - 5, class: "label" }, text),
  ].filter((one) => one !== false);
}
