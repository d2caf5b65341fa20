// What load.cpp does, with amqplib: load.mjs HOST PORT MESSAGES [DURABLE]. Prints the same line of JSON.

import { createRequire } from "node:module";

const amqp = createRequire(new URL("../../tests/clients/amqp/package.json", import.meta.url))("amqplib");
const [host, port, count, durable] = process.argv.slice(2), messages = Number(count);
const window = 256, single = 2000, body = Buffer.alloc(1024, "x"), queue = "premortem.load";

const connection = await amqp.connect(`amqp://guest:guest@${host}:${port}`, { noDelay: true });
const channel = await connection.createConfirmChannel();
await channel.assertQueue(queue, { durable: durable !== undefined });
await channel.purgeQueue(queue);
const rate = (begin) => messages / ((performance.now() - begin) / 1000);

const published = await new Promise((resolve, reject) => {
  const begin = performance.now();
  let sent = 0, confirmed = 0;
  const more = () => {
    for (; sent < messages && sent - confirmed < window; sent += 1) {
      channel.sendToQueue(queue, body, { persistent: durable !== undefined }, (error) => {
        if (error) return reject(error);
        confirmed += 1;
        if (confirmed === messages) resolve(rate(begin));
        else if (sent - confirmed < window / 2) more();
      });
    }
  };
  more();
});

await channel.prefetch(window);
let onMessage;
const consumed = await new Promise((resolve) => {
  const begin = performance.now();
  let taken = 0;
  onMessage = (message) => {
    channel.ack(message);
    taken += 1;
    if (taken === messages) resolve(rate(begin));
  };
  channel.consume(queue, (message) => { if (message !== null) onMessage(message); });  // null: the queue is gone.
});
const used = process.cpuUsage();

const confirms = [], deliveries = [];
for (let n = 0; n < single; n += 1) {
  const begin = performance.now();
  await Promise.all([
    new Promise((resolve) => { onMessage = (message) => { deliveries.push((performance.now() - begin) * 1000); channel.ack(message); resolve(); }; }),
    new Promise((resolve) => channel.sendToQueue(queue, body, {}, () => { confirms.push((performance.now() - begin) * 1000); resolve(); })),
  ]);
}
await channel.deleteQueue(queue);
await connection.close();
const at = (values, share) => values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
console.log(JSON.stringify({ published, consumed, "client-us-per-message": (used.user + used.system) / messages,
  "deliver-p50-us": at(deliveries, 0.5), "deliver-p99-us": at(deliveries, 0.99), "confirm-p50-us": at(confirms, 0.5), "confirm-p99-us": at(confirms, 0.99) }));
