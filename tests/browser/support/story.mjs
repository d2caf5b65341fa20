// What the tests of the story and of two stories side by side share: opening the run as it happened, waiting for the
// chart, and looking at its pixels.

import assert from "node:assert/strict";
import { dataOf, pageFile, withPage } from "./page.mjs";

export const nav = () => pageFile("nav.html");

/** The number of the run as it happened, as written: a report may hold stories of other strategies too. */
export function asHappened(file) {
  const { stories } = dataOf(file);
  const number = stories.findIndex((story) => story.strategy === "as-happened" && /^(as written)?$/.test(story.reading));
  assert.ok(number >= 0, `${file} tells no run as it happened`);
  return number;
}
export const storyHash = (file, query = "") => `#/story/${asHappened(file)}${query && `?${query}`}`;

/** Opens NAV's story; options as for `withPage`, and `query`: what the address asks for. */
export const onNav = (browser, options, use) =>
  withPage(browser, nav(), { ...options, hash: storyHash(nav(), options.query) }, async (page) => {
    await drawn(page);
    await use(page);
  });

/** The span in view, as the address has it. */
export async function spanOf(page) {
  const [from, to] = /from=(-?\d+)&to=(\d+)/.exec(await addressOf(page)).slice(1).map(Number);
  return { from, to, length: to - from };
}

/** The chart has been drawn and nothing moves any more. */
export async function drawn(page) {
  await page.waitForSelector('[data-testid="lanes"][data-draws]');
  await settled(page);
}

/** No further redraw within a while: a glide is over, the sentence about the span is written. */
export async function settled(page) {
  const count = () => page.evaluate(() => [...document.querySelectorAll('[data-testid="lanes"]')].map((one) => one.dataset.draws).join());
  for (let before = "", now = await count(); before !== now; now = await count()) {
    before = now;
    await page.waitForTimeout(350);
  }
}

export async function showSpan(page, from, to) {
  await page.getByTestId("from").fill(from);
  await page.getByTestId("to").fill(to);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await settled(page);
}

export const summary = (page) => page.getByTestId("span-summary").first().textContent();

/** The colour that a role of the page has at the moment, as [red, green, blue]. */
export function colour(page, role) {
  return page.evaluate((name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number).slice(0, 3);
    probe.remove();
    return parts;
  }, role);
}

/**
 * How many pixels of a column of the lanes' canvas have a colour. `share`: how far to the right, 0 to 1; `part`: which
 * part of the height, as two shares.
 */
export function pixelsOf(page, rgb, share, part = [0, 1]) {
  return page.evaluate(([wanted, x, [top, bottom]]) => {
    const canvas = document.querySelector('[data-testid="lanes"]'), column = Math.min(canvas.width - 1, Math.round(x * canvas.width));
    const first = Math.floor(top * canvas.height);
    // Read from a copy: reading the page's own canvas often would make the browser draw it in another way.
    const copy = Object.assign(document.createElement("canvas"), { width: 1, height: Math.floor((bottom - top) * canvas.height) }), ctx = copy.getContext("2d", { willReadFrequently: true });
    ctx.drawImage(canvas, -column, -first);
    const { data } = ctx.getImageData(0, 0, 1, copy.height);
    let count = 0;
    for (let n = 0; n < data.length; n += 4)
      if (data[n + 3] > 200 && wanted.every((value, k) => Math.abs(data[n + k] - value) < 24)) ++count;
    return count;
  }, [rgb, share, part]);
}

export function addressOf(page) {
  return page.evaluate(() => location.hash);
}
