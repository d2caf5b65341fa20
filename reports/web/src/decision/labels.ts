// Where the names of points go: near their points, and off each other.
//
// Greedy: the names that matter most are placed first, each where it covers least. (Christensen, Marks and Shieber, "An
// Empirical Study of Algorithms for Point-Feature Label Placement", 1995, compare this with better and slower ways; a few
// dozen points need none of them.)

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Label {
  /** Of the point. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed extends Box {
  anchor: "start" | "middle" | "end";
  /** Too far from its point to be read as its name without a line to it. */
  away: boolean;
}

function overlap(a: Box, b: Box): number {
  const wide = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const high = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** The line from a point to its name, as small boxes that other names should keep off. */
function leader(label: Label, { left, top, width, height, anchor }: Placed): Box[] {
  const x = anchor === "start" ? left : anchor === "end" ? left + width : left + width / 2;
  const y = Math.min(top + height, Math.max(top, label.y));
  return Array.from({ length: 8 }, (_, n) => ({ left: label.x + (x - label.x) * n / 8 - 2, top: label.y + (y - label.y) * n / 8 - 2, width: 4, height: 4 }));
}

function* candidates({ x, y, width, height }: Label): Iterable<Placed> {
  for (const gap of [10, 26, 44, 66]) {
    for (const [dx, dy] of [[1, 0], [0, -1], [0, 1], [-1, 0], [1, -1], [1, 1], [-1, -1], [-1, 1]]) {
      const anchor = dx > 0 ? "start" : dx < 0 ? "end" : "middle";
      const left = dx > 0 ? x + gap : dx < 0 ? x - gap - width : x - width / 2;
      const top = dy > 0 ? y + gap : dy < 0 ? y - gap - height : y - height / 2;
      yield { left, top, width, height, anchor, away: gap > 20 };
    }
  }
}

/** `labels` in order of weight; `taken` is what no name should cover: points and their intervals. */
export function placed(labels: Label[], taken: Box[], frame: Box): Placed[] {
  const done: Placed[] = [], covered = [...taken];
  for (const label of labels) {
    let best: Placed | null = null, least = Infinity, rank = 0;
    for (const one of candidates(label)) {
      const outside = one.width * one.height - overlap(one, frame);
      const cost = outside * 8 + done.reduce((sum, other) => sum + overlap(one, other) * 4, 0) +
        covered.reduce((sum, other) => sum + overlap(one, other) * 2, 0) + rank++ * 9 +
        (one.away ? leader(label, one).reduce((sum, part) => sum + done.reduce((under, other) => under + overlap(part, other) * 6, 0), 0) : 0);
      if (cost < least) [best, least] = [one, cost];
    }
    if (!best) continue;
    done.push(best);
    if (best.away) covered.push(...leader(label, best));
  }
  return done;
}
