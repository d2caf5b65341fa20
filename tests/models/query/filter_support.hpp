#pragma once
// Filters in one line: which documents, which position, which error.

#include <string>
#include <string_view>
#include <vector>

#include "sim/models/query/filter.hpp"
#include "tests/models/query/json.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

inline bool filter_matches(std::string_view filter, std::string_view document) {
  return query::Filter::parse(json(filter), {}).matches(json(document));
}

/// The _id of each document that matches.
inline std::string filter_ids(std::string_view filter, const std::vector<std::string>& documents) {
  const query::Filter parsed = query::Filter::parse(json(filter), {});
  std::string ids;
  for (const std::string& each : documents) {
    const bson::Value document = json(each);
    if (parsed.matches(document)) ids += (ids.empty() ? "" : " ") + text(document["_id"]);
  }
  return ids;
}

inline std::int64_t filter_position(std::string_view filter, std::string_view document) {
  query::MatchDetails details;
  if (!query::Filter::parse(json(filter), {}).matches(json(document), &details)) return -2;
  return details.array_index;
}

/// "2 BadValue: unknown operator: $foo", or "taken".
template <typename Parse>
std::string error_of(Parse parse) {
  try {
    parse();
  } catch (const query::CommandError& error) {
    return std::to_string(error.code()) + " " + query::code_name(error.code()) + ": " + error.what();
  }
  return "taken";
}
inline std::string filter_error(std::string_view filter) {
  const bson::Value parsed = json(filter);
  return error_of([&] { query::Filter::parse(parsed, {}); });
}

}  // namespace premortem::testing
