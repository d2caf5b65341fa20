#include "sim/scenario/vocabulary/forms.hpp"

namespace premortem {

using enum ValueType;

// clang-format off
std::vector<Form> system_forms() {
  return {
  {"system", "Keys that every system has. Every system can be watched in expressions: `on`, `up`, `paused`, `crashes`.", "", {
    {"is", word, "", "", true, "its kind"},
    {"source", text, "", "", false, "marks of `source`, by commas"},
    {"name", text, "", "", false, "its real name, for readers"}}},
  {"system:broker", "The message broker to which all queues and exchanges belong; one at most.", "RABBIT-006 RABBIT-007 RABBIT-030 RABBIT-031 RABBIT-033", {
    {"version", word, "3.10|3.13|4.0|4.2|4.3", "4.0", false, "of RabbitMQ: several facts flip between them"},
    {"confirm", duration_range, "", "0 s", false, "time until a publisher that wants confirms gets one"}}},
  {"system:queue", "A queue of the message broker. Stopped, it is not there: nothing finds a route to it, and it delivers nothing. To be watched: `ready`, `unacked`, `oldest`.", "RABBIT-012 RABBIT-020 RABBIT-030 RABBIT-044 RABBIT-045 RABBIT-050 RABBIT-053 RABBIT-054", {
    {"on", boolean, "", "true", false, "whether it is there; nothing finds a route to one that is not"},
    {"of", names, "items", "", false, "kinds of items that it carries: their fields are the message's fields"},
    {"fields", map_of, "type", "{}", false, "further fields of a message: name -> type"},
    {"type", word, "classic|quorum", "classic", false, "decides where returned messages go and how often they may return"},
    {"dead-letter", name, "queue|none", "none", false, "queue for what is rejected, expired or pushed out"},
    {"ttl", duration, "", "never", false, "a message expires after so long"},
    {"length-max", count, "", "no limit", false, "how many messages may be ready"},
    {"overflow", word, "drop-head|reject-publish", "drop-head", false, "what a full queue does"},
    {"delivery-limit", count, "none", "classic: none, quorum: 20 from 4.0", false, "how often a message may return before it is dead-lettered; a count or `none`"},
    {"single-active", boolean, "", "false", false, "one consumer at a time gets messages"}}},
  {"system:exchange", "Routes messages to queues. Stopped, it is not there: publishing to it fails with `NotFound`. To be watched: `unroutable`.", "RABBIT-001 RABBIT-002 RABBIT-004", {
    {"on", boolean, "", "true", false, "whether it is there"},
    {"of", names, "items", "", false, "kinds of items that it carries"},
    {"fields", map_of, "type", "{}", false, "further fields of a message: name -> type"},
    {"type", word, "direct|fanout|topic", "direct", false, "how patterns are read: equal, not at all, or words with `*` and `#`"},
    {"to", map_of, "texts", "{}", false, "queue -> pattern of the routing key, or a list of them"},
    {"alternate", name, "exchange|none", "none", false, "takes what no queue wants"}}},
  {"system:log", "An event log: reading removes nothing. To be watched: `length`.", "KAFKA-001 KAFKA-002 KAFKA-035 KAFKA-036", {
    {"on", boolean, "", "true", false, "whether it is there; appending to one that is not fails with `Unavailable`"},
    {"of", names, "items", "", false, "kinds of items that it carries: their fields are the event's fields"},
    {"fields", map_of, "type", "{}", false, "further fields of an event: name -> type"},
    {"partitions", count, "", "1", false, "order holds within one of them only"},
    {"key", expression, "", "the item's id", false, "field of the event, or an expression over `it`: decides its partition where nothing else gives a `key`"},
    {"keeps", duration, "", "7 days", false, "age up to which events are kept at least"},
    {"segment", duration, "", "single events", false, "span of a segment: events go by whole segments"}}},
  {"system:documents", "A document store: transactions read a snapshot, and the first updater wins. Its collections are called `store.collection`; `count(store.records, state == 'NEW')` watches one.", "MONGO-001 MONGO-003 MONGO-005 MONGO-010 MONGO-015 MONGO-024 MONGO-060 MONGO-061", {
    {"on", boolean, "", "true", false, "whether it is there; operations on one that is not fail with `Unavailable`"},
    {"collections", map_of, "collection", "", true, "name -> what it holds"},
    {"lifetime", duration, "", "60 s", false, "a transaction older than that is undone: `TransactionExpired`"},
    {"lag", duration, "", "0 s", false, "so long after a write a majority of its replica set has it; until then a step-down rolls it back"},
    {"write-concern", word, "majority|1", "majority", false, "whom a simulated system's write waits for, where there is a `lag`: a majority, or the primary alone"},
    {"cache-pressure", boolean, "", "false", false, "while true, the oldest open transaction is undone at its next step: `WriteConflict`"},
    {"database", text, "", "its own name", false, "the database in which real programs find its collections"},
    {"users", map_of, "texts", "{}", false, "real programs have to say who they are: name -> password"},
    {"transaction-max", count, "", "no limit", false, "bytes that a real program's transaction may write; one with more fails for good (388)"},
    {"oplog-max", count, "", "1,038,090,240", false, "bytes of changes that a real program's change stream can go back to"},
    {"takes", duration_range, "", "0 s", false, "time that each operation takes"}}},
  {"collection", "A collection of documents. A document has an `id`, and of the item it was made from `kind` and `age`.", "MONGO-046", {
    {"of", names, "items", "", false, "kinds of items that its documents are made from"},
    {"fields", map_of, "type", "{}", false, "further fields: name -> type"},
    {"unique", texts, "", "none", false, "field, or list of fields that together must differ between documents: else `DuplicateKey`"},
    {"holds", values, "", "[]", false, "documents that are there at the start: `[{ \"name\": \"APP\", \"last\": 0 }]`"}}},
  {"system:service", "An external service. Its operations are called `service.operation`. To be watched: `busy`.", "STRAT-029", {
    {"on", boolean, "", "true", false, "whether it answers; calling one that does not fails with `Unavailable`"},
    {"of", names, "items", "", false, "kinds of items that its calls carry: `it` in its steps"},
    {"fields", map_of, "type", "{}", false, "further fields of a call, which `with` sets: name -> type"},
    {"offers", map_of, "operation", "", true, "operation -> what it does"},
    {"workers", count, "", "no limit", false, "calls that it works on at a time; further ones wait"}}},
  {"operation", "One operation of a service.", "", {
    {"takes", duration_range, "", "0 s", false, "time before its steps"},
    {"idempotent", boolean, "", "false", false, "by item id: a second call for the same item changes nothing"},
    {"does", steps, "step:", "[]", false, "its steps; without `reply`, the caller hears when they are over"},
    {"on", errors, "service", "any: to the caller", false, "what is done with errors of its steps"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"system:consumer", "Workers that take messages from a queue. To be watched: `busy`.", "RABBIT-015 RABBIT-017 RABBIT-018 RABBIT-022 LISTEN-001 LISTEN-002 LISTEN-007 LISTEN-009", {
    {"reads", name, "queue", "", true, "the queue"},
    {"workers", count, "", "1", false, "messages handled at a time"},
    {"prefetch", count, "", "250", false, "messages sent ahead to each worker, which no other worker gets"},
    {"ack", word, "after success|on receipt|by hand", "after success", false, "when a message counts as done; by hand: the steps `ack` and `reject` say"},
    {"external", boolean, "", "false", false, "under `premortem serve`, a real program takes the messages; everywhere else the steps do"},
    {"ack-finishes", text, "", "nothing", false, "where a real program takes the messages: outcome with which its acknowledgement finishes the item, if nothing has finished it before; of no effect where the steps do it"},
    {"environment", map_of, "texts", "{}", false, "for the program that `serve` starts: name of a variable -> `amqp-url`, `amqp-host`, `amqp-port`, `http-url`, `http-host`, `http-port`, `management-url`, `control-url`, or a text of your own"},
    {"restart", duration_range, "", "30 s", false, "so long after a crash by `\"then\": \"crash\"` it comes back"},
    {"does", steps, "step:", "", true, "what is done with each message, called `it`"},
    {"on", errors, "consumer", "any: requeue; by hand: leave", false, "what is done with errors of its steps; or `false`: it is off"}}},
  {"system:stream", "A consumer group on an event log: it remembers how far it has read. To be watched: `lag`, `position`.", "KAFKA-020 KAFKA-023 KAFKA-025 KAFKA-036 KAFKA-073", {
    {"reads", name, "log", "", true, "the log"},
    {"from", word, "earliest|latest", "earliest", false, "where it begins without a committed offset"},
    {"commit", text, "", "after", false, "when its position is saved: `after` the steps, `before` them, `every 5 s`, or in a `transaction` with what it publishes"},
    {"workers", count, "", "1", false, "members of the group; no more than the log has partitions work"},
    {"restart", duration_range, "", "30 s", false, "so long after a crash by `\"then\": \"crash\"` it comes back"},
    {"does", steps, "step:", "", true, "what is done with each event, called `it`"},
    {"on", errors, "stream", "any: crash", false, "what is done with errors of its steps; or `false`: it is off"}}},
  {"system:job", "A batch job: by schedule, or run by hand. To be watched: `running`, `last_end`.", "BATCH-003 BATCH-010 BATCH-012 BATCH-024 BATCH-027 BATCH-040 BATCH-041 BATCH-061 BATCH-063", {
    {"cron", text, "", "only by run", false, "schedule: `0 7 * * *`; five or six fields, names, steps, `L`, `@daily`"},
    {"zone", text, "", "the clock's", false, "in which the schedule is read"},
    {"clock-changes", word, "vixie|quartz|spring|spring-5.2|kubernetes", "vixie", false, "whose behaviour at missing and repeated hours it shows"},
    {"delay", duration_range, "", "0 s", false, "from firing to start"},
    {"missed", word, "skip|once|all|cronie", "skip", false, "what becomes of firings while it was paused, stopped or down; cronie: all up to 5 min, those at fixed times up to 3 h"},
    {"overlap", word, "allow|forbid|replace", "allow", false, "what a firing does while a run is under way"},
    {"instances", count, "", "1", false, "copies of the program, each with a scheduler of its own"},
    {"lock", text, "", "none", false, "name of a lock: who finds it taken skips the firing"},
    {"lock-max", duration, "", "1 h", false, "after which the lock is free again, whatever its holder does"},
    {"lock-min", duration, "", "0 s", false, "for which it is held at least"},
    {"lock-clock", word, "shared|own", "shared", false, "whose clock the lock's times go by: that of the store which keeps it, or the job's own"},
    {"after-crash", word, "anew|last-chunk|refuse", "anew", false, "what becomes of a run that was cut off: the next begins anew; it goes on behind its last chunk when the job is back; no run until somebody starts the job"},
    {"external", boolean, "", "false", false, "under `premortem serve`, a real program does its work, whenever it likes; everywhere else the steps do"},
    {"restart", duration_range, "", "never", false, "so long after a crash that says nothing else it comes back"},
    {"does", steps, "step:", "", true, "what each run does"},
    {"on", errors, "job", "any: give-up", false, "what is done with errors of its steps; or `false`: it is off"}}},
  {"system:toggles", "Values that anyone reads at that instant: every further key is a toggle, and its value true or false, a count, a text, or a list. `set` on the timeline changes them.", "STRAT-010", {}},
  {"system:monitor", "An alert rule; it fires once, and `after` on the timeline may wait for it. To be watched: `fired`.", "PROP-060", {
    {"on", boolean, "", "true", false, "whether it looks"},
    {"when", expression, "world", "", true, "what it waits for"},
    {"for", duration, "", "0 s", false, "how long that must last"},
    {"every", duration, "", "1 min", false, "how often it looks"},
    {"notice", text, "", "its name", false, "what people read when it fires"}}},
  };
}
// clang-format on

}  // namespace premortem
