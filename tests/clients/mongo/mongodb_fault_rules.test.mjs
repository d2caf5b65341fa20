// Fault rules over the control endpoint, as npm's mongodb meets them: only the fake has one. Other than by a fail point, a command can
// happen whose answer nobody gets.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { connect, failure, uniqueDatabase, watchCommands } from "./support/store.mjs";

const control = process.env.PREMORTEM_CONTROL_URL;
let client, things, rules, sent, count = 0;

const ask = async (method, path, body) => {
  const response = await fetch(control + path, { method, body: body && JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
};
/// A rule for this test's collection, taken back at its end.
const rule = async (match, what) => {
  const { status, body } = await ask("POST", "/faults", { match: `protocol == 'mongodb' && ${match}`, ...what });
  assert.equal(status, 201, JSON.stringify(body));
  rules.push(body.name);
  return body.name;
};
const on = (command) => `command == '${command}' && collection == '${things.collectionName}'`;
const struck = async (name) => (await ask("GET", `/faults/${name}`)).body.struck;

before(async () => { client = await connect({ monitorCommands: true }); });
after(async () => { await client.db(uniqueDatabase("rules")).dropDatabase(); await client.close(); });
beforeEach(async () => {
  rules = [];
  things = client.db(uniqueDatabase("rules")).collection(`things_${count++}`);
  await things.insertOne({ _id: 1, n: 0 });
  sent = watchCommands(client);
});
afterEach(async () => {
  client.removeAllListeners("commandStarted");
  for (const name of rules) await ask("DELETE", `/faults/${name}`);
});

const add = (options) => things.updateOne({ _id: 1 }, { $inc: { n: 1 } }, options);
const names = (wanted) => sent.filter(([name]) => name === wanted).length;

test("a commit happens, its answer is lost: the driver asks again, and it happened once", async () => {
  const session = client.startSession(), name = await rule("command == 'commitTransaction'", { do: "close", when: "after", limit: 1 });
  session.startTransaction();
  await add({ session });
  await session.commitTransaction();
  await session.endSession();
  assert.deepEqual([names("commitTransaction"), await struck(name), await things.findOne()], [2, 1, { _id: 1, n: 1 }]);
});

test("an update happens, its answer is lost: the driver sends it again, and it happened once", async () => {
  await rule(on("update"), { do: "close", when: "after", limit: 1 });
  assert.equal((await add()).modifiedCount, 1);
  assert.deepEqual([names("update"), await things.findOne()], [2, { _id: 1, n: 1 }]);
});

test("without retryable writes the application does not know, and who tries again writes twice", async () => {
  const plain = await connect({ retryWrites: false }), same = plain.db(things.dbName).collection(things.collectionName);
  await rule(on("update"), { do: "close", when: "after", limit: 1 });
  assert.equal((await failure(same.updateOne({ _id: 1 }, { $inc: { n: 1 } }))).constructor.name, "MongoNetworkError");
  await same.updateOne({ _id: 1 }, { $inc: { n: 1 } });
  await plain.close();
  assert.deepEqual(await things.findOne(), { _id: 1, n: 2 });
});

test("an error by MongoDB's number, with the label that belongs to it", async () => {
  const session = client.startSession();
  await rule(on("update"), { do: "error", code: 112, limit: 1 });
  session.startTransaction();
  const error = await failure(add({ session }));
  await session.abortTransaction();
  await session.endSession();
  assert.deepEqual([error.code, error.hasErrorLabel("TransientTransactionError")], [112, true]);
});

test("an answer comes a while later, by the simulated clock", async () => {
  await rule(on("find"), { do: "delay", when: "after", by: "300 ms" });
  const started = performance.now();
  assert.deepEqual(await things.findOne(), { _id: 1, n: 0 });
  assert.ok(performance.now() - started >= 290);
});

test("a rule that is wrong is refused, with advice", async () => {
  const { status, body } = await ask("POST", "/faults", { match: "colection == 'things'", do: "drop" });
  assert.equal(status, 400);
  assert.match(body.reason, /did you mean "collection"\?/);
});
