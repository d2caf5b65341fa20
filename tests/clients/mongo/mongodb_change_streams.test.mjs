// npm's mongodb: change streams of collections, databases and the whole store, and how they go on after a cut.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { connect, failCommand, failure, uniqueDatabase, watchCommands } from "./support/store.mjs";

let client, db, things, streams, count = 0;
before(async () => { client = await connect({ monitorCommands: true }); db = client.db(uniqueDatabase("changes")); });
after(async () => { await db.dropDatabase(); await client.close(); });
beforeEach(async () => { things = await db.createCollection(`things_${count++}`); streams = []; });
afterEach(async () => {
  for (const stream of streams) await stream.close();
  client.removeAllListeners("commandStarted");
  await client.db("admin").command({ configureFailPoint: "failCommand", mode: "off" });
});

/// A stream that is open: its first look has come back empty.
async function watch(of, pipeline = [], options = {}) {
  const stream = of.watch(pipeline, { maxAwaitTimeMS: 50, ...options });
  streams.push(stream);
  assert.equal(await stream.tryNext(), null);
  return stream;
}

test("insert, update, replace, delete: in order, with what was done", async () => {
  const stream = await watch(things);
  await things.insertOne({ _id: 1, a: 1, b: [1, 2] });
  await things.updateOne({ _id: 1 }, { $set: { a: 2 }, $unset: { b: "" } });
  await things.replaceOne({ _id: 1 }, { c: 3 });
  await things.deleteOne({ _id: 1 });
  const [insert, update, replace, remove] = [await stream.next(), await stream.next(), await stream.next(), await stream.next()];
  assert.deepEqual([insert, update, replace, remove].map(({ operationType, documentKey }) => [operationType, documentKey._id]),
    [["insert", 1], ["update", 1], ["replace", 1], ["delete", 1]]);
  assert.deepEqual([insert.fullDocument, insert.ns], [{ _id: 1, a: 1, b: [1, 2] }, { db: db.databaseName, coll: things.collectionName }]);
  assert.deepEqual(update.updateDescription, { updatedFields: { a: 2 }, removedFields: ["b"], truncatedArrays: [] });
  assert.deepEqual([update.fullDocument, replace.fullDocument, remove.fullDocument], [undefined, { _id: 1, c: 3 }, undefined]);
});

test("fullDocument updateLookup: the document as it is now", async () => {
  const stream = await watch(things, [], { fullDocument: "updateLookup" });
  await things.insertOne({ _id: 1, a: 1 });
  await things.updateOne({ _id: 1 }, { $set: { a: 2 } });
  await stream.next();
  assert.deepEqual((await stream.next()).fullDocument, { _id: 1, a: 2 });
});

test("a pipeline chooses", async () => {
  const stream = await watch(things, [{ $match: { operationType: "insert", "fullDocument.a": { $gt: 1 } } }]);
  await things.insertMany([{ _id: 1, a: 1 }, { _id: 2, a: 2 }]);
  assert.equal((await stream.next()).documentKey._id, 2);
});

test("what a transaction did comes when it is committed, all of it, and nothing of one that is aborted", async () => {
  const stream = await watch(things), session = client.startSession();
  session.startTransaction();
  await things.insertOne({ _id: "no" }, { session });
  await session.abortTransaction();
  session.startTransaction();
  await things.insertOne({ _id: 1 }, { session });
  await things.insertOne({ _id: 2 }, { session });
  assert.equal(await stream.tryNext(), null);
  await session.commitTransaction();
  await session.endSession();
  const [first, second] = [await stream.next(), await stream.next()];
  assert.deepEqual([first.documentKey._id, second.documentKey._id], [1, 2]);
  assert.ok(first.clusterTime.equals(second.clusterTime) && first.txnNumber !== undefined);
});

test("resumed after a token: what came behind it, and nothing twice", async () => {
  const stream = await watch(things);
  await things.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const { _id: token } = await stream.next();
  await stream.close();
  await things.insertOne({ _id: 4 });
  const again = things.watch([], { resumeAfter: token, maxAwaitTimeMS: 50 });
  streams.push(again);
  assert.deepEqual([await again.next(), await again.next(), await again.next()].map(({ documentKey }) => documentKey._id), [2, 3, 4]);
  assert.equal(await again.tryNext(), null);
});

test("startAtOperationTime: from an instant on", async () => {
  const stream = await watch(things);
  await things.insertMany([{ _id: 1 }, { _id: 2 }]);
  await stream.next();
  const { clusterTime } = await stream.next();
  const again = things.watch([], { startAtOperationTime: clusterTime, maxAwaitTimeMS: 50 });
  streams.push(again);
  assert.equal((await again.next()).documentKey._id, 2);
});

test("the connection is cut under a stream: the driver goes on where it was", async () => {
  const sent = watchCommands(client), stream = await watch(things);
  await things.insertOne({ _id: 1 });
  assert.equal((await stream.next()).documentKey._id, 1);
  await failCommand(client, { times: 1 }, { failCommands: ["getMore"], closeConnection: true });
  await things.insertMany([{ _id: 2 }, { _id: 3 }]);
  assert.deepEqual([(await stream.next()).documentKey._id, (await stream.next()).documentKey._id], [2, 3]);
  const opened = sent.filter(([name]) => name === "aggregate").map(([, { pipeline: [{ $changeStream: options }] }]) => Object.keys(options));
  assert.equal(opened.length, 2);
  assert.ok(opened[1].includes("resumeAfter") || opened[1].includes("startAfter"), `${opened[1]}`);
});

test("an error that may be resumed from is, another is not", async () => {
  const stream = await watch(things);
  await failCommand(client, { times: 1 }, { failCommands: ["getMore"], errorCode: 43, errorLabels: ["ResumableChangeStreamError"] });
  await things.insertOne({ _id: 1 });
  assert.equal((await stream.next()).documentKey._id, 1);
  await failCommand(client, { times: 1 }, { failCommands: ["getMore"], errorCode: 2 });
  assert.equal((await failure(stream.next())).code, 2);
});

test("a stream of a database sees every collection, and of a client every database", async () => {
  const ofDatabase = await watch(db), ofAll = await watch(client), other = client.db(uniqueDatabase("changes_too"));
  await db.collection("born").insertOne({ _id: 1 });
  await other.collection("elsewhere").insertOne({ _id: 2 });
  assert.deepEqual((await ofDatabase.next()).ns, { db: db.databaseName, coll: "born" });
  assert.deepEqual([(await ofAll.next()).ns.db, (await ofAll.next()).ns.db], [db.databaseName, other.databaseName]);
  await other.dropDatabase();
});

test("a dropped collection ends its stream: drop, invalidate", async () => {
  const stream = await watch(things);
  await things.drop();
  assert.equal((await stream.next()).operationType, "drop");
  assert.equal((await stream.next()).operationType, "invalidate");
});

test("a token that is none is refused", async () => {
  const stream = things.watch([], { resumeAfter: { _data: "nonsense" } });
  streams.push(stream);
  assert.ok((await failure(stream.next())).code > 0);
});
