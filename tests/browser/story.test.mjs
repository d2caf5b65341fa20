// The story page of NAV's incident, used as a reader would: the literal endings are those of the scenario file.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, dataOf, launch, narrow, pageFile, print, shoot, withPage } from "./support/page.mjs";
import { addressOf, colour, drawn, pixelsOf, settled, showSpan, summary } from "./support/story.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const nav = () => pageFile("nav.html");
/** The number of the run as it happened, as written: a report may hold stories of other strategies too. */
function asHappened(file) {
  const { stories } = dataOf(file);
  const number = stories.findIndex((story) => story.strategy === "as-happened" && /^(as written)?$/.test(story.reading));
  assert.ok(number >= 0, `${file} tells no run as it happened`);
  return number;
}
const storyHash = (file, query = "") => `#/story/${asHappened(file)}${query && `?${query}`}`;

const onNav = (options, use) => withPage(browser, nav(), { ...options, hash: storyHash(nav(), options.query) }, async (page) => {
  await drawn(page);
  await use(page);
});

test("a span that is typed is shown, counted and kept in the address", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const said = await summary(page);
  assert.match(said, /^2020-01-27 11:00 to 14:00: /);
  assert.match(said, /\b182 go red \(held by nobody\)/);
  assert.match(said, /\b0 become overdue/);
  assert.match(said, /\b182 items are unfinished at its end/);
  assert.match(await addressOf(page), /from=1580119200000000&to=1580130000000000/);
  await shoot(page, "story-span");
}));

test("the sentence about a span agrees with the data of the page", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-27 00:00", "2020-02-15 00:00");
  const story = dataOf(nav()).stories[asHappened(nav())], arrived = story.fate_rows.reduce((sum, row) => sum + row.arrived, 0);
  assert.match((await summary(page)).replaceAll("\u202f", ""), new RegExp(`: ${arrived} items arrive, 182 go red`));
}));

test("182 threads are red after 13:00 and none is before", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const red = await colour(page, "tone-nobody");
  const threads = [0, 0.4];
  assert.equal(await pixelsOf(page, red, 0.6, threads), 0, "at 12:48 nothing is red");
  const after = await pixelsOf(page, red, 0.72, threads), late = await pixelsOf(page, red, 0.95, threads);
  assert.ok(after > 60, `at 13:10 ${after} pixels are red`);
  assert.ok(late > after, `more at 13:51 (${late}) than at 13:10 (${after})`);
}));

test("a brush over the axis chooses a span, Home shows the whole run again", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 15:00");
  await page.locator(".chart").scrollIntoViewIfNeeded();
  const box = await page.getByTestId("axis").boundingBox();
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height - 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height - 10, { steps: 5 });
  await page.mouse.up();
  await settled(page);
  assert.match(await summary(page), /^2020-01-27 (12:00|11:59)[:\d]* to (13:00|12:59)/);
  await page.locator(".chart").focus();
  await page.keyboard.press("Home");
  await settled(page);
  assert.match(await summary(page), /^2020-01-27 00:00 to 2020-02-15 00:00: /);
}));

test("keys zoom and move, the decisive moment is one key away", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-28 10:00", "2020-01-28 14:00");
  const length = async () => { const [from, to] = /from=(-?\d+)&to=(\d+)/.exec(await addressOf(page)).slice(1).map(Number); return { from, to, span: to - from }; };
  const start = await length();
  await page.locator(".chart").focus();
  await page.keyboard.press("+");
  await settled(page);
  const closer = await length();
  assert.ok(closer.span < start.span * 0.7 && closer.from > start.from && closer.to < start.to);
  await page.keyboard.press("ArrowRight");
  await settled(page);
  const later = await length();
  assert.ok(later.from > closer.from && Math.abs(later.span - closer.span) < 10);
  await page.keyboard.press("-");
  await settled(page);
  assert.ok((await length()).span > later.span * 1.5);
  await page.keyboard.press("d");
  await settled(page);
  const decisive = await length(), at = dataOf(nav()).stories[asHappened(nav())].decisive;
  assert.ok(decisive.from < at && at < decisive.to);
  assert.match(await summary(page), /182 go red/);
}));

test("a wheel zooms with Ctrl, and without it only once the chart has the focus", () => onNav({}, async (page) => {
  const top = () => page.evaluate(() => document.querySelector(".chart").scrollIntoView({ block: "start" }));
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
  await page.locator(".chart").focus();
  await page.mouse.wheel(0, -200);
  await settled(page);
  assert.notEqual(await addressOf(page), closer);
}));

test("a drag moves the span, two fingers narrow it", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-28 08:00", "2020-01-28 12:00");
  await page.evaluate(() => document.querySelector(".chart").scrollIntoView({ block: "start" }));
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
  const [from, to] = /from=(-?\d+)&to=(\d+)/.exec(await addressOf(page)).slice(1).map(Number);
  assert.ok(Math.abs((to - from) / 3600e6 - 2) < 0.1, `two hours are left, not ${(to - from) / 3600e6}`);
}));

test("what is typed wrongly is refused with a reason", () => onNav({}, async (page) => {
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

test("application 467991431 is followed from its arrival to the replay of 14 February", () => onNav({}, async (page) => {
  const box = page.getByTestId("item-search");
  await box.fill("467991431");
  await box.press("Enter");
  const story = page.getByTestId("item-story");
  await story.waitFor();
  const text = (await story.textContent()).replace(/\s+/g, " ");
  assert.match(text, /application 467991431/);
  assert.match(text, /arrives 2020-01-27 11:01:59/);
  assert.match(text, /finishes 2020-02-14 13:44:\d\d, 18 d 2 h later/);
  assert.equal(await page.getByTestId("item-fate").textContent(), "late");
  const states = await page.getByTestId("item-states").textContent();
  assert.match(states, /under way for 1 h 58 min, from 2020-01-27 11:01:59 to 2020-01-27 13:00:00/);
  assert.match(states, /held by nobody for 22 h 1 min, from 2020-01-27 13:00:00 to 2020-01-28 11:01:59/);
  assert.match(states, /overdue and held by nobody for 17 d 2 h, from 2020-01-28 11:01:59 to 2020-02-14 13:44/);
  assert.match(states, /finished late at 2020-02-14 13:44/);
  const records = (await page.getByTestId("item-records").textContent()).replace(/\s+/g, " ");
  assert.match(records, /11:02:00 mottak marks it "left to BRUT"/);
  assert.match(records, /2020-01-27 13:00:00 nobody holds it any more/);
  assert.match(records, /2020-02-14 13:44:\d\d mottak reads it/);
  assert.match(records, /2020-02-14 13:44:\d\d it finishes/i);
  assert.match(await story.textContent(), /premortem why \S*nav-brut-cutover\.jsonc 'application 467991431'/);
  await settled(page);
  assert.match(await addressOf(page), /item=application\+467991431/);
  await page.getByTestId("item-span").click();
  await settled(page);
  await shoot(page, "story-item");
  await page.getByRole("button", { name: "late →" }).click();
  await page.getByRole("heading", { name: "application 467991432" }).waitFor();
}));

test("an address that names an item opens it; one that does not exist is said", async () => {
  await onNav({ query: "item=467991431" }, async (page) => {
    await page.getByRole("heading", { name: "application 467991431" }).waitFor();
    assert.match(await summary(page), /^2020-01-27 .* to 2020-02-1[45]/);
  });
  await onNav({ query: "item=application+7" }, async (page) => {
    assert.match(await page.getByRole("alert").first().textContent(), /no item "application 7"/);
  });
});

test("the search offers those that ended badly first", () => onNav({}, async (page) => {
  await page.getByTestId("item-search").click();
  const offered = await page.locator(".found li").allTextContents();
  assert.ok(offered.filter((text) => /late$/.test(text)).length === 10, offered.join());
}));

test("the sequence view shows the way of one item: mottak publishes to packets, the finaliser reads", () => onNav({ query: "item=467991431" }, async (page) => {
  const view = page.getByTestId("sequence");
  await view.waitFor();
  const names = await view.locator(".participant-name").allTextContents();
  for (const name of ["joark", "mottak", "packets", "finaliser"]) assert.ok(names.includes(name), names.join());
  const mottakToPackets = await view.evaluate((svg) => {
    const x = (name) => Number([...svg.querySelectorAll(".participant-name")].find((one) => one.textContent === name).getAttribute("x"));
    return [...svg.querySelectorAll("line.arrow")].some((line) => Number(line.getAttribute("x1")) === x("mottak") && Math.abs(Number(line.getAttribute("x2")) - x("packets")) < 12);
  });
  assert.ok(mottakToPackets, "an arrow leads from mottak to packets");
}));

test("too many messages are not drawn, and it is said how many are left", () => onNav({}, async (page) => {
  await showSpan(page, "2020-01-27 00:00", "2020-02-15 00:00");
  assert.match((await page.getByTestId("sequence-said").textContent()).replaceAll("\u202f", ""), /200 rows, \d+ more: narrow the span/);
  assert.equal(await page.locator("g.message").count(), 200);
}));

test("the table of items filters, sorts and follows", () => onNav({}, async (page) => {
  await page.locator("#items > summary").click();
  await page.getByTestId("fate-filter").selectOption({ label: "late" });
  await page.locator("#items").getByText("1 to 50 of 182 items").waitFor();
  await page.locator("#items").getByRole("button", { name: "takes" }).click();
  const first = page.locator("#items tbody tr").first();
  const shortest = await first.textContent();
  await page.locator("#items").getByRole("button", { name: "takes" }).click();
  assert.equal(await page.locator('#items th[aria-sort="descending"]').textContent(), "takes");
  assert.notEqual(await first.textContent(), shortest);
  const name = await first.getByRole("button").textContent();
  await first.getByRole("button").click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
}));

test("the table of records follows the span and never shows more than 200", () => onNav({}, async (page) => {
  await page.locator("#records > summary").click();
  await showSpan(page, "2020-01-27 11:01:59", "2020-01-27 11:02:01");
  await page.waitForTimeout(400);
  assert.match(await page.locator("#records tbody").textContent(), /mottak marks application 467991431 "left to BRUT"/);
  await showSpan(page, "2020-01-27 00:00", "2020-02-15 00:00");
  await page.waitForTimeout(400);
  assert.ok(await page.locator("#records tbody tr").count() <= 200);
  assert.match(await page.locator("#records").getByRole("status").textContent(), /^1 to 100 of /);
}));

test("a sentence of the timeline leads to its moment, its source can be read", () => onNav({}, async (page) => {
  const entry = page.locator(".timeline li", { hasText: "pass-2" });
  await entry.locator("summary").click();
  assert.match(await entry.locator(".source p").textContent(), /\w/);
  await entry.getByRole("button").first().click();
  await settled(page);
  const [from, to] = /from=(-?\d+)&to=(\d+)/.exec(await addressOf(page)).slice(1).map(Number);
  const mark = dataOf(nav()).stories[asHappened(nav())].marks.find(({ name }) => name === "pass-2");
  assert.ok(from < mark.at && mark.at < to);
}));

test("in the dark theme the chart is drawn in its colours", () => onNav({ theme: "dark" }, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const red = await colour(page, "tone-nobody");
  assert.ok(await pixelsOf(page, red, 0.95, [0, 0.4]) > 60);
  await page.evaluate(() => { document.documentElement.dataset.theme = "light"; });
  await settled(page);
  assert.notDeepEqual(await colour(page, "tone-nobody"), red, "the roles change with the theme");
  assert.ok(await pixelsOf(page, await colour(page, "tone-nobody"), 0.95, [0, 0.4]) > 60, "and the chart with the roles");
}));

for (const theme of ["light", "dark"])
  test(`everybody can use the story (${theme})`, () => onNav({ theme, bypassCSP: true, query: "item=467991431" }, async (page) => {
    await page.locator("#items > summary").click();
    await page.locator("#records > summary").click();
    await assertAccessible(page, `the story in the ${theme} theme`);
    await shoot(page, `story-${theme}`);
  }));

test("it fits a narrow screen", () => onNav({ viewport: narrow, query: "item=467991431" }, async (page) => {
  await assertFits(page, "the story");
  await shoot(page, "story-narrow");
}));

test("it prints", () => onNav({ theme: "dark", query: "item=467991431" }, async (page) => {
  const pages = await print(page, "story");
  assert.ok(pages >= 2 && pages <= 14, `${pages} pages`);
}));

// ---- names that nobody should give, the other incident, and a large run

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
    await page.locator(".chart").focus();
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
