#include "sim/scenario/vocabulary/forms.hpp"

namespace premortem {

using enum ValueType;

// clang-format off
std::vector<Form> check_forms() {
  return {
  {"check:every", "Each of these items must be so; it says one of `ends`, `finishes-within`, `finishes-at-most`, `finishes-exactly` and `always`. Counts items.", "PROP-001 PROP-051", {
    {"every", name, "items", "", true, "kind of item"},
    {"where", expression, "item", "all", false, "which items, judged as they arrive"},
    {"ends", texts, "", "", false, "fates that are right; those still `in-flight` are not judged"},
    {"finishes-within", text, "", "", false, "duration after arrival, or `due`: the item's own"},
    {"finishes-at-most", count, "", "", false, "it is not finished more often than so"},
    {"finishes-exactly", count, "", "", false, "it is finished so often"},
    {"within", text, "", "the clock's end", false, "of `finishes-at-most` and `finishes-exactly`: duration, or `due`; what finishes later does not count"},
    {"always", expression, "item", "", false, "must be true of it all the time"}}},
  {"check:no", "None of these items may end so. Counts items.", "PROP-002", {
    {"no", name, "items", "", true, "kind of item"},
    {"where", expression, "item", "all", false, "which items, judged as they arrive"},
    {"ends", texts, "", "", true, "fates that are wrong"}}},
  {"check:in-order", "Items finish in the order of a field. Counts items that finish behind a later one.", "PROP-020", {
    {"in-order", name, "items", "", true, "kind of item"},
    {"per", text, "", "all together", false, "field: order matters among items that have it in common"},
    {"by", text, "", "id", false, "field that gives the order, or `id`: the order of arrival"}}},
  {"check:states", "A field of documents changes only in these ways. Counts changes.", "PROP-021", {
    {"states", text, "", "", true, "`store.collection.field`, a text"},
    {"only", texts, "", "", true, "changes that are right: `A -> B`"}}},
  {"check:always", "True after every event.", "", {{"always", expression, "world", "", true, "what must be true"}}},
  {"check:that", "True at an instant.", "", {
    {"at", time, "", "", true, "when; `end`: after the last event"},
    {"that", expression, "world", "", true, "what must be true"}}},
  {"check:eventually", "True at least once, by then.", "PROP-050", {
    {"eventually", expression, "world", "", true, "what must become true"},
    {"by", time, "", "", true, "when at the latest; `end`: some time"}}},
  {"check:sometimes", "True at least once: the run exercises what the other checks are about.", "", {{"sometimes", expression, "world", "", true, "what must occur"}}},
  {"check:measure", "A measure keeps one bound, or two. Measures are `order.lost` and every other fate, `order.arrived`, `order.time-to-done.p99` (`min`, `p1` to `p99.9`, `max`; of those that finished), `detection`, `operator-steps`. A bound is a count, a duration, a share of the items that are judged (`99 %`), or a rate over the whole clock (`60/h`). Not exercised if there was no such item, or nothing to detect.", "PROP-051 PROP-060", {
    {"measure", text, "", "", true, "which measure"},
    {"where", expression, "item", "all", false, "which items"},
    {"below", bound, "", "", false, "it is less than that"},
    {"above", bound, "", "", false, "it is more than that"},
    {"at-least", bound, "", "", false, "it is that, or more"},
    {"at-most", bound, "", "", false, "it is that, or less"},
    {"exactly", bound, "", "", false, "it is that"}}},
  };
}
// clang-format on

}  // namespace premortem
