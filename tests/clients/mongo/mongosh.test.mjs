// mongosh, MongoDB's shell: what a person types, and what it prints.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { mongodbUrl, uniqueDatabase } from "./support/store.mjs";

const shell = new URL("mongosh/node_modules/mongosh/bin/mongosh.js", import.meta.url).pathname;
// The shell keeps its log and its settings in its user's home.
const home = mkdtempSync(join(tmpdir(), "mongosh-"));
const database = uniqueDatabase("shell");

/// What the shell prints for a script: one value, as JSON.
function mongosh(script) {
  const address = new URL(mongodbUrl);
  address.pathname = `/${database}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [shell, address.href, "--quiet", "--norc", "--json=relaxed", "--eval", script],
    { encoding: "utf8", timeout: 60_000, env: { ...process.env, HOME: home } });
  return status === 0 ? JSON.parse(stdout) : { failed: status, said: stdout + stderr };
}

after(() => { mongosh("db.dropDatabase()"); rmSync(home, { recursive: true, force: true }); });

test("what is inserted is found, sorted and changed", () => {
  assert.deepEqual(mongosh("db.people.insertMany([{_id: 1, name: 'Ann', age: 30}, {_id: 2, name: 'Ben', age: 25}])"),
    { acknowledged: true, insertedIds: { 0: 1, 1: 2 } });
  assert.deepEqual(mongosh("db.people.find({}, {_id: 0}).sort({age: 1}).toArray()"), [{ name: "Ben", age: 25 }, { name: "Ann", age: 30 }]);
  assert.deepEqual(mongosh("db.people.updateOne({_id: 1}, {$inc: {age: 1}})"),
    { acknowledged: true, insertedId: null, matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
});

test("explain says by which index, and what it looked at", () => {
  const told = mongosh("db.people.createIndex({age: 1}); db.people.find({age: {$gt: 26}}).explain('executionStats')");
  assert.deepEqual([told.queryPlanner.winningPlan.stage, told.queryPlanner.winningPlan.inputStage.stage, told.queryPlanner.winningPlan.inputStage.indexName],
    ["FETCH", "IXSCAN", "age_1"]);
  assert.deepEqual([told.executionStats.nReturned, told.executionStats.totalKeysExamined, told.executionStats.totalDocsExamined], [1, 1, 1]);
  assert.equal(mongosh("db.people.find({name: 'Ann'}).explain()").queryPlanner.winningPlan.stage, "COLLSCAN");
});

test("what lists and describes: collections, indexes, databases, counts, the set", () => {
  assert.deepEqual(mongosh("db.getCollectionNames()"), ["people"]);
  assert.deepEqual(mongosh("db.people.getIndexes().map((index) => index.name)"), ["_id_", "age_1"]);
  assert.ok(mongosh("db.adminCommand({listDatabases: 1}).databases.map(({name}) => name)").includes(database));
  assert.equal(mongosh("db.people.countDocuments()"), 2);
  assert.equal(mongosh("db.hello().setName"), "rs0");
});

test("aggregation and a cursor of several batches", () => {
  assert.deepEqual(mongosh("db.people.aggregate([{$group: {_id: null, sum: {$sum: '$age'}}}]).toArray()"), [{ _id: null, sum: 56 }]);
  assert.equal(mongosh("for (let n = 0; n < 50; n += 1) db.many.insertOne({_id: n}); db.many.find().batchSize(7).toArray().length"), 50);
});

test("a transaction of the shell conflicts with another one: WriteConflict", () => {
  const said = mongosh(`
    const sessions = [1, 2].map(() => db.getMongo().startSession()), people = sessions.map((session) => session.getDatabase(db.getName()).people);
    for (const session of sessions) session.startTransaction();
    people[0].updateOne({_id: 1}, {$inc: {age: 1}});
    let error;
    try { people[1].updateOne({_id: 1}, {$inc: {age: 1}}); } catch (caught) { error = caught; }
    sessions[0].commitTransaction();
    ({ code: error.code, labels: error.errorLabels, age: db.people.findOne({_id: 1}).age })`);
  assert.deepEqual(said, { code: 112, labels: ["TransientTransactionError"], age: 32 });
});

test("an error ends it, with its name", () => {
  const { failed, said } = mongosh("db.people.insertOne({_id: 1})");
  assert.equal(failed, 1);
  assert.match(said, /E11000 duplicate key error/);
});
