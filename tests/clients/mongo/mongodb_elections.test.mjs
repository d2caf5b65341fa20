// npm's mongodb: the primary of a replica set steps down, and a while later there is one again.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { connect, failure, uniqueDatabase, watchCommands } from "./support/store.mjs";

const outage = 2; // Seconds.
let client, db, count = 0, records;
before(async () => { client = await connect({ monitorCommands: true }); db = client.db(uniqueDatabase("elections")); });
after(async () => { await db.dropDatabase(); await client.close(); });
beforeEach(async () => {
  records = db.collection(`records_${count++}`);
  await records.insertOne({ _id: 1, n: 0 });
});

const stepDown = () => client.db("admin").command({ replSetStepDown: outage, secondaryCatchUpPeriodSecs: 0, force: true });
const seconds = (since) => (performance.now() - since) / 1000;

test("MONGO-063: a retryable write that meets no primary is sent again to the new one, and done once", async () => {
  const sent = watchCommands(client), since = performance.now();
  await stepDown();
  await records.updateOne({ _id: 1 }, { $inc: { n: 1 } });
  client.removeAllListeners("commandStarted");
  assert.ok(seconds(since) >= outage - 0.1, `it took ${seconds(since)} s`);
  assert.deepEqual(await records.findOne(), { _id: 1, n: 1 });
  assert.ok(sent.filter(([name]) => name === "update").length <= 2);
});

test("MONGO-063: without retries, and without patience, it is an error", async () => {
  const hasty = await connect({ retryWrites: false, serverSelectionTimeoutMS: 300 });
  await hasty.db(db.databaseName).collection("records").findOne();
  await stepDown();
  const error = await failure(hasty.db(db.databaseName).collection(records.collectionName).insertOne({ _id: 2 }));
  assert.ok(error.code === 10107 || error.name === "MongoServerSelectionError", `${error}`);
  await hasty.close();
  await records.insertOne({ _id: 3 });
  assert.deepEqual((await records.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id), [1, 3]);
});

test("MONGO-064: an open transaction is gone, and withTransaction does it again", async () => {
  let runs = 0;
  await client.withSession((session) => session.withTransaction(async () => {
    runs += 1;
    await records.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    if (runs === 1) await stepDown();
    await records.insertOne({ _id: `run ${runs}` }, { session });
  }));
  assert.ok(runs >= 2, `${runs} runs`);
  assert.deepEqual(await records.findOne({ _id: 1 }), { _id: 1, n: 1 });
  assert.equal(await records.countDocuments(), 2);
});

test("MONGO-067: a change stream goes on behind an election, and misses nothing", async () => {
  const stream = records.watch();
  const next = stream.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await records.insertOne({ _id: "before" });
  assert.equal((await next).documentKey._id, "before");
  const later = stream.next();
  await stepDown();
  await records.insertOne({ _id: "behind" });
  assert.equal((await later).documentKey._id, "behind");
  await stream.close();
});
