// mongoose: schemas, versions, population, hooks and transactions over the driver that it brings.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import mongoose from "mongoose";
import { failure, mongodbUrl, uniqueDatabase } from "./support/store.mjs";

let connection, Post, Person;
before(async () => {
  connection = await mongoose.createConnection(mongodbUrl, { dbName: uniqueDatabase("mongoose"), serverSelectionTimeoutMS: 10_000 }).asPromise();
  Person = connection.model("Person", new mongoose.Schema({ name: { type: String, required: true, unique: true }, age: { type: Number, min: 0 } }));
  Post = connection.model("Post", new mongoose.Schema({ title: String, author: { type: mongoose.ObjectId, ref: "Person" }, tags: [String],
    deanery: String, start: Date }, { timestamps: true, optimisticConcurrency: true }));
  Post.schema.index({ deanery: 1, start: 1 });
  await Promise.all([Person.init(), Post.init()]);
  await Post.syncIndexes();
});
after(async () => { await connection.dropDatabase(); await connection.close(); });

test("created, found, changed, saved, removed", async () => {
  const ann = await Person.create({ name: "Ann", age: 30 });
  ann.age = 31;
  await ann.save();
  assert.deepEqual(await Person.findById(ann.id).select("-_id name age").lean(), { name: "Ann", age: 31 });
  assert.equal((await Person.deleteOne({ name: "Ann" })).deletedCount, 1);
});

test("what the schema forbids does not reach the store; a duplicate does, and is refused", async () => {
  assert.equal((await failure(Person.create({ age: -1 }))).name, "ValidationError");
  await Person.create({ name: "Ben" });
  assert.equal((await failure(Person.create({ name: "Ben" }))).code, 11000);
});

test("population fetches what is referred to", async () => {
  const cat = await Person.create({ name: "Cat" });
  await Post.create({ title: "one", author: cat, tags: ["x"] });
  assert.equal((await Post.findOne({ title: "one" }).populate("author")).author.name, "Cat");
});

test("two who changed one document: the later save is refused by its version", async () => {
  const { id } = await Post.create({ title: "both" }), [one, two] = [await Post.findById(id), await Post.findById(id)];
  one.title = "mine";
  two.title = "yours";
  await one.save();
  assert.equal((await failure(two.save())).name, "VersionError");
  assert.equal((await Post.findById(id)).title, "mine");
});

test("bulkSave, updateMany, aggregate, distinct, cursor", async () => {
  const posts = Array.from({ length: 5 }, (_, n) => new Post({ title: `bulk ${n}`, deanery: n % 2 ? "EMD" : "EOE" }));
  await Post.bulkSave(posts);
  assert.equal((await Post.updateMany({ deanery: "EMD" }, { $push: { tags: "m" } })).modifiedCount, 2);
  assert.deepEqual(await Post.aggregate([{ $match: { deanery: { $exists: true } } }, { $sortByCount: "$deanery" }]),
    [{ _id: "EOE", count: 3 }, { _id: "EMD", count: 2 }]);
  assert.deepEqual((await Post.distinct("deanery")).sort(), ["EMD", "EOE"]);
  const titles = [];
  for await (const { title } of Post.find({ deanery: "EMD" }).sort("title").cursor({ batchSize: 1 })) titles.push(title);
  assert.deepEqual(titles, ["bulk 1", "bulk 3"]);
});

test("a transaction by connection.transaction: all or nothing", async () => {
  await assert.rejects(connection.transaction(async (session) => {
    await Person.create([{ name: "Dan" }], { session });
    throw new Error("no");
  }), { message: "no" });
  assert.equal(await Person.countDocuments({ name: "Dan" }), 0);
  await connection.transaction((session) => Person.create([{ name: "Dan" }], { session }));
  assert.equal(await Person.countDocuments({ name: "Dan" }), 1);
});

test("a change stream of a model", async () => {
  const stream = Person.watch([], { maxAwaitTimeMS: 50 }), next = (event) => new Promise((resolve) => stream.once(event, resolve));
  const change = next("change");
  await next("resumeTokenChanged");  // Only now it is open at the store.
  await Person.create({ name: "Eve" });
  assert.equal((await change).fullDocument.name, "Eve");
  await stream.close();
});

test("the indexes of the schema are there", async () => {
  assert.deepEqual((await Post.collection.indexes()).map(({ name }) => name), ["_id_", "deanery_1_start_1"]);
});
