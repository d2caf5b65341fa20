#include "sim/scenario/vocabulary/forms.hpp"

namespace premortem {

using enum ValueType;

// clang-format off
std::vector<Form> step_forms() {
  return {
  {"step", "Keys that every step has, beside its one verb.", "", {
    {"id", text, "", "", false, "its name, unique in its handler: addresses and random draws are keyed by it"},
    {"only-if", expression, "", "", false, "skipped if this is false"},
    {"wait-for", expression, "", "", false, "held back until this is true"},
    {"each", each, "", "", false, "once per element, called `it`: a result, a list, or an expression that gives one"},
    {"gap", duration_range, "", "0 s", false, "between elements of `each`"},
    {"at-once", count, "", "1", false, "elements of `each` in parallel"},
    {"chunk", count, "", "1", false, "elements of a job's outermost `each` between checkpoints"},
    {"on", errors, "step", "outwards", false, "what is done with errors of this step"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"step:work", "Time passes.", "", {{"work", duration_range, "", "", true, "how long; a range needs an `id`"}}},
  {"step:filter", "If false, the handling of `it` ends here, in good order.", "KAFKA-063", {
    {"filter", expression, "", "", true, "what must be true to go on"},
    {"else", text, "", "", false, "outcome with which the item is finished otherwise"}}},
  {"step:find", "Reads documents.", "MONGO-054 BATCH-058", {
    {"find", name, "collection", "", true, "`store.collection`"},
    {"where", expression, "document", "all", false, "which documents; bare names are the document's fields"},
    {"sort", text, "", "insertion", false, "by this field"},
    {"offset", expression, "", "0", false, "so many are passed over, as by a reader of pages"},
    {"limit", count, "", "all", false, "how many at most"},
    {"as", text, "", "", false, "names the list for later steps"}}},
  {"step:find-one", "Reads one document, or fails with `NotFound`.", "", {
    {"find-one", name, "collection", "", true, "`store.collection`"},
    {"where", expression, "document", "all", false, "which documents; the first is taken"},
    {"sort", text, "", "insertion", false, "by this field"},
    {"as", text, "", "", false, "names the document for later steps"}}},
  {"step:insert", "Adds a document: the item in hand with all its fields that the collection knows.", "MONGO-046 MONGO-047", {
    {"insert", name, "collection", "", true, "`store.collection`"},
    {"with", assignments, "", "{}", false, "field -> expression, added or replaced"}}},
  {"step:update", "Changes all documents that match, each atomically.", "MONGO-003 MONGO-015 MONGO-019 MONGO-040", {
    {"update", text, "", "", true, "`store.collection`, or a result of an earlier step"},
    {"where", expression, "document", "all", false, "which documents; bare names are the document's fields"},
    {"with", assignments, "document", "", true, "field -> expression; bare names are the document's fields"},
    {"upsert", boolean, "", "false", false, "if none matches, adds one: from the equalities of `where`, the item in hand, and `with`"},
    {"limit", count, "", "all", false, "how many at most"}}},
  {"step:find-and-modify", "Finds and changes documents one by one, each atomically; gives them as they are afterwards.", "MONGO-050 MONGO-053", {
    {"find-and-modify", name, "collection", "", true, "`store.collection`"},
    {"where", expression, "document", "all", false, "which documents"},
    {"with", assignments, "document", "", true, "field -> expression"},
    {"sort", text, "", "insertion", false, "by this field"},
    {"limit", count, "", "1", false, "how many at most"},
    {"upsert", boolean, "", "false", false, "if none matches, adds one"},
    {"as", text, "", "", false, "names the list for later steps"}}},
  {"step:delete", "Removes documents.", "", {
    {"delete", text, "", "", true, "`store.collection`, or a result of an earlier step"},
    {"where", expression, "document", "all", false, "which documents"}}},
  {"step:transaction", "All or nothing: a second writer of a document gets `WriteConflict` at once. Without `retries` the first error goes outwards, as with a bare session or a Spring transaction manager; with them the driver's withTransaction repeats the steps after `WriteConflict`, `TransactionExpired` or a store that does not answer, and the commit when nobody knows whether it happened. An `on` at the transaction, or around it, is asked when the driver has given up, and begins a new withTransaction.", "MONGO-001 MONGO-010 MONGO-022 MONGO-025 MONGO-027 MONGO-028 MONGO-030 MONGO-031 MONGO-037 MONGO-080 MONGO-081 MONGO-084", {
    {"transaction", text, "", "", true, "the store, or `none`: the same steps without a transaction"},
    {"retries", word, "none|commit|driver|driver-2025|driver-2026", "none", false, "what the driver tries again by itself: nothing; the commit, once, if nobody knows whether it happened; everything, at once; after up to 5 ms, half as long again each time, 500 ms at most; the same from 7.5 ms"},
    {"retry-limit", duration, "", "120 s", false, "counted from the first try: then the driver gives up"},
    {"does", steps, "step:", "", true, "its steps"}}},
  {"step:call", "Calls a service with the item in hand and waits for the reply.", "", {
    {"call", name, "operation", "", true, "`service.operation`"},
    {"with", assignments, "", "{}", false, "field -> expression, added or replaced"},
    {"timeout", duration_range, "", "none", false, "after which it fails with `Timeout`; the service goes on"},
    {"as", text, "", "", false, "names the reply for later steps"}}},
  {"step:reply", "Answers the caller; later steps of the operation go on in the background.", "", {{"reply", expression, "", "", true, "the answer"}}},
  {"step:publish", "Passes the item in hand on, with all its fields that the target knows.", "RABBIT-002 RABBIT-003 RABBIT-006 RABBIT-007 RABBIT-044 RABBIT-045 KAFKA-002", {
    {"publish", name, "queue|log|exchange", "", true, "where"},
    {"with", assignments, "", "{}", false, "field -> expression, added or replaced"},
    {"key", expression, "", "the log's key; the empty text", false, "decides the partition of a log, or is the routing key of an exchange"},
    {"confirms", boolean, "", "false", false, "waits for the broker's confirm: fails with `Refused`, `NotFound` or `Timeout`"},
    {"mandatory", boolean, "", "false", false, "fails with `Unroutable` when no queue wants it"},
    {"timeout", duration_range, "", "5 s", false, "how long it waits for the confirm"},
    {"ttl", duration_range, "", "none", false, "life of the message; the queue's counts if it is shorter"}}},
  {"step:send", "A new item comes into being.", "", {
    {"send", name, "items", "", true, "kind of item"},
    {"to", name, "queue|log|exchange|operation", "", true, "where it is handed over"},
    {"with", assignments, "", "{}", false, "field -> expression"},
    {"key", expression, "", "the log's key; the empty text", false, "decides the partition of a log, or is the routing key of an exchange"},
    {"confirms", boolean, "", "false", false, "waits for the broker's confirm: fails with `Refused`, `NotFound` or `Timeout`"},
    {"mandatory", boolean, "", "false", false, "fails with `Unroutable` when no queue wants it"},
    {"timeout", duration_range, "", "5 s", false, "how long it waits for the confirm"},
    {"ttl", duration_range, "", "none", false, "life of the message; the queue's counts if it is shorter"}}},
  {"step:redrive", "Moves what lies in a queue now into another.", "STRAT-033", {
    {"redrive", name, "queue", "", true, "from"},
    {"to", name, "queue", "", true, "where"},
    {"where", expression, "", "all", false, "which messages"},
    {"sort", text, "", "queue order", false, "by this field"}}},
  {"step:mark", "Says something of the item in hand: history and reports show it, and `mark` in expressions.", "", {{"mark", text, "", "", true, "what"}}},
  {"step:finish", "The work on the item in hand is done. Write it where the effect is: in the service that is called, if there is one.", "", {{"finish", text, "", "", true, "outcome; the item's `done` says which are right"}}},
  {"step:raise", "Fails here.", "", {{"raise", text, "", "", true, "error; any name will do"}}},
  {"step:ack", "Acknowledges the message in hand; only in a consumer with `\"ack\": \"by hand\"`.", "LISTEN-001", {{"ack", boolean, "", "", true, "true"}}},
  {"step:reject", "Rejects the message in hand; only in a consumer with `\"ack\": \"by hand\"`.", "RABBIT-019", {{"reject", word, "drop|requeue", "", true, "what becomes of it"}}},
  {"step:does", "A group of steps, for `each`, `only-if` or `on`.", "", {{"does", steps, "step:", "", true, "its steps"}}},
  {"error", "What is done with an error. The innermost `on` that names it takes it, and repeats what it stands on: a step, a transaction, or the whole handler.", "STRAT-025 LISTEN-009", {
    {"tries", count, "", "1", false, "how often, all told"},
    {"wait", duration_range, "", "0 s", false, "before the second try"},
    {"factor", count, "", "1", false, "by which each further wait grows"},
    {"wait-max", duration, "", "none", false, "longest wait"},
    {"jitter", word, "none|full|equal", "none", false, "full: any wait up to that; equal: at least half of it"},
    {"then", word, "outwards|ignore|requeue|reject|discard|park|leave|crash|give-up", "see the kind", false, "what is done when it is not tried again"}}},
  };
}
// clang-format on

}  // namespace premortem
