// The single runs of a strategy as dots in a strip, one path for all of them: hundreds of strips stay quick to draw.

/** The strip's own measure: x from 0 to this, whatever its width on the screen. */
export const across = 1000;
const bin = 10;

export interface Dots {
  path: string;
  drawn: number;
  of: number;
}

/**
 * Runs whose figures lie close together stand above and below each other. Where more do so than can be told apart not all are
 * drawn; the outermost always are, as each has a place of its own.
 */
export function dotsOf(values: (number | null)[], at: (value: number) => number, middle: number, room: number): Dots {
  const bins = new Map<number, number[]>();
  let of = 0;
  for (const value of values) {
    if (value === null) continue;
    ++of;
    const x = Math.round(at(value) * across * 10) / 10, key = Math.floor(x / bin);
    const found = bins.get(key);
    if (found) found.push(x);
    else bins.set(key, [x]);
  }
  const most = of <= 100 ? of : of <= 500 ? 14 : 8;
  const parts: string[] = [];
  let drawn = 0;
  for (const xs of bins.values()) {
    const shown = Math.min(xs.length, most);
    const step = shown > 1 ? Math.min(4, room / (shown - 1)) : 0;
    for (let n = 0; n < shown; ++n) {
      // From the middle outwards, in turns above and below.
      const side = n % 2 === 0 ? n / 2 : -(n + 1) / 2;
      const x = xs[Math.floor(n * xs.length / shown)];
      parts.push(`M${x} ${Math.round((middle + side * step) * 10) / 10}h0`);
    }
    drawn += shown;
  }
  return { path: parts.join(""), drawn, of };
}
