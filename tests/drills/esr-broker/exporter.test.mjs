// Thirteen commands at once, one per deanery, and what each way to treat a conflict makes of them. The commands are all in the queue
// before the exporter starts; PREMORTEM_AMQP_URL says which broker.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import amqp from "amqplib";

const deaneries = ["EMD", "EOE", "KSS", "LDN", "MER", "NTH", "NWN", "OXF", "PEN", "SEV", "WES", "WMD", "YHD"];
const url = process.env.PREMORTEM_AMQP_URL, run = randomBytes(4).toString("hex");
if (!url) throw new Error("PREMORTEM_AMQP_URL is not set: say which broker is to be used");
const file = (name) => new URL(name, import.meta.url).pathname;

let connection;
before(async () => { connection = await amqp.connect(url); });
after(() => connection.close());

// An exporter with queues of its own, the commands already waiting in them.
async function drill(mode, act, workers = 4) {
  const name = (what) => `drill.${run}.${mode}.${workers}.${what}`, names = ["commands", "staging", "files", "parked"].map(name);
  const [COMMAND_QUEUE, STAGING_QUEUE, FILES_QUEUE, PARKED_QUEUE] = names;
  const env = { ...process.env, RABBITMQ_URI: url, MODE: mode, WORKERS: `${workers}`, PREFETCH: "250", COMMAND_QUEUE, STAGING_QUEUE,
    FILES_QUEUE, PARKED_QUEUE };
  const channel = await connection.createConfirmChannel();
  if (mode === "dead-letter") await channel.assertQueue(COMMAND_QUEUE, { deadLetterExchange: "", deadLetterRoutingKey: PARKED_QUEUE });
  else await channel.assertQueue(COMMAND_QUEUE);
  deaneries.forEach((deanery, n) =>
    channel.sendToQueue(COMMAND_QUEUE, Buffer.from(JSON.stringify({ id: n + 1, deanery, by: "cron" })), { persistent: true }));
  await channel.waitForConfirms();

  const exporter = spawn(process.execPath, [file("exporter.mjs")], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => exporter.on("exit", resolve));
  const lines = createInterface({ input: exporter.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, `ready, ${mode}`);
  const read = async (count) => {
    const said = [], silence = setTimeout(() => exporter.kill("SIGKILL"), 20_000);
    while (said.length < count) {
      const { value, done } = await lines.next();
      assert.ok(!done, `the exporter fell silent after ${said.length} of ${count} lines: ${said.join("; ")}`);
      said.push(value);
    }
    clearTimeout(silence);
    return said;
  };
  const ready = async (queue) => (await channel.checkQueue(queue)).messageCount;
  try {
    await act({ read, redrive: () => execFileSync(process.execPath, [file("redrive.mjs")], { env, encoding: "utf8" }),
      exported: () => ready(FILES_QUEUE), parked: () => ready(PARKED_QUEUE), left: () => ready(COMMAND_QUEUE) });
  } finally {
    exporter.kill("SIGTERM");
    assert.equal(await ended, 0);
    for (const each of names) await channel.deleteQueue(each);
    await channel.close();
  }
}

for (const [mode, fate] of [["reject", "rejected"], ["ack-on-receipt", "lost"]]) {
  test(`${mode}: one file, twelve commands ${fate}`, () => drill(mode, async ({ read, exported, left }) => {
    const said = await read(13);
    assert.equal(said.at(-1), "command 1 EMD: exported");
    assert.deepEqual(said.slice(0, -1), deaneries.slice(1).map((deanery, n) => `command ${n + 2} ${deanery}: ${fate}, WriteConflict (112)`));
    assert.deepEqual([await exported(), await left()], [1, 0]);
  }));
}

test("one worker: thirteen files, whatever would become of a conflict", () => drill("reject", async ({ read, exported }) => {
  assert.deepEqual(await read(13), deaneries.map((deanery, n) => `command ${n + 1} ${deanery}: exported`));
  assert.equal(await exported(), 13);
}, 1));

test("retry: thirteen files", () => drill("retry", async ({ read, exported, left }) => {
  for (const line of await read(13)) assert.match(line, /: exported( at try \d+)?$/);
  assert.deepEqual([await exported(), await left()], [13, 0]);
}));

test("dead-letter: one file and twelve parked; brought back one at a time, thirteen files", () =>
  drill("dead-letter", async ({ read, redrive, exported, parked }) => {
    await read(13);
    // A nack is not answered: the exporter may have said "parked" before the broker has parked.
    for (let tries = 0; tries < 100 && (await parked()) < 12; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([await exported(), await parked()], [1, 12]);
    for (const deanery of deaneries.slice(1)) {
      assert.equal(redrive(), "1 moved\n");
      const [line] = await read(1);
      assert.ok(line.endsWith(`${deanery}: exported`), line);
    }
    assert.equal(redrive(), "0 moved\n");
    assert.deepEqual([await exported(), await parked()], [13, 0]);
  }));
