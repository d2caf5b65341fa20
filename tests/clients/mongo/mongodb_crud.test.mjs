// npm's mongodb: documents written, found, changed and removed, and every answer as MongoDB gives it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Decimal128, Double, Int32, Long, ObjectId, Timestamp } from "mongodb";
import { connect, failure, uniqueDatabase, watchCommands } from "./support/store.mjs";

let client, db, people, count = 0;
before(async () => { client = await connect({ monitorCommands: true }); db = client.db(uniqueDatabase("crud")); });
after(async () => { await db.dropDatabase(); await client.close(); });
beforeEach(() => { people = db.collection(`people_${count++}`); });

const ids = (documents) => documents.map(({ _id }) => _id);
const four = () => people.insertMany([{ _id: 1, name: "Ann", age: 30 }, { _id: 2, name: "Ben", age: 25 }, { _id: 3, name: "Cat", age: 41 },
  { _id: 4, name: "Dan", age: 25, tags: ["x", "y"] }]);

test("inserted and found: the id comes first, and what was not given is made", async () => {
  const { insertedId, acknowledged } = await people.insertOne({ name: "Ann" });
  assert.ok(acknowledged && insertedId instanceof ObjectId);
  const found = await people.findOne({ name: "Ann" });
  assert.deepEqual(Object.keys(found), ["_id", "name"]);
  assert.ok(found._id.equals(insertedId));
  assert.equal(await people.findOne({ name: "Bob" }), null);
});

test("insertMany counts and names its ids", async () => {
  const result = await four();
  assert.deepEqual(result, { acknowledged: true, insertedCount: 4, insertedIds: { 0: 1, 1: 2, 2: 3, 3: 4 } });
  assert.equal(await people.countDocuments(), 4);
  assert.equal(await people.estimatedDocumentCount(), 4);
});

test("every type comes back as it went", async () => {
  const document = { _id: "types", text: "é€😀", int: new Int32(-7), long: Long.fromString("9007199254740993"), double: new Double(0.1),
    decimal: Decimal128.fromString("1.10"), date: new Date("2021-08-04T00:00:00.123Z"), yes: true, nothing: null, id: new ObjectId(),
    list: [1, [2, { a: [] }]], nested: { a: { b: {} } }, bytes: Buffer.from([0, 1, 255]), pattern: /^a.b$/im, time: new Timestamp({ t: 3, i: 4 }) };
  await people.insertOne(document);
  const found = await people.findOne({ _id: "types" }, { promoteValues: false });
  assert.deepEqual(Object.keys(found), Object.keys(document));
  assert.deepEqual([found.text, found.int.value, found.long.toString(), found.double.value, found.decimal.toString(), found.date.toISOString()],
    ["é€😀", -7, "9007199254740993", 0.1, "1.10", "2021-08-04T00:00:00.123Z"]);
  assert.deepEqual([Buffer.from(found.bytes.buffer), `${found.time.t} ${found.time.i}`, found.nothing], [Buffer.from([0, 1, 255]), "3 4", null]);
  assert.equal((await people.findOne({ _id: "types" })).pattern.toString(), "/^a.b$/im");
  assert.equal(await people.countDocuments(Object.fromEntries(["int", "long", "double", "decimal"].map((type) => [type, { $type: type }]))), 1);
});

test("numbers of different types are equal, and 2^53 + 1 is not 2^53", async () => {
  await people.insertMany([{ _id: 1, n: new Int32(5) }, { _id: 2, n: new Double(5) }, { _id: 3, n: Long.fromNumber(5) }, { _id: 4, n: Decimal128.fromString("5.0") },
    { _id: 5, n: Long.fromString("9007199254740993") }]);
  assert.deepEqual(ids(await people.find({ n: 5 }).sort({ _id: 1 }).toArray()), [1, 2, 3, 4]);
  assert.equal(await people.countDocuments({ n: new Double(2 ** 53) }), 0);
});

test("filters, sorts, skips, limits, projections", async () => {
  await four();
  assert.deepEqual(ids(await people.find({ age: 25 }).sort({ _id: -1 }).toArray()), [4, 2]);
  assert.deepEqual(ids(await people.find({ $or: [{ age: { $gt: 40 } }, { tags: "y" }] }).sort({ _id: 1 }).toArray()), [3, 4]);
  assert.deepEqual(ids(await people.find({ name: /^[AB]/ }).sort({ name: 1 }).toArray()), [1, 2]);
  assert.deepEqual(ids(await people.find({ age: { $in: [30, 41], $nin: [30] } }).toArray()), [3]);
  assert.deepEqual(ids(await people.find({ tags: { $exists: false }, age: { $ne: 25 } }).sort({ age: -1 }).toArray()), [3, 1]);
  assert.deepEqual(ids(await people.find({ tags: { $all: ["x", "y"], $size: 2 } }).toArray()), [4]);
  assert.deepEqual(ids(await people.find({ $expr: { $gt: ["$age", { $multiply: [2, 15] }] } }).toArray()), [3]);
  assert.deepEqual(ids(await people.find().sort({ age: 1, name: -1 }).skip(1).limit(2).toArray()), [2, 1]);
  assert.deepEqual(await people.findOne({ _id: 4 }, { projection: { tags: { $slice: 1 }, name: 1, _id: 0 } }), { name: "Dan", tags: ["x"] });
  assert.deepEqual(await people.distinct("age", { _id: { $lt: 9 } }), [25, 30, 41]);
});

test("updateOne, updateMany, upsert and replaceOne say what they matched, changed and made", async () => {
  await four();
  const shown = ({ matchedCount, modifiedCount, upsertedCount, upsertedId }) => [matchedCount, modifiedCount, upsertedCount, upsertedId];
  assert.deepEqual(shown(await people.updateOne({ age: 25 }, { $set: { age: 26 } })), [1, 1, 0, null]);
  assert.deepEqual(shown(await people.updateOne({ _id: 1 }, { $set: { age: 30 } })), [1, 0, 0, null]);
  assert.deepEqual(shown(await people.updateOne({ _id: 9 }, { $set: { age: 1 } })), [0, 0, 0, null]);
  assert.deepEqual(shown(await people.updateOne({ _id: 9 }, { $set: { age: 1 }, $setOnInsert: { made: true } }, { upsert: true })), [0, 0, 1, 9]);
  assert.deepEqual(await people.findOne({ _id: 9 }), { _id: 9, age: 1, made: true });
  assert.deepEqual(shown(await people.updateMany({}, { $inc: { age: 1 }, $unset: { name: "" } })), [5, 5, 0, null]);
  assert.deepEqual(shown(await people.replaceOne({ _id: 1 }, { only: "this" })), [1, 1, 0, null]);
  assert.deepEqual(await people.findOne({ _id: 1 }), { _id: 1, only: "this" });
  assert.deepEqual(await people.findOne({ _id: 4 }), { _id: 4, age: 26, tags: ["x", "y"] });
});

test("arrays: push, pull, addToSet, positions, filters of arrays", async () => {
  await people.insertOne({ _id: 1, list: [1, 2, 3], rows: [{ k: "a", n: 1 }, { k: "b", n: 2 }] });
  await people.updateOne({ _id: 1 }, { $push: { list: { $each: [9, 8], $position: 0, $slice: 4 } } });
  await people.updateOne({ _id: 1, "rows.k": "b" }, { $set: { "rows.$.n": 20 } });
  await people.updateOne({ _id: 1 }, { $inc: { "rows.$[row].n": 5 } }, { arrayFilters: [{ "row.k": "a" }] });
  await people.updateOne({ _id: 1 }, { $addToSet: { list: 8 }, $pull: { rows: { n: { $gte: 20 } } } });
  assert.deepEqual(await people.findOne(), { _id: 1, list: [9, 8, 1, 2], rows: [{ k: "a", n: 6 }] });
});

test("an update by a pipeline sees the document as it was", async () => {
  await people.insertOne({ _id: 1, a: 2, b: 3 });
  await people.updateOne({ _id: 1 }, [{ $set: { sum: { $add: ["$a", "$b"] } } }, { $unset: "a" }]);
  assert.deepEqual(await people.findOne(), { _id: 1, b: 3, sum: 5 });
});

test("findOneAndUpdate, -Replace and -Delete: before, after, and nothing", async () => {
  await four();
  assert.equal((await people.findOneAndUpdate({ _id: 1 }, { $inc: { age: 1 } })).age, 30);
  assert.equal((await people.findOneAndUpdate({ _id: 1 }, { $inc: { age: 1 } }, { returnDocument: "after" })).age, 32);
  assert.equal((await people.findOneAndUpdate({ age: 25 }, { $set: { x: 1 } }, { sort: { _id: -1 }, projection: { _id: 1 } }))._id, 4);
  assert.deepEqual(await people.findOneAndUpdate({ _id: "APP" }, { $inc: { last: 1 } }, { upsert: true, returnDocument: "after" }), { _id: "APP", last: 1 });
  assert.equal(await people.findOneAndUpdate({ _id: 77 }, { $set: { x: 1 } }), null);
  const { value, lastErrorObject } = await people.findOneAndReplace({ _id: 2 }, { new: 1 }, { includeResultMetadata: true });
  assert.deepEqual([value.name, lastErrorObject], ["Ben", { n: 1, updatedExisting: true }]);
  assert.equal((await people.findOneAndDelete({ _id: 3 })).name, "Cat");
  assert.equal(await people.findOneAndDelete({ _id: 3 }), null);
});

test("deleteOne takes one, deleteMany all", async () => {
  await four();
  assert.equal((await people.deleteOne({ age: 25 })).deletedCount, 1);
  assert.equal((await people.deleteOne({ age: 99 })).deletedCount, 0);
  assert.equal((await people.deleteMany({})).deletedCount, 3);
});

test("bulk, ordered: stops at the first error, and says what was done before it", async () => {
  const error = await failure(people.bulkWrite([{ insertOne: { document: { _id: 1 } } }, { insertOne: { document: { _id: 1 } } },
    { insertOne: { document: { _id: 2 } } }]));
  assert.equal(error.constructor.name, "MongoBulkWriteError");
  assert.deepEqual([error.code, error.result.insertedCount, error.writeErrors.length, error.writeErrors[0].index], [11000, 1, 1, 1]);
  assert.deepEqual(ids(await people.find().toArray()), [1]);
});

test("bulk, unordered: everything is tried, and every error is listed", async () => {
  const error = await failure(people.bulkWrite([{ insertOne: { document: { _id: 1 } } }, { insertOne: { document: { _id: 1 } } },
    { insertOne: { document: { _id: 2 } } }, { insertOne: { document: { _id: 2 } } },
    { updateOne: { filter: { _id: 2 }, update: { $set: { x: 1 } } } }], { ordered: false }));
  assert.deepEqual([error.result.insertedCount, error.result.modifiedCount, error.writeErrors.map(({ index, code }) => [index, code])],
    [2, 1, [[1, 11000], [3, 11000]]]);
});

test("bulk of every kind in one", async () => {
  await four();
  const result = await people.bulkWrite([{ updateMany: { filter: { age: 25 }, update: { $set: { young: true } } } },
    { replaceOne: { filter: { _id: 3 }, replacement: { r: 1 } } }, { deleteOne: { filter: { _id: 1 } } },
    { updateOne: { filter: { _id: 50 }, update: { $set: { a: 1 } }, upsert: true } }, { deleteMany: { filter: { r: 1 } } }]);
  assert.deepEqual([result.matchedCount, result.modifiedCount, result.deletedCount, result.upsertedCount, result.upsertedIds], [3, 3, 2, 1, { 3: 50 }]);
  assert.deepEqual(ids(await people.find().sort({ _id: 1 }).toArray()), [2, 4, 50]);
});

test("a duplicate key: 11000 with the index, its pattern and its value", async () => {
  await people.createIndex({ name: 1 }, { unique: true });
  await people.insertOne({ _id: 1, name: "Ann" });
  const error = await failure(people.insertOne({ _id: 2, name: "Ann" }));
  assert.deepEqual([error.code, error.keyPattern, error.keyValue], [11000, { name: 1 }, { name: "Ann" }]);
  assert.equal(error.message, `E11000 duplicate key error collection: ${people.namespace} index: name_1 dup key: { name: "Ann" }`);
});

test("a cursor over several batches: find, getMore, and the store keeps none of it", async () => {
  await people.insertMany(Array.from({ length: 250 }, (_, n) => ({ _id: n })));
  const sent = watchCommands(client);
  assert.deepEqual(ids(await people.find().sort({ _id: 1 }).batchSize(100).toArray()), Array.from({ length: 250 }, (_, n) => n));
  assert.deepEqual(sent.map(([name]) => name), ["find", "getMore", "getMore"]);
  client.removeAllListeners("commandStarted");
});

test("a killed cursor is gone: 43", async () => {
  await people.insertMany(Array.from({ length: 10 }, (_, n) => ({ _id: n })));
  const { cursor } = await db.command({ find: people.collectionName, batchSize: 2 });
  assert.deepEqual(ids(cursor.firstBatch), [0, 1]);
  assert.deepEqual((await db.command({ killCursors: people.collectionName, cursors: [cursor.id] })).cursorsKilled.map(String), [`${cursor.id}`]);
  const error = await failure(db.command({ getMore: Long.fromValue(cursor.id), collection: people.collectionName }));
  assert.deepEqual([error.code, error.codeName], [43, "CursorNotFound"]);
});

test("what is not known fails, with MongoDB's own code", async () => {
  await people.insertOne({ _id: 1, text: "a", list: [1] });
  const code = async (promise) => { const { code: number, codeName } = await failure(promise); return [number, codeName]; };
  assert.deepEqual(await code(db.command({ frobnicate: 1 })), [59, "CommandNotFound"]);
  assert.deepEqual(await code(people.find({ a: { $nope: 1 } }).toArray()), [2, "BadValue"]);
  assert.equal((await failure(people.updateOne({ _id: 1 }, { $inc: { text: 1 } }))).code, 14);
  assert.equal((await failure(people.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).code, 66);
  assert.equal((await failure(people.updateOne({ _id: 1 }, { $set: { a: 1, "a.b": 2 } }))).code, 40);
  assert.deepEqual(await code(people.aggregate([{ $nope: 1 }]).toArray()), [40324, "Location40324"]);
  assert.equal((await failure(db.command({ find: people.collectionName, nope: 1 }))).code, 40415);
});
