#include "sim/scenario/vocabulary/forms.hpp"

namespace premortem {

using enum ValueType;

// clang-format off
std::vector<Form> entry_forms() {
  return {
  {"entry", "Keys that every entry has, beside its one verb.", "", {
    {"id", text, "", "", false, "its name, for `after` and addresses"},
    {"at", time, "", "at once", false, "when: civil time, offset or range"},
    {"after", name, "entry|monitor", "", false, "not before that entry or monitor; if that was skipped, so is this"},
    {"wait-for", expression, "world", "", false, "held back until this is true"},
    {"only-if", expression, "world", "", false, "skipped if this is false"},
    {"each", each, "", "", false, "once per element, called `it`: a list, or an expression that gives one"},
    {"gap", duration_range, "", "0 s", false, "between elements; of `redrive`, between messages"},
    {"believing", text, "", "", false, "what the people thought who did it"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"entry:set", "Changes settings of running systems.", "", {{"set", addresses, "", "", true, "address -> value"}}},
  {"entry:stop", "A system ends after the work in hand.", "", {{"stop", name, "system", "", true, "which system"}}},
  {"entry:start", "A system begins again.", "", {{"start", name, "system", "", true, "which system"}}},
  {"entry:pause", "Takes nothing new; position and schedule stand still. Operations on a paused document store hang until it is resumed.", "", {{"pause", name, "consumer|stream|job|monitor|service|documents", "", true, "which system"}}},
  {"entry:resume", "Goes on after a pause.", "", {{"resume", name, "consumer|stream|job|monitor|service|documents", "", true, "which system"}}},
  {"entry:crash", "Dies in mid-step: what is unacknowledged, uncommitted or an open transaction is undone.", "RABBIT-022 KAFKA-023", {
    {"crash", name, "consumer|stream|job|service|documents", "", true, "which system"},
    {"restart", duration_range, "", "never", false, "so long after that it comes back"}}},
  {"entry:step-down", "The primary of a document store's replica set is none any more, and another member is elected. Open transactions are undone, and so is what a majority does not have by then: see `lag`.", "MONGO-061 MONGO-063 MONGO-064", {
    {"step-down", name, "documents", "", true, "which store"},
    {"for", duration_range, "", "12 s", false, "so long there is no primary: drivers wait for one up to 30 s, then fail with `Unavailable`"},
    {"orderly", boolean, "", "false", false, "a majority gets everything first: nothing is rolled back"}}},
  {"entry:run", "One run of a job, now.", "", {{"run", name, "job", "", true, "which job"}}},
  {"entry:send", "A new item comes into being.", "", {
    {"send", name, "items", "", true, "kind of item"},
    {"to", name, "queue|log|exchange|operation", "", true, "where it is handed over"},
    {"with", assignments, "", "{}", false, "field -> expression"},
    {"key", expression, "", "the log's key; the empty text", false, "decides the partition of a log, or is the routing key of an exchange"}}},
  {"entry:redrive", "Moves what lies in a queue now into another.", "STRAT-033", {
    {"redrive", name, "queue", "", true, "from"},
    {"to", name, "queue", "", true, "where"},
    {"where", expression, "", "all", false, "which messages"},
    {"sort", text, "", "queue order", false, "by this field"}}},
  {"entry:replay", "Reads a log again, as a group of its own, through a stream's steps.", "KAFKA-025 STRAT-012", {
    {"replay", name, "log", "", true, "which log"},
    {"through", name, "stream", "", true, "whose steps"},
    {"from", text, "", "earliest", false, "`earliest`, or a time"},
    {"to", text, "", "head", false, "`head`, or a time"},
    {"only", expression, "", "all", false, "which events; `count` and `list` in it are taken once, at the start"},
    {"lasts", duration_range, "", "the steps' own time", false, "spreads the reading evenly over the log's age"}}},
  {"entry:notice", "A person sees it: this is detection.", "PROP-060", {{"notice", text, "", "", true, "what they see"}}},
  {"entry:fail", "An operation fails with an error.", "MONGO-027", {
    {"fail", name, "operations", "", true, "`system.operation`, or a system for all of its operations"},
    {"error", text, "", "Unavailable", false, "which error"},
    {"applied", boolean, "", "false", false, "it happened all the same: a lost reply"}}},
  {"entry:slow", "An operation takes longer.", "", {
    {"slow", name, "operations", "", true, "`system.operation`, or a system"},
    {"by", duration_range, "", "", true, "by how much"}}},
  {"entry:lose", "What an operation sends is gone.", "RABBIT-005", {{"lose", name, "operations", "", true, "`system.operation`, or a system"}}},
  {"entry:duplicate", "What an operation sends comes twice.", "RABBIT-008", {{"duplicate", name, "operations", "", true, "`system.operation`, or a system"}}},
  {"entry:cut", "No connection between two systems: what one asks of the other fails with `Unavailable`.", "", {{"cut", texts, "2", "", true, "the two systems"}}},
  {"entry:skew", "A system's clock is ahead: its schedule, and `now` and `today` in its steps.", "BATCH-056", {
    {"skew", name, "system", "", true, "which system"},
    {"by", duration_range, "", "", true, "ahead by"}}},
  {"fault", "Further keys of `fail`, `slow`, `lose`, `duplicate`, and but for `where` of `cut`; `for` and `until` also of `skew`. Operations are `publish deliver ack` of a queue, `publish` of an exchange, `append read` of a log, `find insert update delete commit` of a document store, `commit` of a stream, and a service's own.", "", {
    {"for", duration, "", "to the end", false, "how long it lasts"},
    {"until", time, "", "to the end", false, "until when it lasts; `end` is the clock's"},
    {"where", expression, "", "all", false, "which operations, by what is in hand: `it`"},
    {"first", count, "", "all", false, "strikes the first so many only"},
    {"nth", count, "", "", false, "strikes that one only, counted from 1"},
    {"share", share, "", "100 %", false, "strikes this share of the operations, at random"}}},
  };
}
// clang-format on

}  // namespace premortem
