// amqplib, callbacks: the same wire, but what fails arrives elsewhere.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import amqp from "amqplib/callback_api";
import { amqpUrl, Inbox, mebibyte, once, otherUrl, texts, uniqueName } from "./support/broker.mjs";

const connect = promisify(amqp.connect);
const call = (object, method, ...args) => new Promise((resolve, reject) =>
  object[method](...args, (error, result) => (error ? reject(error) : resolve(result))));

let connection;
const made = [];
const name = (what) => { made.push(uniqueName(`callback.${what}`)); return made.at(-1); };

before(async () => { connection = await connect(amqpUrl); });
after(async () => {
  const channel = await call(connection, "createChannel");
  for (const each of made) { await call(channel, "deleteQueue", each, {}); await call(channel, "deleteExchange", each, {}); }
  await call(connection, "close");
});

async function open(queue, options = {}) {
  const channel = await call(connection, "createConfirmChannel");
  channel.on("error", () => {});
  await call(channel, "assertQueue", queue, options);
  return channel;
}
const send = (channel, to, body, options = {}) => call(channel, "publish", "", to, Buffer.from(body), options);
const consume = async (channel, from, options = {}) => {
  const inbox = new Inbox();
  await call(channel, "consume", from, inbox.put, options);
  return inbox;
};

test("published with confirms, consumed with prefetch, requeued, acknowledged", async () => {
  const queue = name("basics"), channel = await open(queue);
  await send(channel, queue, "A");
  await send(channel, queue, "B");
  channel.prefetch(1);
  const inbox = await consume(channel, queue), first = await inbox.take();
  assert.equal(first.fields.redelivered, false);
  channel.nack(first);
  const again = await inbox.take();
  assert.deepEqual([again.content.toString(), again.fields.redelivered], ["A", true]);
  channel.ack(again);
  channel.ack(await inbox.take());
  await call(channel, "waitForConfirms");
  assert.equal((await call(channel, "checkQueue", queue)).messageCount, 0);
});

test("mandatory and unroutable: returned, then confirmed", async () => {
  const queue = name("mandatory"), channel = await open(queue), returned = once(channel, "return");
  await send(channel, uniqueName("nobody"), "x", { mandatory: true });
  assert.equal((await returned)[0].fields.replyCode, 312);
});

test("rejected to a dead-letter exchange, counted in x-death over two rounds", async () => {
  const dead = name("dead"), work = name("work"), channel = await open(dead);
  await call(channel, "assertQueue", work, { deadLetterExchange: "", deadLetterRoutingKey: dead });
  const atWork = await consume(channel, work), atDead = await consume(channel, dead);
  await send(channel, work, "poison");
  channel.nack(await atWork.take(), false, false);
  const first = await atDead.take();
  assert.equal(first.properties.headers["x-death"][0].count, 1);
  await send(channel, work, "poison", { headers: first.properties.headers });
  channel.nack(await atWork.take(), false, false);
  const [death, ...others] = (await atDead.take()).properties.headers["x-death"];
  assert.deepEqual([death.count, death.reason, death.queue, others.length], [2, "rejected", work, 0]);
});

test("a cut connection: redelivered to another", async () => {
  const queue = name("cut"), channel = await open(queue);
  await send(channel, queue, "x");
  const cut = await connect(amqpUrl), cutChannel = await call(cut, "createChannel");
  cut.on("error", () => {});
  await (await consume(cutChannel, queue)).take();
  cut.connection.stream.destroy(new Error("cut"));
  assert.equal((await (await consume(channel, queue)).take()).fields.redelivered, true);
});

test("a mebibyte comes back unharmed; deleting the queue tells its consumer", async () => {
  const queue = name("large"), channel = await open(queue), inbox = await consume(channel, queue, { noAck: true });
  await send(channel, queue, mebibyte);
  assert.ok((await inbox.take()).content.equals(mebibyte));
  await call(channel, "deleteQueue", queue, {});
  assert.equal(await inbox.take(), null);
});

test("404, 405, 406: by the callback and by the channel's event", async () => {
  const queue = name("refused"), locked = name("locked"), owner = await connect(amqpUrl);
  await call(await call(owner, "createChannel"), "assertQueue", locked, { exclusive: true });
  const nope = uniqueName("callback.nope");
  for (const [method, args, code, text] of [
    ["checkQueue", [nope], 404, texts.noQueue(nope)],
    ["checkQueue", [locked], 405, texts.locked(locked)],
    ["assertQueue", [queue, { durable: false }], 406, texts.durable(queue)]]) {
    const channel = await open(queue), event = once(channel, "error");
    await assert.rejects(call(channel, method, ...args), (error) => error.message.includes(text));
    assert.equal((await event)[0].code, code);
  }
  await call(owner, "close");
});

test("a wrong password: 403; a vhost that is not there: refused", async () => {
  await assert.rejects(connect(otherUrl((url) => { url.password = "wrong"; })), (error) => error.message.includes(texts.login));
  await assert.rejects(connect(otherUrl((url) => { url.pathname = "/nope"; })), /got <ConnectionClose channel:0>/);
});
