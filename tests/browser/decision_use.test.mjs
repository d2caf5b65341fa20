// The page that people decide from, as it is used: sorted, switched, followed to its runs, with a mouse and with a keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cell, decisionOf, rows, seen, sortBy, sorted } from "./support/decision.mjs";
import { dataOf, launch, pageFile, shoot, withPage } from "./support/page.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// Of NAV by operator steps, which are the same under every seed; equals stay in the order of the file.
const file = ["one-more-batch", "stream-first", "pause-not-flag", "guarded-stop", "refuse-to-stop", "replay-at-once", "replay-with-key",
  "overlap-checked", "overlap-blind", "reconcile-4h", "alarm-8h", "right-id-type"];
const upwards = ["stream-first", "refuse-to-stop", "overlap-checked", "overlap-blind", "one-more-batch", "guarded-stop", "reconcile-4h",
  "pause-not-flag", "replay-at-once", "replay-with-key", "alarm-8h", "right-id-type"];
const downwards = ["right-id-type", "pause-not-flag", "replay-at-once", "replay-with-key", "alarm-8h", "one-more-batch", "guarded-stop",
  "reconcile-4h", "stream-first", "refuse-to-stop", "overlap-checked", "overlap-blind"];

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

test("a link that asks for what this report does not have is told so", async () => {
  const hash = "#/decision/0?reading=nobody&sort=-nothing&trade=99&cell=500.1";
  await withPage(browser, pageFile("nav.html"), { hash }, async (page) => {
    assert.deepEqual(await page.getByRole("alert").allTextContents(), [
      'This report has no reading "nobody"; what follows is "as written".',
      'This report has no measure "nothing" to sort by; the strategies stand in the order of the file.',
      "This report has no trade-off number 99.",
      "This report does not have the figure that the address asks for.",
    ]);
    assert.deepEqual(await rows(page), ["as-happened", ...file]);
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
    assert.deepEqual(await page.locator(".front-list > .scroller tbody .name").allTextContents(),
      reading.strategies.flatMap(({ name }, n) => (front.includes(n) ? [name] : [])));
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
