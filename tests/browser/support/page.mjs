// A report in a real browser: opened from the disk like a reader's own copy. Whatever a page says on its console, throws
// or asks a network for fails the test that opened it, as a report has to be whole in itself.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = resolve(process.env.PREMORTEM_SHOTS ?? join(repository, "build/screenshots"));

export const desktop = { width: 1280, height: 900 };
export const narrow = { width: 360, height: 740 };

/** The file of a report under test; says what is missing rather than skipping the test. */
export function pageFile(name) {
  const folder = process.env.PREMORTEM_PAGES;
  assert.ok(folder, "PREMORTEM_PAGES has to name the folder that holds the reports under test");
  const file = resolve(folder, name);
  assert.ok(existsSync(file), `${file} is missing: it is made by \`premortem report\``);
  return file;
}

/** The data that a report was drawn from: what its figures are compared with. */
export function dataOf(file) {
  const match = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(readFileSync(file, "utf8"));
  assert.ok(match, `${file} holds no report data`);
  return JSON.parse(match[1]);
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.PREMORTEM_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/**
 * Opens a report in a context of its own, hands its page to `use` and closes it again. Afterwards the page must have said
 * nothing on its console, thrown nothing and asked for nothing but itself.
 * Options: `hash` ("#/story/0"), `theme` ("light" or "dark"), `viewport`, `bypassCSP` (for what axe needs).
 */
export async function withPage(browser, file, options, use) {
  const { hash = "", theme = "light", viewport = desktop, bypassCSP = false } = options;
  const context = await browser.newContext({ colorScheme: theme, viewport, bypassCSP, reducedMotion: "reduce" });
  const wrong = [];
  const own = pathToFileURL(file).href;
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") wrong.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => wrong.push(`thrown: ${error.stack ?? error.message}`));
    page.on("request", (request) => {
      const url = request.url();
      // What the page makes itself (a download, an icon drawn into it) leaves the machine as little as the file does.
      if (url.split("#")[0] !== own && !/^(data|blob|about):/.test(url)) wrong.push(`request: ${url}`);
    });
    page.on("websocket", (socket) => wrong.push(`web socket: ${socket.url()}`));
    await page.goto(own + hash);
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, [], `${file}${hash} has to be silent and to ask no network for anything`);
}

/** Into $PREMORTEM_SHOTS, or build/screenshots: for people to look at. */
export async function shoot(page, name, options = {}) {
  mkdirSync(shots, { recursive: true });
  // What is drawn only when it comes into sight is drawn first.
  await page.evaluate(async () => {
    const here = scrollY;
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
      scrollTo(0, y);
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 30)));
    }
    scrollTo(0, here);
  });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, animations: "disabled", ...options });
}

/** Prints to PDF on A4; the number of its pages. */
export async function print(page, name) {
  mkdirSync(shots, { recursive: true });
  const pdf = await page.pdf({ path: join(shots, `${name}.pdf`), format: "A4", printBackground: true,
    margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
  return pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
}

/** axe finds nothing serious or critical. Evaluated rather than added as a script, which the page's own policy forbids. */
export async function assertAccessible(page, what, scope = undefined) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (within) => {
    const result = await window.axe.run(within ?? document, { resultTypes: ["violations"] });
    return result.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) =>
      `${one.id} (${one.impact}): ${one.help}\n` + one.nodes.slice(0, 5).map((node) =>
        `    ${node.html.slice(0, 200)}\n      ${(node.failureSummary ?? "").replace(/\s+/g, " ").slice(0, 300)}`).join("\n"));
  }, scope);
  assert.deepEqual(found, [], `${what} has to be usable by everybody:\n${found.join("\n")}`);
}

/** Nothing sticks out sideways: the page itself never scrolls to the right (tables and charts may, within themselves). */
export async function assertFits(page, what) {
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= view, `${what}: the page is ${wide} px wide in a window of ${view} px`);
}
