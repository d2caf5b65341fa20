// Exports a deanery's app records for each command in a queue: picks them in MongoDB, numbers and writes the file in one transaction,
// and then posts the file to ESR. All files share one counter, so that of transactions that overlap one wins and the others get
// WriteConflict (112).
//
// MODE says what becomes of it:
//   reject            nacked without requeue: gone, or in the queue's dead-letter queue, if it has one. This is the incident.
//   with-transaction  session.withTransaction: the driver does the whole transaction again until it is through.
//   claim             no transaction: records are claimed one by one (TO_EXPORT -> EXPORTING) and marked when the file is written.
//
// There is no clock and no chance in here: what the day is, the database says, and work is made of round trips. One connection to
// the database, and one to ESR, keep the order of what several workers ask of them.

import http from "node:http";
import amqp from "amqplib";
import { MongoClient } from "mongodb";

const { RABBITMQ_URI = process.env.PREMORTEM_AMQP_URL, MONGODB_URI = process.env.PREMORTEM_MONGODB_URL, MODE = "reject", WORKERS = "4",
  PREFETCH = "250", DATABASE = "store", COMMAND_QUEUE = "esr.queue.appfilegenerationcommand.create.dataexporter",
  ESR_URL = `${process.env.PREMORTEM_HTTP_URL}/esr/deliver` } = process.env;
if (!["reject", "with-transaction", "claim"].includes(MODE)) throw new Error(`MODE is ${MODE}`);
const day = 86_400_000;

const client = await new MongoClient(MONGODB_URI, { appName: "exporter", maxPoolSize: 1, serverMonitoringMode: "poll" }).connect();
const database = client.db(DATABASE), records = database.collection("records"), counters = database.collection("counters");
const connection = await amqp.connect(RABBITMQ_URI, { clientProperties: { connection_name: "exporter" } });
const channels = [];
for (let worker = 0; worker < Number(WORKERS); ++worker) channels.push(await connection.createChannel());
connection.on("error", (error) => console.error(`connection: ${error.message}`));
let open = true;
connection.on("close", () => {
  open = false;
  client.close().finally(() => process.exit(process.exitCode ?? 1));
});
// The queues are their operators': a worker that makes its own would disagree with them one day.
await channels[0].checkQueue(COMMAND_QUEUE);

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/// Hands a file in at ESR. However long that takes: a file of which nobody knows whether it has arrived is worse than a late one.
const deliver = (file) => new Promise((resolve, reject) => {
  const body = JSON.stringify(file);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), "user-agent": "exporter" };
  const request = http.request(ESR_URL, { method: "POST", agent, headers }, async (response) => {
    let text = "";
    for await (const part of response.setEncoding("utf8")) text += part;
    if (response.statusCode === 200) resolve();
    else reject(Object.assign(new Error(`ESR: ${response.statusCode} ${text}`), { refusedByEsr: true }));
  });
  request.on("error", (error) => reject(Object.assign(error, { refusedByEsr: true })));
  request.end(body);
});

/// Records of a deanery whose people start from the day after tomorrow to thirteen weeks from today.
async function due(deanery) {
  const today = Math.floor((await database.command({ hello: 1 })).localTime.getTime() / day) * day;
  return { state: "TO_EXPORT", deanery, start: { $gte: new Date(today + 2 * day), $lt: new Date(today + 91 * day) } };
}

const nextNumber = async (options) =>
  (await counters.findOneAndUpdate({ name: "APP" }, { $inc: { last: 1 } }, { ...options, upsert: true, returnDocument: "after" })).last;

/// The file, record by record, each as it is now. The longer the file, the longer the transaction.
async function write(ids, options) {
  const written = [];
  for (const id of ids) {
    const { deanery, start, revision } = await records.findOne({ _id: id }, options);
    written.push({ id, deanery, start: start.toISOString().slice(0, 10), revision });
  }
  return written;
}

async function makeInTransaction(deanery, session) {
  const options = { session };
  const ids = (await records.find(await due(deanery), { ...options, projection: { _id: 1 } }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  if (ids.length === 0) return { records: [] };
  const number = await nextNumber(options), written = await write(ids, options);
  await records.updateMany({ _id: { $in: ids } }, { $set: { state: "EXPORTED" } }, options);
  return { number, records: written };
}

async function makeByClaims(deanery) {
  const filter = await due(deanery), ids = [];
  for (let claimed; (claimed = await records.findOneAndUpdate(filter, { $set: { state: "EXPORTING" } }, { sort: { _id: 1 }, projection: { _id: 1 } }));)
    ids.push(claimed._id);
  if (ids.length === 0) return { records: [] };
  const number = await nextNumber({}), written = await write(ids, {});
  await records.updateMany({ _id: { $in: ids } }, { $set: { state: "EXPORTED" } });
  return { number, records: written };
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

async function handle(channel, message) {
  const command = JSON.parse(message.content.toString());
  const log = (what) => console.log(`command ${command.id} ${command.deanery}: ${what}`);
  let file;
  try {
    file = await make(command.deanery);
    if (file.records.length > 0) await deliver({ kind: "export", id: command.id, number: file.number, records: file.records });
  } catch (error) {
    if (error.code !== 112 && !error.refusedByEsr) throw error;
    channel.nack(message, false, false);
    return log(`rejected, ${error.refusedByEsr ? error.message : `${error.codeName} (${error.code}), ${error.errorLabels}`}`);
  }
  channel.ack(message);
  return log(file.records.length === 0 ? "nothing to export" : `file ${file.number} with ${file.records.length} records`);
}

// As a listener container does it: each worker is a consumer of its own, to which the broker sends up to PREFETCH, and works on one at a
// time. What one has been sent no other gets.
function end(code) {
  process.exitCode = code;
  if (open) connection.close();
  open = false;
}

function fail(why) {
  console.error(why);
  end(1);
}

for (const channel of channels) {
  let last = Promise.resolve();
  await channel.prefetch(Number(PREFETCH));
  await channel.consume(COMMAND_QUEUE, (message) => {
    if (message === null) return fail(`${COMMAND_QUEUE} was deleted`);
    last = last.then(() => handle(channel, message)).catch(fail);
  });
}
console.log(`ready, ${MODE}`);
process.on("SIGTERM", () => end(0));
