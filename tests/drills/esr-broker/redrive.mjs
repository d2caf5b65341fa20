// node redrive.mjs [COUNT]: moves so many parked commands (1) back to their queue, one after the other, oldest first. A command leaves
// the parked ones only when the broker has confirmed it in its queue: after a crash in between it may be there twice, never lost.

import amqp from "amqplib";

const { RABBITMQ_URI = "amqp://guest:guest@127.0.0.1:5672/", PARKED_QUEUE = "esr.parked",
  COMMAND_QUEUE = "esr.queue.appfilegenerationcommand.create.dataexporter" } = process.env;

const connection = await amqp.connect(RABBITMQ_URI), channel = await connection.createConfirmChannel();
let moved = 0;
for (const count = Number(process.argv[2] ?? 1); moved < count; moved += 1) {
  const message = await channel.get(PARKED_QUEUE);
  if (!message) break;
  await new Promise((resolve, reject) => channel.sendToQueue(COMMAND_QUEUE, message.content,
    { persistent: true, contentType: message.properties.contentType }, (error) => (error ? reject(error) : resolve())));
  channel.ack(message);
}
await channel.close();
await connection.close();
console.log(`${moved} moved`);
