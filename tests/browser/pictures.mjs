// The pictures that README and docs show: node pictures.mjs FOLDER. The pages are those under test, in $PREMORTEM_PAGES.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, pageFile, withPage } from "./support/page.mjs";

const pictures = [
  { name: "decision", file: "nav.html", hash: "#/decision/0", height: 1060 },
  { name: "story", file: "nav.html", hash: "#/story/0", height: 1060 },
  { name: "sides", file: "nav-sides.html", hash: "#/sides/0", height: 1640 },
];

const folder = process.argv[2];
if (!folder) throw new Error("usage: node pictures.mjs FOLDER");
mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const { name, file, hash, height } of pictures) {
    await withPage(browser, pageFile(file), { hash, viewport: { width: 1280, height } }, async (page) => {
      await page.waitForTimeout(1000);  // Canvases are drawn when the histories are unpacked.
      await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
    });
  }
} finally {
  await browser.close();
}
