// Where the matches of a comparison lie in the order of all values: for choosing an index.
#include <algorithm>
#include <limits>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/filter_numbers.hpp"

namespace premortem::query::filtering {

namespace {

/// The least value of the same class, or missing where none is known.
bson::Value least_of_class(const bson::Value& value) {
  switch (value.type()) {
    case bson::Type::number_double:
    case bson::Type::int32:
    case bson::Type::int64:
    case bson::Type::decimal128:
      return bson::Value::number(-std::numeric_limits<double>::infinity());
    case bson::Type::string:
    case bson::Type::symbol:
      return bson::Value::string("");
    case bson::Type::document:
      return bson::Value::document();
    case bson::Type::object_id:
      return bson::Value::object_id(std::string(12, '\0'));
    case bson::Type::boolean:
      return bson::Value::boolean(false);
    case bson::Type::date:
      return bson::Value::date(std::numeric_limits<std::int64_t>::min());
    case bson::Type::timestamp:
      return bson::Value::timestamp(0, 0);
    default:
      return {};
  }
}

/// A value that none of the same class is above, or missing.
bson::Value end_of_class(const bson::Value& value) {
  switch (value.type()) {
    case bson::Type::number_double:
    case bson::Type::int32:
    case bson::Type::int64:
    case bson::Type::decimal128:
      return bson::Value::number(std::numeric_limits<double>::infinity());
    case bson::Type::string:
    case bson::Type::symbol:
      return bson::Value::document();  // The least of the next class.
    case bson::Type::document:
      return bson::Value::array();
    case bson::Type::object_id:
      return bson::Value::object_id(std::string(12, '\xff'));
    case bson::Type::boolean:
      return bson::Value::boolean(true);
    case bson::Type::date:
      return bson::Value::date(std::numeric_limits<std::int64_t>::max());
    case bson::Type::timestamp:
      return bson::Value::timestamp(std::numeric_limits<std::uint32_t>::max(),
                                    std::numeric_limits<std::uint32_t>::max());
    default:
      return {};
  }
}

/// Whether bounds can say it: the elements of an array, not the array, are what an index holds, and a number in the
/// path may be a name or an index.
bool can_be_bounded(const Path& path, const bson::Value& operand) {
  return !operand.is_array() && !operand.is(bson::Type::min_key) && !operand.is(bson::Type::max_key) &&
         !path.has_number();
}

PathBounds bounds_of_comparison(const std::string& path, Comparison comparison, const bson::Value& operand) {
  PathBounds bound{path, {}, {}, {}};
  switch (comparison) {
    case Comparison::equal:
      break;
    case Comparison::less:
    case Comparison::less_or_equal:
      bound.low = least_of_class(operand);
      bound.high = operand;
      return bound;
    case Comparison::greater:
    case Comparison::greater_or_equal:
      bound.low = operand;
      bound.high = end_of_class(operand);
      return bound;
  }
  bound.points = {operand};
  return bound;
}

}  // namespace

void ComparisonNode::collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const {
  if (!can_be_bounded(path, operand)) return;
  // What equals null or NaN, or is at most or at least it, is only itself; and null is missing and undefined as well.
  const bool alone = operand.is_null() || is_nan_number(operand);
  if (alone && (comparison == Comparison::less || comparison == Comparison::greater)) return;
  PathBounds bound = bounds_of_comparison(prefix + path.text(), alone ? Comparison::equal : comparison, operand);
  if (operand.is_null()) bound.points.insert(bound.points.begin(), bson::Value::undefined());
  bounds.push_back(std::move(bound));
}

void ElementMatchNode::collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const {
  if (path.has_number()) return;
  if (documents) {
    std::vector<PathBounds> within;
    condition->collect_bounds(prefix + path.text() + ".", within);
    for (PathBounds& bound : within) {
      // An element that is an array has no such field: it matches null, though the path means nothing in it.
      const bool has_null = std::any_of(bound.points.begin(), bound.points.end(),
                                        [](const bson::Value& point) { return point.is_nullish(); });
      if (!has_null) bounds.push_back(std::move(bound));
    }
    return;
  }
  // Conditions about values have the empty path; all of them hold for one element, so their bounds may be joined.
  std::vector<PathBounds> own;
  condition->collect_bounds("", own);
  PathBounds joined{prefix + path.text(), {}, {}, {}};
  for (PathBounds& bound : own) {
    if (!bound.path.empty()) return;
    if (!bound.points.empty()) {
      joined.points = std::move(bound.points);
      joined.low = joined.high = {};
      break;
    }
    if (!bound.low.is_missing() && (joined.low.is_missing() || bson::compare(bound.low, joined.low) > 0))
      joined.low = std::move(bound.low);
    if (!bound.high.is_missing() && (joined.high.is_missing() || bson::compare(bound.high, joined.high) < 0))
      joined.high = std::move(bound.high);
  }
  if (joined.points.empty() && joined.low.is_missing() && joined.high.is_missing()) return;
  bounds.push_back(std::move(joined));
}

}  // namespace premortem::query::filtering
