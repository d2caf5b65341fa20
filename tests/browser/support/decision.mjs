// Where things are on the decision page.

import { dataOf } from "./page.mjs";

export const decisionOf = (file) => dataOf(file).decision;

/** The strategies' names in the order in which they stand. */
export const rows = (page) => page.locator(".scroller .comparison tbody tr .name").allTextContents();

export const sortBy = (page, measure) => page.locator(`.scroller .comparison [data-key="sort:${measure}"]`);

export const sorted = (page, measure) =>
  page.locator(".scroller .comparison th", { has: page.locator(`[data-key="sort:${measure}"]`) }).getAttribute("aria-sort");

/** A figure of the table: of a strategy by its number in the data, in a column by its place. */
export const cell = (page, strategy, column) => page.locator(`.scroller .comparison tr[data-strategy="${strategy}"] .figure`).nth(column);

/** Measures by number, in the order in which their columns stand when all are shown. */
export const columnsOf = (reading) => ["items", "times", "effort"].flatMap((group) =>
  reading.measures.flatMap((measure, n) => (measure.group === group ? [n] : [])));

/** Text as a reader has it: without what is only heard and without arrows, and with single blanks. */
export const seen = (locator) => locator.evaluate((element) => {
  const copy = element.cloneNode(true);
  for (const other of copy.querySelectorAll(".heard, .arrow")) other.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
});
