// NAV as it happened beside "one more batch": two runs under one clock.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, dataOf, launch, narrow, pageFile, print, shoot, withPage } from "./support/page.mjs";
import { addressOf, drawn, settled, showSpan } from "./support/story.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const file = () => pageFile("nav-sides.html");
const onSides = (options, use) => withPage(browser, file(), { ...options, hash: `#/sides/0${options.query ? `?${options.query}` : ""}` }, async (page) => {
  await drawn(page);
  await use(page);
});

test("what differs first is said, and leads to the instant at which the runs part", () => onSides({}, async (page) => {
  const parting = await page.getByTestId("parting").textContent(), { parted, command } = dataOf(file()).sides[0];
  assert.match(parting, /part at 2020-01-27 1\d:\d\d/);
  assert.match(parting, /stop-brut/);
  assert.ok(parting.includes(command));
  await page.getByTestId("parted").click();
  await settled(page);
  const [from, to] = /from=(-?\d+)&to=(\d+)/.exec(await addressOf(page)).slice(1).map(Number);
  assert.ok(from < parted && parted < to);
}));

test("both runs are zoomed together: 182 go red in A, none in B", () => onSides({}, async (page) => {
  await showSpan(page, "2020-01-27 11:00", "2020-01-27 14:00");
  const [a, b] = await page.getByTestId("span-summary").allTextContents();
  assert.match(a, /^2020-01-27 11:00 to 14:00: .*\b182 go red/);
  assert.match(b, /^2020-01-27 11:00 to 14:00: .*\b0 go red/);
  await page.locator(".run-chart").nth(1).focus();
  await page.keyboard.press("+");
  await settled(page);
  const spans = (await page.getByTestId("span-summary").allTextContents()).map((text) => text.split(": ")[0]);
  assert.equal(spans[0], spans[1]);
  assert.notEqual(spans[0], "2020-01-27 11:00 to 14:00");
}));

test("the items that fare otherwise are named, and one is told in both", () => onSides({}, async (page) => {
  const table = page.getByTestId("changed-items"), ids = dataOf(file()).sides[0].items.flatMap((group) => group.ids);
  assert.equal(ids.length, 182);
  await table.getByRole("link", { name: "467991431" }).click();
  const both = page.getByTestId("both").getByTestId("item-fate");
  await both.nth(1).waitFor();
  assert.deepEqual(await both.allTextContents(), ["late", "done"]);
  await settled(page);
  assert.match(await addressOf(page), /item=application\+467991431/);
  await table.getByRole("button", { name: "and 158 others" }).click();
  assert.equal(await table.getByRole("link").count(), 182);
}));

test("checks that changed stand beside each other", () => onSides({}, async (page) => {
  assert.match(await page.getByTestId("changed-checks").textContent(), /in-time\s*broken for 182\s*holds/);
}));

test("the lanes can be all, those that differ, or none", () => onSides({}, async (page) => {
  const lanes = () => page.locator(".run-chart").first().locator(".lane-name").count();
  const differ = await lanes();
  await page.getByTestId("lanes-choice").selectOption("none");
  await settled(page);
  const none = await lanes();
  await page.getByTestId("lanes-choice").selectOption("all");
  await settled(page);
  const all = await lanes();
  assert.ok(none < differ && differ <= all, `${none} < ${differ} <= ${all}`);
}));

for (const theme of ["light", "dark"])
  test(`everybody can use it (${theme})`, () => onSides({ theme, bypassCSP: true, query: "item=application+467991431" }, async (page) => {
    await assertAccessible(page, `two runs side by side in the ${theme} theme`);
    await shoot(page, `sides-${theme}`);
  }));

test("it fits a narrow screen and prints", () => onSides({ viewport: narrow }, async (page) => {
  await assertFits(page, "two runs side by side");
  await shoot(page, "sides-narrow");
  const pages = await print(page, "sides");
  assert.ok(pages >= 2 && pages <= 10, `${pages} pages`);
}));
