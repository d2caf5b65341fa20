// npm's mongodb: databases, collections, indexes, and aggregation over them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, failure, uniqueDatabase } from "./support/store.mjs";

let client, db;
before(async () => { client = await connect(); db = client.db(uniqueDatabase("names")); });
after(async () => { await db.dropDatabase(); await client.close(); });

test("collections are made by hand or by the first insert, listed, renamed and dropped", async () => {
  await db.createCollection("made");
  await db.collection("grown").insertOne({ _id: 1 });
  assert.deepEqual((await db.listCollections().toArray()).map(({ name, type }) => [name, type]).sort(), [["grown", "collection"], ["made", "collection"]]);
  assert.equal((await failure(db.createCollection("made", { changeStreamPreAndPostImages: { enabled: true } }))).code, 48);
  await db.renameCollection("grown", "older");
  assert.deepEqual(await db.listCollections({ name: /^o/ }, { nameOnly: true }).toArray(), [{ name: "older", type: "collection" }]);
  assert.equal(await db.dropCollection("older"), true);
  assert.deepEqual((await db.listCollections().toArray()).map(({ name }) => name), ["made"]);
});

test("databases are listed while there is something in them, and dropped", async () => {
  const other = client.db(uniqueDatabase("other")), names = async () => (await client.db("admin").admin().listDatabases()).databases.map(({ name }) => name);
  assert.ok(!(await names()).includes(other.databaseName));
  await other.collection("c").insertOne({ _id: 1 });
  assert.ok((await names()).includes(other.databaseName));
  assert.equal(await other.dropDatabase(), true);
  assert.ok(!(await names()).includes(other.databaseName));
});

test("indexes: unique, compound, with a life; listed, dropped", async () => {
  const collection = db.collection("indexed");
  assert.equal(await collection.createIndex({ deanery: 1, start: -1 }), "deanery_1_start_-1");
  assert.equal(await collection.createIndex({ code: 1 }, { unique: true, name: "one-code" }), "one-code");
  assert.equal(await collection.createIndex({ seen: 1 }, { expireAfterSeconds: 3600 }), "seen_1");
  assert.deepEqual((await collection.indexes()).map(({ name, key, unique, expireAfterSeconds }) => [name, key, unique, expireAfterSeconds]),
    [["_id_", { _id: 1 }, undefined, undefined], ["deanery_1_start_-1", { deanery: 1, start: -1 }, undefined, undefined],
      ["one-code", { code: 1 }, true, undefined], ["seen_1", { seen: 1 }, undefined, 3600]]);
  await collection.dropIndex("one-code");
  assert.equal(await collection.indexExists("one-code"), false);
  assert.equal((await failure(collection.dropIndex("one-code"))).code, 27);
  assert.equal((await failure(collection.createIndex({ seen: 1 }, { expireAfterSeconds: 60 }))).code, 85);
});

test("a unique index cannot be made over duplicates", async () => {
  const collection = db.collection("doubles");
  await collection.insertMany([{ k: 1 }, { k: 1 }]);
  assert.equal((await failure(collection.createIndex({ k: 1 }, { unique: true }))).code, 11000);
});

test("a query goes by its index, and explain says so", async () => {
  const collection = db.collection("planned");
  await collection.insertMany(Array.from({ length: 20 }, (_, n) => ({ _id: n, k: n % 5 })));
  const stages = (plan) => (plan.inputStage ? [plan.stage, ...stages(plan.inputStage)] : [plan.stage]);
  assert.deepEqual(stages((await collection.find({ k: 3 }).explain("queryPlanner")).queryPlanner.winningPlan), ["COLLSCAN"]);
  await collection.createIndex({ k: 1 });
  const told = await collection.find({ k: 3 }).explain("executionStats");
  assert.deepEqual(stages(told.queryPlanner.winningPlan), ["FETCH", "IXSCAN"]);
  assert.deepEqual([told.executionStats.nReturned, told.executionStats.totalKeysExamined, told.executionStats.totalDocsExamined], [4, 4, 4]);
  assert.deepEqual((await collection.find({ k: 3 }).hint({ $natural: 1 }).explain("queryPlanner")).queryPlanner.winningPlan.stage, "COLLSCAN");
});

test("aggregation: match, group, sort, project", async () => {
  const sales = db.collection("sales");
  await sales.insertMany([{ _id: 1, who: "a", n: 2, price: 10 }, { _id: 2, who: "b", n: 1, price: 20 }, { _id: 3, who: "a", n: 5, price: 3 }]);
  assert.deepEqual(await sales.aggregate([{ $match: { n: { $gt: 0 } } },
    { $group: { _id: "$who", sum: { $sum: { $multiply: ["$n", "$price"] } }, most: { $max: "$n" }, all: { $push: "$_id" }, mean: { $avg: "$price" } } },
    { $sort: { _id: 1 } }]).toArray(),
  [{ _id: "a", sum: 35, most: 5, all: [1, 3], mean: 6.5 }, { _id: "b", sum: 20, most: 1, all: [2], mean: 20 }]);
  assert.deepEqual(await sales.aggregate([{ $sort: { _id: -1 } }, { $limit: 1 }, { $project: { who: { $toUpper: "$who" }, _id: 0 } }]).toArray(), [{ who: "A" }]);
});

test("aggregation: lookup, unwind, facet, bucket, count", async () => {
  const orders = db.collection("orders"), goods = db.collection("goods");
  await goods.insertMany([{ _id: "p", name: "pen" }, { _id: "i", name: "ink" }]);
  await orders.insertMany([{ _id: 1, item: "p", n: 3 }, { _id: 2, item: "i", n: 1 }, { _id: 3, item: "x", n: 8 }]);
  assert.deepEqual(await orders.aggregate([{ $lookup: { from: "goods", localField: "item", foreignField: "_id", as: "good" } }, { $unwind: "$good" },
    { $sort: { _id: 1 } }, { $project: { name: "$good.name" } }]).toArray(), [{ _id: 1, name: "pen" }, { _id: 2, name: "ink" }]);
  assert.deepEqual(await orders.aggregate([{ $facet: { few: [{ $match: { n: { $lt: 4 } } }, { $count: "n" }],
    all: [{ $group: { _id: null, n: { $sum: "$n" } } }] } }]).toArray(),
    [{ few: [{ n: 2 }], all: [{ _id: null, n: 12 }] }]);
  assert.deepEqual(await orders.aggregate([{ $bucket: { groupBy: "$n", boundaries: [0, 2, 5], default: "many" } }]).toArray(),
    [{ _id: 0, count: 1 }, { _id: 2, count: 1 }, { _id: "many", count: 1 }]);
});

test("aggregation into a collection: out replaces it, merge joins it", async () => {
  const source = db.collection("source"), target = db.collection("target");
  await source.insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 2 }]);
  await source.aggregate([{ $out: "target" }]).toArray();
  assert.deepEqual(await target.find().sort({ _id: 1 }).toArray(), [{ _id: 1, n: 1 }, { _id: 2, n: 2 }]);
  await target.updateMany({}, { $set: { kept: true } });
  await source.insertOne({ _id: 3, n: 3 });
  await source.aggregate([{ $set: { n: { $add: ["$n", 10] } } },
    { $merge: { into: "target", whenMatched: "merge", whenNotMatched: "insert" } }]).toArray();
  assert.deepEqual(await target.find().sort({ _id: 1 }).toArray(), [{ _id: 1, n: 11, kept: true }, { _id: 2, n: 12, kept: true }, { _id: 3, n: 13 }]);
});

test("aggregation over several batches", async () => {
  const many = db.collection("many");
  await many.insertMany(Array.from({ length: 30 }, (_, n) => ({ _id: n })));
  assert.equal((await many.aggregate([{ $match: { _id: { $gte: 5 } } }], { batchSize: 7 }).toArray()).length, 25);
});

test("hello and buildInfo: a primary of the set that the address names", async () => {
  const hello = await client.db("admin").command({ hello: 1 });
  assert.deepEqual([hello.isWritablePrimary, hello.setName, hello.primary, hello.hosts.length], [true, "rs0", hello.me, 1]);
  assert.ok(hello.maxWireVersion >= 17);
  assert.match((await client.db("admin").command({ buildInfo: 1 })).version, /^[67]\.\d+\.\d+$/);
});
