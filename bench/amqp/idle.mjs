// How much memory idle connections cost: idle.mjs [CONNECTIONS]. Runs as the command of `premortem serve`, its parent.

import { connect } from "node:net";
import { readFileSync } from "node:fs";

const wanted = Number(process.argv[2] ?? 10_000), url = new URL(process.env.PREMORTEM_AMQP_URL);
const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.ppid}/status`, "utf8"))[1]) / 1024;

// A method frame on channel 0.
const frame = (classId, method, payload) => {
  const head = Buffer.alloc(11);
  head[0] = 1;
  head.writeUInt32BE(payload.length + 4, 3);
  head.writeUInt16BE(classId, 7);
  head.writeUInt16BE(method, 9);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
};
const long = (text) => { const size = Buffer.alloc(4); size.writeUInt32BE(text.length); return Buffer.concat([size, Buffer.from(text)]); };
const short = (text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const opening = Buffer.concat([
  Buffer.from("AMQP\0\0\x09\x01"),
  frame(10, 11, Buffer.concat([long(""), short("PLAIN"), long("\0guest\0guest"), short("en_US")])),
  frame(10, 31, Buffer.from([0x07, 0xff, 0, 2, 0, 0, 0, 0])),
  frame(10, 40, Buffer.concat([short("/"), short(""), Buffer.from([0])])),
]);

const before = resident(), begin = performance.now(), sockets = [];
const openOne = () => new Promise((resolve, reject) => {
  const socket = connect(Number(url.port), url.hostname, () => socket.write(opening));
  let seen = Buffer.alloc(0);
  socket.on("error", reject);
  socket.on("data", (bytes) => {
    seen = Buffer.concat([seen, bytes]);
    if (seen.includes(Buffer.from([0, 10, 0, 41]))) { sockets.push(socket); socket.removeAllListeners("data"); resolve(); }  // open-ok
  });
});
for (let opened = 0; opened < wanted; opened += 100) await Promise.all(Array.from({ length: Math.min(100, wanted - opened) }, openOne));
const after = resident();
console.log(`${sockets.length} connections opened in ${((performance.now() - begin) / 1000).toFixed(1)} s; the server grew from ${before.toFixed(0)} to ${after.toFixed(0)} MB: ` +
  `${(((after - before) * 1024) / sockets.length).toFixed(1)} kB each`);
for (const socket of sockets) socket.destroy();
