// Runs the sessions, some at a time, against one broker.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSession, Session } from "./session.mjs";

export const sessionsFolder = new URL("sessions", import.meta.url).pathname;

export function readSessions(only = []) {
  return readdirSync(sessionsFolder).filter((file) => file.endsWith(".txt")).sort().map((file) => file.slice(0, -4))
    .filter((name) => only.length === 0 || only.includes(name))
    .map((name) => ({ name, ...parseSession(readFileSync(join(sessionsFolder, `${name}.txt`), "utf8")) }));
}

/// Transcripts by name. Names in the broker are unique per process, so that a run never meets what another one left.
export async function runAll(sessions, url, { quiet = 150, atOnce = 8 } = {}) {
  const run = `${process.pid.toString(36)}${Date.now().toString(36).slice(-4)}`.slice(-7).padStart(7, "0");
  const transcripts = new Map(), waiting = sessions.map((session, n) => ({ session, n }));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const prefix = `cf${run}${String(next.n).padStart(3, "0")}`;
      try {
        transcripts.set(next.session.name, await new Session(next.session, url, prefix, quiet).run());
      } catch (error) {
        transcripts.set(next.session.name, `session broke: ${error.message}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return transcripts;
}
