// amqplib, promises: the client of most Node programs that use RabbitMQ.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import amqp from "amqplib";
import { amqpUrl, Inbox, managementUrl, mebibyte, once, otherUrl, texts, uniqueName } from "./support/broker.mjs";

let connection, channel, queue, count = 0;
const made = [];

before(async () => { connection = await amqp.connect(amqpUrl); });
after(() => connection.close());

// A queue per test: q is durable; names are kept to be deleted whatever happens.
const name = (what) => { made.push(uniqueName(`amqplib.${count}.${what}`)); return made.at(-1); };
beforeEach(async () => {
  count += 1;
  channel = await connection.createConfirmChannel();
  channel.on("error", () => {});
  queue = name("q");
  await channel.assertQueue(queue);
});
afterEach(async () => {
  await channel.close().catch(() => {});
  const cleaner = await connection.createChannel();
  for (const each of made.splice(0)) { await cleaner.deleteQueue(each); await cleaner.deleteExchange(each); }
  await cleaner.close();
});

const send = (to, body, options) => { channel.sendToQueue(to, Buffer.from(body), options); return channel.waitForConfirms(); };
const consume = async (from, options) => {
  const inbox = new Inbox();
  await channel.consume(from, inbox.put, options);
  return inbox;
};

test("published with confirms, consumed, acknowledged: the queue is empty", async () => {
  await send(queue, "one", { persistent: true, headers: { tries: 1, who: "cron" }, messageId: "m1", contentType: "text/plain" });
  const message = await (await consume(queue)).take();
  assert.equal(message.content.toString(), "one");
  assert.deepEqual(message.properties.headers, { tries: 1, who: "cron" });
  assert.deepEqual([message.properties.messageId, message.properties.contentType, message.properties.deliveryMode], ["m1", "text/plain", 2]);
  assert.deepEqual([message.fields.redelivered, message.fields.exchange, message.fields.routingKey], [false, "", queue]);
  channel.ack(message);
  await channel.recover();
  assert.deepEqual(await channel.checkQueue(queue), { queue, messageCount: 0, consumerCount: 1 });
});

test("RABBIT-003: mandatory and unroutable: returned with 312, then confirmed", async () => {
  const order = [], returned = once(channel, "return");
  channel.on("return", () => order.push("return"));
  await new Promise((resolve, reject) => channel.publish("", uniqueName("nobody"), Buffer.from("x"), { mandatory: true },
    (error) => (error ? reject(error) : resolve(order.push("confirm")))));
  const [message] = await returned;
  assert.deepEqual([message.fields.replyCode, message.fields.replyText, message.content.toString()], [312, "NO_ROUTE", "x"]);
  assert.deepEqual(order, ["return", "confirm"]);
});

test("RABBIT-020: nack with requeue: the message comes again at once, marked as redelivered, before the next", async () => {
  await send(queue, "A");
  await send(queue, "B");
  await channel.prefetch(1);
  const inbox = await consume(queue), first = await inbox.take();
  channel.nack(first);
  const again = await inbox.take();
  assert.deepEqual([again.content.toString(), again.fields.redelivered], ["A", true]);
  channel.ack(again);
  const next = await inbox.take();
  assert.deepEqual([next.content.toString(), next.fields.redelivered], ["B", false]);
});

test("RABBIT-015: prefetch 2: the third is delivered after an ack", async () => {
  for (const body of ["1", "2", "3"]) await send(queue, body);
  await channel.prefetch(2);
  const inbox = await consume(queue), first = await inbox.take();
  await inbox.take();
  assert.equal((await channel.checkQueue(queue)).messageCount, 1);
  assert.equal(inbox.arrived.length, 0);
  channel.ack(first);
  assert.equal((await inbox.take()).content.toString(), "3");
});

test("RABBIT-053: rejected to a dead-letter exchange: x-death says why, whence and how often", async () => {
  const exchange = name("dlx"), dead = name("dead"), work = name("work");
  await channel.assertExchange(exchange, "fanout");
  await channel.assertQueue(dead);
  await channel.bindQueue(dead, exchange, "");
  await channel.assertQueue(work, { deadLetterExchange: exchange });
  await send(work, "poison");
  channel.reject(await (await consume(work)).take(), false);
  const { properties: { headers } } = await (await consume(dead)).take();
  const [{ time, ...death }] = headers["x-death"];
  assert.deepEqual(death, { count: 1, reason: "rejected", queue: work, exchange: "", "routing-keys": [work] });
  assert.equal(time["!"], "timestamp");
  assert.deepEqual([headers["x-first-death-reason"], headers["x-first-death-queue"], headers["x-first-death-exchange"]], ["rejected", work, ""]);
});

test("RABBIT-045: a message that expires is dead-lettered without its expiration", async () => {
  const dead = name("dead"), wait = name("wait");
  await channel.assertQueue(dead);
  await channel.assertQueue(wait, { deadLetterExchange: "", deadLetterRoutingKey: dead });
  await send(wait, "late", { expiration: 20 });
  const { properties } = await (await consume(dead)).take();
  assert.deepEqual([properties.expiration, properties.headers["x-death"][0].reason, properties.headers["x-death"][0]["original-expiration"]],
    [undefined, "expired", "20"]);
});

test("RABBIT-043: higher priority first, above the highest counts as the highest", async () => {
  const urgent = name("urgent");
  await channel.assertQueue(urgent, { maxPriority: 5 });
  for (const priority of [1, 5, 9, 3]) await send(urgent, `${priority}`, { priority });
  const inbox = await consume(urgent, { noAck: true });
  assert.deepEqual([await inbox.take(), await inbox.take(), await inbox.take(), await inbox.take()].map((message) => message.content.toString()),
    ["5", "9", "3", "1"]);
});

test("RABBIT-022: after a cut connection all that was unacknowledged comes again, marked as redelivered", async () => {
  for (const body of ["0", "1", "2"]) await send(queue, body);
  const cut = await amqp.connect(amqpUrl), inbox = new Inbox(), cutChannel = await cut.createChannel();
  cut.on("error", () => {});
  await cutChannel.prefetch(2);
  await cutChannel.consume(queue, inbox.put);
  await inbox.take();
  await inbox.take();
  cut.connection.stream.destroy(new Error("cut"));
  const other = await consume(queue), seen = [await other.take(), await other.take(), await other.take()];
  const shown = seen.map((message) => [message.content.toString(), message.fields.redelivered]).sort();
  assert.deepEqual(shown, [["0", true], ["1", true], ["2", false]]);
});

test("a mebibyte in several frames comes back unharmed, an empty body too", async () => {
  await send(queue, mebibyte);
  await send(queue, "");
  const inbox = await consume(queue);
  assert.ok((await inbox.take()).content.equals(mebibyte));
  assert.equal((await inbox.take()).content.length, 0);
});

test("RABBIT-025: deleting the queue tells its consumer: null", async () => {
  const inbox = await consume(queue);
  await channel.deleteQueue(queue);
  assert.equal(await inbox.take(), null);
});

test("RABBIT-044: a full queue that rejects publishes: the confirm is a nack", async () => {
  const full = name("full");
  await channel.assertQueue(full, { maxLength: 1, arguments: { "x-overflow": "reject-publish" } });
  const publish = () => new Promise((resolve) => channel.sendToQueue(full, Buffer.from("x"), {}, (error) => resolve(error?.message ?? "ack")));
  assert.deepEqual([await publish(), await publish()], ["ack", "message nacked"]);
});

// What a call that the broker refuses tells, by the call's own error and by the channel's event.
async function refused(call, code, text) {
  const event = once(channel, "error");
  const error = await call().then(() => assert.fail("not refused"), (error) => error);
  assert.equal(error.code, code);
  assert.ok(error.message.includes(text), error.message);
  assert.equal((await event)[0].code, code);
}

test("a queue that is not there: 404", () => refused(() => channel.checkQueue(uniqueName("nope")), 404, texts.noQueue(uniqueName("nope"))));

test("a queue declared again with another durable: 406", () =>
  refused(() => channel.assertQueue(queue, { durable: false }), 406, texts.durable(queue)));

test("another connection's exclusive queue: 405", async () => {
  const owner = await amqp.connect(amqpUrl), locked = name("locked");
  await (await owner.createChannel()).assertQueue(locked, { exclusive: true });
  await refused(() => channel.checkQueue(locked), 405, texts.locked(locked));
  await owner.close();
});

test("RABBIT-004: a publish to an exchange that is not there closes the channel: 404", async () => {
  const event = once(channel, "error");
  channel.publish(uniqueName("nope"), "key", Buffer.from("x"));
  const [error] = await event;
  assert.equal(error.code, 404);
  assert.ok(error.message.includes(texts.noExchange(uniqueName("nope"))), error.message);
});

test("RABBIT-018: a second ack closes the channel: 406", async () => {
  await send(queue, "x");
  const message = await channel.get(queue), event = once(channel, "error");
  channel.ack(message);
  channel.ack(message);
  const [error] = await event;
  assert.equal(error.code, 406);
  assert.ok(error.message.includes(texts.unknownTag(1)), error.message);
});

test("a wrong password: 403; a vhost that is not there: refused", async () => {
  const wrong = otherUrl((url) => { url.password = "wrong"; }), nowhere = otherUrl((url) => { url.pathname = "/nope"; });
  await assert.rejects(amqp.connect(wrong), (error) => error.message.includes(texts.login) && error.message.includes("403"));
  // amqplib does not pass on what the broker said, only that it was no welcome.
  await assert.rejects(amqp.connect(nowhere), { message: "Expected ConnectionOpenOk; got <ConnectionClose channel:0>" });
});

test("an operator closes the connection by the management API: 320 with the operator's reason", async () => {
  const forced = await amqp.connect(amqpUrl), { localPort, remotePort } = forced.connection.stream, ended = once(forced, "close");
  forced.on("error", () => {});
  const { origin, username, password } = new URL(managementUrl());
  const path = `${origin}/api/connections/${encodeURIComponent(`127.0.0.1:${localPort} -> 127.0.0.1:${remotePort}`)}`;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  // The API learns of a connection some moments after the connection: until then it is 404.
  let status = 404;
  for (let tries = 0; status === 404 && tries < 100; tries += 1) {
    status = (await fetch(path, { method: "DELETE", headers: { authorization, "x-reason": "maintenance at noon" } })).status;
    if (status === 404) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(status, 204);
  assert.ok((await ended)[0].message.includes('320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - maintenance at noon"'));
});

test("direct reply-to: a question and its answer", async () => {
  const answers = await consume("amq.rabbitmq.reply-to", { noAck: true });
  await send(queue, "ask", { replyTo: "amq.rabbitmq.reply-to", correlationId: "7" });
  const question = await (await consume(queue)).take();
  await send(question.properties.replyTo, "answer", { correlationId: question.properties.correlationId });
  const answer = await answers.take();
  assert.deepEqual([answer.content.toString(), answer.properties.correlationId], ["answer", "7"]);
});

test("amqplib offers no transactions", () => assert.equal(channel.txSelect ?? channel.select, undefined));
