// Bytes of AMQP 0-9-1, by RabbitMQ's reading of field types. Values keep their type, so that a transcript can show it:
// a decoded number, time or decimal is {type, value}; strings, booleans, tables, arrays and nothing are JavaScript's own.

import { byIds, byName, properties } from "./methods.mjs";

const integers = { octet: 1, short: 2, long: 4, longlong: 8, timestamp: 8 };
const sized = { b: [1, true], B: [1, false], s: [2, true], u: [2, false], I: [4, true], i: [4, false], l: [8, true], T: [8, false] };

function integer(value, width, signed = false) {
  const buffer = Buffer.alloc(8);
  if (signed) buffer.writeBigInt64BE(BigInt(value));
  else buffer.writeBigUInt64BE(BigInt(value));
  return buffer.subarray(8 - width);
}

const shortString = (text) => Buffer.concat([integer(Buffer.byteLength(text), 1), Buffer.from(text)]);
const longBytes = (bytes) => Buffer.concat([integer(bytes.length, 4), bytes]);

// Numbers in a session's arguments travel as int32, or int64 when they need it; {"type": "b", "value": 5} is any other type.
function fieldValue(value) {
  const tagged = (tag, ...parts) => Buffer.concat([Buffer.from(tag), ...parts]);
  if (value === null) return tagged("V");
  if (typeof value === "boolean") return tagged("t", integer(value ? 1 : 0, 1));
  if (typeof value === "string") return tagged("S", longBytes(Buffer.from(value)));
  if (typeof value === "number" && !Number.isInteger(value)) return fieldValue({ type: "d", value });
  if (typeof value === "number") return fieldValue({ type: Math.abs(value) < 2 ** 31 ? "I" : "l", value });
  if (Array.isArray(value)) return tagged("A", longBytes(Buffer.concat(value.map(fieldValue))));
  if (!("type" in value && "value" in value && value.type.length === 1)) return tagged("F", table(value));
  if (value.type === "d") { const bytes = Buffer.alloc(8); bytes.writeDoubleBE(value.value); return tagged("d", bytes); }
  if (value.type === "x") return tagged("x", longBytes(Buffer.from(value.value)));
  const [width, signed] = sized[value.type] ?? [0, false];
  // A type that nobody knows is sent as it is: what a broker says to it is worth a session.
  return width ? tagged(value.type, integer(value.value, width, signed)) : tagged(value.type);
}

export function table(fields) {
  return longBytes(Buffer.concat(Object.entries(fields).map(([key, value]) => Buffer.concat([shortString(key), fieldValue(value)]))));
}

function encode(type, value) {
  if (type in integers) return integer(value ?? 0, integers[type]);
  if (type === "shortstr") return shortString(value ?? "");
  if (type === "longstr") return longBytes(Buffer.from(value ?? ""));
  return table(value ?? {});
}

export function encodeMethod(name, args) {
  const method = byName.get(name);
  const parts = [integer(method.classId, 2), integer(method.methodId, 2)];
  let bits = [];
  const flushBits = () => {
    if (bits.length) parts.push(integer(bits.reduce((octet, bit, n) => octet | (bit ? 1 << n : 0), 0), 1));
    bits = [];
  };
  for (const field of method.fields) {
    if (field.type === "bit") { bits.push(args[field.name]); continue; }
    flushBits();
    parts.push(encode(field.type, args[field.name]));
  }
  flushBits();
  return Buffer.concat(parts);
}

export function encodeHeader(size, props) {
  let flags = 0;
  const parts = [];
  properties.forEach(([name, type], n) => {
    if (!(name in props)) return;
    flags |= 1 << (15 - n);
    parts.push(encode(type, props[name]));
  });
  return Buffer.concat([integer(60, 2), integer(0, 2), integer(size, 8), integer(flags, 2), ...parts]);
}

export const frame = (type, channel, payload, end = 0xce) =>
  Buffer.concat([integer(type, 1), integer(channel, 2), integer(payload.length, 4), payload, integer(end, 1)]);

// ---- reading -------------------------------------------------------------------------------------------------------

class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }
  take(length) { this.at += length; return this.bytes.subarray(this.at - length, this.at); }
  integer(width, signed = false) {
    const bytes = Buffer.alloc(8, 0);
    this.take(width).copy(bytes, 8 - width);
    const value = bytes.readBigUInt64BE();
    return Number(signed ? BigInt.asIntN(width * 8, value) : value);
  }
  text(width) { return this.take(this.integer(width)).toString("utf8"); }
  table() {
    const end = this.integer(4) + this.at, fields = {};
    while (this.at < end) { const key = this.text(1); fields[key] = this.field(); }
    return fields;
  }
  field() {
    const tag = String.fromCharCode(this.integer(1));
    if (tag === "V") return null;
    if (tag === "t") return this.integer(1) !== 0;
    if (tag === "S") return this.text(4);
    if (tag === "F") return this.table();
    if (tag === "A") {
      const end = this.integer(4) + this.at, values = [];
      while (this.at < end) values.push(this.field());
      return values;
    }
    if (tag === "x") return { type: tag, value: this.text(4) };
    if (tag === "d") return { type: tag, value: this.take(8).readDoubleBE() };
    if (tag === "f") return { type: tag, value: this.take(4).readFloatBE() };
    if (tag === "D") return { type: tag, value: `${this.integer(1)}/${this.integer(4)}` };
    return { type: tag, value: this.integer(...sized[tag]) };
  }
  value(type) {
    if (type in integers) return this.integer(integers[type]);
    return type === "shortstr" ? this.text(1) : type === "longstr" ? this.text(4) : this.table();
  }
}

export function decodeMethod(payload) {
  const reader = new Reader(payload);
  const ids = `${reader.integer(2)}.${reader.integer(2)}`, method = byIds.get(ids), args = {};
  if (!method) return { name: `unknown method ${ids}`, args };
  let octet = 0, bit = 8;
  for (const field of method.fields) {
    if (field.type !== "bit") { args[field.name] = reader.value(field.type); bit = 8; continue; }
    if (bit === 8) { octet = reader.integer(1); bit = 0; }
    args[field.name] = (octet & (1 << bit++)) !== 0;
  }
  return { name: method.name, args };
}

export function decodeHeader(payload) {
  const reader = new Reader(payload);
  reader.take(4);
  const size = reader.integer(8), flags = reader.integer(2), props = {};
  properties.forEach(([name, type], n) => { if (flags & (1 << (15 - n))) props[name] = reader.value(type); });
  return { size, props };
}
