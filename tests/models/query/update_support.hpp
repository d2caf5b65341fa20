#pragma once
// Updates and projections of tests, written down; what fails is "66: text".

#include <string>
#include <string_view>

#include "sim/models/query/projection.hpp"
#include "sim/models/query/update.hpp"
#include "tests/models/query/json.hpp"

namespace premortem::testing {

/// 2026-01-02T03:04:05.006Z, and the third operation of that second.
inline query::Context update_context() {
  query::Context context;
  context.now = 1767323045006;
  context.cluster_time = std::uint64_t{1767323045} << 32 | 3;
  return context;
}

inline query::Update parse_update(std::string_view update, std::string_view array_filters = "[]") {
  return query::Update::parse(json(update), json(array_filters).elements(), false, update_context());
}

template <typename Work>
std::string result_or_error(Work work) {
  try {
    return work();
  } catch (const query::CommandError& error) {
    return std::to_string(error.code()) + ": " + error.what();
  }
}

/// The document afterwards. `filter` is what has found it: it says what `$` stands for.
inline std::string updated(std::string_view document, std::string_view update, std::string_view filter = "{}",
                           std::string_view array_filters = "[]") {
  return result_or_error([&] {
    query::MatchDetails match;
    const bson::Value before = json(document);
    if (!query::Filter::parse(json(filter), update_context()).matches(before, &match)) return std::string("no match");
    return text(parse_update(update, array_filters).apply(before, match));
  });
}

/// The document that an upsert with this filter and update inserts.
inline std::string upserted(std::string_view filter, std::string_view update) {
  return result_or_error([&] {
    return text(parse_update(update).document_to_insert(query::Filter::parse(json(filter), update_context())));
  });
}

inline std::string projected(std::string_view document, std::string_view projection, std::string_view filter = "{}") {
  return result_or_error([&] {
    const query::Filter parsed = query::Filter::parse(json(filter), update_context());
    return text(query::Projection::parse(json(projection), update_context(), &parsed).apply(json(document)));
  });
}

}  // namespace premortem::testing
