// Sends requests to the program of evaluate.cpp, some thousands at a time, and reads its answers.
import { spawnSync } from "node:child_process";
import { deserialize, serialize } from "bson";

const batch = 5000;

export function evaluateAll(program, requests) {
  const answers = [];
  for (let from = 0; from < requests.length; from += batch) {
    const input = Buffer.concat(requests.slice(from, from + batch).map((request) => serialize(request)));
    const { status, stdout, stderr } = spawnSync(program, { input, maxBuffer: 1 << 30 });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
    for (let at = 0; at < stdout.length; ) {
      const size = stdout.readInt32LE(at);
      answers.push(deserialize(stdout.subarray(at, at + size)));
      at += size;
    }
  }
  if (answers.length !== requests.length) throw new Error(`${requests.length} requests, ${answers.length} answers`);
  return answers;
}
