// The page that people decide from, with the least and the most that there can be.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { changedPage } from "./support/changed.mjs";
import { cell } from "./support/decision.mjs";
import { assertAccessible, launch, pageFile, withPage } from "./support/page.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("one strategy, one run, nothing to compare: no interval, no difference, no trade-off, and no control without effect", async () => {
  const alone = changedPage(pageFile("nav.html"), ({ decision }) => {
    decision.readings = [decision.readings[0]];
    decision.overall = decision.assumed = [];
    const [reading] = decision.readings;
    reading.seeds = [7];
    reading.trade_offs = [];
    reading.strategies = [reading.strategies[0]];
    reading.strategies[0].checks = [];
    reading.strategies[0].runs = 1;
    for (const measure of reading.measures) measure.main = false;
    for (const cell of reading.strategies[0].cells) {
      cell.by_seed = cell.by_seed.slice(0, 1);
      cell.low = cell.high = null;
      cell.mean = cell.least = cell.most = cell.by_seed[0];
      cell.n = cell.mean === null ? 0 : 1;
      cell.text = cell.mean === null ? "never" : `${cell.mean}`;
    }
  });
  await withPage(browser, alone, {}, async (page) => {
    assert.deepEqual(await page.locator("fieldset legend").allTextContents(), ["Theme", "Measures"]);
    assert.equal(await page.getByLabel(/^Show all/).count(), 0);
    assert.equal(await page.locator(".trade, table.checks, .arrow").count(), 0);
    assert.match(await page.locator(".same").textContent(), /^The same in every run: /);
    await cell(page, 0, 0).click();
    assert.equal(await page.locator("dialog .seeds tbody tr").count(), 1);
    assert.match(await page.locator("dialog .command code").textContent(), / --seed 7$/);
    await assertAccessible(page, "one strategy alone");
  });
});

test("two thousand runs of forty measures: dots are thinned, and that is said; the seeds are shown in parts", async () => {
  const many = changedPage(pageFile("esr.html"), ({ decision, stories, sides }) => {
    stories.length = sides.length = 0;
    const reading = decision.readings[0], runs = 2000;
    reading.seeds = Array.from({ length: runs }, (_, n) => n + 1);
    for (let n = 0; reading.measures.length < 40; ++n) {
      reading.measures.push({ ...reading.measures[n], name: `${reading.measures[n].name}.${n}`, main: true });
      for (const strategy of reading.strategies) strategy.cells.push({ ...strategy.cells[n] });
    }
    for (const strategy of reading.strategies) {
      strategy.runs = runs;
      for (const one of strategy.cells) {
        if (one.mean === null) continue;
        // A run's figure lies within a tenth of the mean: low-discrepancy steps instead of chance, so that each page is the same.
        one.by_seed = reading.seeds.map((seed) => Math.round(one.mean * (0.9 + 0.2 * ((seed * 0.6180339887) % 1))));
        [one.n, one.least, one.most] = [runs, Math.min(...one.by_seed), Math.max(...one.by_seed)];
      }
    }
  });
  await withPage(browser, many, {}, async (page) => {
    await page.locator(".panel").first().scrollIntoViewIfNeeded();
    assert.match(await page.locator(".panel .thinned").first().textContent(), /not each of them is drawn/);
    const dots = await page.locator(".panel").first().locator("path.dots").first().evaluate((path) => path.getAttribute("d").split("M").length - 1);
    assert.ok(dots > 20 && dots < 1000, `${dots} dots for 2000 runs`);
    await cell(page, 1, 0).click();
    assert.equal(await page.locator("dialog .seeds tbody tr").count(), 100);
    await page.getByRole("button", { name: "Show all 2000 runs" }).click();
    assert.equal(await page.locator("dialog .seeds tbody tr").count(), 2000);
  });
});
