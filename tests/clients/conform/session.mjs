// A session: what clients send, line by line, and what the server sent back, as a transcript that is the same for the same behaviour.
// The language is described in README.md.

import { createHash } from "node:crypto";
import { encodeHeader, frame } from "./codec.mjs";
import { Connection } from "./connection.mjs";
import { byName, repliesTo } from "./methods.mjs";

export function parseSession(text) {
  const lines = text.split("\n"), facts = [], steps = [];
  let title = "", differs = "";
  for (const line of lines) {
    if (line.startsWith("# facts: ")) facts.push(...line.slice(9).split(", "));
    else if (line.startsWith("# differs: ")) differs = line.slice(11);
    else if (line.startsWith("# ") && title === "") title = line.slice(2);
    else if (line.trim() !== "" && !line.startsWith("#")) steps.push(line.trim());
  }
  return { title, facts, differs, steps };
}

// Splits `c1.1 queue.declare queue=$q arguments={"x-max-length": 1}` into words; a value in braces, brackets or quotes is JSON.
function parseStep(line) {
  const at = { place: 0 };
  const word = () => {
    while (line[at.place] === " ") at.place += 1;
    const begin = at.place;
    let depth = 0, quoted = false;
    for (; at.place < line.length; at.place += 1) {
      const letter = line[at.place];
      if (quoted) { if (letter === "\\") at.place += 1; else if (letter === '"') quoted = false; continue; }
      if (letter === '"') quoted = true;
      else if ("{[".includes(letter)) depth += 1;
      else if ("}]".includes(letter)) depth -= 1;
      else if (letter === " " && depth === 0) break;
    }
    return line.slice(begin, at.place);
  };
  const words = [];
  for (let next = word(); next !== ""; next = word()) words.push(next);
  const together = words[0] === "+";
  if (together) words.shift();
  const [place, verb, ...rest] = words, args = {};
  for (const each of rest) {
    const sign = each.indexOf("="), value = each.slice(sign + 1);
    args[each.slice(0, sign)] = /^([{["]|-?(?:0|[1-9]\d*)$|true$|false$|null$)/.test(value) ? JSON.parse(value) : value;
  }
  const [connection, channel] = place.split(".");
  return { together, connection, channel: Number(channel ?? 0), verb, args };
}

// Bodies and strings of a given length: `@1048576` is so many letters a.
const expand = (text) => (/^@\d+$/.test(String(text)) ? "a".repeat(Number(text.slice(1))) : String(text));

const bytesOf = ({ hex, text = "" }) => (hex === undefined ? Buffer.from(expand(text)) : Buffer.from(String(hex), "hex"));

export class Session {
  /// `prefix` makes this run's names its own: `$q` is sent as prefix + "q" and shown as `$q`. `quiet` is how long, in milliseconds,
  /// nothing must have come before the next step is sent.
  constructor(session, url, prefix, quiet) {
    Object.assign(this, { session, url, prefix, quiet });
    this.connections = new Map();
    this.events = [];
    this.lastHeard = 0;
    this.names = new Map();   // Made by the server -> shown.
    this.ours = new Set(Array.from(session.steps.join("\n").matchAll(/\$([a-z0-9]+)/g), (match) => match[1]));
  }

  async run() {
    try {
      return await this.steps();
    } finally {
      for (const connection of this.connections.values()) connection.drop();
      await this.cleanUp();
    }
  }

  async steps() {
    const lines = [`# ${this.session.title}`];
    for (const line of this.session.steps) {
      const step = parseStep(line.replaceAll(/\$([a-z0-9]+)/g, (_, name) => this.prefix + name).replaceAll("%reply", this.replyTo));
      this.events = [];
      const error = await this.perform(step);
      lines.push(`> ${line}`);
      if (step.together) { lines.push(...this.carried()); continue; }
      await this.untilQuiet();
      lines.push(...this.transcript(step, error));
    }
    return lines.join("\n") + "\n";
  }

  // What is sent together is answered together: nothing is noted in between.
  carried() { this.held = [...(this.held ?? []), ...this.events]; return []; }

  hear(event) {
    this.events.push(event);
    this.replyTo = event.props?.["reply-to"] ?? this.replyTo;
    this.lastHeard = Date.now();
  }

  async untilQuiet() {
    this.lastHeard = Date.now();
    while (Date.now() - this.lastHeard < this.quiet) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async perform(step) {
    if (step.connection === "pause") { await new Promise((resolve) => setTimeout(resolve, Number(step.verb))); return undefined; }
    let connection = this.connections.get(step.connection);
    if (["open", "handshake", "connect"].includes(step.verb)) {
      connection = new Connection(step.connection, this.url, (event) => this.hear(event));
      this.connections.set(step.connection, connection);
      if (step.verb === "connect") await connection.connect();
      else await connection.open(step.args);
      if (step.verb === "open") this.events = this.events.filter((event) => !/^connection\.(start|tune)$/.test(event.name));
      return undefined;
    }
    if (!connection) throw new Error(`${step.connection} is not open`);
    if (step.verb === "drop") connection.drop();
    else if (step.verb === "raw") connection.write(bytesOf(step.args));
    else if (step.verb === "frame") connection.write(frame(step.args.type, step.channel, bytesOf(step.args), step.args.end ?? 0xce));
    else if (step.verb === "content.header") connection.write(frame(2, step.channel, encodeHeader(step.args.size, step.args.props ?? {})));
    else if (step.verb === "content.body") connection.write(frame(3, step.channel, Buffer.from(expand(step.args.text))));
    else if (step.verb === "basic.publish" && "body" in step.args)
      connection.publish(step.channel, step.args, step.args.props ?? {}, Buffer.from(expand(step.args.body)));
    else return this.call(connection, step);
    return undefined;
  }

  async call(connection, step) {
    if (!byName.has(step.verb)) throw new Error(`there is no method ${step.verb}`);
    const replies = step.args["no-reply"] || step.together ? undefined : repliesTo(step.verb, step.args);
    const answer = replies && connection.wait(step.channel, replies);
    connection.send(step.channel, step.verb, step.args);
    return (await answer) === "nothing" ? "no answer in 10 s" : undefined;
  }

  transcript(step, error) {
    const events = [...(this.held ?? []), ...this.events];
    this.held = undefined;
    // Between channels there is no order; within one there is.
    const order = (event) => `${event.connection}.${String(event.channel).padStart(5, "0")}`;
    events.sort((a, b) => (order(a) < order(b) ? -1 : Number(order(a) > order(b))));
    const lines = events.map((event) => `< ${this.show(event)}`);
    return error ? [...lines, `< ${error}`] : lines;
  }

  show(event) {
    const where = event.channel ? `${event.connection}.${event.channel}` : event.connection;
    const args = Object.entries(event.args).filter(([name]) => !name.startsWith("reserved-"))
      .map(([name, value]) => `${name}=${this.value(name, value)}`);
    const content = event.props ? [`props=${this.value("props", event.props)}`, this.body(event)] : [];
    return this.rename([where, event.name, ...args, ...content].join(" "));
  }

  body({ body, frames }) {
    if (body.length <= 64) return `body=${JSON.stringify(body.toString())}`;
    const digest = createHash("sha256").update(body).digest("hex").slice(0, 16);
    return `body of ${body.length} bytes, sha256 ${digest}, in ${frames} ${frames === 1 ? "frame" : "frames"}`;
  }

  // Tables have no order: they are shown sorted. What differs from release to release, or from second to second, is shown as *.
  value(name, value) {
    if (name === "server-properties") {
      const release = ["version", "platform", "copyright", "information", "cluster_name"].filter((key) => key in value);
      return this.value("", { ...value, ...Object.fromEntries(release.map((key) => [key, "*"])) });
    }
    if (Array.isArray(value)) return `[${value.map((each) => this.value("", each)).join(", ")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (value.type?.length === 1 && "value" in value) return value.type === "T" ? "T:*" : `${value.type}:${value.value}`;
    return `{${Object.keys(value).sort().map((key) => `${key}: ${this.value(key, value[key])}`).join(", ")}}`;
  }

  rename(text) {
    return text.replaceAll(this.prefix, "$").replaceAll(/amq\.(gen|ctag|rabbitmq\.reply-to)[-.]([A-Za-z0-9_+/=.-]{10,})/g, (all, kind) => {
      if (!this.names.has(all)) this.names.set(all, `amq.${kind}-#${this.names.size + 1}`);
      return this.names.get(all);
    });
  }

  async cleanUp() {
    const connection = new Connection("cleaner", this.url, () => {});
    await connection.open({});
    let channel = 0;
    for (const name of this.ours) {
      for (const verb of ["queue", "exchange"]) {
        channel += 1;
        connection.send(channel, "channel.open");
        await connection.wait(channel, ["channel.open-ok"]);
        connection.send(channel, `${verb}.delete`, { [verb]: this.prefix + name });
        await connection.wait(channel, [`${verb}.delete-ok`]);
      }
    }
    connection.drop();
  }
}
