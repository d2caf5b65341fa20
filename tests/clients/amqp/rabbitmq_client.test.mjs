// rabbitmq-client: a client with its own codec that reconnects by itself. Its frames are small (8192), its error codes are words.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Connection, ConsumerStatus } from "rabbitmq-client";
import { amqpUrl, Inbox, mebibyte, once, otherUrl, texts, uniqueName } from "./support/broker.mjs";

const connections = [];
const connect = (url = amqpUrl) => {
  const connection = new Connection({ url, retryLow: 50, retryHigh: 200 });
  connection.on("error", () => {});
  connections.push(connection);
  return connection;
};

let rabbit, channel;
const made = [];
const name = (what) => { made.push(uniqueName(`rabbitmq-client.${what}`)); return made.at(-1); };
before(async () => {
  rabbit = connect();
  channel = await rabbit.acquire();
  await channel.confirmSelect();
});
after(async () => {
  for (const each of made) { await rabbit.queueDelete(each); await rabbit.exchangeDelete({ exchange: each }); }
  await channel.close();
  for (const connection of connections) connection.unsafeDestroy();
});

const durable = async (what, args = {}) => {
  const queue = name(what);
  await channel.queueDeclare({ queue, durable: true, arguments: args });
  return queue;
};
const send = (routingKey, body, envelope = {}) => channel.basicPublish({ routingKey, durable: true, ...envelope }, body);

// Its messages leave out the code's own word, with which RabbitMQ's text begins.
const withoutCode = (text) => text.slice(text.indexOf(" - ") + 3);

// A consumer whose handler answers with the next of `answers`, then acknowledges.
async function consume(queue, answers = [], props = {}, on = rabbit) {
  const inbox = new Inbox(), consumer = on.createConsumer({ queue, queueOptions: { passive: true }, ...props },
    (message) => { inbox.put(message); return answers.shift() ?? ConsumerStatus.ACK; });
  consumer.on("error", () => {});
  await once(consumer, "ready");
  return { inbox, consumer };
}

test("published with confirms, consumed, acknowledged", async () => {
  const queue = await durable("basics");
  await send(queue, { id: 7 }, { headers: { tries: 1 }, messageId: "m1" });
  const { inbox, consumer } = await consume(queue), message = await inbox.take();
  assert.deepEqual([message.body, message.headers, message.messageId, message.contentType, message.redelivered],
    [{ id: 7 }, { tries: 1 }, "m1", "application/json", false]);
  await consumer.close();
  assert.equal((await channel.queueDeclare({ queue, passive: true })).messageCount, 0);
});

test("mandatory and unroutable: returned, then confirmed", async () => {
  const returned = once(channel, "basic.return");
  await send(uniqueName("nobody"), "x", { mandatory: true });
  const [message] = await returned;
  assert.deepEqual([message.replyCode, message.replyText, message.body], [312, "NO_ROUTE", "x"]);
});

test("RABBIT-044: a full queue that rejects publishes: a nack", async () => {
  const queue = await durable("full", { "x-max-length": 1, "x-overflow": "reject-publish" });
  await send(queue, "1");
  await assert.rejects(send(queue, "2"), { code: "NACK" });
});

test("RABBIT-020: requeued with prefetch 1: the same message again, before the next", async () => {
  const queue = await durable("requeue");
  await send(queue, "A");
  await send(queue, "B");
  const { inbox, consumer } = await consume(queue, [ConsumerStatus.REQUEUE], { qos: { prefetchCount: 1 } });
  const seen = [await inbox.take(), await inbox.take(), await inbox.take()];
  assert.deepEqual(seen.map(({ body, redelivered }) => [body, redelivered]), [["A", false], ["A", true], ["B", false]]);
  await consumer.close();
});

test("RABBIT-053: dropped to a dead-letter exchange: x-death", async () => {
  const dead = await durable("dead"), work = await durable("work", { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead });
  await send(work, "poison");
  const { consumer } = await consume(work, [ConsumerStatus.DROP]), atDead = await consume(dead);
  const { headers } = await atDead.inbox.take();
  const [{ time, ...death }, ...others] = headers["x-death"];
  assert.deepEqual([death, others], [{ count: 1, reason: "rejected", queue: work, exchange: "", "routing-keys": [work] }, []]);
  assert.ok(Number(time) > 0);
  await consumer.close();
  await atDead.consumer.close();
});

test("RABBIT-045: expired messages are dead-lettered", async () => {
  const dead = await durable("late"), wait = await durable("wait", { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead });
  await send(wait, "x", { expiration: "20" });
  const { inbox, consumer } = await consume(dead), { headers, expiration } = await inbox.take();
  assert.deepEqual([headers["x-death"][0].reason, headers["x-death"][0]["original-expiration"], expiration], ["expired", "20", undefined]);
  await consumer.close();
});

test("RABBIT-022: a cut connection: redelivered; the consumer comes back by itself", async () => {
  const queue = await durable("cut"), cut = connect();
  await send(queue, "x");
  const inbox = new Inbox();
  let release;
  const consumer = cut.createConsumer({ queue, queueOptions: { passive: true } }, async (message) => {
    inbox.put(message);
    if (!message.redelivered) await new Promise((resolve) => { release = resolve; });
  });
  consumer.on("error", () => {});
  assert.equal((await inbox.take()).redelivered, false);
  cut._socket.destroy();
  release();
  assert.equal((await inbox.take()).redelivered, true);
  await consumer.close();
});

test("RABBIT-025: a deleted queue cancels its consumer", async () => {
  const queue = await durable("cancelled"), { consumer } = await consume(queue), event = once(consumer, "error");
  await channel.queueDelete(queue);
  assert.equal((await event)[0].code, "CANCEL_FORCED");
  await consumer.close();
});

test("a mebibyte, in frames of 8192", async () => {
  const queue = await durable("large");
  await send(queue, mebibyte);
  assert.ok((await channel.basicGet({ queue, noAck: true })).body.equals(mebibyte));
});

test("404, 405, 406: the channel is closed and says why", async () => {
  const queue = await durable("refused"), locked = name("locked"), owner = connect(), nope = uniqueName("rabbitmq-client.nope");
  const ownersChannel = await owner.acquire();
  await ownersChannel.queueDeclare({ queue: locked, exclusive: true });
  for (const [params, code, text] of [[{ queue: nope, passive: true }, "NOT_FOUND", texts.noQueue(nope)],
    [{ queue: locked, passive: true }, "RESOURCE_LOCKED", texts.locked(locked)],
    [{ queue, durable: false }, "PRECONDITION_FAILED", texts.durable(queue)]]) {
    const refused = await rabbit.acquire();
    await assert.rejects(refused.queueDeclare(params), (error) => error.code === code && error.message.includes(withoutCode(text)));
    assert.equal(refused.active, false);
  }
  await ownersChannel.close();
  await owner.close();
});

test("RPC by direct reply-to", async () => {
  const queue = await durable("rpc"), client = rabbit.createRPCClient({ confirm: true });
  const server = rabbit.createConsumer({ queue, queueOptions: { passive: true } },
    async (request, reply) => { await reply(`${request.body}!`); });
  await once(server, "ready");
  assert.equal((await client.send(queue, "ping")).body, "ping!");
  await client.close();
  await server.close();
});

test("a wrong password: 403; a vhost that is not there: 530", async () => {
  for (const [change, code, text] of [[(url) => { url.password = "wrong"; }, "ACCESS_REFUSED", texts.login],
    [(url) => { url.pathname = "/nope"; }, "NOT_ALLOWED", texts.noVhost]]) {
    const refused = connect(otherUrl(change)), [error] = await once(refused, "error");
    refused.unsafeDestroy();
    assert.equal(error.code, code);
    assert.ok(error.message.includes(withoutCode(text)), error.message);
  }
});
