// The page that people decide from, used as its readers use it: with a mouse, with a keyboard, in the dark, on paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { changedPage } from "./support/changed.mjs";
import { assertAccessible, assertFits, dataOf, launch, narrow, pageFile, print, shoot, withPage } from "./support/page.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const decisionOf = (file) => dataOf(file).decision;
const rows = (page) => page.locator(".comparison tbody tr .name").allTextContents();
const sortBy = (page, measure) => page.locator(`.scroller .comparison [data-key="sort:${measure}"]`);
const sorted = (page, measure) => page.locator(".scroller .comparison th", { has: page.locator(`[data-key="sort:${measure}"]`) }).getAttribute("aria-sort");
const cell = (page, strategy, column) => page.locator(`.scroller .comparison tr[data-strategy="${strategy}"] .figure`).nth(column);

/** Text as a reader has it: without what is only heard, and with single blanks. */
const seen = (locator) => locator.evaluate((element) => {
  const copy = element.cloneNode(true);
  for (const heard of copy.querySelectorAll(".heard")) heard.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
});

// Of NAV by operator steps, which are the same under every seed; equals stay in the order of the file.
const file = ["one-more-batch", "stream-first", "pause-not-flag", "guarded-stop", "refuse-to-stop", "replay-at-once", "replay-with-key",
  "overlap-checked", "overlap-blind", "reconcile-4h", "alarm-8h", "right-id-type"];
const upwards = ["stream-first", "refuse-to-stop", "overlap-checked", "overlap-blind", "one-more-batch", "guarded-stop", "reconcile-4h",
  "pause-not-flag", "replay-at-once", "replay-with-key", "alarm-8h", "right-id-type"];
const downwards = ["right-id-type", "pause-not-flag", "replay-at-once", "replay-with-key", "alarm-8h", "one-more-batch", "guarded-stop",
  "reconcile-4h", "stream-first", "refuse-to-stop", "overlap-checked", "overlap-blind"];

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
      const order = ["items", "times", "effort"].flatMap((group) => reading.measures.flatMap((measure, n) => (measure.group === group ? [n] : [])));
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
      const order = ["items", "times", "effort"].flatMap((group) => reading.measures.flatMap((measure, n) => (measure.group === group ? [n] : [])));
      const shown = await page.locator(".scroller .comparison tbody tr").evaluateAll((trs) => trs.map((tr) => Array.from(tr.querySelectorAll(".figure"), (figure) =>
        ({ colour: getComputedStyle(figure).color, arrow: figure.querySelector(".arrow")?.textContent.trim() ?? "", word: figure.querySelector("em")?.textContent.trim() ?? "" }))));
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
        for (const one of await page.locator(control).all()) assert.equal(await one.isVisible() && await one.evaluate((e) => getComputedStyle(e).opacity !== "0"), false, `${control} on paper`);
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

test("columns sort by a press, in both directions and back; the baseline stays on top", async () => {
  await withPage(browser, pageFile("nav.html"), {}, async (page) => {
    assert.deepEqual(await rows(page), ["as-happened", ...file]);
    assert.equal(await sorted(page, "operator-steps"), "none");
    await sortBy(page, "operator-steps").click();
    assert.deepEqual(await rows(page), ["as-happened", ...upwards]);
    assert.equal(await sorted(page, "operator-steps"), "ascending");
    await sortBy(page, "operator-steps").click();
    assert.deepEqual(await rows(page), ["as-happened", ...downwards]);
    assert.equal(await sorted(page, "operator-steps"), "descending");
    assert.match(page.url(), /sort=-operator-steps/);
    await sortBy(page, "operator-steps").click();
    assert.deepEqual(await rows(page), ["as-happened", ...file]);
  });
});

test("columns sort by the keyboard, which stays where it was; charts and checks follow", async () => {
  await withPage(browser, pageFile("nav.html"), {}, async (page) => {
    await sortBy(page, "operator-steps").focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(await rows(page), ["as-happened", ...upwards]);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.key), "sort:operator-steps");
    await page.keyboard.press("Space");
    assert.deepEqual(await rows(page), ["as-happened", ...downwards]);
    assert.deepEqual(await page.locator(".panel").first().locator(".row-names .name").allTextContents(), ["as-happened", ...downwards]);
    assert.deepEqual(await page.locator("table.checks tbody th .name").allTextContents(), ["as-happened", ...downwards]);
  });
});

test("what never happened comes last in both directions", async () => {
  await withPage(browser, pageFile("nav.html"), {}, async (page) => {
    for (const direction of ["ascending", "descending"]) {
      await sortBy(page, "detection").click();
      assert.equal(await sorted(page, "detection"), direction);
      assert.deepEqual((await rows(page)).slice(0, 3), ["as-happened", "right-id-type", "one-more-batch"]);
    }
  });
});

test("a link with a choice in it shows that choice", async () => {
  await withPage(browser, pageFile("nav.html"), { hash: "#/decision/0?sort=-operator-steps&measures=all&without=times" }, async (page) => {
    assert.deepEqual(await rows(page), ["as-happened", ...downwards]);
    assert.deepEqual(await page.locator(".scroller .comparison th.group").allTextContents(), ["Items", "Effort"]);
  });
});

test("the runs behind a figure open with Enter, give the command of any seed, and close with Escape", async () => {
  const path = pageFile("nav.html"), reading = decisionOf(path).readings[0];
  await withPage(browser, path, {}, async (page) => {
    const steps = reading.measures.findIndex((measure) => measure.name === "operator-steps"), strategy = reading.strategies[2];
    const figure = page.locator('.scroller .comparison tr[data-strategy="2"] .figure').last();
    // From the first figure by the arrow keys alone, as a reader without a mouse would.
    await cell(page, 0, 0).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    assert.ok(await figure.evaluate((element) => element === document.activeElement));
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: reading.measures[steps].heading });
    assert.equal(await dialog.locator(".whose").textContent(), strategy.name);
    assert.equal(await seen(dialog.locator(".large")), strategy.cells[steps].text);
    assert.equal(await dialog.locator(".command code").textContent(), `${strategy.command} --seed ${reading.seeds[0]}`);
    const values = await dialog.locator(".seeds tbody tr").evaluateAll((trs) => trs.map((tr) => Array.from(tr.cells, (td) => td.textContent)));
    assert.deepEqual(values[0].slice(0, 4), [String(reading.seeds[0]), "3", "6", "-3"]);
    assert.equal(values.length, Math.min(100, reading.seeds.length));
    await dialog.getByRole("button", { name: String(reading.seeds[1]), exact: true }).first().click();
    assert.equal(await dialog.locator(".command code").textContent(), `${strategy.command} --seed ${reading.seeds[1]}`);
    assert.match(page.url(), new RegExp(`cell=2\\.${steps}$`));
    await page.keyboard.press("Escape");
    assert.equal(await dialog.count(), 0);
    assert.ok(await figure.evaluate((element) => element === document.activeElement));
    assert.doesNotMatch(page.url(), /cell=/);
  });
});

test("the command is copied as it is", async () => {
  await withPage(browser, pageFile("nav.html"), { hash: "#/decision/0?cell=0.0" }, async (page) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const dialog = page.locator("dialog");
    await dialog.getByRole("button", { name: "Copy" }).click();
    await dialog.getByRole("status").filter({ hasText: "Copied" }).waitFor({ state: "attached" });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await dialog.locator(".command code").textContent());
    assert.equal(await page.evaluate(() => getSelection().toString()), await dialog.locator(".command code").textContent());
  });
});

test("a figure of a chart leads to its runs as well", async () => {
  const path = pageFile("esr.html"), reading = decisionOf(path).readings[0];
  await withPage(browser, path, {}, async (page) => {
    const panel = page.locator(".panel").first(), measure = await panel.getAttribute("data-measure");
    await panel.locator(".row-values .figure").nth(1).click();
    assert.equal(await page.locator("dialog .whose").textContent(), reading.strategies[1].name);
    assert.equal(await page.locator("dialog h2").textContent(), reading.measures.find((one) => one.name === measure).heading);
  });
});

test("another reading: its figures, its sentences, and its name in the address", async () => {
  const path = pageFile("nav.html"), decision = decisionOf(path);
  assert.ok(decision.readings.length > 1, "NAV has two readings");
  await withPage(browser, path, {}, async (page) => {
    await page.getByLabel(decision.readings[1].name).check({ force: true });
    for (const sentence of decision.readings[1].summary) assert.ok((await page.locator(".reading .sentence").allTextContents()).includes(sentence), sentence);
    assert.equal(new URLSearchParams(page.url().split("?")[1]).get("reading"), decision.readings[1].name);
    assert.equal(await page.evaluate(() => document.activeElement.checked), true);
    await page.reload();
    assert.ok(await page.getByLabel(decision.readings[1].name).isChecked());
    const first = decision.readings[1].strategies[0], main = decision.readings[1].measures.findIndex((measure) => measure.main && measure.group === "items");
    assert.equal(await seen(cell(page, 0, 0)), first.cells[main].text);
  });
});

test("measures are chosen by group, or all of them", async () => {
  const path = pageFile("esr.html"), { measures } = decisionOf(path).readings[0];
  await withPage(browser, path, {}, async (page) => {
    const columns = () => page.locator(".scroller .comparison tr.second th").count();
    assert.equal(await columns(), measures.filter((measure) => measure.main).length);
    await page.getByLabel(/^Show all/).check();
    assert.equal(await columns(), measures.length);
    await page.getByLabel(/^Items/).uncheck();
    assert.equal(await columns(), measures.filter((measure) => measure.group !== "items").length);
  });
});

test("the front of a trade-off is marked by rings, a line and words", async () => {
  const path = pageFile("esr.html"), reading = decisionOf(path).readings[0];
  assert.ok(reading.trade_offs.length > 0);
  await withPage(browser, path, { hash: `#/decision/0?trade=${reading.trade_offs.length - 1}` }, async (page) => {
    const { x, y, front } = reading.trade_offs.at(-1);
    assert.equal(await page.locator(".scatter .ring").count(), front.length);
    assert.equal(await page.locator(".scatter .stairs").count(), 1);
    assert.deepEqual(await page.locator(".front-list > .scroller tbody .name").allTextContents(), reading.strategies.flatMap(({ name }, n) => (front.includes(n) ? [name] : [])));
    const drawn = reading.strategies.filter(({ cells }) => cells[x].mean !== null && cells[y].mean !== null);
    assert.equal(await page.locator(".scatter .dot").count(), drawn.length);
  });
});

test("the theme is the system's until another is chosen", async () => {
  await withPage(browser, pageFile("nav.html"), { theme: "dark" }, async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await shoot(page, "decision-nav-dark");
    await page.getByLabel("Light").check({ force: true });
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await page.getByLabel("Auto").check({ force: true });
    assert.equal(await ground(), dark);
    assert.notEqual(dark, "rgb(255, 255, 255)");
  });
});

test("counts of a check lead to a command and, where there is one, to a story", async () => {
  const path = pageFile("nav.html"), report = dataOf(path), reading = report.decision.readings[0];
  await withPage(browser, path, {}, async (page) => {
    await page.locator("table.checks .figure").first().click();
    const check = reading.strategies[0].checks[0];
    const dialog = page.getByRole("dialog", { name: check.name });
    assert.deepEqual(await dialog.locator(".facts dd").allTextContents(),
      [check.held, check.broken, check.not_exercised, check.as_expected].map((n) => `${n} of ${reading.strategies[0].runs} runs`));
    assert.equal(await dialog.locator(".command code").textContent(), `${reading.strategies[0].command} --seed ${reading.seeds[0]}`);
    const story = report.stories.findIndex((one) => one.strategy === reading.strategies[0].name && one.reading === reading.name);
    assert.equal(await dialog.locator('a[href^="#/story"]').count(), story >= 0 ? 1 : 0);
    if (story < 0) return;
    await dialog.locator('a[href^="#/story"]').click();
    await page.waitForFunction(() => document.querySelector(".tabs [aria-current]")?.textContent.startsWith("Stor"));
    assert.equal(await page.locator("dialog").count(), 0);
    await page.goBack();
    await page.getByRole("dialog", { name: check.name }).waitFor();
  });
});

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
