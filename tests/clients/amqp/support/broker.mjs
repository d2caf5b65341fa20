// Where the broker is, and names that no other run uses.

import { randomBytes } from "node:crypto";

const needed = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set: say which broker is to be tested`);
  return process.env[name];
};

export const amqpUrl = needed("PREMORTEM_AMQP_URL");
export const managementUrl = () => needed("PREMORTEM_MANAGEMENT_URL");

/// The same broker with another password, vhost or whatever `change` does to the address.
export function otherUrl(change) {
  const url = new URL(amqpUrl);
  change(url);
  return url.href;
}

const run = randomBytes(4).toString("hex");
export const uniqueName = (name) => `clients.${run}.${name}`;

export const mebibyte = Buffer.alloc(1 << 20, "abcdefgh");

/// Resolves with the arguments of the event's next occurrence.
export const once = (emitter, event, patience = 10_000) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`no ${event} in ${patience} ms`)), patience);
  emitter.once(event, (...args) => { clearTimeout(timer); resolve(args); });
});

/// What arrived, to be taken one by one by whoever waits for it.
export class Inbox {
  constructor() { this.arrived = []; this.takers = []; }
  put = (message) => { const taker = this.takers.shift(); if (taker) taker(message); else this.arrived.push(message); };
  take(patience = 10_000) {
    if (this.arrived.length) return Promise.resolve(this.arrived.shift());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing arrived in ${patience} ms`)), patience);
      this.takers.push((message) => { clearTimeout(timer); resolve(message); });
    });
  }
}

/// The texts of RabbitMQ that users match on.
export const texts = {
  noQueue: (queue) => `NOT_FOUND - no queue '${queue}' in vhost '/'`,
  noExchange: (exchange) => `NOT_FOUND - no exchange '${exchange}' in vhost '/'`,
  login: "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.",
  noVhost: "NOT_ALLOWED - vhost nope not found",
  locked: (queue) => `RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${queue}' in vhost '/'.`,
  durable: (queue) => `PRECONDITION_FAILED - inequivalent arg 'durable' for queue '${queue}' in vhost '/': received 'false' but current is 'true'`,
  unknownTag: (tag) => `PRECONDITION_FAILED - unknown delivery tag ${tag}`,
};
