// Rows of a table by a number in one of their columns, found without a search: which records are about item 12?

export class Grouped {
  /** For loops over very many groups: those of group n stand in `rows` from starts[n] up to starts[n + 1]. */
  constructor(
    readonly starts: Int32Array,
    readonly rows: Int32Array,
  ) {}
  /** The rows of one group, in their order in the table. */
  of(group: number): Int32Array {
    return this.rows.subarray(this.starts[group], this.starts[group + 1]);
  }
}

/** Rows whose group is negative stand in none. */
export function grouped(groupOf: ArrayLike<number>, groups: number): Grouped {
  const starts = new Int32Array(groups + 2);
  for (let row = 0; row < groupOf.length; ++row) if (groupOf[row] >= 0) ++starts[groupOf[row] + 2];
  for (let group = 1; group < starts.length; ++group) starts[group] += starts[group - 1];
  // Counted one place too far to the right, so that filling moves each start to where it belongs.
  const rows = new Int32Array(starts[groups + 1]);
  for (let row = 0; row < groupOf.length; ++row) if (groupOf[row] >= 0) rows[starts[groupOf[row] + 1]++] = row;
  return new Grouped(starts, rows);
}

/** The first place in a sorted column whose value is `value` or more. */
export function lowerBound(sorted: ArrayLike<number>, value: number, low = 0, high = sorted.length): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place in a sorted column whose value is more than `value`. */
export function upperBound(sorted: ArrayLike<number>, value: number, low = 0, high = sorted.length): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
