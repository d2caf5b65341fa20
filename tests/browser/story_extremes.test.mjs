// Stories with names that nobody should give, of the other incident, and of a large run.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, dataOf, launch, pageFile, shoot, withPage } from "./support/page.mjs";
import { addressOf, colour, drawn, pixelsOf, settled, storyHash } from "./support/story.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("names with markup, of ten thousand letters or against the direction of reading are text and break nothing", () => {
  const file = pageFile("hostile.html");
  return withPage(browser, file, { hash: "#/story/0", bypassCSP: true }, async (page) => {
    await drawn(page);
    await page.getByTestId("item-search").press("ArrowDown");
    await page.getByTestId("item-search").press("Enter");
    await page.getByTestId("item-story").waitFor();
    for (const id of ["items", "records", "systems"]) await page.locator(`#${id} > summary`).click();
    assert.equal(await page.locator("main img, main script, main b b").count(), 0, "nothing of a name became an element");
    await assertFits(page, "a story with hostile names");
    await assertAccessible(page, "a story with hostile names");
    const longest = Math.max(...dataOf(file).stories[0].marks.map(({ text }) => text.length));
    assert.ok(longest >= 10_000, "the page under test has a text of ten thousand letters");
    const folded = page.locator(".timeline .long").first();
    assert.ok((await folded.boundingBox()).height < 200, "a long sentence is folded");
    await folded.locator("summary").click();
    assert.ok((await folded.textContent()).length >= longest, "and whole when it is opened");
    await shoot(page, "story-hostile");
  });
});

test("ESR: an export that met WriteConflict (112) is followed", async () => {
  const file = pageFile("esr.html");
  await withPage(browser, file, { hash: storyHash(file, "item=export+2") }, async (page) => {
    await drawn(page);
    const records = page.getByTestId("item-records");
    assert.match(await records.textContent(), /exporter meets WriteConflict \(112\) with it/);
    assert.match(await records.locator("li.bad").first().textContent(), /WriteConflict|undoes/);
    assert.equal(await page.getByTestId("item-fate").textContent(), "lost");
    const bad = await page.getByTestId("sequence").locator("g.message.bad").allTextContents();
    assert.ok(bad.some((text) => text.includes("WriteConflict (112)")), bad.join());
    assert.ok(await pixelsOf(page, await colour(page, "tone-nobody"), 0.6) > 0, "its thread is red");
    await shoot(page, "story-esr");
  });
});

test("a run of a million events is painted within two seconds, and zooms", { skip: !existsSync(join(process.env.PREMORTEM_PAGES ?? "", "million.html")) && "million.html is not among the pages" }, () =>
  withPage(browser, pageFile("million.html"), { hash: "#/story/0" }, async (page) => {
    await drawn(page);
    const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    assert.ok(painted < 2000, `first paint after ${painted} ms`);
    await page.locator(".run-chart").focus();
    await page.keyboard.press("Home");
    await settled(page);
    const whole = await addressOf(page), took = [];
    for (let n = 0; n < 6; ++n) {
      await page.keyboard.press("+");
      await settled(page);
      took.push(Number(await page.getByTestId("lanes").getAttribute("data-draw-ms")));
    }
    assert.notEqual(await addressOf(page), whole);
    assert.ok(Math.min(...took) < 100, `the quickest of the redraws took ${Math.min(...took)} ms`);
    await shoot(page, "story-million");
  }));
