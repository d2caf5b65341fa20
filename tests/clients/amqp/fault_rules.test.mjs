// Fault rules over the control endpoint, as amqplib meets them: only the fake has one.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import amqp from "amqplib";
import { amqpUrl, Inbox, once, uniqueName } from "./support/broker.mjs";

const control = process.env.PREMORTEM_CONTROL_URL;
let connection, channel, queue, rules, count = 0;

const ask = async (method, path, body) => {
  const response = await fetch(control + path, { method, body: body && JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
};
/// A rule for this test's queue, taken back at its end.
const rule = async (match, what) => {
  const { status, body } = await ask("POST", "/faults", { match: `queue == '${queue}' && ${match}`, ...what });
  assert.equal(status, 201, JSON.stringify(body));
  rules.push(body.name);
  return body.name;
};
const struck = async (name) => (await ask("GET", `/faults/${name}`)).body.struck;
const publish = (body) => new Promise((resolve) => channel.sendToQueue(queue, Buffer.from(body), {}, (error) => resolve(error ? "nack" : "ack")));
const within = (promise, ms) => Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve("nothing"), ms))]);

before(async () => { connection = await amqp.connect(amqpUrl); });
after(() => connection.close().catch(() => {}));
beforeEach(async () => {
  rules = [];
  connection.on("error", () => {});
  channel = await connection.createConfirmChannel();
  channel.on("error", () => {});
  queue = uniqueName(`faults.${count++}`);
  await channel.assertQueue(queue);
});
afterEach(async () => {
  for (const name of rules) await ask("DELETE", `/faults/${name}`);
});

test("the second publish is nacked, and is not there", async () => {
  const name = await rule("command == 'basic.publish'", { do: "nack", nth: 2 });
  assert.deepEqual([await publish("a"), await publish("b"), await publish("c")], ["ack", "nack", "ack"]);
  assert.equal((await channel.checkQueue(queue)).messageCount, 2);
  assert.equal(await struck(name), 1);
});

test("a confirm that is dropped is missed for ever, and those after it come", async () => {
  await rule("command == 'basic.publish'", { do: "drop", when: "after", nth: 1 });
  const first = publish("a");
  assert.equal(await publish("b"), "ack");
  assert.equal(await within(first, 100), "nothing");
  assert.equal((await channel.checkQueue(queue)).messageCount, 2);
});

test("a delivery whose ack is not heard comes again, marked as redelivered", async () => {
  await rule("command == 'basic.ack' && attempt == 1", { do: "redeliver" });
  const inbox = new Inbox();
  await channel.consume(queue, inbox.put);
  await publish("a");
  channel.ack(await inbox.take());
  const again = await inbox.take();
  assert.equal(again.fields.redelivered, true);
  channel.ack(again);
});

test("an answer comes a while later, by the simulated clock", async () => {
  await rule("command == 'queue.purge'", { do: "delay", when: "after", by: "300 ms" });
  const started = performance.now();
  await channel.purgeQueue(queue);
  assert.ok(performance.now() - started >= 290);
});

test("a channel is closed with the rule's code, and the connection lives", async () => {
  await rule("command == 'basic.consume'", { do: "error", code: 403, text: "not today" });
  const closed = once(channel, "error");
  channel.consume(queue, () => {}).catch(() => {});
  assert.equal((await closed)[0].code, 403);
  await (await connection.createChannel()).close();
});

test("the connection breaks behind a delivery, which another one gets", async () => {
  const other = await amqp.connect(amqpUrl);
  other.on("error", () => {});
  const gone = once(other, "close");
  await rule("command == 'basic.deliver'", { do: "close", when: "after", limit: 1 });
  const inbox = new Inbox();
  const taking = await other.createChannel();
  taking.on("error", () => {});
  await taking.consume(queue, inbox.put);
  await publish("a");
  await gone;
  const second = new Inbox();
  await channel.consume(queue, second.put, { noAck: true });
  const again = await second.take();
  assert.deepEqual([again.content.toString(), again.fields.redelivered], ["a", true]);
});

test("a rule that is wrong is refused, with advice", async () => {
  const { status, body } = await ask("POST", "/faults", { match: "comand == 'basic.ack'", do: "drop" });
  assert.equal(status, 400);
  assert.match(body.reason, /did you mean "command"\?/);
});
