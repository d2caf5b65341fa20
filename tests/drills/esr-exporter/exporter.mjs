// Exports a deanery's app records for each command in a queue: picks them in MongoDB, numbers and writes the file in one transaction,
// and then hands the file in. All files share one counter, so that of transactions that overlap one wins and the others get
// WriteConflict (112).
//
// MODE says what becomes of it:
//   reject            nacked without requeue: gone, or in the queue's dead-letter queue, if it has one. This is the incident.
//   with-transaction  session.withTransaction: the driver does the whole transaction again until it is through.
//   claim             no transaction: records are claimed one by one (TO_EXPORT -> EXPORTING) and marked when the file is written.
//
// There is no clock and no chance in here: what the day is, the database says, and work is made of round trips. One connection to
// the database keeps the order of what several workers ask of it.

import amqp from "amqplib";
import { MongoClient } from "mongodb";

const { RABBITMQ_URI = process.env.PREMORTEM_AMQP_URL, MONGODB_URI = process.env.PREMORTEM_MONGODB_URL, MODE = "reject", WORKERS = "4",
  PREFETCH = "250", DATABASE = "store", COMMAND_QUEUE = "esr.queue.appfilegenerationcommand.create.dataexporter",
  LINES_QUEUE = "esr.lines", FILES_QUEUE = "esr.files" } = process.env;
if (!["reject", "with-transaction", "claim"].includes(MODE)) throw new Error(`MODE is ${MODE}`);
const day = 86_400_000;

const client = await new MongoClient(MONGODB_URI, { appName: "exporter", maxPoolSize: 1, serverMonitoringMode: "poll" }).connect();
const database = client.db(DATABASE), records = database.collection("records"), counters = database.collection("counters");
const connection = await amqp.connect(RABBITMQ_URI, { clientProperties: { connection_name: "exporter" } });
const channel = await connection.createConfirmChannel();
connection.on("error", (error) => console.error(`connection: ${error.message}`));
connection.on("close", () => client.close().finally(() => process.exit(process.exitCode ?? 1)));
// The queues are their operators': a worker that makes its own would disagree with them one day.
for (const queue of [COMMAND_QUEUE, LINES_QUEUE, FILES_QUEUE]) await channel.checkQueue(queue);

const publish = (queue, content) => new Promise((resolve, reject) =>
  channel.sendToQueue(queue, Buffer.from(JSON.stringify(content)), { persistent: true, contentType: "application/json" },
    (error) => (error ? reject(error) : resolve())));

/// Records of a deanery whose people start from the day after tomorrow to thirteen weeks from today.
async function due(deanery) {
  const today = Math.floor((await database.command({ hello: 1 })).localTime.getTime() / day) * day;
  return { state: "TO_EXPORT", deanery, start: { $gte: new Date(today + 2 * day), $lt: new Date(today + 91 * day) } };
}

const nextNumber = async (options) =>
  (await counters.findOneAndUpdate({ name: "APP" }, { $inc: { last: 1 } }, { ...options, upsert: true, returnDocument: "after" })).last;

/// The file, line by line: each record as it is now. The longer the file, the longer the transaction.
async function write(ids, options) {
  const lines = [];
  for (const id of ids) {
    const { deanery, start, revision } = await records.findOne({ _id: id }, options);
    lines.push({ kind: "record", id, deanery, start: start.toISOString().slice(0, 10), revision });
  }
  return lines;
}

async function makeInTransaction(deanery, session) {
  const options = { session };
  const ids = (await records.find(await due(deanery), { ...options, projection: { _id: 1 } }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  if (ids.length === 0) return { lines: [] };
  const number = await nextNumber(options), lines = await write(ids, options);
  await records.updateMany({ _id: { $in: ids } }, { $set: { state: "EXPORTED" } }, options);
  return { number, lines };
}

async function makeByClaims(deanery) {
  const filter = await due(deanery), ids = [];
  for (let claimed; (claimed = await records.findOneAndUpdate(filter, { $set: { state: "EXPORTING" } }, { sort: { _id: 1 }, projection: { _id: 1 } }));)
    ids.push(claimed._id);
  if (ids.length === 0) return { lines: [] };
  const number = await nextNumber({}), lines = await write(ids, {});
  await records.updateMany({ _id: { $in: ids } }, { $set: { state: "EXPORTED" } });
  return { number, lines };
}

async function make(deanery) {
  if (MODE === "claim") return makeByClaims(deanery);
  const session = client.startSession();
  try {
    if (MODE === "with-transaction") return await session.withTransaction(() => makeInTransaction(deanery, session));
    session.startTransaction();
    const file = await makeInTransaction(deanery, session);
    await session.commitTransaction();
    return file;
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction();
    throw error;
  } finally {
    await session.endSession();
  }
}

async function handle(message) {
  const command = JSON.parse(message.content.toString());
  const log = (what) => console.log(`command ${command.id} ${command.deanery}: ${what}`);
  let file;
  try {
    file = await make(command.deanery);
  } catch (error) {
    if (error.code !== 112) throw error;
    channel.nack(message, false, false);
    return log(`rejected, ${error.codeName} (${error.code}), ${error.errorLabels}`);
  }
  for (const line of file.lines) await publish(LINES_QUEUE, line);
  await publish(FILES_QUEUE, { kind: "export", id: command.id, number: file.number, lines: file.lines.length });
  channel.ack(message);
  return log(file.lines.length === 0 ? "nothing to export" : `file ${file.number} with ${file.lines.length} records`);
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
