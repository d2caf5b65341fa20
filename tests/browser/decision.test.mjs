// The page that people decide from, as it is read: its figures are the program's, its colours say what they say, in the light, in
// the dark, on paper and on a narrow screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cell, columnsOf, decisionOf } from "./support/decision.mjs";
import { assertAccessible, assertFits, launch, narrow, pageFile, print, shoot, withPage } from "./support/page.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const name of ["nav.html", "esr.html"]) {
  test(`${name}: the verdict stands on top in one sentence, and what it rests on below`, async () => {
    const path = pageFile(name), decision = decisionOf(path);
    await withPage(browser, path, {}, async (page) => {
      assert.equal(await page.locator("h2").first().textContent(), decision.headline);
      for (const sentence of [...decision.overall, ...decision.assumed, ...decision.readings[0].summary])
        assert.ok((await page.locator(".sentence").allTextContents()).includes(sentence), `"${sentence}" is not said`);
      await shoot(page, `decision-${name.replace(".html", "")}-light`);
      await assertFits(page, name);
    });
  });

  test(`${name}: every figure of the table is the program's`, async () => {
    const path = pageFile(name), reading = decisionOf(path).readings[0];
    await withPage(browser, path, { hash: "#/decision/0?measures=all" }, async (page) => {
      const shown = await page.locator(".scroller .comparison tbody tr").evaluateAll((trs) => trs.map((tr) =>
        Array.from(tr.querySelectorAll(".figure"), (figure) => {
          const copy = figure.cloneNode(true);
          for (const other of copy.querySelectorAll(".heard, .arrow")) other.remove();
          return copy.textContent.trim();
        })));
      const order = columnsOf(reading);
      assert.equal(order.length, reading.measures.length);
      assert.deepEqual(shown, reading.strategies.map((strategy) => order.map((n) => strategy.cells[n].text)));
    });
  });

  test(`${name}: only what is shown to differ from the baseline is coloured, and words and arrows say the same`, async () => {
    const path = pageFile(name), reading = decisionOf(path).readings[0];
    await withPage(browser, path, { hash: "#/decision/0?measures=all&as=differences" }, async (page) => {
      const colours = await page.evaluate(() => {
        const probe = document.createElement("p");
        document.body.append(probe);
        const of = (role) => { probe.style.color = `var(${role})`; return getComputedStyle(probe).color; };
        const all = { better: of("--better"), worse: of("--worse") };
        probe.remove();
        return all;
      });
      const order = columnsOf(reading);
      const shown = await page.locator(".scroller .comparison tbody tr").evaluateAll((trs) => {
        const text = (figure, what) => figure.querySelector(what)?.textContent.trim() ?? "";
        return trs.map((tr) => Array.from(tr.querySelectorAll(".figure"), (figure) =>
          ({ colour: getComputedStyle(figure).color, arrow: text(figure, ".arrow"), word: text(figure, "em") })));
      });
      const counted = { better: 0, worse: 0, none: 0 };
      reading.strategies.forEach((strategy, row) => order.forEach((n, column) => {
        const { difference } = strategy.cells[n], { colour, arrow, word } = shown[row][column];
        const differs = difference === "higher" || difference === "lower";
        const sense = !differs ? "" : (difference === "higher") === reading.measures[n].bad ? "worse" : "better";
        const what = `${strategy.name}, ${reading.measures[n].name}: ${difference}`;
        assert.equal(arrow, { higher: "▲", lower: "▼" }[difference] ?? "", what);
        assert.equal(word, sense, what);
        assert.equal(colour === colours.better, sense === "better", what);
        assert.equal(colour === colours.worse, sense === "worse", what);
        counted[sense || "none"]++;
      }));
      assert.ok(counted.better > 0 && counted.none > 0, "both kinds have to occur, or nothing was compared");
    });
  });

  for (const theme of ["light", "dark"]) {
    test(`${name}: usable by everybody, ${theme}`, async () => {
      await withPage(browser, pageFile(name), { theme }, async (page) => {
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
        await assertAccessible(page, `${name}, ${theme}`);
        for (const summary of await page.locator("details.behind summary").all()) await summary.click();
        await cell(page, 1, 0).click();
        await assertAccessible(page, `${name}, ${theme}, with the runs behind a figure`);
      });
    });
  }

  test(`${name}: on paper`, async () => {
    const path = pageFile(name), reading = decisionOf(path).readings[0];
    await withPage(browser, path, { theme: "dark" }, async (page) => {
      const pages = await print(page, `decision-${name.replace(".html", "")}`);
      assert.ok(pages >= 2 && pages <= 10, `${pages} pages`);
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
      for (const control of ["button", "select", "input", ".tabs"])
        for (const one of await page.locator(control).all()) {
          const drawn = await one.isVisible() && await one.evaluate((element) => getComputedStyle(element).opacity !== "0");
          assert.equal(drawn, false, `${control} on paper`);
        }
      const drawn = await page.locator("svg.strips").evaluateAll((all) => all.map((svg) => svg.querySelectorAll(".mean").length));
      assert.ok(drawn.length > 2 && drawn.every((means) => means > 0), "charts out of sight are drawn as well");
      assert.equal(await page.locator(".on-paper tbody th").first().textContent(), `${reading.strategies[0].name}baseline`);
    });
  });

  test(`${name}: on a narrow screen nothing sticks out`, async () => {
    await withPage(browser, pageFile(name), { viewport: narrow }, async (page) => {
      await assertFits(page, name);
      await shoot(page, `decision-${name.replace(".html", "")}-narrow`);
      await cell(page, 1, 0).click();
      const box = await page.locator("dialog").boundingBox();
      assert.deepEqual([box.x, box.width], [0, narrow.width]);
    });
  });
}
