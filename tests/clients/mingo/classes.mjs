// Which class of differences.json a difference between mingo and the rules belongs to.
import { Query } from "mingo";
import { compare, endsOf, isOperators, isPlain, matches, missing, operatorsOf } from "./rules.mjs";

export function ask(filter, document) {
  try {
    return new Query(filter).test(structuredClone(document));
  } catch (error) {
    return `error: ${error.message}`;
  }
}

/// Whether the path enters an array before its end, or names an element of one.
function entersArray(document, path) {
  const walk = (value, parts) => {
    if (parts.length === 0) return false;
    if (Array.isArray(value)) return true;
    return isPlain(value) && Object.hasOwn(value, parts[0]) && walk(value[parts[0]], parts.slice(1));
  };
  return walk(document, path.split("."));
}

const isWhole = (value) => typeof value === "number" && Number.isInteger(value);
const ranges = ["$gt", "$gte", "$lt", "$lte"];

/// Classes of filters, the narrow ones first. A test sees one operator about one path.
const filterClasses = {
  "bits-of-whole-numbers": ({ operator, ends }) => operator.startsWith("$bits") && !(ends.length === 1 && isWhole(ends[0])),
  "null-as-a-limit": ({ operator, argument }) => ["$gte", "$lte"].includes(operator) && argument === null,
  "all-of-no-array": ({ operator, argument, ends }) => operator === "$all" && (argument.includes(null) || !ends.some(Array.isArray)),
  "remainders-of-numbers": ({ operator, ends }) => operator === "$mod" && ends.some((end) => !isWhole(end)),
  "types-of-numbers": ({ operator, argument, ends }) => operator === "$type" && ["int", "double", "number"].some((name) => argument.includes(name)) &&
    ends.some((end) => typeof end === "number"),
  "types-in-arrays": ({ operator, ends }) => operator === "$type" && ends.some(Array.isArray),
  "arrays-as-limits": ({ operator, argument, ends }) => ranges.includes(operator) && Array.isArray(argument) && ends.some(Array.isArray),
  "documents-as-limits": ({ operator, argument, ends }) => ranges.includes(operator) && isPlain(argument) && ends.some(isPlain),
  "NaN-as-a-limit": ({ operator, argument, ends }) => ranges.includes(operator) && [argument, ...ends].some(Number.isNaN),
  "arrays-in-lists": ({ operator, argument, ends }) => ["$in", "$nin"].includes(operator) && argument.some(Array.isArray) && ends.some(Array.isArray),
  "arrays-of-arrays": ({ operator, ends }) => ["$eq", "$ne", "$in", "$nin", "$regex"].includes(operator) &&
    ends.some((end) => Array.isArray(end) && end.some(Array.isArray)),
  "paths-through-arrays": ({ document, path }) => entersArray(document, path),
};

function* operatorAtoms(path, operators, document) {
  for (const [operator, argument] of Object.entries(operators)) {
    if (operator === "$options") continue;
    if (operator === "$not") yield* operatorAtoms(path, operatorsOf(argument), document);
    else yield { path, operator, argument, document, operators: operator === "$regex" ? operators : { [operator]: argument } };
  }
}

/// The conditions of a filter, each with one operator.
function* atoms(filter, document) {
  for (const [name, condition] of Object.entries(filter)) {
    if (["$and", "$or", "$nor"].includes(name)) for (const each of condition) yield* atoms(each, document);
    else yield* operatorAtoms(name, operatorsOf(condition), document);
  }
}

function elementClass(atom) {
  for (const array of endsOf(atom.document, atom.path, true)) {
    for (const element of Array.isArray(array) ? array : []) {
      if (Array.isArray(element)) return "elements-that-are-arrays";
      if (!isOperators(atom.argument) && !isPlain(element)) return "elements-that-are-no-documents";
      const found = isOperators(atom.argument) ? classOf({ value: atom.argument }, { value: element }) : classOf(atom.argument, element);
      if (found !== undefined) return found;
    }
  }
  return entersArray(atom.document, atom.path) ? "paths-through-arrays" : undefined;
}

/// The class of the first condition about which mingo differs; undefined: none differs, or one that has no class.
export function classOf(filter, document) {
  let found;
  for (const atom of atoms(filter, document)) {
    const alone = { [atom.path]: atom.operators };
    if (ask(alone, document) === matches(alone, document)) continue;
    atom.ends = endsOf(document, atom.path, ["$size", "$elemMatch"].includes(atom.operator));
    const name = atom.operator === "$elemMatch" ? elementClass(atom)
      : Object.keys(filterClasses).find((each) => filterClasses[each](atom));
    if (name === undefined) return undefined;
    found ??= name;
  }
  return found;
}

export const filterClassNames = [...Object.keys(filterClasses), "elements-that-are-arrays", "elements-that-are-no-documents"];

const keysOf = (documents, sort) => Object.keys(sort).flatMap((path) => documents.map((document) => ({ document, path, ends: endsOf(document, path, true) })));

const sortClasses = {
  "sorts-of-parallel-arrays": ({ ours }) => ours === "2: cannot sort with keys that are parallel arrays",
  "sorts-of-arrays": ({ keys }) => keys.some(({ document, path, ends }) => ends.some(Array.isArray) || entersArray(document, path)),
  "sorts-of-missing-fields": ({ keys }) => keys.some(({ ends }) => ends.includes(missing)) && keys.some(({ ends }) => ends.includes(null)),
  "sorts-of-NaN": ({ keys }) => keys.some(({ ends }) => ends.some(Number.isNaN)),
  "sorts-of-documents": ({ keys }) => keys.filter(({ ends }) => ends.some(isPlain)).length > 1,
};

export function classOfSort(documents, sort, ours) {
  const facts = { ours, keys: keysOf(documents, sort) };
  return Object.keys(sortClasses).find((each) => sortClasses[each](facts));
}

const hasEqual = (values) => values.some((left, at) => values.slice(at + 1).some((right) => compare(left, right) === 0));
const nested = (value) => Array.isArray(value) && value.some(Array.isArray);
const valueAt = (document, path) => path.split(".").reduce((value, part) => value?.[part], document);

/// What the simulator refuses, by its error.
const refusals = {
  "updates-through-values": /^28: (Cannot create field|[Cc]annot use the part)/,
  "array-operators-of-no-array": /^(2|14): (The field '.*' must be an array|Cannot apply \$(pull|addToSet) to|Path '.*' contains an element of non-array type)/,
  "arithmetic-of-no-number": /^(2|14): Cannot apply \$(inc|mul|bit) to a value of non-/,
  "renames-in-arrays": /^2: The (source|destination) field cannot be an array element/,
};

/// What the simulator does otherwise than mingo. A test sees one operator about one path.
const updateClasses = {
  "pushes-of-slice-0": ({ operator, argument }) => operator === "$push" && argument?.$slice === 0,
  "pushes-that-sort": ({ operator, argument }) => operator === "$push" && argument?.$sort !== undefined,
  "sets-of-equal-values": ({ operator, argument, value }) => operator === "$addToSet" && hasEqual([...(value ?? []), ...(argument?.$each ?? [])]),
  "limits-of-arrays": ({ operator, value }) => ["$min", "$max"].includes(operator) && Array.isArray(value),
  "limits-of-NaN": ({ operator, argument, value }) => ["$min", "$max", "$pull"].includes(operator) && [argument, value].flat().some(Number.isNaN),
  "pulls-from-arrays-of-arrays": ({ operator, value }) => ["$pull", "$pullAll"].includes(operator) && nested(value),
};

export function classOfUpdate(document, update, ours) {
  if (typeof ours === "string") return Object.keys(refusals).find((each) => refusals[each].test(ours));
  const parts = Object.entries(update).flatMap(([operator, byPath]) =>
    Object.entries(byPath).map(([path, argument]) => ({ operator, argument, value: valueAt(document, path) })));
  return Object.keys(updateClasses).find((each) => parts.some(updateClasses[each]));
}

export const classNames = [...filterClassNames, ...Object.keys(sortClasses), ...Object.keys(refusals), ...Object.keys(updateClasses), "order-of-new-fields"];
