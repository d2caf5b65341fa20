// The same filters, sorts and updates to mingo and to the simulator: compare.mjs PROGRAM [CASES [SEED]].
// A difference is of a class that differences.json settles, or it is a fault; so is a filter or a sort about which the
// simulator and rules.mjs do not agree, and a class that has no case any more. Exit code 1: there are faults.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { find } from "mingo";
import { update as updateByMingo } from "mingo/updater";
import { filterOf, makeDocument, makeLuck, makeSort, makeTree, makeUpdate } from "./cases.mjs";
import { ask, classNames, classOf, classOfSort, classOfUpdate } from "./classes.mjs";
import { evaluateAll } from "./evaluate.mjs";
import { matches, sortOrder } from "./rules.mjs";

const [program, count = "100000", seed = "1"] = process.argv.slice(2);
const settled = new Map(JSON.parse(readFileSync(new URL("differences.json", import.meta.url), "utf8")).map((each) => [each.name, each]));
const luck = makeLuck(Number(seed));
const cases = Number(count);
const tally = new Map(classNames.map((name) => [name, 0]));
let faults = 0;

function report(what, fact) {
  if (++faults <= 20) console.error(`${what}: ${inspect(fact, { depth: 12, breakLength: 200 })}`);
}
function settle(name, fact) {
  if (name === undefined || !settled.has(name)) return report("a difference of no class", fact);
  tally.set(name, tally.get(name) + 1);
}
const attempt = (work) => {
  try {
    return work();
  } catch (error) {
    return `error: ${error.message}`;
  }
};

function compareFilters(number) {
  const requests = Array.from({ length: number }, (_, id) => ({ document: makeDocument(luck, id), filters: [filterOf(makeTree(luck))] }));
  evaluateAll(program, requests).forEach(({ results: [ours] }, at) => {
    const { document, filters: [filter] } = requests[at];
    const rule = matches(filter, document), theirs = ask(filter, document);
    if (ours !== rule) report("the rules say otherwise", { document, filter, ours, rule });
    else if (ours !== theirs) settle(classOf(filter, document), { document, filter, ours, theirs });
  });
}

function compareSorts(number) {
  const requests = Array.from({ length: number }, () => ({
    documents: Array.from({ length: 2 + luck.below(4) }, (_, id) => makeDocument(luck, id)),
    sort: makeSort(luck),
  }));
  evaluateAll(program, requests).forEach((answer, at) => {
    const { documents, sort } = requests[at];
    const ours = answer.error ?? String(answer.order);
    const rule = attempt(() => String(sortOrder(documents, sort))).replace(/^error/, "2");
    const theirs = attempt(() => String(find(structuredClone(documents), {}).sort(sort).all().map(({ _id }) => _id)));
    if (ours !== rule) report("the rules say otherwise", { documents, sort, ours, rule });
    else if (ours !== theirs) settle(classOfSort(documents, sort, ours), { documents, sort, ours, theirs });
  });
}

/// Exact text of a value, with the fields in their order or in that of their names.
function textOf(value, sorted) {
  if (Array.isArray(value)) return `[${value.map((each) => textOf(each, sorted)).join()}]`;
  if (typeof value !== "object" || value === null || value instanceof Date) return inspect(Object.is(value, -0) ? 0 : value);  // An int32 has one zero.
  const fields = Object.entries(value).map(([name, each]) => `${name}: ${textOf(each, sorted)}`);
  return `{${(sorted ? fields.sort() : fields).join()}}`;
}

function compareUpdates(number) {
  const requests = Array.from({ length: number }, (_, id) => ({ document: makeDocument(luck, id), filter: {}, update: makeUpdate(luck), arrayFilters: [] }));
  evaluateAll(program, requests).forEach((answer, at) => {
    const { document, update } = requests[at];
    const ours = answer.error ?? answer.document, theirs = structuredClone(document);
    const failure = attempt(() => void updateByMingo(theirs, structuredClone(update)));
    if (answer.error !== undefined && failure !== undefined) return;
    const fact = { document, update, ours, theirs: failure ?? theirs };
    if (answer.error !== undefined || failure !== undefined || textOf(ours, true) !== textOf(theirs, true))
      settle(failure === undefined ? classOfUpdate(document, update, ours) : undefined, fact);
    else if (textOf(ours, false) !== textOf(theirs, false)) settle("order-of-new-fields", fact);
  });
}

compareFilters(Math.floor(cases * 0.6));
compareSorts(Math.floor(cases * 0.15));
compareUpdates(Math.floor(cases * 0.25));

for (const [name, number] of tally) {
  console.log(`${String(number).padStart(6)}  ${name}`);
  if (number === 0 && cases >= 100000) report("a class without a case", name);
}
for (const name of settled.keys()) if (!tally.has(name)) report("differences.json has a class that nothing belongs to", name);
console.log(`${cases} cases, seed ${seed}: ${[...tally.values()].reduce((sum, each) => sum + each, 0)} settled differences, ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
