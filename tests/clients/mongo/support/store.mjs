// Where the store is, databases that no other run uses, and what its tests say of errors.

import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";

const needed = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set: say which store is to be tested`);
  return process.env[name];
};

export const mongodbUrl = needed("PREMORTEM_MONGODB_URL");

const run = randomBytes(4).toString("hex");
export const uniqueDatabase = (name) => `clients_${run}_${name}`;

/// A client of its own, connected; options as MongoClient's.
export const connect = (options = {}) => new MongoClient(mongodbUrl, { serverSelectionTimeoutMS: 10_000, ...options }).connect();

/// The error of a call that has to fail.
export const failure = (promise) => promise.then((result) => { throw new Error(`it did not fail but gave ${JSON.stringify(result)}`); },
  (error) => error);

/// Makes commands of the client that names itself `appName` fail until `off` is called.
export async function failCommand(client, mode, data) {
  const admin = client.db("admin");
  await admin.command({ configureFailPoint: "failCommand", mode, data });
  return { off: () => admin.command({ configureFailPoint: "failCommand", mode: "off" }) };
}

/// What commands a client sent: an array that grows, of [name, command].
export function watchCommands(client) {
  const sent = [];
  client.on("commandStarted", ({ commandName, command }) => sent.push([commandName, command]));
  return sent;
}
