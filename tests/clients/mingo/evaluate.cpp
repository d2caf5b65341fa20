// Reads BSON documents, one after the other, and answers each with one:
//   {document, filters: [...]}  ->  {results: [true, false or "2: text", ...]}
//   {documents: [...], sort}    ->  {order: [places in the order of the sort]} or {error: "2: text"}
//   {document, filter, update, arrayFilters}  ->  {document} or {error: "2: text"}
// BSON and not JSON, because extended JSON cannot tell {$type: 2} the operator from older forms of values.

#include <algorithm>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "sim/models/bson/codec.hpp"
#include "sim/models/query/filter.hpp"
#include "sim/models/query/projection.hpp"
#include "sim/models/query/update.hpp"

namespace {

using namespace premortem;
using bson::Value;

std::string error_text(const query::CommandError& error) { return std::to_string(error.code()) + ": " + error.what(); }

Value filter_results(const Value& request) {
  Value results = Value::array();
  for (const Value& filter : request["filters"].elements()) {
    try {
      results.push_back(Value::boolean(query::Filter::parse(filter, {}).matches(request["document"])));
    } catch (const query::CommandError& error) {
      results.push_back(Value::string(error_text(error)));
    }
  }
  return bson::doc({{"results", std::move(results)}});
}

Value sort_order(const Value& request) {
  const query::Sort sort = query::Sort::parse(request["sort"]);
  std::vector<std::pair<std::string, std::int32_t>> keyed;
  for (const Value& document : request["documents"].elements())
    keyed.emplace_back(sort.key(document), static_cast<std::int32_t>(keyed.size()));
  std::sort(keyed.begin(), keyed.end());
  Value order = Value::array();
  for (const auto& each : keyed) order.push_back(Value::int32(each.second));
  return bson::doc({{"order", std::move(order)}});
}

Value updated_document(const Value& request) {
  query::MatchDetails details;
  if (!query::Filter::parse(request["filter"], {}).matches(request["document"], &details))
    return bson::doc({{"document", request["document"]}});
  const query::Update update = query::Update::parse(request["update"], request["arrayFilters"].elements(), false, {});
  return bson::doc({{"document", update.apply(request["document"], details)}});
}

Value answer_to(const Value& request) {
  try {
    if (request.has("filters")) return filter_results(request);
    return request.has("sort") ? sort_order(request) : updated_document(request);
  } catch (const query::CommandError& error) {
    return bson::doc({{"error", Value::string(error_text(error))}});
  }
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  for (std::string_view rest = input; !rest.empty();) {
    if (rest.size() < 5) return 2;
    std::size_t size = 0;
    for (std::size_t byte = 0; byte < 4; ++byte)
      size |= static_cast<std::size_t>(static_cast<unsigned char>(rest[byte])) << 8 * byte;
    const std::string_view bytes = rest.substr(0, size);
    if (bson::find_fault(bytes)) return 2;
    const std::string reply = bson::encode(answer_to(bson::decode(bytes)));
    std::cout.write(reply.data(), static_cast<std::streamsize>(reply.size()));
    rest.remove_prefix(size);
  }
}
