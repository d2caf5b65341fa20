// npm's mongodb: failCommand in all its kinds, as a client meets them.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { connect, failCommand, failure, uniqueDatabase } from "./support/store.mjs";

let client, things;
before(async () => {
  client = await connect({ retryReads: false, retryWrites: false });
  things = client.db(uniqueDatabase("failpoints")).collection("things");
  await things.insertOne({ _id: 1 });
});
afterEach(() => client.db("admin").command({ configureFailPoint: "failCommand", mode: "off" }));
after(async () => { await things.drop(); await client.close(); });

const find = () => things.findOne({ _id: 1 });
const finds = async (count) => {
  const codes = [];
  for (let n = 0; n < count; n += 1) codes.push(await find().then(() => "ok", ({ code }) => code));
  return codes;
};

test("times: so often, then no longer", async () => {
  await failCommand(client, { times: 2 }, { failCommands: ["find"], errorCode: 11601 });
  assert.deepEqual(await finds(4), [11601, 11601, "ok", "ok"]);
});

test("skip: only after so many", async () => {
  await failCommand(client, { skip: 2 }, { failCommands: ["find"], errorCode: 2 });
  assert.deepEqual(await finds(4), ["ok", "ok", 2, 2]);
});

test("alwaysOn until off", async () => {
  const point = await failCommand(client, "alwaysOn", { failCommands: ["find"], errorCode: 13 });
  assert.deepEqual(await finds(3), [13, 13, 13]);
  await point.off();
  assert.deepEqual(await finds(1), ["ok"]);
});

test("activationProbability: always at 1, never at 0", async () => {
  await failCommand(client, { activationProbability: 1 }, { failCommands: ["find"], errorCode: 2 });
  assert.deepEqual(await finds(3), [2, 2, 2]);
  await failCommand(client, { activationProbability: 0 }, { failCommands: ["find"], errorCode: 2 });
  assert.deepEqual(await finds(3), ["ok", "ok", "ok"]);
});

test("an error has its code, its text and its labels, and the command has not happened", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["insert"], errorCode: 10107, errorLabels: ["RetryableWriteError", "Mine"] });
  const error = await failure(things.insertOne({ _id: 2 }));
  assert.deepEqual([error.code, error.message, error.errorLabels], [10107, "Failing command via 'failCommand' failpoint", ["RetryableWriteError", "Mine"]]);
  assert.equal(await things.countDocuments(), 1);
});

test("a write concern error: the command has happened", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["insert"], writeConcernError: { code: 64, errmsg: "waiting for replication timed out" } });
  const error = await failure(things.insertOne({ _id: 3 }));
  assert.deepEqual([error.constructor.name, error.code], ["MongoWriteConcernError", 64]);
  assert.equal((await things.deleteOne({ _id: 3 })).deletedCount, 1);
});

test("the connection is closed", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["find"], closeConnection: true });
  assert.match((await failure(find())).constructor.name, /^MongoNetworkError$/);
  assert.deepEqual(await finds(1), ["ok"]);
});

test("a command is held up for so long", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["find"], blockConnection: true, blockTimeMS: 200 });
  const started = performance.now();
  assert.deepEqual(await find(), { _id: 1 });
  assert.ok(performance.now() - started >= 190);
});

test("only the application that is meant, and only the collection that is meant", async () => {
  const other = await connect({ appName: "other", retryReads: false });
  await failCommand(client, "alwaysOn", { failCommands: ["find"], errorCode: 2, appName: "other" });
  assert.deepEqual(await finds(1), ["ok"]);
  assert.equal((await failure(other.db(things.dbName).collection("things").findOne())).code, 2);
  await other.close();
  await failCommand(client, "alwaysOn", { failCommands: ["find"], errorCode: 2, namespace: `${things.dbName}.elsewhere` });
  assert.deepEqual(await finds(1), ["ok"]);
});

test("how often it has been met", async () => {
  const count = async () => (await client.db("admin").command({ configureFailPoint: "failCommand", mode: "off" })).count;
  const before = await count();
  await failCommand(client, { times: 5 }, { failCommands: ["find"], errorCode: 2 });
  await finds(3);
  assert.equal(await count(), before + 3);
});

test("a wrong mode is refused", async () => {
  const error = await failure(client.db("admin").command({ configureFailPoint: "failCommand", mode: "sometimes", data: { failCommands: ["find"] } }));
  assert.ok(error.code > 0);
});

test("what fails with a primary that has stepped down is not tried again unless the driver may", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["find"], errorCode: 189 });
  assert.equal((await failure(find())).code, 189);
  const patient = await connect();
  await failCommand(client, { times: 1 }, { failCommands: ["find"], errorCode: 189 });
  assert.deepEqual(await patient.db(things.dbName).collection("things").findOne(), { _id: 1 });
  await patient.close();
});
