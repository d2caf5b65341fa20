// The story page of NAV's incident: items followed, messages, tables and sentences.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dataOf, launch, shoot } from "./support/page.mjs";
import { addressOf, asHappened, drawn, nav, onNav, settled, showSpan, spanOf, summary } from "./support/story.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("application 467991431 is followed from its arrival to the replay of 14 February", () => onNav(browser, {}, async (page) => {
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
  await onNav(browser, { query: "item=467991431" }, async (page) => {
    await page.getByRole("heading", { name: "application 467991431" }).waitFor();
    assert.match(await summary(page), /^2020-01-27 .* to 2020-02-1[45]/);
  });
  await onNav(browser, { query: "item=application+7" }, async (page) => {
    assert.match(await page.getByRole("alert").first().textContent(), /no item "application 7"/);
  });
});

test("the search offers those that ended badly first", () => onNav(browser, {}, async (page) => {
  await page.getByTestId("item-search").click();
  const offered = await page.locator(".found li").allTextContents();
  assert.ok(offered.filter((text) => /late$/.test(text)).length === 10, offered.join());
}));

test("the sequence view shows the way of one item: mottak publishes to packets, the finaliser reads", () => onNav(browser, { query: "item=467991431" }, async (page) => {
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

test("too many messages are not drawn, and it is said how many are left", () => onNav(browser, {}, async (page) => {
  await showSpan(page, "2020-01-27 00:00", "2020-02-15 00:00");
  assert.match((await page.getByTestId("sequence-said").textContent()).replaceAll("\u202f", ""), /200 rows, \d+ more: narrow the span/);
  assert.equal(await page.locator("g.message").count(), 200);
}));

test("the table of items filters, sorts and follows", () => onNav(browser, {}, async (page) => {
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

test("the table of records follows the span and never shows more than 200", () => onNav(browser, {}, async (page) => {
  await page.locator("#records > summary").click();
  await showSpan(page, "2020-01-27 11:01:59", "2020-01-27 11:02:01");
  await page.waitForTimeout(400);
  assert.match(await page.locator("#records tbody").textContent(), /mottak marks application 467991431 "left to BRUT"/);
  await showSpan(page, "2020-01-27 00:00", "2020-02-15 00:00");
  await page.waitForTimeout(400);
  assert.ok(await page.locator("#records tbody tr").count() <= 200);
  assert.match(await page.locator("#records").getByRole("status").textContent(), /^1 to 100 of /);
}));

test("a sentence of the timeline leads to its moment, its source can be read", () => onNav(browser, {}, async (page) => {
  const entry = page.locator(".timeline li", { hasText: "pass-2" });
  await entry.locator("summary").click();
  assert.match(await entry.locator(".source p").textContent(), /\w/);
  await entry.getByRole("button").first().click();
  await settled(page);
  const { from, to } = await spanOf(page);
  const mark = dataOf(nav()).stories[asHappened(nav())].marks.find(({ name }) => name === "pass-2");
  assert.ok(from < mark.at && mark.at < to);
}));
