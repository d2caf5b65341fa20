// MongoDB's own driver against the document store: what a command costs, and who pays. Run under serve:
//   premortem serve -- node bench/mongodb/driver.mjs [SECONDS]
// For each operation and 1 and 32 connections: operations a second, median and 99th percentile, and the processor time that the driver
// and the store took. Whoever takes more is the bottleneck. Then transactions early and late, and a million documents in memory.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { MongoClient } = createRequire(new URL("../../tests/clients/mongo/package.json", import.meta.url))("mongodb");
const seconds = Number(process.argv[2] ?? 2);
const url = process.env.PREMORTEM_MONGODB_URL;
if (!url) throw new Error("PREMORTEM_MONGODB_URL is not set: run it under premortem serve");

// Processor time of the store, which is our parent, in seconds; and what it holds in memory, in bytes.
const ticks = 100;
const storeTime = () => {
  const fields = readFileSync(`/proc/${process.ppid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticks;
};
const storeMemory = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${process.ppid}/status`, "utf8"))[1]) * 1024;
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const pad = (value, width) => String(value).padStart(width);

const padding = "x".repeat(960);
let nextId = 0;
const operations = {
  insert: (records) => records.insertOne({ _id: nextId++, state: "NEW", padding }),
  "find by _id": (records) => records.findOne({ _id: Math.floor(Math.random() * 10_000) }),
  update: (records) => records.updateOne({ _id: Math.floor(Math.random() * 10_000) }, { $inc: { revision: 1 } }),
  "find-and-modify": (records) => records.findOneAndUpdate({ _id: Math.floor(Math.random() * 10_000) }, { $inc: { revision: 1 } }),
};

// A transaction of three statements. With conflicts, every other one wants one document that all of these want.
async function transaction(client, worker, conflicts, count) {
  const records = client.db("bench").collection("records"), session = client.startSession();
  try {
    session.startTransaction();
    const id = conflicts && count % 2 === 0 ? 0 : 1 + worker * 200 + (count % 200);
    await records.findOne({ _id: id }, { session });
    await records.updateOne({ _id: id }, { $inc: { revision: 1 } }, { session });
    await records.updateOne({ _id: 7000 + worker }, { $inc: { revision: 1 } }, { session });
    await session.commitTransaction();
    return true;
  } catch (error) {
    if (error.code !== 112) throw error;
    await session.abortTransaction();
    return false;
  } finally {
    await session.endSession();
  }
}

async function measure(name, connections, act) {
  const client = await new MongoClient(url, { maxPoolSize: connections, minPoolSize: connections }).connect();
  const records = client.db("bench").collection("records"), took = [];
  let conflicts = 0;
  await Promise.all(Array.from({ length: connections }, () => records.findOne({ _id: 0 })));
  const from = performance.now(), until = from + seconds * 1000, driver = process.cpuUsage(), store = storeTime();
  await Promise.all(Array.from({ length: connections }, async (_, worker) => {
    for (let count = 0; performance.now() < until; ++count) {
      const begun = performance.now();
      if ((await act(records, client, worker, count)) === false) ++conflicts;
      took.push(performance.now() - begun);
    }
  }));
  const wall = (performance.now() - from) / 1000, used = process.cpuUsage(driver);
  took.sort((left, right) => left - right);
  const shares = [(used.user + used.system) / 1e6 / wall, (storeTime() - store) / wall].map((share) => `${Math.round(share * 100)} %`);
  console.log(`${name.padEnd(34)}${pad(connections, 4)}${pad(Math.round(took.length / wall), 9)}/s${pad((percentile(took, 0.5) * 1000).toFixed(0), 8)} us` +
    `${pad((percentile(took, 0.99) * 1000).toFixed(0), 8)} us   driver ${pad(shares[0], 5)}, store ${pad(shares[1], 5)}` +
    (conflicts > 0 ? `   ${Math.round((conflicts / took.length) * 100)} % conflicts` : ""));
  await client.close();
}

async function earlyAndLate() {
  const client = await new MongoClient(url).connect(), batch = 2000, times = [];
  for (let round = 0; round < 10; ++round) {
    const begun = storeTime();
    for (let count = 0; count < batch; ++count) await transaction(client, 0, false, count);
    times.push(storeTime() - begun);
  }
  console.log(`store time of ${batch} transactions, the first and the tenth time: ${times[0].toFixed(2)} s, ${times[9].toFixed(2)} s`);
  await client.close();
}

async function memory(count) {
  const client = await new MongoClient(url).connect(), records = client.db("bench").collection("million");
  const before = storeMemory(), size = 1024;
  for (let at = 0; at < count; at += 1000)
    await records.insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: at + n, padding: "x".repeat(size - 36) })));
  const stats = await client.db("bench").command({ collStats: "million" });
  const held = storeMemory() - before;
  console.log(`${count} documents of ${(stats.size / count).toFixed(0)} bytes: ${(held / stats.size).toFixed(2)} times their BSON in memory`);
  await client.close();
}

console.log(`${"operation".padEnd(34)} con.      rate    median      p99`);
const setup = await new MongoClient(url).connect();
await setup.db("bench").collection("records").insertMany(Array.from({ length: 10_000 }, () => ({ _id: nextId++, state: "NEW", revision: 0, padding })));
await setup.close();
for (const connections of [1, 32]) {
  for (const [name, act] of Object.entries(operations)) await measure(name, connections, (records) => act(records));
  await measure("transaction of 3 statements", connections, (_, client, worker, count) => transaction(client, worker, false, count));
  await measure("the same, every other one contended", connections, (_, client, worker, count) => transaction(client, worker, true, count));
}
await earlyAndLate();
await memory(1_000_000);
