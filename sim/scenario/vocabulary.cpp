#include "sim/scenario/vocabulary.hpp"

#include <algorithm>

namespace premortem {

namespace {

using enum ValueType;

// clang-format off
const std::vector<Form> table = {
  {"file", "A scenario: one file, one story that runs.", "", {
    {"$schema", text, "", "", false, "where an editor finds the schema"},
    {"premortem", count, "", "", true, "format version: 1"},
    {"title", text, "", "", true, "one line"},
    {"clock", object, "clock", "", true, "when the story begins and ends, and in which zone"},
    {"timeline", steps, "entry:", "[]", false, "what people did and what broke, in order; a reader may stop behind it"},
    {"source", map_of, "text", "{}", false, "fact mark -> address"},
    {"uses", texts, "", "[]", false, "files with lists, items, systems, remedies, strategies to share; one level"},
    {"lists", map_of, "values", "{}", false, "name -> list of texts or numbers"},
    {"items", map_of, "item", "", true, "kinds of work items"},
    {"arrivals", map_of, "arrival", "{}", false, "streams in which they arrive"},
    {"systems", map_of, "system", "", true, "the machinery"},
    {"checks", map_of, "check", "", true, "what is right"},
    {"expect", map_of, "text", "{}", false, "what really happened: check -> verdict"},
    {"strategies", map_of, "overlay", "{}", false, "what could have been done"},
    {"remedies", map_of, "remedy", "{}", false, "steps that could still save an item"},
    {"compare", object, "compare", "{}", false, "which measures, how precisely"},
    {"assumed", map_of, "assumption", "{}", false, "what the author does not know, with alternatives"}}},
  {"clock", "The span of simulated time.", "BATCH-001", {
    {"from", text, "", "", true, "first instant, civil time"},
    {"until", text, "", "", true, "the run stops before it"},
    {"zone", text, "", "", true, "name in the zone database, e.g. Europe/Oslo"},
    {"zone-rules", text, "", "", false, "pins the hash of the zone's transitions in the span, as results show it"}}},
  {"item", "One kind of work item, and when it is done.", "PROP-001", {
    {"fields", map_of, "type", "{}", false, "name -> string int double bool date time duration"},
    {"first-id", count, "", "1", false, "id of the first one"},
    {"done", texts, "", "any outcome", false, "outcome or list of outcomes that are right"},
    {"due", duration, "", "none", false, "after arrival"},
    {"held-while", expression, "item", "false", false, "somebody will come to it by himself"},
    {"may-repeat", boolean, "", "false", false, "finishing twice is no duplicate"},
    {"source", text, "", "", false, "fact marks"}}},
  {"arrival", "A stream of items.", "", {
    {"item", name, "items", "", true, "which kind"},
    {"into", name, "queue|log|exchange|operation", "", true, "where they are handed over"},
    {"rate", rate, "", "", false, "Poisson, e.g. 60/h"},
    {"by-hour", numbers, "24", "even", false, "24 shares of the day"},
    {"by-weekday", numbers, "7", "even", false, "7 factors from Monday"},
    {"from", text, "", "clock's begin", false, "of the rate"},
    {"until", text, "", "clock's end", false, "of the rate"},
    {"count", count_range, "", "", false, "so many, between two times"},
    {"between", texts, "2", "", false, "two times"},
    {"at", times, "", "", false, "exactly then"},
    {"exactly", map_of, "window", "{}", false, "windows with an exact count, whatever rate says"},
    {"key", expression, "", "none", false, "routing key at an exchange, partition of a log"},
    {"one-per", map_of, "text", "{}", false, "field -> list: one such stream per element"},
    {"fields", map_of, "any", "{}", false, "field -> value, distribution or shares"},
    {"source", text, "", "", false, "fact marks"}}},
  {"window", "Exactly so many in this window.", "", {
    {"count", count_range, "", "", true, "how many"},
    {"between", texts, "2", "", true, "two times"}}},
  {"system", "Keys that every system has.", "", {
    {"is", word, "", "", true, "its kind"},
    {"source", text, "", "", false, "fact marks"},
    {"name", text, "", "", false, "its real name, for reports and wire"},
    {"of", names, "items", "", false, "kinds of items that it carries"},
    {"fields", map_of, "type", "{}", false, "further fields of what it carries"}}},
  {"system:broker", "The message broker to which all queues and exchanges belong; one at most.", "RABBIT-006 RABBIT-007 RABBIT-030 RABBIT-031 RABBIT-033", {
    {"version", word, "3.13|4.0|4.2|4.3", "4.0", false, "of RabbitMQ: several facts flip between them"},
    {"confirm", duration_range, "", "0 s", false, "time until a publisher that wants confirms gets one"}}},
  {"system:queue", "A queue of the message broker. Stopped, it is not there: nothing finds a route to it, it delivers nothing.", "RABBIT-012 RABBIT-020 RABBIT-030 RABBIT-044 RABBIT-045 RABBIT-050 RABBIT-053 RABBIT-054", {
    {"on", boolean, "", "true", false, "whether it is there"},
    {"type", word, "classic|quorum", "classic", false, "decides where returned messages go and how often"},
    {"dead-letter", name, "queue|none", "none", false, "queue for what is rejected, expired, pushed out"},
    {"ttl", duration, "", "never", false, "life of a message"},
    {"length-max", count, "", "no limit", false, "ready messages"},
    {"overflow", word, "drop-head|reject-publish", "drop-head", false, "what a full queue does"},
    {"delivery-limit", count, "none", "classic: none, quorum: 20 from 4.0", false, "returns before a message is dead-lettered; a count or none"},
    {"single-active", boolean, "", "false", false, "one consumer at a time"}}},
  {"system:exchange", "Routes messages to queues. Stopped, it is not there: RABBIT-004.", "RABBIT-001 RABBIT-002 RABBIT-004", {
    {"on", boolean, "", "true", false, "whether it is there"},
    {"type", word, "direct|fanout|topic", "direct", false, "how patterns are read"},
    {"to", map_of, "texts", "{}", false, "queue -> pattern, or a list of them"},
    {"alternate", name, "exchange|none", "none", false, "takes what no queue wants"}}},
  {"system:log", "An event log: reading removes nothing.", "KAFKA-001 KAFKA-002 KAFKA-035 KAFKA-036", {
    {"on", boolean, "", "true", false, "whether it is there"},
    {"partitions", count, "", "1", false, "order holds within one"},
    {"key", expression, "", "the item's id", false, "decides the partition"},
    {"keeps", duration, "", "7 days", false, "age up to which events are kept at least"},
    {"segment", duration, "", "single events", false, "span of a segment: events go by whole segments"}}},
  {"system:documents", "A document store: snapshots, first updater wins.", "MONGO-001 MONGO-003 MONGO-010 MONGO-015 MONGO-024", {
    {"on", boolean, "", "true", false, "whether it is there"},
    {"collections", map_of, "collection", "", true, "name -> what it holds"},
    {"lifetime", duration, "", "60 s", false, "of a transaction"},
    {"takes", duration_range, "", "0 s", false, "time of each operation"}}},
  {"collection", "A collection of documents.", "MONGO-046", {
    {"of", names, "items", "", false, "kinds of items whose documents it holds"},
    {"fields", map_of, "type", "{}", false, "further fields"},
    {"unique", texts, "", "none", false, "fields that must differ between documents, together"},
    {"holds", values, "", "[]", false, "documents that are there at the start"}}},
  {"system:service", "An external service with operations.", "STRAT-029", {
    {"on", boolean, "", "true", false, "whether it answers"},
    {"offers", map_of, "operation", "", true, "operation -> what it does"},
    {"workers", count, "", "no limit", false, "calls at a time"}}},
  {"operation", "One operation of a service.", "", {
    {"takes", duration_range, "", "0 s", false, "before its steps"},
    {"idempotent", boolean, "", "false", false, "by item id: a second call changes nothing"},
    {"does", steps, "step:", "[]", false, "its steps"},
    {"on", errors, "service", "any: to the caller", false, "what is done with errors"},
    {"source", text, "", "", false, "fact marks"}}},
  {"system:consumer", "Workers that take messages from a queue.", "RABBIT-015 RABBIT-017 RABBIT-018 RABBIT-022 LISTEN-001 LISTEN-002 LISTEN-007 LISTEN-009", {
    {"reads", name, "queue", "", true, "the queue"},
    {"workers", count, "", "1", false, "how many at a time"},
    {"prefetch", count, "", "250", false, "messages sent ahead to each worker"},
    {"ack", word, "after success|on receipt|by hand", "after success", false, "when a message counts as done"},
    {"restart", duration_range, "", "30 s", false, "after a crash"},
    {"does", steps, "step:", "", true, "for each message"},
    {"on", errors, "consumer", "any: requeue; by hand: leave", false, "what is done with errors"}}},
  {"system:stream", "A consumer group on an event log.", "KAFKA-020 KAFKA-023 KAFKA-025 KAFKA-036 KAFKA-073", {
    {"reads", name, "log", "", true, "the log"},
    {"group", text, "", "its name", false, "name of the group"},
    {"from", word, "earliest|latest", "earliest", false, "without a committed offset"},
    {"commit", text, "", "after", false, "after, before, transaction, or every 5 s"},
    {"workers", count, "", "1", false, "members of the group"},
    {"restart", duration_range, "", "30 s", false, "after a crash"},
    {"does", steps, "step:", "", true, "for each event"},
    {"on", errors, "stream", "any: crash", false, "what is done with errors"}}},
  {"system:job", "A batch job: scheduled, or run by hand.", "BATCH-003 BATCH-010 BATCH-012 BATCH-024 BATCH-027 BATCH-040 BATCH-041 BATCH-061 BATCH-063", {
    {"cron", text, "", "only by run", false, "schedule: five or six fields, names, steps, L, @daily"},
    {"zone", text, "", "the clock's", false, "in which the schedule is read"},
    {"clock-changes", word, "vixie|quartz|spring|spring-5.2|kubernetes", "vixie", false, "whose behaviour at missing and repeated hours"},
    {"delay", duration_range, "", "0 s", false, "from firing to start"},
    {"missed", word, "skip|once|all|cronie", "skip", false, "firings while it was paused, stopped or down; cronie: all up to 5 min, those at fixed times up to 3 h"},
    {"overlap", word, "allow|forbid|replace", "allow", false, "a firing while a run is under way"},
    {"instances", count, "", "1", false, "each with a scheduler of its own"},
    {"lock", text, "", "none", false, "who finds it taken skips"},
    {"lock-max", duration, "", "1 h", false, "after which the lock is free again"},
    {"lock-min", duration, "", "0 s", false, "for which it is held at least"},
    {"lock-clock", word, "shared|own", "shared", false, "whose clock the lock's times go by: that of the store which keeps it, or the job's own"},
    {"after-crash", word, "anew|last-chunk|refuse", "anew", false, "what becomes of a run that was cut off: the next begins anew; it goes on behind its last chunk when the job is back; no run until somebody starts the job"},
    {"restart", duration_range, "", "never", false, "after a crash that says nothing else"},
    {"does", steps, "step:", "", true, "in each run"},
    {"on", errors, "job", "any: give-up", false, "what is done with errors"}}},
  {"system:toggles", "Values that anyone reads at that instant.", "STRAT-010", {}},
  {"system:monitor", "An alert rule; fires once.", "PROP-060", {
    {"on", boolean, "", "true", false, "whether it looks"},
    {"when", expression, "world", "", true, "what it waits for"},
    {"for", duration, "", "0 s", false, "how long that must last"},
    {"every", duration, "", "1 min", false, "how often it looks"},
    {"notice", text, "", "its name", false, "what people read"}}},
  {"entry", "Keys that every timeline entry has.", "", {
    {"id", text, "", "", false, "its name"},
    {"at", time, "", "at once", false, "civil time, offset or range"},
    {"after", name, "entry|monitor", "", false, "not before that has happened"},
    {"wait-for", expression, "world", "", false, "held back until true"},
    {"only-if", expression, "world", "", false, "skipped if false"},
    {"each", any, "", "", false, "once per element, called it"},
    {"gap", duration_range, "", "0 s", false, "between elements"},
    {"believing", text, "", "", false, "what they thought"},
    {"source", text, "", "", false, "fact marks"}}},
  {"entry:set", "Changes settings of running systems.", "", {{"set", addresses, "", "", true, "address -> value"}}},
  {"entry:stop", "Ends after the work in hand.", "", {{"stop", name, "system", "", true, "which system"}}},
  {"entry:start", "Begins again.", "", {{"start", name, "system", "", true, "which system"}}},
  {"entry:pause", "Takes nothing new; position and schedule stand still.", "", {{"pause", name, "system", "", true, "which system"}}},
  {"entry:resume", "Goes on.", "", {{"resume", name, "system", "", true, "which system"}}},
  {"entry:crash", "Dies in mid-step: what is open is undone.", "RABBIT-022 KAFKA-023", {
    {"crash", name, "system", "", true, "which system"},
    {"restart", duration_range, "", "never", false, "after which it comes back"}}},
  {"entry:run", "One run now.", "", {{"run", name, "job", "", true, "which job"}}},
  {"entry:send", "A new item comes into being.", "", {
    {"send", name, "items", "", true, "kind of item"},
    {"to", name, "queue|log|exchange|operation", "", true, "where"},
    {"with", assignments, "", "{}", false, "field -> expression"},
    {"key", expression, "", "none", false, "routing key at an exchange, partition of a log"}}},
  {"entry:redrive", "Moves what lies in a queue now.", "STRAT-033", {
    {"redrive", name, "queue", "", true, "from"},
    {"to", name, "queue", "", true, "where"},
    {"where", expression, "", "all", false, "which messages"},
    {"sort", text, "", "queue order", false, "field"}}},
  {"entry:replay", "Reads a log again as a group of its own, through a stream's steps.", "KAFKA-025 STRAT-012", {
    {"replay", name, "log", "", true, "which log"},
    {"through", name, "stream", "", true, "whose steps"},
    {"from", text, "", "earliest", false, "earliest, or a time"},
    {"to", text, "", "head", false, "head, or a time"},
    {"only", expression, "", "all", false, "which events; count and list are taken once"},
    {"lasts", duration_range, "", "the steps' own time", false, "spreads the reading over the log's age"}}},
  {"entry:notice", "A person sees it: detection.", "PROP-060", {{"notice", text, "", "", true, "what they see"}}},
  {"entry:fail", "An operation errs.", "MONGO-027", {
    {"fail", name, "operations", "", true, "system or system.operation"},
    {"error", text, "", "Unavailable", false, "which error"},
    {"applied", boolean, "", "false", false, "it happened all the same"}}},
  {"entry:slow", "An operation takes longer.", "", {
    {"slow", name, "operations", "", true, "system or system.operation"},
    {"by", duration_range, "", "", true, "how much"}}},
  {"entry:lose", "What an operation sends is gone.", "RABBIT-005", {{"lose", name, "operations", "", true, "system or system.operation"}}},
  {"entry:duplicate", "What an operation sends comes twice.", "RABBIT-008", {{"duplicate", name, "operations", "", true, "system or system.operation"}}},
  {"entry:cut", "No connection between two systems.", "", {{"cut", texts, "2", "", true, "two systems"}}},
  {"entry:skew", "A system's clock is off.", "BATCH-056", {
    {"skew", name, "system", "", true, "which system"},
    {"by", duration_range, "", "", true, "ahead by"}}},
  {"fault", "Further keys of fail, slow, lose, duplicate, cut, skew.", "", {
    {"for", duration, "", "to the end", false, "how long"},
    {"until", text, "", "to the end", false, "until when"},
    {"where", expression, "", "all", false, "on what is in hand"},
    {"first", count, "", "all", false, "strikes only so many"},
    {"nth", count, "", "", false, "strikes only that one"},
    {"share", share, "", "100 %", false, "of the operations"}}},
  {"step", "Keys that every step has.", "", {
    {"id", text, "", "", false, "unique in its handler"},
    {"only-if", expression, "", "", false, "skipped if false"},
    {"wait-for", expression, "", "", false, "held back until true"},
    {"each", any, "", "", false, "once per element, called it"},
    {"gap", duration_range, "", "0 s", false, "between elements"},
    {"at-once", count, "", "1", false, "elements in parallel"},
    {"chunk", count, "", "1", false, "elements between checkpoints"},
    {"on", errors, "step", "outwards", false, "what is done with errors"},
    {"source", text, "", "", false, "fact marks"}}},
  {"step:work", "Time passes.", "", {{"work", duration_range, "", "", true, "how long"}}},
  {"step:filter", "False: the handling of it ends here, in good order.", "KAFKA-063", {
    {"filter", expression, "", "", true, "what it must be"},
    {"else", text, "", "", false, "outcome with which it is finished otherwise"}}},
  {"step:find", "Documents.", "MONGO-054 BATCH-058", {
    {"find", name, "collection", "", true, "where"},
    {"where", expression, "", "all", false, "which"},
    {"sort", text, "", "insertion", false, "field"},
    {"offset", expression, "", "0", false, "so many are passed over, as by a reader of pages"},
    {"limit", count, "", "all", false, "how many"},
    {"as", text, "", "", false, "names the result"}}},
  {"step:find-one", "One document, or the error NotFound.", "", {
    {"find-one", name, "collection", "", true, "where"},
    {"where", expression, "", "all", false, "which"},
    {"sort", text, "", "insertion", false, "field"},
    {"as", text, "", "", false, "names the result"}}},
  {"step:insert", "A new document.", "MONGO-046 MONGO-047", {
    {"insert", name, "collection", "", true, "where"},
    {"with", assignments, "", "{}", false, "field -> expression"}}},
  {"step:update", "Changes documents, each atomically.", "MONGO-003 MONGO-015 MONGO-019 MONGO-040", {
    {"update", text, "", "", true, "collection, or a result"},
    {"where", expression, "", "all", false, "which"},
    {"with", assignments, "", "", true, "field -> expression"},
    {"upsert", boolean, "", "false", false, "if there is none, a new one"},
    {"limit", count, "", "all", false, "how many"}}},
  {"step:find-and-modify", "Finds and changes one by one, each atomically.", "MONGO-050 MONGO-053", {
    {"find-and-modify", name, "collection", "", true, "where"},
    {"where", expression, "", "all", false, "which"},
    {"with", assignments, "", "", true, "field -> expression"},
    {"sort", text, "", "insertion", false, "field"},
    {"limit", count, "", "1", false, "how many"},
    {"upsert", boolean, "", "false", false, "if there is none, a new one"},
    {"as", text, "", "", false, "names the result"}}},
  {"step:delete", "Removes documents.", "", {
    {"delete", text, "", "", true, "collection, or a result"},
    {"where", expression, "", "all", false, "which"}}},
  {"step:transaction", "All or nothing. Without retries the first error goes outwards, as with a bare session or a Spring transaction manager; with them the driver's withTransaction repeats the steps after WriteConflict, TransactionExpired or a store that does not answer, and the commit when nobody knows whether it happened. An on at the transaction, or around it, is asked when the driver has given up, and begins a new withTransaction.", "MONGO-001 MONGO-010 MONGO-022 MONGO-025 MONGO-027 MONGO-028 MONGO-030 MONGO-031 MONGO-037 MONGO-080 MONGO-081 MONGO-084", {
    {"transaction", text, "", "", true, "store, or none: the same steps without"},
    {"retries", word, "none|commit|driver|driver-2025|driver-2026", "none", false, "what the driver tries again by itself: nothing; the commit, once, if nobody knows whether it happened; everything, at once; after up to 5 ms, half as long again each time, 500 ms at most; the same from 7.5 ms"},
    {"retry-limit", duration, "", "120 s", false, "counted from the first try: then the driver gives up"},
    {"does", steps, "step:", "", true, "its steps"}}},
  {"step:call", "Calls a service and waits for the reply.", "", {
    {"call", name, "operation", "", true, "service.operation"},
    {"with", assignments, "", "{}", false, "field -> expression"},
    {"timeout", duration_range, "", "none", false, "after which it fails with Timeout"},
    {"as", text, "", "", false, "names the reply"}}},
  {"step:reply", "Answers the caller; later steps go on in the background.", "", {{"reply", expression, "", "", true, "the answer"}}},
  {"step:publish", "Passes on the item in hand.", "RABBIT-002 RABBIT-003 RABBIT-006 RABBIT-007 RABBIT-044 RABBIT-045 KAFKA-002", {
    {"publish", name, "queue|log|exchange", "", true, "where"},
    {"with", assignments, "", "{}", false, "field -> expression"},
    {"key", expression, "", "the item's id at a log", false, "routing key at an exchange, partition of a log"},
    {"confirms", boolean, "", "false", false, "waits for the broker's confirm: fails with Refused, NotFound or Timeout"},
    {"mandatory", boolean, "", "false", false, "fails with Unroutable when no queue wants it"},
    {"timeout", duration_range, "", "5 s", false, "how long it waits for the confirm"},
    {"ttl", duration_range, "", "none", false, "life of the message; the queue's counts if it is shorter"}}},
  {"step:send", "A new item comes into being.", "", {
    {"send", name, "items", "", true, "kind of item"},
    {"to", name, "queue|log|exchange|operation", "", true, "where"},
    {"with", assignments, "", "{}", false, "field -> expression"},
    {"key", expression, "", "the item's id at a log", false, "routing key at an exchange, partition of a log"},
    {"confirms", boolean, "", "false", false, "waits for the broker's confirm: fails with Refused, NotFound or Timeout"},
    {"mandatory", boolean, "", "false", false, "fails with Unroutable when no queue wants it"},
    {"timeout", duration_range, "", "5 s", false, "how long it waits for the confirm"},
    {"ttl", duration_range, "", "none", false, "life of the message; the queue's counts if it is shorter"}}},
  {"step:redrive", "Moves what lies in a queue now.", "STRAT-033", {
    {"redrive", name, "queue", "", true, "from"},
    {"to", name, "queue", "", true, "where"},
    {"where", expression, "", "all", false, "which messages"},
    {"sort", text, "", "queue order", false, "field"}}},
  {"step:mark", "Says so of the item.", "", {{"mark", text, "", "", true, "what"}}},
  {"step:finish", "The work on the item is done.", "", {{"finish", text, "", "", true, "outcome"}}},
  {"step:raise", "Fails here.", "", {{"raise", text, "", "", true, "error"}}},
  {"step:ack", "Acknowledges the message, where \"ack\" is \"by hand\".", "LISTEN-001", {{"ack", boolean, "", "", true, "true"}}},
  {"step:reject", "Rejects the message, where \"ack\" is \"by hand\".", "RABBIT-019", {{"reject", word, "drop|requeue", "", true, "what becomes of it"}}},
  {"step:does", "A group of steps.", "", {{"does", steps, "step:", "", true, "its steps"}}},
  {"error", "What is done with an error.", "STRAT-025 LISTEN-009", {
    {"tries", count, "", "1", false, "all told"},
    {"wait", duration_range, "", "0 s", false, "before the second try"},
    {"factor", count, "", "1", false, "by which each further wait grows"},
    {"wait-max", duration, "", "none", false, "longest wait"},
    {"jitter", word, "none|full|equal", "none", false, "how waits are spread"},
    {"then", word, "outwards|ignore|requeue|reject|discard|park|leave|crash|give-up", "see the kind", false, "when it is not tried again"}}},
  {"check:every", "Each of these items must be so.", "PROP-001 PROP-051", {
    {"every", name, "items", "", true, "kind of item"},
    {"where", expression, "item", "all", false, "which"},
    {"ends", texts, "", "", false, "fates that are right"},
    {"finishes-within", text, "", "", false, "duration, or due"},
    {"finishes-at-most", count, "", "", false, "not more often than so"},
    {"finishes-exactly", count, "", "", false, "so often"},
    {"within", text, "", "the clock's end", false, "of finishes-at-most and finishes-exactly: duration, or due; what finishes later does not count"},
    {"always", expression, "item", "", false, "true all the time"}}},
  {"check:no", "None of these items may end so.", "PROP-002", {
    {"no", name, "items", "", true, "kind of item"},
    {"where", expression, "item", "all", false, "which"},
    {"ends", texts, "", "", true, "fates that are wrong"}}},
  {"check:in-order", "Items finish in the order of a field.", "PROP-020", {
    {"in-order", name, "items", "", true, "kind of item"},
    {"per", text, "", "all together", false, "field"},
    {"by", text, "", "id", false, "field with an order, or id: the order of arrival"}}},
  {"check:states", "A field of documents changes only so.", "PROP-021", {
    {"states", text, "", "", true, "store.collection.field"},
    {"only", texts, "", "", true, "A -> B"}}},
  {"check:always", "True after every event.", "", {{"always", expression, "world", "", true, "what"}}},
  {"check:that", "True at an instant.", "", {
    {"at", time, "", "", true, "when"},
    {"that", expression, "world", "", true, "what"}}},
  {"check:eventually", "True once, by then.", "PROP-050", {
    {"eventually", expression, "world", "", true, "what"},
    {"by", time, "", "", true, "when at the latest"}}},
  {"check:sometimes", "True once: the run exercises it.", "", {{"sometimes", expression, "world", "", true, "what"}}},
  {"check:measure", "A measure keeps one bound, or two: a count, a duration, a share of the items that are judged (99 %), or a rate over the whole clock (60/h). Measures: item.done and every other fate, item.arrived, item.time-to-done.p99 (min, p1 to p99.9, max; of those that finished), detection, operator-steps. Not exercised if there was no such item, or nothing to detect.", "PROP-051 PROP-060", {
    {"measure", text, "", "", true, "e.g. application.time-to-done.p99"},
    {"where", expression, "item", "all", false, "which items"},
    {"below", scalar, "", "", false, "less than that"},
    {"above", scalar, "", "", false, "more than that"},
    {"at-least", scalar, "", "", false, "that, or more"},
    {"at-most", scalar, "", "", false, "that, or less"},
    {"exactly", scalar, "", "", false, "that"}}},
  {"overlay", "A strategy or alternative: changes to the file before anything runs.", "", {
    {"remove", texts, "", "[]", false, "addresses"},
    {"add", addresses, "", "{}", false, "address -> thing"},
    {"change", addresses, "", "{}", false, "address -> value"},
    {"why", text, "", "", false, "reason"},
    {"expect", map_of, "text", "{}", false, "check -> verdict, where it differs from not broken"},
    {"source", text, "", "", false, "fact marks"}}},
  {"remedy", "Steps without a time that could still save an item.", "", {}},
  {"compare", "How strategies are compared.", "PROP-069", {
    {"by", texts, "", "fates, time to done", false, "measures"},
    {"under", texts, "", "[]", false, "names in assumed, under each of whose alternatives all is compared"},
    {"half-width", count, "", "1", false, "of the intervals, in items"},
    {"level", share, "", "95 %", false, "of the intervals"},
    {"runs-max", count, "", "2000", false, "when to stop all the same"}}},
  {"assumption", "Something that the author does not know.", "", {
    {"why", text, "", "", false, "reason"},
    {"or", any, "", "", true, "list or range of values; for a free name: name -> overlay"},
    {"source", text, "", "", false, "fact marks"}}},
};
// clang-format on

bool is_fault(std::string_view verb) {
  for (const std::string_view fault : {"fail", "slow", "lose", "duplicate", "cut", "skew"}) {
    if (verb == fault) return true;
  }
  return false;
}

}  // namespace

const std::vector<Form>& vocabulary() { return table; }

const Form* find_form(std::string_view name) {
  for (const Form& form : table) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

std::vector<std::string> forms_of(std::string_view prefix) {
  std::vector<std::string> names;
  for (const Form& form : table) {
    if (form.name.starts_with(prefix)) names.emplace_back(form.name.substr(prefix.size()));
  }
  return names;
}

const Form* common_form(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? nullptr : find_form(name.substr(0, colon));
}

const KeyRule* find_key(const Form& form, std::string_view key) {
  const auto among = [key](const Form* place) -> const KeyRule* {
    if (place == nullptr) return nullptr;
    for (const KeyRule& rule : place->keys) {
      if (rule.name == key) return &rule;
    }
    return nullptr;
  };
  if (const KeyRule* rule = among(&form)) return rule;
  if (const KeyRule* rule = among(common_form(form.name))) return rule;
  if (form.name.starts_with("entry:") && is_fault(form.name.substr(6))) return among(find_form("fault"));
  return nullptr;
}

std::string form_of_verb(const Node& node, std::string_view prefix, std::string& error) {
  std::vector<std::string> found;
  for (const std::string& verb : forms_of(prefix)) {
    if (node.find(verb) != nullptr) found.push_back(verb);
  }
  // `does` beside `transaction` holds its steps; `always` beside `every` is its condition; entries may have `set`
  // alone.
  if (found.size() == 2) {
    if (prefix == "step:" && found[1] == "does" && found[0] == "transaction") found.pop_back();
    if (prefix == "check:" && found[0] == "every" && found[1] == "always") found.pop_back();
    if (prefix == "step:" && found[0] == "update" && found[1] == "find") found.pop_back();
  }
  if (found.size() == 1) return std::string(prefix) + found.front();
  if (found.empty()) {
    error = prefix == "check:" ? "none of the forms of a check; write \"every\", \"no\", \"at\" with \"that\", ..."
                               : "no verb; write one of ";
    if (prefix != "check:") {
      for (const std::string& verb : forms_of(prefix)) error += (error.ends_with(" ") ? "" : ", ") + verb;
    }
    return {};
  }
  error = "two verbs, \"" + found[1] + "\" and \"" + found[0] + "\"; write two " +
          (prefix == "entry:"  ? "entries with the same \"at\""
           : prefix == "step:" ? "steps"
                               : "checks");
  // In the order of the file, the way a reader meets them.
  std::string first, second;
  for (const Node::Member& member : node.members) {
    if (member.first != found[0] && member.first != found[1]) continue;
    (first.empty() ? first : second) = member.first;
  }
  if (prefix == "entry:")
    error = "two verbs, \"" + first + "\" and \"" + second + "\"; write two entries with the same \"at\"";
  return {};
}

}  // namespace premortem
