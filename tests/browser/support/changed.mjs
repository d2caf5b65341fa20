// A report under test with other data in it: the same script and style, for what no real comparison happens to show.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataOf } from "./page.mjs";

/** `change` gets the data and alters it. The program escapes <, > and & within the data; so does this. The file's path. */
export function changedPage(file, change) {
  const data = dataOf(file);
  change(data);
  const json = JSON.stringify(data).replace(/[<>&]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const page = readFileSync(file, "utf8")
    .replace(/(<script type="application\/json" id="report-data">).*?(<\/script>)/s, (_, open, close) => open + json + close);
  const made = join(mkdtempSync(join(tmpdir(), "premortem-page-")), "report.html");
  writeFileSync(made, page);
  return made;
}
