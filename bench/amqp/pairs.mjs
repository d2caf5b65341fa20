// The same clients against the fake broker and a real RabbitMQ, in turn: pairs.mjs LOAD [RUNS] [MESSAGES].
//
// Runs as the command of `premortem serve`, which is thus its parent, and inside tests/clients/rabbitmq.sh, which says where the
// real one is. Without a real one only the fake is measured. Prints a table; of each figure the median of the runs.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [load, runs = "5", messages = "50000"] = process.argv.slice(2);
const amqplib = fileURLToPath(new URL("load.mjs", import.meta.url));

const brokers = [{ name: "premortem", url: new URL(process.env.PREMORTEM_AMQP_URL), pid: process.ppid }];
if (process.env.PREMORTEM_REAL_URL)
  brokers.push({ name: "RabbitMQ", url: new URL(process.env.PREMORTEM_REAL_URL), pid: Number(process.env.PREMORTEM_REAL_PID) });

// Seconds of processor time that the process has used, all threads together.
const processorSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const kinds = [
  { name: "librabbitmq, transient", command: [load], extra: [] },
  { name: "librabbitmq, persistent", command: [load], extra: ["durable"] },
  { name: "amqplib, transient", command: [process.execPath, amqplib], extra: [] },
];

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

for (const kind of kinds) {
  const seen = new Map(brokers.map((broker) => [broker.name, []]));
  for (let run = 0; run < Number(runs); run += 1) {
    for (const broker of brokers) {  // In turn, so that whatever else the machine does strikes both.
      const [program, ...first] = kind.command, before = processorSeconds(broker.pid);
      const result = JSON.parse(execFileSync(program, [...first, broker.url.hostname, broker.url.port, messages, ...kind.extra], { encoding: "utf8" }));
      result["server-us-per-message"] = ((processorSeconds(broker.pid) - before) * 1e6) / (Number(messages) + 2000);
      seen.get(broker.name).push(result);
    }
  }
  console.log(`\n${kind.name}, 1 KiB, ${messages} messages, median of ${runs} runs in turn`);
  const figures = Object.keys(seen.get("premortem")[0]);
  for (const figure of figures) {
    const [ours, theirs] = brokers.map((broker) => median(seen.get(broker.name).map((result) => result[figure])));
    const ratio = theirs === undefined ? "" : `${theirs.toFixed(1).padStart(12)}${(ours / theirs).toFixed(2).padStart(8)}x`;
    console.log(`  ${figure.padEnd(24)}${ours.toFixed(1).padStart(12)}${ratio}`);
  }
}
