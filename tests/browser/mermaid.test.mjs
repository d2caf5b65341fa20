// The diagrams in our Markdown, drawn by the library with which GitHub draws them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./support/page.mjs";

const golden = fileURLToPath(new URL("../golden/reports", import.meta.url));
const library = createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js");

let browser, page;
before(async () => {
  browser = await launch();
  page = await browser.newPage();
  await page.goto("about:blank");
  await page.addScriptTag({ path: library });
  await page.evaluate(() => window.mermaid.initialize({ startOnLoad: false, securityLevel: "strict" }));
});
after(() => browser.close());

const blocks = (text) => Array.from(text.matchAll(/^```mermaid\n(.*?)^```$/gms), (match) => match[1]);

/** Of a drawn diagram: its kind, and every text in it. */
const drawn = (source) => page.evaluate(async (text) => {
  const { svg, diagramType } = await window.mermaid.render(`d${Math.floor(performance.now() * 1000)}`, text);
  const element = document.createElement("div");
  element.innerHTML = svg;
  return { kind: diagramType, texts: Array.from(element.querySelectorAll("text"), (one) => one.textContent.trim()) };
}, source);

const files = readdirSync(golden).filter((name) => name.endsWith(".run.md"));
assert.ok(files.length >= 3, "the golden Markdown of runs has moved");
for (const file of files) {
  test(`${file}: its diagrams are drawn`, async () => {
    const found = blocks(readFileSync(join(golden, file), "utf8"));
    assert.ok(found.length > 0, "there is no diagram");
    for (const source of found) {
      const { kind, texts } = await drawn(source);
      assert.match(kind, /^(gantt|sequence)/);
      assert.ok(texts.length > 2, `nothing is drawn of\n${source}`);
    }
  });
}

test("NAV: the sequence tells what became of the first lost application", async () => {
  const sequence = blocks(readFileSync(join(golden, "nav.run.md"), "utf8")).find((one) => one.startsWith("sequenceDiagram"));
  const { texts } = await drawn(sequence);
  assert.ok(texts.includes("mottak"), texts.join(" | "));
  assert.ok(texts.some((text) => text.includes("left to BRUT")), texts.join(" | "));
});

test("a mistake is found: an arrow to nowhere is refused", async () => {
  await assert.rejects(drawn("sequenceDiagram\n  a->>\n"));
});
