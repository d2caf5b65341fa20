// Any bytes as {filter, documents, sort}: what a filter says of documents agrees with its bounds and its fields.
#include <algorithm>
#include <cstdlib>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/filter.hpp"
#include "sim/models/query/projection.hpp"
#include "tests/fuzz/targets.hpp"

namespace premortem::testing {

namespace {

void filter_must(bool holds) {
  if (!holds) std::abort();
}

/// A filter needs no other fields than it says; and says the same of a document twice.
void try_match(const query::Filter& filter, const bson::Value& document) {
  query::MatchDetails details;
  const bool matches = filter.matches(document, &details);
  filter_must(filter.matches(document) == matches);
  filter_must(details.array_index >= -1);
  bool needs_all = false;
  const std::vector<std::string> names = filter.fields(needs_all);
  if (needs_all) return;
  filter_must(filter.matches(bson::decode_fields(bson::encode(document), names)) == matches);
  for (const query::PathBounds& bounds : filter.bounds()) {
    const std::string outermost = bounds.path.substr(0, bounds.path.find('.'));
    filter_must(std::ranges::find(names, outermost) != names.end());
  }
}

/// Keys order documents, and equal documents have equal keys.
void try_sort(const query::Sort& sort, const std::vector<bson::Value>& documents) {
  for (const bson::Value& left : documents) {
    const std::string key = sort.key(left);
    filter_must(key == sort.key(bson::decode(bson::encode(left))));
  }
}

}  // namespace

void fuzz_mongo_filter(std::string_view bytes) {
  if (bson::find_fault(bytes)) return;
  const bson::Value input = bson::decode(bytes);
  if (!input["filter"].is_document()) return;
  std::vector<bson::Value> documents;
  for (const bson::Value& document : input["documents"].elements()) {
    if (document.is_document()) documents.push_back(document);
  }
  try {
    const query::Filter filter = query::Filter::parse(input["filter"], {});
    for (const bson::Value& document : documents) try_match(filter, document);
  } catch (const query::CommandError&) {  // What MongoDB refuses is well.
  }
  try {
    if (input["sort"].is_document()) try_sort(query::Sort::parse(input["sort"]), documents);
  } catch (const query::CommandError&) {  // Parallel arrays, for one.
  }
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_mongo_filter({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
