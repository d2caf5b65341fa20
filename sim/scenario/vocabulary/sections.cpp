#include "sim/scenario/vocabulary/forms.hpp"

namespace premortem {

using enum ValueType;

// clang-format off
std::vector<Form> section_forms() {
  return {
  {"file", "One file is one story that runs. Write the sections in this order: whoever stops reading after the timeline has understood the incident.", "", {
    {"$schema", text, "", "", false, "where an editor finds the schema, for completion; read by nothing else"},
    {"premortem", count, "", "", true, "version of this language: 1"},
    {"title", text, "", "", true, "the incident in one line"},
    {"clock", object, "clock", "", true, "when the story begins and ends, and in which zone its people live"},
    {"timeline", steps, "entry:", "[]", false, "what people did and what broke, in order"},
    {"faults", map_of, "rule", "{}", false, "fault rules: name -> which commands are struck, and by what; the same for simulated systems and for programs under `serve`"},
    {"source", map_of, "text", "{}", false, "fact mark -> where it is written, e.g. `\"N1\": \"postmortem-007, second table\"`; things cite the mark"},
    {"uses", texts, "", "[]", false, "files, relative to this one, whose `lists`, `items`, `systems`, `remedies`, `strategies` and `source` are read in; they use no further files"},
    {"lists", map_of, "values", "{}", false, "name -> list of texts, or of whole numbers"},
    {"items", map_of, "item", "", true, "the kinds of work items, and when one is done"},
    {"arrivals", map_of, "arrival", "{}", false, "the streams in which items arrive"},
    {"systems", map_of, "system", "", true, "the machinery: name -> queue, job, service, ..."},
    {"checks", map_of, "check", "", true, "what is right, whatever happened"},
    {"expect", map_of, "text", "{}", false, "what really happened: check -> verdict; what is not listed holds"},
    {"choices", object, "choices", "none", false, "what happened where it could have gone otherwise, as a search found it; without it, it goes by order of scheduling and by the seed"},
    {"strategies", map_of, "overlay", "{}", false, "what could have been done instead: name -> changes to this file"},
    {"remedies", map_of, "remedy", "{}", false, "acts without a time that could still save an item; `window --remedy` finds the last instant of each"},
    {"compare", object, "compare", "{}", false, "what `premortem compare` shows, and how precisely"},
    {"assumed", map_of, "assumption", "{}", false, "what the author does not know: address or free name -> alternatives"}}},
  {"clock", "The span of simulated time. All times in the file are read on this clock.", "BATCH-001", {
    {"from", time, "", "", true, "the first instant: `2020-01-27 00:00`"},
    {"until", time, "", "", true, "the run stops before it"},
    {"zone", text, "", "", true, "a name of the zone database, e.g. `Europe/Oslo`, or `UTC`"},
    {"zone-rules", text, "", "", false, "pins the hash of the zone's clock changes in the span, as `run --json` prints it"}}},
  {"item", "One kind of work item, and when it is done. Items get ids that count up; expressions see `id`, `kind`, `arrived`, `age`, `finished`, `outcome`, `held`, `mark` and the fields.", "PROP-001", {
    {"fields", map_of, "type", "{}", false, "name -> type, e.g. `\"region\": \"string\"`"},
    {"first-id", count, "", "1", false, "id of the first one"},
    {"done", texts, "", "any outcome", false, "outcome, or list of outcomes, of `finish` that are right; finished otherwise it is `misrouted`"},
    {"due", duration, "", "none", false, "so long after its arrival it must be finished; else it is `late`, and unfinished it is no longer `in-flight`"},
    {"held-while", expression, "item", "false", false, "as long as this is true, somebody will come to an unfinished item by himself: it is not `lost`"},
    {"may-repeat", boolean, "", "false", false, "finishing it twice is right, not `duplicated`"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"arrival", "A stream of items. It says how they arrive in one way: `rate`, or `count` with `between`, or `at`; `exactly` may stand alone or beside `rate`.", "", {
    {"item", name, "items", "", true, "which kind arrives"},
    {"into", name, "queue|log|exchange|operation", "", true, "where they are handed over: a queue, a log, an exchange, or `service.operation`"},
    {"rate", rate, "", "", false, "how many on average, at random instants (Poisson): `60/h`"},
    {"by-hour", numbers, "24", "even", false, "how the rate is spread over the 24 hours of the day; only proportions count"},
    {"by-weekday", numbers, "7", "even", false, "factors of the rate for Monday to Sunday: 0 is a day off"},
    {"from", time, "", "clock's begin", false, "beginning of the rate"},
    {"until", time, "", "clock's end", false, "end of the rate"},
    {"count", count_range, "", "", false, "so many, at random instants `between` two times"},
    {"between", times, "2", "", false, "the two times of `count`"},
    {"at", times, "", "", false, "one item at each of these times"},
    {"exactly", map_of, "window", "{}", false, "name -> window in which exactly so many arrive, whatever the rate says"},
    {"one-per", map_of, "text", "{}", false, "field -> list: one such stream per element, which sets that field; one field only"},
    {"key", expression, "", "none", false, "routing key at an exchange, partition of a log"},
    {"fields", map_of, "any", "{}", false, "field -> value, range, distribution, or `{ \"a\": \"70 %\", \"b\": \"30 %\" }`; a date or time may be a duration after arrival"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"window", "Exactly so many items in this window.", "", {
    {"count", count_range, "", "", true, "how many"},
    {"between", times, "2", "", true, "two times"}}},
  {"choices", "A list of choices, for a story that fails only under these. `premortem minimise FILE --choices` writes it; what no longer fits is said aloud in the run.", "", {
    {"of", texts, "", "", true, "what it is about: `tie` (which of the events due at one instant goes first), `duration`, `fault`, `operator-delay`; the rest goes as without it"},
    {"take", numbers, "", "", true, "one answer after the other, as the run asks: 0 is the first alternative, for a tie in order of scheduling; behind the end, 0. Ties of the clock's first instant are no choice"}}},
  {"rule", "A fault rule: which commands it strikes, at which point, and with what. `match` sees each command as it passes between a client, simulated or real, and the broker, a log, a document store or a service. A running `serve` takes rules of the same form over its control endpoint. A rule that never struck is told at the end.", "RABBIT-005 RABBIT-007 RABBIT-022 RABBIT-044", {
    {"match", expression, "command", "", true, "which commands, by `protocol` (`amqp`, `kafka`, `mongodb`, `http`), `command` (`basic.publish`, `basic.deliver`, `queue.declare`, `Produce`, `find`, a service's operation), `system` (the scenario's name), `queue` and `exchange` (as programs know them), `key`, `client`, `attempt` (which delivery of the message it is, from 1) and `item` (its id)"},
    {"do", word, "observe|error|nack|drop|delay|duplicate|close|stall|redeliver", "", true, "`observe` only counts. `error`: it fails. `nack`: the broker refuses a publish. `drop`: it, or its answer, is gone. `delay`: it, or its answer, comes later. `duplicate`: what is published comes twice. `close`: the connection breaks. `stall`: nothing goes either way. `redeliver`: the message comes again, as if it had not been settled"},
    {"when", word, "before|instead|after", "before for observe, delay, duplicate, stall; else instead", false, "`before` the command is applied, `instead` of applying it, or `after`: it is applied, and what would be said of it is struck"},
    {"nth", count, "", "any", false, "only that one of the commands that match, counted from 1"},
    {"first", count, "", "all", false, "only among the first so many that match"},
    {"share", share, "", "100 %", false, "this share of them, at random"},
    {"from", time, "", "clock's begin", false, "not before then"},
    {"until", time, "", "clock's end", false, "no longer than until then"},
    {"limit", count, "", "none", false, "strikes so often at most"},
    {"error", text, "", "Unavailable", false, "of `error`: what simulated systems get"},
    {"code", count, "", "541", false, "of `error`: what programs get, a reply code of AMQP (311 to 313 and 403 to 406 close the channel, others the connection) or an error of MongoDB (112)"},
    {"text", text, "", "fault rule 'NAME'", false, "of `error`: the text behind the code"},
    {"by", duration_range, "", "for ever", false, "of `delay` and `stall`: for how long"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"overlay", "A strategy, or an alternative of something assumed: changes to the file before anything runs. Removals come first, then additions, then changes; one overlay touches an address once, and never `checks`, `expect` or what counts as `done`.", "", {
    {"remove", texts, "", "[]", false, "addresses of things that go"},
    {"add", addresses, "", "{}", false, "address of a new thing -> the thing; for steps a place: `exporter.does[before order]`, `exporter.does[after pick]`"},
    {"change", addresses, "", "{}", false, "address -> new value, which replaces the whole old one"},
    {"why", text, "", "", false, "the reason, for reports"},
    {"expect", map_of, "text", "{}", false, "check -> verdict; what is not listed must only not be broken"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  {"remedy", "One entry of the timeline without `at` and `id`: what somebody could still do. No run does it by itself. `window --remedy NAME` does it once at many instants and says which was the last at which it saves what is broken; `run --remedy NAME=TIME` does it at one. With `after` or `wait-for` it is done when they allow it.", "", {}},
  {"compare", "How strategies are compared.", "PROP-069", {
    {"by", texts, "", "fates that occur, time to done, detection, operator steps", false, "the measures shown, in this order"},
    {"under", texts, "", "[]", false, "free names in `assumed`: all is compared again under each of their alternatives"},
    {"half-width", count, "", "1", false, "runs are added until the intervals of all fates are this narrow, in items"},
    {"level", share, "", "95 %", false, "confidence of the intervals"},
    {"runs-max", count, "", "2000", false, "runs after which it stops all the same"}}},
  {"assumption", "Something that the author does not know. The key is an address, and the value in the file is the assumption; or it is a free name, and the file as written is one reading.", "", {
    {"why", text, "", "", false, "why this value, and why it is not known"},
    {"or", alternatives, "", "", true, "list of values, or a range to search; for a free name: name -> overlay"},
    {"source", text, "", "", false, "marks of `source`, by commas"}}},
  };
}
// clang-format on

}  // namespace premortem
