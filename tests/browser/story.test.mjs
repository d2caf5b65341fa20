// The story page of NAV's incident: spans of time and what they hold. The literal endings are those of the scenario file.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, dataOf, launch, narrow, print, shoot } from "./support/page.mjs";
import { addressOf, asHappened, colour, drawn, nav, onNav, pixelsOf, settled, showSpan, spanOf, summary } from "./support/story.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("a span that is typed is shown, counted and kept in the address", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const said = await summary(page);
  assert.match(said, /^2020-01-27 11:00 to 14:00: /);
  assert.match(said, /\b182 go red \(held by nobody\)/);
  assert.match(said, /\b0 become overdue/);
  assert.match(said, /\b182 items are unfinished at its end/);
  assert.match(await addressOf(page), /from=1580119200000000&to=1580130000000000/);
  await shoot(page, "story-span");
}));

test("the sentence about a span agrees with the data of the page", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-27 00:00", "2020-02-15 00:00");
  const story = dataOf(nav()).stories[asHappened(nav())], arrived = story.fate_rows.reduce((sum, row) => sum + row.arrived, 0);
  assert.match((await summary(page)).replaceAll("\u202f", ""), new RegExp(`: ${arrived} items arrive, 182 go red`));
}));

test("182 threads are red after 13:00 and none is before", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const red = await colour(page, "tone-nobody");
  const threads = [0, 0.4];
  assert.equal(await pixelsOf(page, red, 0.6, threads), 0, "at 12:48 nothing is red");
  const after = await pixelsOf(page, red, 0.72, threads), late = await pixelsOf(page, red, 0.95, threads);
  assert.ok(after > 60, `at 13:10 ${after} pixels are red`);
  assert.ok(late > after, `more at 13:51 (${late}) than at 13:10 (${after})`);
}));

test("a brush over the axis chooses a span, Home shows the whole run again", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 15:00");
  await page.locator(".run-chart").scrollIntoViewIfNeeded();
  const box = await page.getByTestId("axis").boundingBox();
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height - 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height - 10, { steps: 5 });
  await page.mouse.up();
  await settled(page);
  assert.match(await summary(page), /^2020-01-27 (12:00|11:59)[:\d]* to (13:00|12:59)/);
  await page.locator(".run-chart").focus();
  await page.keyboard.press("Home");
  await settled(page);
  assert.match(await summary(page), /^2020-01-27 00:00 to 2020-02-15 00:00: /);
}));

test("keys zoom and move, the decisive moment is one key away", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-28 10:00", "2020-01-28 14:00");
  const start = await spanOf(page);
  await page.locator(".run-chart").focus();
  await page.keyboard.press("+");
  await settled(page);
  const closer = await spanOf(page);
  assert.ok(closer.length < start.length * 0.7 && closer.from > start.from && closer.to < start.to);
  await page.keyboard.press("ArrowRight");
  await settled(page);
  const later = await spanOf(page);
  assert.ok(later.from > closer.from && Math.abs(later.length - closer.length) < 10);
  await page.keyboard.press("-");
  await settled(page);
  assert.ok((await spanOf(page)).length > later.length * 1.5);
  await page.keyboard.press("d");
  await settled(page);
  const decisive = await spanOf(page), at = dataOf(nav()).stories[asHappened(nav())].decisive;
  assert.ok(decisive.from < at && at < decisive.to);
  assert.match(await summary(page), /182 go red/);
}));

test("a wheel zooms with Ctrl, and without it only once the chart has the focus", () => onNav(browser, {}, async (page) => {
  const top = () => page.evaluate(() => document.querySelector(".run-chart").scrollIntoView({ block: "start" }));
  await top();
  const box = await page.getByTestId("lanes").boundingBox(), before = await addressOf(page);
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  await page.mouse.wheel(0, 60);
  await settled(page);
  assert.equal(await addressOf(page), before, "the page scrolls, the chart stays");
  await top();
  const again = await page.getByTestId("lanes").boundingBox();
  await page.mouse.move(again.x + again.width / 2, again.y + 100);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await settled(page);
  const closer = await addressOf(page);
  assert.notEqual(closer, before);
  await page.locator(".run-chart").focus();
  await page.mouse.wheel(0, -200);
  await settled(page);
  assert.notEqual(await addressOf(page), closer);
}));

test("a drag moves the span, two fingers narrow it", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-28 08:00", "2020-01-28 12:00");
  await page.evaluate(() => document.querySelector(".run-chart").scrollIntoView({ block: "start" }));
  const box = await page.getByTestId("lanes").boundingBox(), y = box.y + 150;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.25, y, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  assert.match(await summary(page), /^2020-01-28 (09:00|08:59)[:\d]* to (13:00|12:59)/);
  const touch = await page.context().newCDPSession(page);
  const fingers = (type, ...shares) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: shares.map((share, id) => ({ x: box.x + box.width * share, y, id })) });
  await fingers("touchStart", 0.4, 0.6);
  await fingers("touchMove", 0.35, 0.65);
  await fingers("touchMove", 0.3, 0.7);
  await fingers("touchEnd");
  await settled(page);
  const { from, to } = await spanOf(page);
  assert.ok(Math.abs((to - from) / 3600e6 - 2) < 0.1, `two hours are left, not ${(to - from) / 3600e6}`);
}));

test("on the strip of the whole run the window is dragged, and a click beside it brings it there", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-30 00:00", "2020-02-02 00:00");
  const box = await page.getByTestId("overview").boundingBox(), y = box.y + 20, begins = Date.UTC(2020, 0, 26, 23) * 1000, day = 86400e6;
  const at = (instant) => box.x + ((instant - begins) / (19 * day)) * box.width;
  await page.mouse.move(at(begins + 4.5 * day), y);
  await page.mouse.down();
  await page.mouse.move(at(begins + 7.5 * day), y, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  const dragged = await spanOf(page);
  assert.ok(Math.abs(dragged.from - (begins + 6 * day)) < day / 10, "three days later");
  assert.equal(Math.round(dragged.length / 1e6), 3 * 86400, "and as long as before");
  await page.mouse.click(at(begins + 16 * day), y);
  await settled(page);
  const { from, to } = await spanOf(page);
  assert.ok(Math.abs((from + to) / 2 - (begins + 16 * day)) < day / 10);
}));

test("another run of the report is chosen from the list", () => onNav(browser, {}, async (page) => {
  const { stories } = dataOf(nav()), other = stories.findIndex(({ strategy }) => strategy === "one-more-batch");
  await page.getByTestId("story-picker").selectOption(String(other));
  await page.getByRole("heading", { name: "one-more-batch, seed 1" }).waitFor();
  await drawn(page);
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  assert.match(await summary(page), /\b0 go red/);
  assert.match(await addressOf(page), new RegExp(`^#/story/${other}\\?`));
}));

test("what is typed wrongly is refused with a reason", () => onNav(browser, {}, async (page) => {
  const before = await summary(page);
  await showSpan(page, "yesterday", "2020-01-27 14:00");
  assert.match(await page.getByRole("alert").textContent(), /"yesterday" is no instant/);
  await showSpan(page, "2020-01-27 14:00", "2020-01-27 11:00");
  assert.match(await page.getByRole("alert").textContent(), /ends before it begins/);
  await showSpan(page, "2020-02-30 14:00", "2020-03-01 11:00");
  assert.match(await page.getByRole("alert").textContent(), /is no instant/);
  await showSpan(page, "2021-01-27 11:00", "2021-01-27 14:00");
  assert.match(await page.getByRole("alert").textContent(), /lies outside/);
  assert.equal(await summary(page), before);
}));

test("in the dark theme the chart is drawn in its colours", () => onNav(browser, { theme: "dark" }, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const red = await colour(page, "tone-nobody");
  assert.ok(await pixelsOf(page, red, 0.95, [0, 0.4]) > 60);
  await page.evaluate(() => { document.documentElement.dataset.theme = "light"; });
  await settled(page);
  assert.notDeepEqual(await colour(page, "tone-nobody"), red, "the roles change with the theme");
  assert.ok(await pixelsOf(page, await colour(page, "tone-nobody"), 0.95, [0, 0.4]) > 60, "and the chart with the roles");
}));

for (const theme of ["light", "dark"])
  test(`everybody can use the story (${theme})`, () => onNav(browser, { theme, bypassCSP: true, query: "item=467991431" }, async (page) => {
    await page.locator("#items > summary").click();
    await page.locator("#records > summary").click();
    await assertAccessible(page, `the story in the ${theme} theme`);
    await shoot(page, `story-${theme}`);
  }));

test("it fits a narrow screen", () => onNav(browser, { viewport: narrow, query: "item=467991431" }, async (page) => {
  await assertFits(page, "the story");
  await shoot(page, "story-narrow");
}));

test("it prints", () => onNav(browser, { theme: "dark", query: "item=467991431" }, async (page) => {
  const pages = await print(page, "story");
  assert.ok(pages >= 2 && pages <= 14, `${pages} pages`);
}));
