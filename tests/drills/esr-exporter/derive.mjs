// The incident with a place where a real exporter hands its files in: derive.mjs INCIDENT > esr-exporter.jsonc. A simulated exporter
// calls ESR and says how its command ended; a real one can do neither, so it publishes what ESR and the command's item need to know.

import { readFileSync } from "node:fs";

const incident = readFileSync(process.argv[2], "utf8");

/// Exactly one place, or the incident is no longer what this was written for.
function change(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`not once in the incident: ${from}`);
  return text.replace(from, () => to);
}

const end = `"tick": { "takes": "50 ms", "does": [ { "mark": "ticked" } ] } } }   // what users see\n`;
let drill = incident.slice(incident.indexOf("{\n"));
drill = change(drill, `"$schema": "../premortem.schema.json"`, `"$schema": "../../../scenarios/premortem.schema.json"`);
drill = change(drill, end, `${end.trimEnd().replace("} }   //", "} },  //")}

    // Where a real exporter hands its files in, line by line and then that it is complete. From here on its records are with ESR.
    "lines":  { "is": "queue", "of": "record", "name": "esr.lines" },
    "files":  { "is": "queue", "of": "export", "name": "esr.files", "fields": { "lines": "int" } },
    "intake": { "is": "consumer", "reads": "lines", "does": [ { "finish": "delivered" }, { "publish": "exported" } ] },
    "desk":   { "is": "consumer", "reads": "files", "does": [ { "filter": "it.lines > 0", "else": "empty" }, { "finish": "exported" } ] }
`);
process.stdout.write(`// Made by derive.mjs from scenarios/incidents/esr-export-write-conflict.jsonc, which is the original: change that, and make this anew.
// It is the incident, and four systems more, which only a real exporter uses.
${drill}`);
