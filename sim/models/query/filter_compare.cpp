// $eq, $lt and their kin, $in and regular expressions. Source: mongodb/mongo, src/mongo/db/matcher/expression_leaf.cpp.
#include <algorithm>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/filter_numbers.hpp"
#include "sim/models/query/regex.hpp"

namespace premortem::query::filtering {

namespace {

bool or_equal(Comparison comparison) {
  return comparison == Comparison::equal || comparison == Comparison::less_or_equal ||
         comparison == Comparison::greater_or_equal;
}

bool is_less(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::less_or_equal;
}

/// Values of different classes never compare, but for null, which missing values equal, and the ends of the order.
bool compares_across_classes(Comparison comparison, const bson::Value& value, const bson::Value& operand) {
  if (operand.is_null() && value.is_nullish()) return or_equal(comparison);
  if (comparison == Comparison::equal) return false;
  if (operand.is(bson::Type::max_key)) return is_less(comparison);
  if (operand.is(bson::Type::min_key)) return !is_less(comparison);
  return false;
}

bool matches_regex(const Regex& regex, const bson::Value& value) {
  if (value.is_string() || value.is(bson::Type::symbol)) return regex.matches(value.as_text());
  return value.is(bson::Type::regex) && value.as_text() == regex.pattern() && value.regex_options() == regex.options();
}

struct RegexNode final : PathNode {
  RegexNode(const std::string& dotted, const std::string& pattern, const std::string& options)
      : PathNode(dotted, LeafArray::elements_then_itself), regex(pattern, options) {}
  bool matches_value(const bson::Value& value, MatchDetails*) const override { return matches_regex(regex, value); }
  const Regex regex;
};

struct InNode final : PathNode {
  explicit InNode(const std::string& dotted) : PathNode(dotted, LeafArray::elements_then_itself) {}
  bool matches_value(const bson::Value& value, MatchDetails*) const override {
    if (has_null && value.is_nullish()) return true;
    const auto below = [](const bson::Value& left, const bson::Value& right) { return bson::compare(left, right) < 0; };
    if (!value.is_missing() && std::binary_search(values.begin(), values.end(), value, below)) return true;
    return std::any_of(regexes.begin(), regexes.end(), [&](const Regex& regex) { return matches_regex(regex, value); });
  }
  void collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const override {
    const bool has_array =
        std::any_of(values.begin(), values.end(), [](const bson::Value& value) { return value.is_array(); });
    if (values.empty() || !regexes.empty() || has_array || path.has_number()) return;
    PathBounds bound{prefix + path.text(), values, {}, {}};
    if (has_null) bound.points.insert(bound.points.begin(), bson::Value::undefined());
    bounds.push_back(std::move(bound));
  }
  void collect_equalities(std::vector<bson::Field>& equalities) const override {
    if (values.size() == 1 && regexes.empty()) equalities.push_back({path.text(), values.front()});
  }
  std::vector<bson::Value> values;  ///< In order, each once.
  std::vector<Regex> regexes;
  bool has_null = false;
};

}  // namespace

bool ComparisonNode::matches_value(const bson::Value& value, MatchDetails*) const {
  if (bson::type_class(value) != bson::type_class(operand)) return compares_across_classes(comparison, value, operand);
  if (comparison != Comparison::equal) {
    const bool value_is_nan = is_nan_number(value), operand_is_nan = is_nan_number(operand);
    if (value_is_nan || operand_is_nan) return value_is_nan && operand_is_nan && or_equal(comparison);
  }
  const int order = bson::compare(value, operand);
  if (order == 0) return or_equal(comparison);
  if (comparison == Comparison::equal) return false;
  return is_less(comparison) ? order < 0 : order > 0;
}

void ComparisonNode::collect_equalities(std::vector<bson::Field>& equalities) const {
  if (comparison == Comparison::equal) equalities.push_back({path.text(), operand});
}

NodePointer make_comparison(const std::string& path, Comparison how, const bson::Value& operand) {
  if (how != Comparison::equal && operand.is(bson::Type::regex))
    throw CommandError(code::bad_value, "Can't have RegEx as arg to predicate over field '" + path + "'.");
  if (operand.is(bson::Type::undefined)) throw CommandError(code::bad_value, "cannot compare to undefined");
  return std::make_shared<const ComparisonNode>(path, how, operand);
}

NodePointer make_regex(const std::string& path, const std::string& pattern, const std::string& options) {
  return std::make_shared<const RegexNode>(path, pattern, options);
}

NodePointer make_in(const std::string& path, const std::string& name, const bson::Value& operand) {
  if (!operand.is_array()) throw CommandError(code::bad_value, name + " needs an array");
  const auto node = std::make_shared<InNode>(path);
  for (const bson::Value& value : operand.elements()) {
    if (is_operator_document(value)) throw CommandError(code::bad_value, "cannot nest $ under $in");
    if (value.is(bson::Type::undefined))
      throw CommandError(code::bad_value, "InMatchExpression equality cannot be undefined");
    if (value.is(bson::Type::regex)) {
      node->regexes.emplace_back(value.as_text(), value.regex_options());
      continue;
    }
    if (value.is_null()) node->has_null = true;
    node->values.push_back(value);
  }
  std::vector<bson::Value>& values = node->values;
  std::stable_sort(values.begin(), values.end(),
                   [](const bson::Value& left, const bson::Value& right) { return bson::compare(left, right) < 0; });
  values.erase(std::unique(values.begin(), values.end(), &bson::equal), values.end());
  return node;
}

}  // namespace premortem::query::filtering
