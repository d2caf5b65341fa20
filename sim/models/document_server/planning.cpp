// Which index a read goes through. The filter is evaluated on every document all the same.

#include "sim/models/document_server/planning.hpp"

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

/// Arrays stand under their elements, and a regex is no value: bounds with either say nothing about keys.
bool is_key_value(const Value& value) {
  return !value.is_array() && !value.is(bson::Type::regex) && !value.is_missing();
}

/// What all conditions on a path say together; nothing: none says anything. Where an array may stand at the path, two
/// bounds may be met by two of its elements: then only one of them counts.
std::optional<query::PathBounds> bounds_of(const std::vector<query::PathBounds>& all, const std::string& path,
                                           bool multikey) {
  std::optional<query::PathBounds> joined;
  for (const query::PathBounds& one : all) {
    if (one.path != path) continue;
    if (!one.points.empty()) return one;
    if (!joined) {
      joined = one;
    } else if (!multikey) {
      if (joined->low.is_missing() || (!one.low.is_missing() && bson::compare(one.low, joined->low) > 0))
        joined->low = one.low;
      if (joined->high.is_missing() || (!one.high.is_missing() && bson::compare(one.high, joined->high) < 0))
        joined->high = one.high;
    }
  }
  return joined;
}

std::string_view root_of(std::string_view path) { return path.substr(0, path.find('.')); }

struct Candidate {
  AccessPlan plan;
  int equalities = 0;
  bool has_range = false;
};

/// What the bounds make of one index: equalities on its first paths, then a range on the next.
Candidate use_index(const KeyIndex& index, std::int32_t number, const std::vector<query::PathBounds>& bounds) {
  Candidate candidate;
  candidate.plan.index = number;
  std::vector<std::string> prefixes = {""};
  for (std::size_t at = 0; at < index.paths().size(); ++at) {
    const auto of = bounds_of(bounds, index.paths()[at], index.is_multikey());
    if (!of) break;
    // Two paths into one array may be met by two of its elements, which stand under no key together.
    const auto same_root = [&](std::size_t other) {
      return root_of(index.paths()[other]) == root_of(index.paths()[at]);
    };
    bool shares = false;
    for (std::size_t other = 0; other < at; ++other) shares = shares || same_root(other);
    if (shares && index.is_multikey()) break;
    const std::vector<bool> down = {index.descending()[at]};
    if (!of->points.empty()) {
      if (!std::all_of(of->points.begin(), of->points.end(), is_key_value)) break;
      if (prefixes.size() * of->points.size() > 1000) break;
      std::vector<std::string> longer;
      for (const std::string& prefix : prefixes) {
        for (const Value& point : of->points) longer.push_back(prefix + bson::key_string({point}, down));
      }
      std::sort(longer.begin(), longer.end());
      longer.erase(std::unique(longer.begin(), longer.end()), longer.end());
      prefixes = std::move(longer);
      ++candidate.equalities;
      continue;
    }
    const bool has_low = is_key_value(of->low), has_high = is_key_value(of->high);
    if (!has_low && !has_high) break;
    if ((!has_low && !of->low.is_missing()) || (!has_high && !of->high.is_missing())) break;
    std::string low = has_low ? bson::key_string({of->low}, down) : std::string();
    std::string high = has_high ? bson::key_string({of->high}, down) : std::string();
    if (index.is_multikey() && has_low && has_high) high.clear();  // Another element may be what is below.
    if (index.descending()[at]) std::swap(low, high);
    for (const std::string& prefix : prefixes) candidate.plan.ranges.emplace_back(prefix + low, prefix + high);
    candidate.has_range = true;
    return candidate;
  }
  if (candidate.equalities > 0) {
    for (const std::string& prefix : prefixes) candidate.plan.ranges.emplace_back(prefix, prefix);
  }
  return candidate;
}

/// 1: the index gives this order; -1: it gives the reverse; 0: neither. Equalities in front do not matter to an order.
int gives_order(const KeyIndex& index, const query::Sort& sort, int equalities) {
  if (sort.is_empty() || index.is_multikey()) return 0;
  for (std::size_t skipped = 0; skipped <= static_cast<std::size_t>(equalities); ++skipped) {
    int direction = 0;
    bool fits = sort.parts().size() + skipped <= index.paths().size();
    for (std::size_t at = 0; fits && at < sort.parts().size(); ++at) {
      fits = sort.parts()[at].path == index.paths()[at + skipped];
      const int own = sort.parts()[at].descending == index.descending()[at + skipped] ? 1 : -1;
      fits = fits && (direction == 0 || direction == own);
      direction = own;
    }
    if (fits) return direction;
  }
  return 0;
}

}  // namespace

AccessPlan CommandRun::plan(const Namespace& space, const query::Filter& filter, const query::Sort& sort,
                            const Value& hint) const {
  const std::vector<KeyIndex>& indexes = store_.table(space.collection).key_indexes();
  std::int32_t hinted = -2;
  if (!hint.is_nullish() && !(hint.is_document() && hint.fields().empty())) {
    for (std::size_t number = 0; number < indexes.size(); ++number) {
      const IndexSpec& spec = indexes[number].spec();
      if ((hint.is_string() && hint.as_text() == spec.name) || (hint.is_document() && bson::encode(hint) == spec.key))
        hinted = static_cast<std::int32_t>(number);
    }
    if (hint.is_document() && hint.has("$natural")) hinted = -1;
    if (hinted == -2)
      refuse(code::bad_value,
             "error processing query: ns=" + space.database + "." + space.name +
                 " planner returned error :: caused by :: hint provided does not correspond to an existing index");
  }
  AccessPlan chosen;
  if (hinted == -1) {
    chosen.descending = hint.is_document() && bson::compare(hint["$natural"], Value::int32(0)) < 0;
    return chosen;
  }
  const std::vector<query::PathBounds> bounds = filter.bounds();
  int best = 0;
  for (std::size_t number = 0; number < indexes.size(); ++number) {
    const KeyIndex& index = indexes[number];
    const bool is_hinted = hinted == static_cast<std::int32_t>(number);
    if (hinted >= 0 && !is_hinted) continue;
    if (!is_hinted && (index.spec().hidden || index.spec().sparse || !index.spec().partial.empty())) continue;
    Candidate candidate = use_index(index, static_cast<std::int32_t>(number), bounds);
    const bool one_range = candidate.plan.ranges.size() <= 1;
    const int order = one_range ? gives_order(index, sort, candidate.equalities) : 0;
    const int score = candidate.equalities * 4 + (candidate.has_range ? 2 : 0) + (order != 0 ? 1 : 0);
    if (score <= best && !is_hinted) continue;
    best = score;
    chosen = candidate.plan;
    chosen.sorted = order != 0;
    chosen.descending = order < 0;
  }
  return chosen;
}

/// Rows of documents that match, in the order asked for; looked for at this instant.
std::vector<DocumentId> CommandRun::candidates(const Namespace& space, const query::Filter& filter,
                                               const query::Sort& sort, std::uint64_t limit, const Value& hint) {
  const AccessPlan way = plan(space, filter, sort, hint);
  const bool must_sort = !sort.is_empty() && !way.sorted;
  std::vector<DocumentId> found;
  std::vector<std::pair<std::string, DocumentId>> keyed;
  scan(space, way, [&](DocumentId row, std::string_view body) {
    const Value document = bson::decode(body);
    if (!filter.matches(document)) return true;
    if (must_sort) {
      keyed.emplace_back(sort.key(document), row);
      return true;
    }
    found.push_back(row);
    return found.size() < limit;
  });
  if (must_sort) {
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (std::size_t at = 0; at < keyed.size() && at < limit; ++at) found.push_back(keyed[at].second);
  }
  return found;
}

CommandRun::Outcome CommandRun::explain() {
  const Value& inner = field("explain");
  if (!inner.is_document() || inner.fields().empty()) refuse(code::type_mismatch, "explain is about a command");
  const std::string what = inner.fields().front().name;
  const Value& name = inner.fields().front().value;
  if (!name.is_string()) refuse(code::invalid_namespace, "collection name has invalid type");
  Value given = inner["filter"].is_document()  ? inner["filter"]
                : inner["query"].is_document() ? inner["query"]
                                               : Value::document();
  if (what == "update" && inner["updates"].is_array() && !inner["updates"].elements().empty())
    given = inner["updates"].elements()[0]["q"];
  if (what == "delete" && inner["deletes"].is_array() && !inner["deletes"].elements().empty())
    given = inner["deletes"].elements()[0]["q"];
  if (what == "aggregate" && inner["pipeline"].is_array() && !inner["pipeline"].elements().empty() &&
      inner["pipeline"].elements()[0]["$match"].is_document())
    given = inner["pipeline"].elements()[0]["$match"];
  static constexpr std::string_view known = " find update delete findAndModify aggregate count distinct ";
  if (known.find(" " + what + " ") == std::string_view::npos)
    refuse(code::command_not_found, "Explain failed due to unknown command: " + what);
  const query::Filter filter = query::Filter::parse(given, context_);
  const query::Sort sort =
      inner["sort"].is_document() && !inner["sort"].has("$natural") ? query::Sort::parse(inner["sort"]) : query::Sort();
  Value winning = bson::doc({{"stage", Value::string("EOF")}});
  std::int64_t keys = 0, examined = 0, returned = 0;
  if (const Namespace* space = find_namespace(database_, name.as_text())) {
    const AccessPlan way = plan(*space, filter, sort, inner["hint"]);
    scan(*space, way, [&](DocumentId, std::string_view body) {
      ++examined;
      keys += way.index < 0 ? 0 : 1;
      returned += filter.matches(bson::decode(body)) ? 1 : 0;
      return true;
    });
    if (way.index < 0) {
      winning = bson::doc({{"stage", Value::string("COLLSCAN")},
                           {"filter", given},
                           {"direction", Value::string(way.descending ? "backward" : "forward")}});
    } else {
      const KeyIndex& index = store_.table(space->collection).key_indexes()[static_cast<std::size_t>(way.index)];
      winning = bson::doc(
          {{"stage", Value::string("FETCH")},
           {"filter", given},
           {"inputStage", bson::doc({{"stage", Value::string("IXSCAN")},
                                     {"keyPattern", bson::decode(index.spec().key)},
                                     {"indexName", Value::string(index.spec().name)},
                                     {"isMultiKey", Value::boolean(index.is_multikey())},
                                     {"direction", Value::string(way.descending ? "backward" : "forward")}})}});
    }
    if (!sort.is_empty() && !way.sorted)
      winning = bson::doc({{"stage", Value::string("SORT")}, {"sortPattern", inner["sort"]}, {"inputStage", winning}});
  }
  reply_.append("explainVersion", Value::string("1"));
  reply_.append("queryPlanner", bson::doc({{"namespace", Value::string(database_ + "." + name.as_text())},
                                           {"parsedQuery", given},
                                           {"winningPlan", winning},
                                           {"rejectedPlans", Value::array()}}));
  const Value& verbosity = field("verbosity");
  if (!verbosity.is_string() || verbosity.as_text() != "queryPlanner")
    reply_.append("executionStats", bson::doc({{"executionSuccess", Value::boolean(true)},
                                               {"nReturned", Value::int64(returned)},
                                               {"executionTimeMillis", Value::int32(0)},
                                               {"totalKeysExamined", Value::int64(keys)},
                                               {"totalDocsExamined", Value::int64(examined)}}));
  return Outcome::done;
}

}  // namespace premortem
