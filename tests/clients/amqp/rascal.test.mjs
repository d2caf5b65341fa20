// rascal: amqplib with a configuration on top. It makes its vhost by the management API (PREMORTEM_MANAGEMENT_URL), declares all
// that it is told to, and treats a failed message by named strategies.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import amqp from "amqplib";
import rascal from "rascal";
import { amqpUrl, Inbox, managementUrl, mebibyte, once, otherUrl, texts, uniqueName } from "./support/broker.mjs";
import { relay } from "./support/relay.mjs";

const { BrokerAsPromised } = rascal;
const vhost = uniqueName("rascal").replaceAll(".", "-");
const vhostUrl = otherUrl((url) => { url.pathname = `/${vhost}`; });

const configuration = {
  vhosts: {
    [vhost]: {
      assert: true,
      check: true,
      connection: { url: vhostUrl, management: { url: managementUrl() }, retry: { min: 50, max: 100 } },
      exchanges: { orders: { type: "topic" }, dead: { type: "fanout" }, retries: {} },
      queues: {
        work: { options: { durable: true, arguments: { "x-dead-letter-exchange": "dead" } } },
        parked: { options: { durable: true } },
        wait: { options: { durable: true,
          arguments: { "x-message-ttl": 30, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "work" } } },
        large: {}, requeue: {}, cut: {}, deleted: {} },
      bindings: ["orders[order.#] -> work", "dead -> parked", "retries[again] -> wait"],
      publications: {
        order: { exchange: "orders", routingKey: "order.new" },
        nobody: { exchange: "orders", routingKey: "nobody", options: { mandatory: true } },
        again: { exchange: "retries", routingKey: "again" }, large: { queue: "large" }, requeue: { queue: "requeue" }, cut: { queue: "cut" } },
      subscriptions: {
        work: { queue: "work", prefetch: 3, contentType: "application/json" }, parked: { queue: "parked" }, large: { queue: "large" },
        requeue: { queue: "requeue", prefetch: 1 }, cut: { queue: "cut", retry: { min: 50, max: 100 } },
        deleted: { queue: "deleted", retry: false } },
    },
  },
};

const management = (method, path) => {
  const { origin, username, password } = new URL(managementUrl());
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return fetch(`${origin}/api/${path}`, { method, headers: { authorization } });
};

let broker;
before(async () => {
  broker = await BrokerAsPromised.create(configuration);
  broker.on("error", () => {});
});
after(async () => {
  await broker.shutdown();
  assert.equal((await management("DELETE", `vhosts/${vhost}`)).status, 204);
});

const publish = async (name, body) => once(await broker.publish(name, body), "success");

// What a subscription gets; its handler decides by `answer(message, ackOrNack)`, which acknowledges if it is left out. rascal
// consumes only once there is a handler, and some time later: until then another connection may delete the queue.
async function subscribe(name, answer = (message, ackOrNack) => ackOrNack(), by = broker) {
  const inbox = new Inbox(), subscription = await by.subscribe(name), consumes = once(subscription, "subscribed");
  subscription.on("error", () => {});
  subscription.on("message", (message, content, ackOrNack) => { answer(message, ackOrNack); inbox.put({ ...message, content }); });
  await consumes;
  return { inbox, subscription };
}

test("the vhost was made by the management API, and is there", async () => {
  assert.equal((await management("GET", `vhosts/${vhost}`)).status, 200);
  assert.equal((await management("GET", `vhosts/${vhost}-not`)).status, 404);
  assert.equal((await management("PUT", `vhosts/${vhost}`)).status, 204);
});

test("published through a topic exchange, confirmed, consumed, acknowledged", async () => {
  const { inbox, subscription } = await subscribe("work");
  await publish("order", { id: 7 });
  const { content, fields, properties } = await inbox.take();
  assert.deepEqual([content, fields.routingKey, fields.redelivered, properties.deliveryMode], [{ id: 7 }, "order.new", false, 2]);
  await subscription.cancel();
});

test("mandatory and unroutable: returned", async () => {
  const [message] = await once(await broker.publish("nobody", "x"), "return");
  assert.deepEqual([message.fields.replyCode, message.fields.replyText], [312, "NO_ROUTE"]);
});

test("RABBIT-053: nacked: parked with x-death", async () => {
  const { subscription } = await subscribe("work", (message, ackOrNack) => ackOrNack(new Error("poison")));
  const parked = await subscribe("parked");
  await publish("order", { id: 8 });
  const [{ time, ...death }] = (await parked.inbox.take()).properties.headers["x-death"];
  assert.deepEqual(death, { count: 1, reason: "rejected", queue: "work", exchange: "orders", "routing-keys": ["order.new"] });
  await subscription.cancel();
  await parked.subscription.cancel();
});

test("RABBIT-045: forwarded to a queue with a TTL, the message comes back as expired", async () => {
  const later = { strategy: "forward", publication: "again", attempts: 1 };
  const answers = [(ackOrNack) => ackOrNack(new Error("later"), later), (ackOrNack) => ackOrNack()];
  const { inbox, subscription } = await subscribe("work", (message, ackOrNack) => answers.shift()(ackOrNack));
  await publish("order", { id: 9 });
  await inbox.take();
  const { content, properties } = await inbox.take();
  assert.deepEqual([content, properties.headers["x-death"][0].reason, properties.headers["x-death"][0].queue], [{ id: 9 }, "expired", "wait"]);
  await subscription.cancel();
});

test("RABBIT-020: nacked with requeue: again, redelivered, before the next", async () => {
  await publish("requeue", "A");
  await publish("requeue", "B");
  const answers = [(ackOrNack) => ackOrNack(new Error("again"), { strategy: "nack", requeue: true })];
  const { inbox, subscription } = await subscribe("requeue", (message, ackOrNack) => (answers.shift() ?? ((each) => each()))(ackOrNack));
  const seen = [await inbox.take(), await inbox.take(), await inbox.take()];
  assert.deepEqual(seen.map(({ content, fields }) => [content, fields.redelivered]), [["A", false], ["A", true], ["B", false]]);
  await subscription.cancel();
});

test("a mebibyte comes back unharmed", async () => {
  const { inbox, subscription } = await subscribe("large");
  await publish("large", mebibyte);
  assert.ok((await inbox.take()).content.equals(mebibyte));
  await subscription.cancel();
});

test("RABBIT-022: a cut connection: the subscription comes back by itself, the message redelivered", async () => {
  const between = await relay(vhostUrl), copy = structuredClone(configuration);
  copy.vhosts[vhost].connection.url = between.url;
  const other = await BrokerAsPromised.create(copy);
  other.on("error", () => {});
  await publish("cut", "x");
  const { inbox, subscription } = await subscribe("cut", (message, ackOrNack) => { if (message.fields.redelivered) ackOrNack(); }, other);
  assert.equal((await inbox.take()).fields.redelivered, false);
  between.cut();
  assert.equal((await inbox.take()).fields.redelivered, true);
  await subscription.cancel();
  await other.shutdown();
  await between.close();
});

test("RABBIT-025: a deleted queue: its subscription is told", async () => {
  const { subscription } = await subscribe("deleted"), cancelled = once(subscription, "cancelled");
  const connection = await amqp.connect(vhostUrl);
  await (await connection.createChannel()).deleteQueue("deleted");
  await cancelled;
  await connection.close();
});

test("a wrong password: 403; a queue declared otherwise: 406", async () => {
  const refused = async (change) => {
    const copy = structuredClone(configuration);
    change(copy.vhosts[vhost]);
    const error = await BrokerAsPromised.create(copy).then(() => assert.fail("not refused"), (error) => error);
    // What it had opened by then stays open, and is only to be found in the error.
    await error[error.broker]?.shutdown();
    return error.message;
  };
  const login = await refused((its) => { its.connection.url = vhostUrl.replace("guest:guest", "guest:wrong"); });
  assert.ok(login.includes(texts.login), login);
  const durable = await refused((its) => { its.queues.large = { options: { durable: false } }; });
  assert.ok(durable.includes(texts.durable("large").replace("vhost '/'", `vhost '${vhost}'`)), durable);
});
