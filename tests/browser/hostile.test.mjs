// Names of ten thousand letters, with markup in them, or reversing what follows: shown, whole if asked for, and obeyed in nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hostilePage, markup } from "./support/hostile.mjs";
import { assertAccessible, assertFits, launch, narrow, pageFile, print, shoot, withPage } from "./support/page.mjs";

let browser, file;
before(async () => {
  browser = await launch();
  file = hostilePage(pageFile("nav.html"));
});
after(() => browser.close());

test("markup in names is text", async () => {
  await withPage(browser, file, {}, async (page) => {
    assert.equal(await page.locator("img, b").count(), 0);
    assert.ok((await page.locator("h1").textContent()).startsWith(markup));
    assert.doesNotMatch(await page.title(), /^broken into/);
    await assertFits(page, "hostile names");
    await shoot(page, "decision-hostile");
  });
});

test("what would turn text around is shown by its number; Norwegian is Norwegian", async () => {
  await withPage(browser, file, {}, async (page) => {
    const text = await page.locator("#report").textContent();
    assert.match(text, /abc⟨U\+202E⟩gpj\.exe/);
    assert.doesNotMatch(text, /[\u202A-\u202E\u2066-\u2069]/);
    assert.match(text, /Ærlige Øystein på Ål, blåbærsyltetøy/);
  });
});

test("a sentence of ten thousand letters is cut, and shown whole at a press", async () => {
  await withPage(browser, file, {}, async (page) => {
    const headline = page.locator("h2").first();
    assert.ok((await headline.textContent()).length < 600);
    await headline.getByRole("button").click();
    assert.ok((await headline.textContent()).length > 10_000);
    await assertFits(page, "the whole sentence");
  });
});

test("a name of ten thousand letters stands whole in its title and beside its runs", async () => {
  await withPage(browser, file, { viewport: narrow }, async (page) => {
    await assertFits(page, "hostile names, narrow");
    const name = page.locator('.scroller .comparison tr[data-strategy="3"] .name');
    assert.equal((await name.getAttribute("title")).length, 10_000);
    await page.locator('.scroller .comparison tr[data-strategy="3"] .figure').first().click();
    assert.equal((await page.locator("dialog .whose").textContent()).length, 10_000);
    await assertFits(page, "the runs of a hostile name");
  });
});

test("every choice still works, on screen and on paper", async () => {
  await withPage(browser, file, {}, async (page) => {
    await page.getByLabel(/^Show all/).check();
    await page.locator('.scroller .comparison [data-key="sort:strategy"]').click();
    await page.getByLabel(/^Differences/).check({ force: true });
    await assertFits(page, "all measures of hostile names");
    await assertAccessible(page, "hostile names");
    assert.ok(await print(page, "decision-hostile") < 40);
  });
});
