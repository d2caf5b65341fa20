// One connection to a broker that does only what it is told, rightly or wrongly, and notes down all that comes back.

import net from "node:net";
import { decodeHeader, decodeMethod, encodeHeader, encodeMethod, frame } from "./codec.mjs";

export const protocolHeader = Buffer.from([...Buffer.from("AMQP"), 0, 0, 9, 1]);

export class Connection {
  constructor(name, url, heard) {
    this.name = name;
    this.url = new URL(url);
    this.heard = heard;        // Called with each event: {connection, channel, name, args, props, body, frames}.
    this.received = Buffer.alloc(0);
    this.content = new Map();  // By channel: the delivery, get-ok or return whose content is still on its way.
    this.waiting = undefined;
    this.frameMax = 131072;
    this.opened = false;
  }

  connect() {
    return new Promise((resolve, reject) => {
      this.socket = net.connect({ host: this.url.hostname, port: Number(this.url.port || 5672), noDelay: true });
      this.socket.on("connect", resolve);
      this.socket.on("data", (bytes) => this.take(bytes));
      // A broker may answer a wrong beginning by a reset; for a client both are the end.
      this.socket.on("error", reject);  // After the connect it changes nothing.
      this.socket.on("close", () => {
        this.ended = true;
        if (!this.dropped) this.hear(0, "socket closed", {});
      });
      this.socket.on("end", () => this.socket.end());
    });
  }

  /// Resolves with the name of the first of `names` that arrives on `channel`, or of the close that came instead.
  wait(channel, names, patience = 10_000) {
    return new Promise((resolve) => {
      if (this.ended) return resolve({ name: "socket closed" });
      const timer = setTimeout(() => { this.waiting = undefined; resolve("nothing"); }, patience);
      this.waiting = (event) => {
        const closed = event.name === "socket closed" || event.name === "connection.close" ||
          (event.name === "channel.close" && event.channel === channel);
        if (!closed && !(event.channel === channel && names.includes(event.name))) return;
        clearTimeout(timer);
        this.waiting = undefined;
        resolve(event);
      };
    });
  }

  write(bytes) { if (!this.socket.destroyed) this.socket.write(bytes); }
  send(channel, name, args = {}) { this.write(frame(1, channel, encodeMethod(name, args))); }

  publish(channel, args, props, body) {
    const frames = [frame(1, channel, encodeMethod("basic.publish", args)), frame(2, channel, encodeHeader(body.length, props))];
    const chunk = this.frameMax - 8;
    for (let at = 0; at < body.length; at += chunk) frames.push(frame(3, channel, body.subarray(at, at + chunk)));
    this.write(Buffer.concat(frames));
  }

  drop() {
    this.dropped = true;
    this.socket?.destroy();
  }

  take(bytes) {
    this.received = Buffer.concat([this.received, bytes]);
    while (this.received.length >= 8) {
      if (this.received.subarray(0, 4).toString() === "AMQP") {
        this.hear(0, "protocol header", { bytes: this.received.subarray(4, 8).toString("hex") });
        this.received = this.received.subarray(8);
        continue;
      }
      const size = this.received.readUInt32BE(3);
      if (this.received.length < size + 8) return;
      const type = this.received[0], channel = this.received.readUInt16BE(1), payload = this.received.subarray(7, 7 + size);
      if (this.received[7 + size] !== 0xce) this.hear(channel, "frame without an end", {});
      this.received = this.received.subarray(size + 8);
      this.frame(type, channel, payload);
    }
  }

  frame(type, channel, payload) {
    if (type === 8) return;  // Heartbeats come by the clock.
    if (type === 1) {
      const method = decodeMethod(payload);
      if (["basic.deliver", "basic.get-ok", "basic.return"].includes(method.name)) {
        this.content.set(channel, { ...method, frames: 0, parts: [] });
        return;
      }
      // Answered before it is noted: whoever waits for it may go on at once.
      if (method.name === "channel.close") this.send(channel, "channel.close-ok");
      if (method.name === "connection.close") this.send(channel, "connection.close-ok");
      this.hear(channel, method.name, method.args);
      return;
    }
    const content = this.content.get(channel);
    if (!content) return this.hear(channel, `frame of type ${type} without a method`, {});
    if (type === 2) Object.assign(content, decodeHeader(payload));
    else { content.parts.push(Buffer.from(payload)); content.frames += 1; }
    if (content.parts.reduce((sum, part) => sum + part.length, 0) < content.size) return;
    this.content.delete(channel);
    this.hear(channel, content.name, content.args, { props: content.props, body: Buffer.concat(content.parts), frames: content.frames });
  }

  hear(channel, name, args, content = {}) {
    const event = { connection: this.name, channel, name, args, ...content };
    this.heard(event);
    this.waiting?.(event);
  }

  /// The handshake as a decent client does it; `asked` changes user, password, vhost, mechanism, tune values or capabilities.
  async open(asked) {
    await this.connect();
    this.write(protocolHeader);
    const start = await this.wait(0, ["connection.start"]);
    if (start.name !== "connection.start") return start;
    const user = asked.user ?? decodeURIComponent(this.url.username || "guest");
    const password = asked.password ?? decodeURIComponent(this.url.password || "guest");
    const announced = ["authentication_failure_close", "basic.nack", "consumer_cancel_notify", "connection.blocked", "publisher_confirms"];
    const capabilities = Object.fromEntries(announced.map((name) => [name, true]));
    this.send(0, "connection.start-ok", { "client-properties": asked.capabilities === false ? {} : { capabilities },
      mechanism: asked.mechanism ?? "PLAIN", response: asked.response ?? `\0${user}\0${password}`, locale: "en_US" });
    const tune = await this.wait(0, ["connection.tune"]);
    if (tune.name !== "connection.tune") return tune;
    this.frameMax = asked["frame-max"] ?? tune.args["frame-max"];
    this.send(0, "connection.tune-ok",
      { "channel-max": asked["channel-max"] ?? tune.args["channel-max"], "frame-max": this.frameMax, heartbeat: asked.heartbeat ?? 0 });
    this.send(0, "connection.open", { "virtual-host": asked.vhost ?? "/" });
    const reply = await this.wait(0, ["connection.open-ok"]);
    this.opened = reply.name === "connection.open-ok";
    return reply;
  }
}
