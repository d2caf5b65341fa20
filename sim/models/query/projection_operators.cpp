// Paths of projections, and the operand of find's $slice.
#include <algorithm>
#include <limits>

#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/projection_plan.hpp"
#include "sim/models/query/update_path.hpp"

namespace premortem::query {

namespace {

/// Towards zero, and to the nearest that fits; NaN is 0.
std::int64_t slice_number(const bson::Value& number) {
  constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min(),
                         most = std::numeric_limits<std::int32_t>::max();
  if (bson::is_not_a_number(number)) return 0;
  if (bson::compare(number, bson::Value::int64(least)) <= 0) return least;
  if (bson::compare(number, bson::Value::int64(most)) >= 0) return most;
  if (number.is(bson::Type::number_double)) return static_cast<std::int64_t>(number.as_double());
  if (number.is_integer()) return number.as_int64();
  return bson::decimal_to_integer(number).value_or(0);
}

std::string projected_type(const bson::Value& value) { return std::string(bson::type_name(value.type())); }

}  // namespace

std::vector<std::string> projection_path(const std::string& dotted) {
  if (dotted.empty()) throw CommandError(40352, "FieldPath cannot be constructed with empty string");
  if (dotted.back() == '.') throw CommandError(40353, "FieldPath must not end with a '.'.");
  std::vector<std::string> path = split_path(dotted);
  for (const std::string& part : path) {
    if (part.empty()) throw CommandError(15998, "FieldPath field names may not be empty strings.");
    const bool is_reference = part == "$id" || part == "$ref" || part == "$db";
    if (part[0] == '$' && !is_reference)
      throw CommandError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
  }
  return path;
}

void read_slice(const bson::Value& operand, ProjectionNode& node) {
  if (operand.is_number()) {
    node.limit = slice_number(operand);
    return;
  }
  if (!operand.is_array()) throw CommandError(31273, "$slice only supports numbers and [skip, limit] arrays");
  if (operand.elements().size() != 2)
    throw CommandError(31272, "$slice array argument should be of form [skip, limit]");
  const bson::Value& skip = operand.elements()[0];
  const bson::Value& limit = operand.elements()[1];
  if (!skip.is_number())
    throw CommandError(31257, "$slice expects the skip argument to be a number, got " + projected_type(skip));
  if (!limit.is_number())
    throw CommandError(31258, "$slice expects the limit argument to be a number, got " + projected_type(limit));
  node.skip = slice_number(skip);
  node.limit = slice_number(limit);
  if (node.limit <= 0) throw CommandError(31259, "$slice limit must be positive, got " + std::to_string(node.limit));
}

void refuse_meta(const bson::Value& kind) {
  const std::string name = kind.is_string() ? kind.as_text() : projected_type(kind);
  throw CommandError(
      40218, "query requires " + (name == "textScore" ? "text score" : name) + " metadata, but it is not available");
}

}  // namespace premortem::query
