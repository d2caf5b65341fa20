// The comparison itself: what it must find, and in which words. node --test; no broker is needed.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { decodeHeader, decodeMethod, encodeHeader, encodeMethod } from "./codec.mjs";
import { differences, inWords } from "./differences.mjs";
import { readSessions } from "./runner.mjs";
import { byName } from "./methods.mjs";

const transcript = (...lines) => `# title\n${lines.join("\n")}\n`;
const words = (right, ours) => differences(right, ours).map(inWords);
const right = transcript("> c1.1 basic.get queue=$q", '< c1.1 basic.get-ok delivery-tag=1 redelivered=true body="1"');

test("the same is the same", () => assert.deepEqual(differences(right, right), []));

test("another value is named by its argument", () => assert.deepEqual(words(right, right.replace("redelivered=true", "redelivered=false")),
  ["after `c1.1 basic.get`, in `c1.1 basic.get-ok`: RabbitMQ `redelivered=true`, ours `redelivered=false`"]));

test("another event, a missing one, one too many", () => {
  const step = "> c1.1 basic.get queue=$q";
  assert.deepEqual(words(right, transcript(step, "< c1.1 basic.get-empty")), ["after `c1.1 basic.get` RabbitMQ sends " +
    '`c1.1 basic.get-ok delivery-tag=1 redelivered=true body="1"`, ours `c1.1 basic.get-empty`']);
  assert.deepEqual(words(transcript(step, "< c1.1 basic.get-empty"), transcript(step)),
    ["after `c1.1 basic.get` RabbitMQ sends `c1.1 basic.get-empty`, ours nothing"]);
  assert.deepEqual(words(transcript(step), transcript(step, "< c1.1 basic.get-empty")),
    ["after `c1.1 basic.get` ours sends `c1.1 basic.get-empty`, RabbitMQ nothing"]);
});

test("a session that broke, and one without a golden transcript, differ", () => {
  assert.equal(differences(right, "session broke: connect ECONNREFUSED\n").length, 1);
  assert.equal(differences("", right).length, 1);
});

test("methods and properties come back as they were encoded", () => {
  const args = { queue: "q", passive: false, durable: true, exclusive: false, "auto-delete": true, "no-wait": false, "reserved-1": 0,
    arguments: { n: { type: "b", value: -5 }, t: true, s: "text", nothing: null, list: [{ type: "l", value: -5000000000 }], in: { deep: false } } };
  assert.deepEqual(decodeMethod(encodeMethod("queue.declare", args)), { name: "queue.declare", args });
  const props = { "content-type": "text/plain", headers: {}, "delivery-mode": 2, timestamp: 1600000000, "cluster-id": "c" };
  assert.deepEqual(decodeHeader(encodeHeader(5, props)), { size: 5, props });
});

test("each session has a title and facts, and knows the methods that it sends", () => {
  const sessions = readSessions();
  assert.equal(readdirSync(new URL("../../golden/conform/amqp", import.meta.url)).length, sessions.length);
  for (const { name, title, facts, steps } of sessions) {
    assert.ok(title !== "" && facts.length > 0, name);
    for (const step of steps) {
      const verb = step.split(" ").filter((word) => word !== "+")[1];
      assert.ok(byName.has(verb) || /^(open|handshake|connect|drop|raw|frame|content\.(header|body)|\d+)$/.test(verb), `${name}: ${step}`);
    }
  }
});
