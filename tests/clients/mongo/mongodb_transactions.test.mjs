// npm's mongodb: sessions, transactions that meet, and writes and commits that are tried again.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { connect, failCommand, failure, uniqueDatabase, watchCommands } from "./support/store.mjs";

let client, db, accounts, sent, sessions, count = 0;
before(async () => { client = await connect({ monitorCommands: true }); db = client.db(uniqueDatabase("transactions")); });
after(async () => { await db.dropDatabase(); await client.close(); });
beforeEach(async () => {
  accounts = db.collection(`accounts_${count++}`);
  await accounts.insertMany([{ _id: "a", n: 10 }, { _id: "b", n: 0 }]);
  sent = watchCommands(client);
  sessions = [];
});
afterEach(async () => {
  client.removeAllListeners("commandStarted");
  for (const session of sessions) await session.endSession();
  await client.db("admin").command({ configureFailPoint: "failCommand", mode: "off" });
});

const begin = () => {
  const session = client.startSession();
  session.startTransaction();
  sessions.push(session);
  return session;
};
const add = (id, n, session) => accounts.updateOne({ _id: id }, { $inc: { n } }, { session });
const balances = async (options) => Object.fromEntries((await accounts.find({}, options).sort({ _id: 1 }).toArray()).map(({ _id, n }) => [_id, n]));
const names = (...wanted) => sent.map(([name]) => name).filter((name) => wanted.includes(name));

test("committed: seen by all; before it: only inside", async () => {
  const session = begin();
  await add("a", -4, session);
  await add("b", 4, session);
  assert.deepEqual(await balances({ session }), { a: 6, b: 4 });
  assert.deepEqual(await balances(), { a: 10, b: 0 });
  await session.commitTransaction();
  assert.deepEqual(await balances(), { a: 6, b: 4 });
});

test("aborted: nothing of it was", async () => {
  const session = begin();
  await accounts.insertOne({ _id: "c", n: 1 }, { session });
  await accounts.deleteOne({ _id: "a" }, { session });
  await session.abortTransaction();
  assert.deepEqual(await balances(), { a: 10, b: 0 });
});

test("MONGO-001: a transaction reads what was committed when it began", async () => {
  const session = begin();
  assert.deepEqual(await balances({ session }), { a: 10, b: 0 });
  await add("a", 90);
  assert.deepEqual(await balances({ session }), { a: 10, b: 0 });
  await session.commitTransaction();
  assert.deepEqual(await balances(), { a: 100, b: 0 });
});

test("MONGO-002: crossed reads and disjoint writes both commit: write skew", async () => {
  const one = begin(), two = begin();
  await balances({ session: one });
  await balances({ session: two });
  await add("a", 1, one);
  await add("b", 1, two);
  await one.commitTransaction();
  await two.commitTransaction();
  assert.deepEqual(await balances(), { a: 11, b: 1 });
});

test("MONGO-003, MONGO-010: the second to write gets 112, TransientTransactionError, and loses all that it did", async () => {
  const first = begin(), second = begin();
  await add("a", 1, first);
  await add("b", 7, second);
  const error = await failure(add("a", 2, second));
  assert.deepEqual([error.code, error.codeName, error.hasErrorLabel("TransientTransactionError")], [112, "WriteConflict", true]);
  assert.equal(error.constructor.name, "MongoServerError");
  assert.equal((await failure(second.commitTransaction())).code, 251);
  await first.commitTransaction();
  assert.deepEqual(await balances(), { a: 11, b: 0 });
});

test("MONGO-004: the loser has lost even if the first updater then aborts", async () => {
  const first = begin(), second = begin();
  await add("a", 1, first);
  assert.equal((await failure(add("a", 2, second))).code, 112);
  await first.abortTransaction();
  assert.equal((await failure(add("a", 2, second))).code, 251);
  await second.abortTransaction();
  assert.deepEqual(await balances(), { a: 10, b: 0 });
});

test("MONGO-016: a document changed since the transaction's snapshot: 112", async () => {
  const session = begin();
  await balances({ session });
  await add("a", 5);
  assert.equal((await failure(add("a", 1, session))).code, 112);
  await session.abortTransaction();
  assert.deepEqual(await balances(), { a: 15, b: 0 });
});

test("MONGO-015: a plain write waits for the transaction, and then works on what it left", async () => {
  const session = begin(), order = [];
  await add("a", 1, session);
  const plain = add("a", 100).then(() => order.push("plain"));
  await balances();
  order.push("commit");
  await session.commitTransaction();
  await plain;
  assert.deepEqual([order, await balances()], [["commit", "plain"], { a: 111, b: 0 }]);
});

test("withTransaction tries again after a conflict, and both effects are there", async () => {
  const holder = begin(), session = client.startSession();
  await add("a", 1, holder);
  let tries = 0;
  await session.withTransaction(async () => {
    tries += 1;
    // The second try comes when nobody is in the way any more.
    if (tries === 2) await holder.commitTransaction();
    await add("a", 10, session);
  });
  await session.endSession();
  assert.equal(tries, 2);
  assert.deepEqual(await balances(), { a: 21, b: 0 });
});

test("thirteen transactions on one counter by withTransaction: thirteen numbers, none twice", async () => {
  const numbers = await Promise.all(Array.from({ length: 13 }, () => client.withSession((session) => session.withTransaction(async () => {
    const { n } = await accounts.findOneAndUpdate({ _id: "b" }, { $inc: { n: 1 } }, { session, returnDocument: "after" });
    await accounts.insertOne({ _id: n }, { session });
    return n;
  }))));
  assert.deepEqual(numbers.sort((left, right) => left - right), Array.from({ length: 13 }, (_, n) => n + 1));
});

test("two upserts of one new document in two transactions: one of them gets 112", async () => {
  const one = begin(), two = begin(), upsert = (session) => accounts.updateOne({ _id: "new" }, { $inc: { n: 1 } }, { session, upsert: true });
  await upsert(one);
  assert.equal((await failure(upsert(two))).code, 112);
  await one.commitTransaction();
  assert.equal((await accounts.findOne({ _id: "new" })).n, 1);
});

test("a commit that is cut off is sent again by the driver, and happens once", async () => {
  const session = begin();
  await add("a", 1, session);
  await failCommand(client, { times: 1 }, { failCommands: ["commitTransaction"], closeConnection: true });
  await session.commitTransaction();
  assert.deepEqual(names("commitTransaction"), ["commitTransaction", "commitTransaction"]);
  assert.deepEqual(await balances(), { a: 11, b: 0 });
});

test("MONGO-027: a commit that happened and was told as failed is retried, and is no second commit", async () => {
  const session = begin();
  await add("a", 1, session);
  await failCommand(client, { times: 1 }, { failCommands: ["commitTransaction"],
    writeConcernError: { code: 91, errmsg: "shutting down", errorLabels: ["RetryableWriteError"] } });
  await session.commitTransaction();
  assert.deepEqual(names("commitTransaction"), ["commitTransaction", "commitTransaction"]);
  assert.deepEqual(await balances(), { a: 11, b: 0 });
});

test("a commit that fails twice is unknown to the application, which may ask again", async () => {
  const session = begin();
  await add("a", 1, session);
  await failCommand(client, { times: 2 }, { failCommands: ["commitTransaction"], closeConnection: true });
  const error = await failure(session.commitTransaction());
  assert.ok(error.hasErrorLabel("UnknownTransactionCommitResult"));
  await session.commitTransaction();
  assert.deepEqual(await balances(), { a: 11, b: 0 });
});

test("MONGO-026: a connection lost inside a transaction: transient, and the whole of it is done again", async () => {
  const session = client.startSession();
  await failCommand(client, { times: 1 }, { failCommands: ["update"], closeConnection: true });
  let tries = 0;
  await session.withTransaction(async () => { tries += 1; await add("a", 1, session); });
  await session.endSession();
  assert.deepEqual([tries, await balances()], [2, { a: 11, b: 0 }]);
});

test("a retryable write is sent again after a cut, with the same number, and is done once", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["update"], closeConnection: true });
  assert.equal((await add("a", 1)).modifiedCount, 1);
  const updates = sent.filter(([name]) => name === "update").map(([, command]) => `${command.lsid.id.toString("hex")} ${command.txnNumber}`);
  assert.equal(updates.length, 2);
  assert.equal(updates[0], updates[1]);
  assert.deepEqual(await balances(), { a: 11, b: 0 });
});

test("a retryable write that was done and told as failed is not done twice", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["update", "insert", "findAndModify"],
    writeConcernError: { code: 91, errmsg: "shutting down", errorLabels: ["RetryableWriteError"] } });
  assert.equal((await add("a", 1)).modifiedCount, 1);
  assert.deepEqual(names("update"), ["update", "update"]);
  assert.deepEqual(await balances(), { a: 11, b: 0 });
  await failCommand(client, { times: 1 }, { failCommands: ["findAndModify"],
    writeConcernError: { code: 91, errmsg: "shutting down", errorLabels: ["RetryableWriteError"] } });
  const after = await accounts.findOneAndUpdate({ _id: "a" }, { $inc: { n: 1 } }, { returnDocument: "after" });
  assert.deepEqual([after.n, names("findAndModify"), await balances()], [12, ["findAndModify", "findAndModify"], { a: 12, b: 0 }]);
});

test("a read is sent again after a cut", async () => {
  await failCommand(client, { times: 1 }, { failCommands: ["find"], closeConnection: true });
  assert.deepEqual(await balances(), { a: 10, b: 0 });
  assert.deepEqual(names("find"), ["find", "find"]);
});

test("a session sees its own writes, and can have no transaction in a transaction", async () => {
  const session = client.startSession({ causalConsistency: true });
  await add("a", 1, session);
  assert.deepEqual(await balances({ session }), { a: 11, b: 0 });
  session.startTransaction();
  assert.throws(() => session.startTransaction(), { message: "Transaction already in progress" });
  await session.abortTransaction();
  await session.endSession();
});

test("what a transaction may not hold: 263", async () => {
  const session = begin();
  await add("a", 1, session);
  assert.equal((await failure(db.command({ listDatabases: 1 }, { session }).catch((error) => { throw error; }))).code, 263);
});
