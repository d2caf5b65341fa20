// node record.mjs AMQP_URL FOLDER [SESSION...]: runs the sessions and writes what the server sent, one file a session.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSessions, runAll } from "./runner.mjs";

const [url, folder, ...only] = process.argv.slice(2);
if (!folder) { console.error("usage: node record.mjs AMQP_URL FOLDER [SESSION...]"); process.exit(2); }
const transcripts = await runAll(readSessions(only), url, { quiet: Number(process.env.PREMORTEM_QUIET ?? 150) });
mkdirSync(folder, { recursive: true });
for (const [name, text] of transcripts) writeFileSync(join(folder, `${name}.txt`), text);
const broken = Array.from(transcripts).filter(([, text]) => text.startsWith("session broke"));
for (const [name, text] of broken) console.error(`${name}: ${text.trim()}`);
console.log(`${transcripts.size} sessions, ${broken.length} broken`);
process.exit(broken.length ? 1 : 0);
