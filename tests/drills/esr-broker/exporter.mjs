// Exports a deanery's file for each command in a queue. A transaction is an in-process stand-in for MongoDB's: all files share one
// counter document, and the first updater wins, so that whoever else touches it meanwhile gets WriteConflict (112).
//
// MODE says what becomes of a command whose transaction conflicts:
//   reject          nacked without requeue: gone. This is the incident.
//   ack-on-receipt  acknowledged before the work: gone, and a line in the log.
//   retry           tried again here, up to 12 times, waiting ever more round trips to the broker in between.
//   dead-letter     nacked without requeue into PARKED_QUEUE, from where redrive.mjs brings it back.
//
// There is no clock and no chance in here: what happens depends on the order of the broker's frames alone.

import amqp from "amqplib";
import { counter, WriteConflict } from "./counter.mjs";

const { RABBITMQ_URI = "amqp://guest:guest@127.0.0.1:5672/", MODE = "reject", WORKERS = "4", PREFETCH = "250",
  COMMAND_QUEUE = "esr.queue.appfilegenerationcommand.create.dataexporter", STAGING_QUEUE = "esr.files.staging",
  FILES_QUEUE = "esr.files", PARKED_QUEUE = "esr.parked" } = process.env;
const triesMax = MODE === "retry" ? 12 : 1;
if (!["reject", "ack-on-receipt", "retry", "dead-letter"].includes(MODE)) throw new Error(`MODE is ${MODE}`);

const connection = await amqp.connect(RABBITMQ_URI, { clientProperties: { connection_name: "exporter" } });
const channel = await connection.createConfirmChannel();
connection.on("error", (error) => console.error(`connection: ${error.message}`));
connection.on("close", () => process.exit(process.exitCode ?? 1));

await channel.assertQueue(STAGING_QUEUE, { durable: true });
await channel.assertQueue(FILES_QUEUE, { durable: true });
if (MODE === "dead-letter") await channel.assertQueue(PARKED_QUEUE, { durable: true });
await channel.assertQueue(COMMAND_QUEUE,
  { durable: true, ...(MODE === "dead-letter" && { deadLetterExchange: "", deadLetterRoutingKey: PARKED_QUEUE }) });

// One round trip: resolves when the broker has taken the message.
const publish = (queue, content) => new Promise((resolve, reject) =>
  channel.sendToQueue(queue, Buffer.from(JSON.stringify(content)), { persistent: true, contentType: "application/json" },
    (error) => (error ? reject(error) : resolve())));

async function exportFile(command) {
  const transaction = counter.begin();
  try {
    const number = transaction.next();  // Throws if another open transaction has it.
    await publish(STAGING_QUEUE, { id: command.id, deanery: command.deanery, number });
    transaction.commit();
  } catch (error) {
    transaction.abort();
    throw error;
  }
  await publish(FILES_QUEUE, { id: command.id, deanery: command.deanery, status: "exported" });
}

// Waiting is counted in round trips, so that it means the same whatever the broker's clock does: 1, 2, 4 … 32 of them.
async function backOff(tries) {
  for (let trips = Math.min(2 ** (tries - 1), 32); trips > 0; trips -= 1) await channel.checkQueue(STAGING_QUEUE);
}

async function handle(message) {
  const command = JSON.parse(message.content.toString());
  const log = (what) => console.log(`command ${command.id} ${command.deanery}: ${what}`);
  if (MODE === "ack-on-receipt") channel.ack(message);
  for (let tries = 1; ; tries += 1) {
    try {
      await exportFile(command);
      if (MODE !== "ack-on-receipt") channel.ack(message);
      return log(tries === 1 ? "exported" : `exported at try ${tries}`);
    } catch (error) {
      if (error instanceof WriteConflict && tries < triesMax) { await backOff(tries); continue; }
      if (MODE === "ack-on-receipt") return log(`lost, ${error.message}`);
      channel.nack(message, false, false);
      return log(`${MODE === "dead-letter" ? "parked" : "rejected"}, ${error.message}`);
    }
  }
}

// As a listener container does it: the broker sends up to PREFETCH, of which WORKERS are in work.
const waiting = [];
let working = 0;
function work() {
  while (working < Number(WORKERS) && waiting.length > 0) {
    working += 1;
    handle(waiting.shift()).catch((error) => { console.error(error); process.exitCode = 1; connection.close(); })
      .finally(() => { working -= 1; work(); });
  }
}

await channel.prefetch(Number(PREFETCH));
await channel.consume(COMMAND_QUEUE, (message) => {
  if (message === null) { console.error(`${COMMAND_QUEUE} was deleted`); process.exitCode = 1; connection.close(); return; }
  waiting.push(message);
  work();
});
console.log(`ready, ${MODE}`);
process.on("SIGTERM", () => { process.exitCode = 0; connection.close(); });
