// Seeded documents, filters, sorts and updates: few names and few values, so that they often meet.

export function makeLuck(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  return { next, below, pick, chance: (probability) => next() < probability };
}

const names = ["a", "b", "c"];
const paths = ["a", "a", "a", "b", "c", "a.b", "a.b", "b.a", "a.b.c", "a.0", "a.1", "a.0.b", "a.b.0", "c.a"];
const texts = ["a", "b", "ab", "A", "", "ba", "1"];

export function scalar(luck) {
  switch (luck.below(16)) {
    case 0: case 1: case 2: case 3: case 4:
      return luck.below(6) - 2;
    case 5:
      return luck.pick([0.5, 1.5, -0.5, 1e10, 2147483648]);
    case 6: case 7: case 8:
      return luck.pick(texts);
    case 9: case 10:
      return null;
    case 11: case 12:
      return luck.chance(0.5);
    case 13: case 14:
      return new Date(luck.below(3));
    default:
      return luck.pick([NaN, Infinity, 7, 54, 20]);
  }
}

export function value(luck, depth = 2) {
  if (depth === 0 || luck.chance(0.55)) return scalar(luck);
  if (luck.chance(0.5)) return Array.from({ length: luck.below(4) }, () => value(luck, depth - 1));
  return fields(luck, depth - 1);
}

function fields(luck, depth) {
  const document = {};
  for (const name of names) if (luck.chance(0.5)) document[name] = value(luck, depth);
  return document;
}

export function makeDocument(luck, id) {
  return { _id: id, ...fields(luck, 3) };
}

const typeNames = ["double", "string", "object", "array", "bool", "date", "null", "int", "number"];

/// Conditions of one operator about one path.
export function makeLeaf(luck, depth = 2) {
  const path = luck.pick(paths);
  switch (luck.below(20)) {
    case 0: case 1:
      return { [path]: operand(luck) };
    case 2:
      return { [path]: { $eq: operand(luck) } };
    case 3: case 4:
      return { [path]: { $ne: operand(luck) } };
    case 5: case 6: case 7: case 8:
      return { [path]: { [luck.pick(["$gt", "$gte", "$lt", "$lte"])]: operand(luck) } };
    case 9: case 10:
      return { [path]: { [luck.pick(["$in", "$nin"])]: list(luck) } };
    case 11:
      return { [path]: { $exists: luck.chance(0.5) } };
    case 12:
      return { [path]: { $type: luck.chance(0.7) ? luck.pick(typeNames) : [luck.pick(typeNames), luck.pick(typeNames)] } };
    case 13:
      return { [path]: { $all: list(luck) } };
    case 14:
      return { [path]: { $size: luck.below(4) } };
    case 15:
      return { [path]: { $mod: [luck.pick([2, 3, -2, 1]), luck.pick([0, 1, -1])] } };
    case 16:
      return { [path]: luck.chance(0.5) ? { $regex: pattern(luck), $options: luck.pick(["", "i"]) } : new RegExp(pattern(luck)) };
    case 17: {
      const operator = luck.pick(["$bitsAllSet", "$bitsAllClear", "$bitsAnySet", "$bitsAnyClear"]);
      return { [path]: { [operator]: luck.chance(0.5) ? luck.pick([1, 2, 6, 50]) : [luck.below(3), luck.pick([0, 1, 5])] } };
    }
    case 18:
      if (depth > 0) return { [path]: { $elemMatch: elementCondition(luck, depth - 1) } };
      return { [path]: null };
    default:
      if (depth > 0) return { [path]: { $not: Object.values(operatorLeaf(luck, depth - 1))[0] } };
      return { [path]: { $ne: null } };
  }
}

function operatorLeaf(luck, depth) {
  for (;;) {
    const leaf = makeLeaf(luck, depth);
    if (isOperatorDocument(Object.values(leaf)[0])) return leaf;
  }
}

export function isOperatorDocument(candidate) {
  return typeof candidate === "object" && candidate !== null && Object.getPrototypeOf(candidate) === Object.prototype &&
    Object.keys(candidate).length > 0 && Object.keys(candidate)[0].startsWith("$");
}

function elementCondition(luck, depth) {
  if (luck.chance(0.5)) {
    return Object.assign({}, ...Array.from({ length: 1 + luck.below(2) }, () => Object.values(operatorLeaf(luck, 0))[0]));
  }
  const leaf = makeLeaf(luck, depth);
  return luck.chance(0.3) ? { ...leaf, ...makeLeaf(luck, depth) } : leaf;
}

function pattern(luck) {
  return luck.pick(["a", "^a", "b$", "^$", "[0-9]", "a.?b"]);
}
function operand(luck) {
  return luck.chance(0.75) ? scalar(luck) : value(luck, 2);
}
function list(luck) {
  return Array.from({ length: luck.below(4) }, () => operand(luck));
}

/// A tree of leaves: {leaf}, or {operator: "$and" | "$or" | "$nor", parts}.
export function makeTree(luck, depth = 2) {
  if (depth === 0 || luck.chance(0.4)) return { leaf: makeLeaf(luck) };
  return {
    operator: luck.pick(["$and", "$or", "$nor"]),
    parts: Array.from({ length: 1 + luck.below(3) }, () => makeTree(luck, depth - 1)),
  };
}
export function filterOf(tree) {
  return tree.leaf ?? { [tree.operator]: tree.parts.map(filterOf) };
}
export function makeSort(luck) {
  const sort = {};
  const parts = 1 + luck.below(3);
  for (let part = 0; part < parts; ++part) sort[luck.pick(["a", "b", "c", "a.b", "b.a"])] = luck.chance(0.5) ? 1 : -1;
  return sort;
}

export function makeUpdate(luck) {
  const update = {};
  const parts = 1 + luck.below(2);
  for (let part = 0; part < parts; ++part) {
    const path = luck.pick(["a", "b", "c", "a.b", "b.a", "a.0", "c.d", "a.b.c"]);
    const [operator, argument] = luck.pick([
      () => ["$set", value(luck, 2)],
      () => ["$set", value(luck, 2)],
      () => ["$unset", ""],
      () => ["$inc", luck.pick([1, -1, 2.5])],
      () => ["$mul", luck.pick([2, 0, 0.5])],
      () => ["$min", scalar(luck)],
      () => ["$max", scalar(luck)],
      () => ["$push", scalar(luck)],
      () => ["$push", { $each: [luck.below(4), luck.below(4)], $position: luck.below(3) }],
      () => ["$push", { $each: [luck.below(4)], $slice: luck.below(5) - 2 }],
      () => ["$push", { $each: [luck.below(4)], $sort: luck.pick([1, -1]) }],
      () => ["$addToSet", luck.chance(0.5) ? scalar(luck) : { $each: [scalar(luck), scalar(luck)] }],
      () => ["$pop", luck.pick([1, -1])],
      () => ["$pull", luck.chance(0.5) ? scalar(luck) : { $gte: luck.below(3) }],
      () => ["$pullAll", [scalar(luck), scalar(luck)]],
      () => ["$rename", luck.pick(["d", "e", "b.d"])],
      () => ["$bit", { [luck.pick(["and", "or", "xor"])]: luck.below(8) }],
    ])();
    update[operator] = { ...update[operator], [path]: argument };
  }
  return update;
}
