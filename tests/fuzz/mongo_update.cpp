// Any bytes as {document, filter, update, arrayFilters, projection}: found, changed, encoded, decoded.
#include <cstdlib>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/projection.hpp"
#include "sim/models/query/update.hpp"
#include "tests/fuzz/targets.hpp"

namespace premortem::testing {

namespace {

void update_must(bool holds) {
  if (!holds) std::abort();
}

query::Context fuzz_context() {
  query::Context context;
  context.now = 1767323045006;
  context.cluster_time = std::uint64_t{1767323045} << 32 | 3;
  return context;
}

/// What is stored is what is read again. Fresh fields of a projection may nest deeper than what is stored.
void try_bytes(const bson::Value& document, int depth) {
  const std::string bytes = bson::encode(document);
  update_must(bytes.size() == bson::encoded_size(document));
  update_must(!bson::find_fault(bytes, depth));
  update_must(bson::decode(bytes).identical(document));
}

void try_change(const bson::Value& document, const query::Update& update, const query::MatchDetails& match) {
  const bson::Value changed = update.apply(document, match);
  try_bytes(changed, bson::depth_max);
  if (document.has("_id")) update_must(bson::equal(document["_id"], changed["_id"]));
  update_must(bson::encoded_size(changed) <= bson::document_bytes_max);
}

void try_all(const bson::Value& input) {
  const query::Context context = fuzz_context();
  const query::Filter filter = query::Filter::parse(input["filter"], context);
  query::MatchDetails match;
  const bool matches = filter.matches(input["document"], &match);
  try {
    const query::Projection projection =
        query::Projection::parse(input["projection"], context, &filter, input["filter"]);
    try_bytes(projection.apply(input["document"]), 4 * bson::depth_max);
  } catch (const query::CommandError&) {
  }
  const query::Update update = query::Update::parse(input["update"], input["arrayFilters"].elements(), false, context);
  if (matches) {
    try_change(input["document"], update, match);
  } else {
    try_bytes(update.document_to_insert(filter), bson::depth_max);
  }
}

}  // namespace

void fuzz_mongo_update(std::string_view bytes) {
  if (bson::find_fault(bytes)) return;
  const bson::Value input = bson::decode(bytes);
  if (!input["document"].is_document() || !input["filter"].is_document()) return;
  if (bson::depth(input["document"]) > bson::stored_depth_max) return;
  try {
    try_all(input);
  } catch (const query::CommandError&) {  // What MongoDB refuses is well.
  }
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_mongo_update({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
