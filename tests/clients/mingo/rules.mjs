// The manual's rules, written down a second time and as plainly as they go: the judge where mingo and the simulator differ.
// Pages: "Comparison/Sort Order", "Query on Embedded Documents", "Query an Array", "Query for Null or Missing Fields".

export const missing = undefined;

export const isPlain = (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const isDigits = (text) => /^[0-9]+$/.test(text);

export function typeClass(value) {
  if (value === missing) return 0;
  if (value === null) return 5;
  if (typeof value === "number") return 10;
  if (typeof value === "string") return 15;
  if (Array.isArray(value)) return 25;
  if (typeof value === "boolean") return 40;
  if (value instanceof Date) return 45;
  if (value instanceof RegExp) return 50;
  return 20;
}

const order = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

export function compare(left, right) {
  const classes = order(typeClass(left), typeClass(right));
  if (classes !== 0) return classes;
  switch (typeClass(left)) {
    case 0: case 5:
      return 0;
    case 10:
      if (Number.isNaN(left) || Number.isNaN(right)) return order(Number(!Number.isNaN(left)), Number(!Number.isNaN(right)));
      return order(left, right);
    case 15:
      return Buffer.compare(Buffer.from(left), Buffer.from(right));
    case 20: {
      const ours = Object.entries(left), theirs = Object.entries(right);
      for (let at = 0; at < Math.min(ours.length, theirs.length); ++at) {
        const found = order(typeClass(ours[at][1]), typeClass(theirs[at][1])) || order(ours[at][0], theirs[at][0]) ||
          compare(ours[at][1], theirs[at][1]);
        if (found !== 0) return found;
      }
      return order(ours.length, theirs.length);
    }
    case 25:
      for (let at = 0; at < Math.min(left.length, right.length); ++at) {
        const found = compare(left[at], right[at]);
        if (found !== 0) return found;
      }
      return order(left.length, right.length);
    case 45:
      return order(left.getTime(), right.getTime());
    default:
      return order(Number(left), Number(right));
  }
}

/// Every value that the path means; arrays at its end as their elements and themselves, unless `whole`.
export function endsOf(document, path, whole = false) {
  const ends = [];
  const inDocument = (holder, parts) => {
    const value = Object.hasOwn(holder, parts[0]) ? holder[parts[0]] : missing;
    const rest = parts.slice(1);
    if (Array.isArray(value)) return inArray(value, rest);
    if (rest.length === 0) return void ends.push(value);
    if (isPlain(value)) return inDocument(value, rest);
    ends.push(missing);
  };
  const inArray = (array, rest) => {
    if (rest.length === 0) return void ends.push(...(whole ? [] : array), array);
    array.forEach((element, index) => {
      if (isPlain(element)) inDocument(element, rest);
      if (!isDigits(rest[0]) || rest[0] !== String(index)) return;
      if (rest.length === 1) ends.push(element);
      else if (isPlain(element)) inDocument(element, rest.slice(1));
      else if (Array.isArray(element)) inArray(element, rest.slice(1));
    });
  };
  inDocument(document, path.split("."));
  return ends;
}

const typeTests = {
  double: (value) => typeof value === "number" && !isInt32(value),
  int: (value) => isInt32(value),
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  object: (value) => isPlain(value),
  array: (value) => Array.isArray(value),
  bool: (value) => typeof value === "boolean",
  date: (value) => value instanceof Date,
  null: (value) => value === null,
};
/// What the serializer makes an int32 of.
function isInt32(value) {
  return Number.isInteger(value) && value >= -2147483648 && value <= 2147483647 && !Object.is(value, -0);
}

function related(value, operand, fits) {
  const nullish = (each) => each === missing || each === null;
  if (nullish(operand)) return nullish(value) && fits(0);
  if (typeClass(value) !== typeClass(operand)) return false;
  const nan = Number(Number.isNaN(value)) + Number(Number.isNaN(operand));
  if (nan !== 0) return nan === 2 && fits(0);
  return fits(compare(value, operand));
}

const equals = (value, operand) => related(value, operand, (found) => found === 0);

function bitsOf(value) {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 53 ? BigInt(value) : undefined;
}
function bitTest(operator, argument) {
  const positions = Array.isArray(argument) ? argument
    : Array.from({ length: 53 }, (_, bit) => bit).filter((bit) => (BigInt(argument) >> BigInt(bit)) & 1n);
  const wanted = operator.endsWith("Set") ? 1n : 0n;
  return (value) => {
    const bits = bitsOf(value);
    if (bits === undefined) return false;
    const fits = (position) => ((bits >> BigInt(position)) & 1n) === wanted;
    return operator.startsWith("$bitsAll") ? positions.every(fits) : positions.some(fits);
  };
}

const asDocument = (element) => (Array.isArray(element) ? { ...element } : isPlain(element) ? element : undefined);

/// The test that an operator makes of one value. `siblings`: the operators beside it, for $options.
function valueTest(operator, argument, siblings) {
  switch (operator) {
    case "$eq": return (value) => equals(value, argument);
    case "$gt": return (value) => related(value, argument, (found) => found > 0);
    case "$gte": return (value) => related(value, argument, (found) => found >= 0);
    case "$lt": return (value) => related(value, argument, (found) => found < 0);
    case "$lte": return (value) => related(value, argument, (found) => found <= 0);
    case "$in": return (value) => argument.some((each) => equals(value, each));
    case "$exists": return (value) => value !== missing;
    case "$type": {
      const names = Array.isArray(argument) ? argument : [argument];
      return (value) => names.some((name) => typeTests[name](value));
    }
    case "$mod": return (value) => typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 2 ** 63 &&
      Math.trunc(value) % argument[0] === argument[1] + 0;
    case "$regex": {
      const regex = argument instanceof RegExp ? argument : new RegExp(argument, siblings.$options ?? "");
      return (value) => typeof value === "string" && regex.test(value);
    }
    case "$size": return (value) => Array.isArray(value) && value.length === argument;
    case "$elemMatch": return (value) => Array.isArray(value) && value.some((element) => elementMatches(argument, element));
    default:
      if (operator.startsWith("$bits")) return bitTest(operator, argument);
      throw new Error(`there is no rule for ${operator}`);
  }
}

export const isOperators = (candidate) => isPlain(candidate) && Object.keys(candidate)[0]?.startsWith("$") === true;

function elementMatches(condition, element) {
  if (isOperators(condition)) return operatorsMatch(condition, (operator, argument) => {
    if (operator === "$all") return argument.length > 0 && argument.every((each) => equals(element, each));
    return valueTest(operator, argument, condition)(element);
  });
  const document = asDocument(element);
  return document !== undefined && matches(condition, document);
}

/// `positive`: whether an operator that is no negation holds.
function operatorsMatch(operators, positive) {
  return Object.entries(operators).every(([operator, argument]) => {
    if (operator === "$options") return true;
    if (operator === "$ne") return !positive("$eq", argument);
    if (operator === "$nin") return !positive("$in", argument);
    if (operator === "$exists" && !argument) return !positive("$exists", true);
    if (operator === "$not") return !(argument instanceof RegExp ? positive("$regex", argument) : operatorsMatch(argument, positive));
    return positive(operator, argument);
  });
}

function pathMatches(document, path, operators) {
  return operatorsMatch(operators, (operator, argument) => {
    if (operator === "$all") return argument.length > 0 && argument.every((each) => pathMatches(document, path, { $eq: each }));
    const whole = operator === "$size" || operator === "$elemMatch";
    return endsOf(document, path, whole).some(valueTest(operator, argument, operators));
  });
}

export function operatorsOf(condition) {
  if (isOperators(condition)) return condition;
  return condition instanceof RegExp ? { $regex: condition } : { $eq: condition };
}

export function matches(filter, document) {
  return Object.entries(filter).every(([name, condition]) => {
    if (name === "$and") return condition.every((each) => matches(each, document));
    if (name === "$or") return condition.some((each) => matches(each, document));
    if (name === "$nor") return !condition.some((each) => matches(each, document));
    return pathMatches(document, name, operatorsOf(condition));
  });
}

/// Keys of a document in a sort, as a compound index would hold them; the first of them in the sort's order counts.
/// Throws where two paths lead into two arrays.
export function sortKey(document, sort) {
  const directions = Object.values(sort);
  const byKey = (left, right) => directions.map((direction, at) => direction * compare(left[at], right[at])).find((found) => found !== 0) ?? 0;
  const keys = [];
  const expand = (cursors) => {
    const arrays = new Set();
    const advanced = cursors.map(({ value, parts, done }) => {
      while (!done && !Array.isArray(value)) {
        if (parts.length === 0) done = true;
        else if (!isPlain(value) || !Object.hasOwn(value, parts[0])) return { value: null, parts: [], done: true };
        else [value, parts] = [value[parts[0]], parts.slice(1)];
      }
      if (!done) arrays.add(value);
      return { value, parts, done };
    });
    if (arrays.size > 1) throw new Error("cannot sort with keys that are parallel arrays");
    if (arrays.size === 0) return void keys.push(advanced.map(({ value }) => value));
    const [array] = arrays;
    for (const element of array.length === 0 ? [missing] : array) {
      expand(advanced.map(({ value, parts, done }) => {
        if (done) return { value, parts, done };
        if (parts.length === 0) return { value: element, parts, done: true };
        return isPlain(element) ? { value: element, parts, done: false } : { value: null, parts, done: true };
      }));
    }
  };
  expand(Object.keys(sort).map((path) => ({ value: document, parts: path.split("."), done: false })));
  return keys.sort(byKey)[0];
}

/// Places of the documents in the order of the sort; equal ones stay as they were.
export function sortOrder(documents, sort) {
  const directions = Object.values(sort);
  const keys = documents.map((document) => sortKey(document, sort));
  return documents.map((_, at) => at).sort((left, right) =>
    directions.map((direction, at) => direction * compare(keys[left][at], keys[right][at])).find((found) => found !== 0) ?? left - right);
}
