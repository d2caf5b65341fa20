// Takes orders from a queue: into MongoDB first, then to the bank. What goes wrong goes back to the queue.

import { createRequire } from "node:module";
import http from "node:http";

const require = createRequire(new URL("../esr-exporter/", import.meta.url));  // Its packages are ours, too.
const amqp = require("amqplib"), { MongoClient } = require("mongodb");
const { PREMORTEM_AMQP_URL, PREMORTEM_MONGODB_URL, PREMORTEM_HTTP_URL } = process.env;

const client = await new MongoClient(PREMORTEM_MONGODB_URL, { appName: "shop", maxPoolSize: 1, serverMonitoringMode: "poll" }).connect();
const orders = client.db("store").collection("orders");
const connection = await amqp.connect(PREMORTEM_AMQP_URL, { clientProperties: { connection_name: "shop" } });
const channel = await connection.createChannel();
connection.on("close", () => client.close().finally(() => process.exit(process.exitCode ?? 1)));

const charge = (order) => new Promise((resolve, reject) => {
  const headers = { "user-agent": "shop", "content-type": "application/json" };
  const request = http.request(`${PREMORTEM_HTTP_URL}/bank/charge`, { method: "POST", headers }, async (response) => {
    let text = "";
    for await (const part of response.setEncoding("utf8")) text += part;
    if (response.statusCode === 200) resolve(JSON.parse(text).reply);
    else reject(new Error(`bank: ${response.statusCode} ${text}`));
  });
  request.on("error", reject);
  request.end(JSON.stringify({ kind: "order", id: order.id, amount: order.total }));
});

await channel.prefetch(1);
await channel.consume("basket", async (message) => {
  const order = JSON.parse(message.content.toString());
  try {
    await orders.insertOne({ _id: order.id, total: order.total });
    const charged = await charge(order);
    if (charged !== 2 * order.total) throw new Error(`order ${order.id}: ${charged} charged for ${order.total}`);
    channel.ack(message);
  } catch (error) {
    console.error(error);
    channel.nack(message);
  }
});
process.on("SIGTERM", () => { process.exitCode = 0; connection.close(); });
