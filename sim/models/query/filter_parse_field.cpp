// Conditions about one field: {$gt: 1, $lt: 5}. Source: mongodb/mongo, src/mongo/db/matcher/expression_parser.cpp.
#include <algorithm>
#include <array>

#include "sim/models/query/filter_node.hpp"

namespace premortem::query::filtering {

namespace {

constexpr std::array<std::string_view, 26> field_operators = {
    "$all",     "$bitsAllClear",  "$bitsAllSet", "$bitsAnyClear", "$bitsAnySet", "$elemMatch",  "$eq",
    "$exists",  "$geoIntersects", "$geoNear",    "$geoWithin",    "$gt",         "$gte",        "$in",
    "$lt",      "$lte",           "$mod",        "$ne",           "$near",       "$nearSphere", "$nin",
    "$options", "$regex",         "$size",       "$type",         "$within"};

[[noreturn]] void refuse_geo_operator(const std::string& name, bool special) {
  if (name == "$geoWithin" || name == "$within" || name == "$geoIntersects")
    throw CommandError(code::command_not_supported, name + " is not supported");
  if (!special) throw CommandError(code::bad_value, "$geoNear, $near, and $nearSphere are not allowed in this context");
  // No collection has an index for them.
  throw CommandError(291, "unable to find index for $geoNear query");
}

/// $regex and $options, in any order.
NodePointer parse_regex_operators(const std::string& path, const bson::Value& operators) {
  std::string pattern, options;
  for (const bson::Field& field : operators.fields()) {
    if (field.name == "$regex") {
      if (field.value.is(bson::Type::regex)) {
        pattern = field.value.as_text();
        if (field.value.regex_options().empty()) continue;
        if (!options.empty()) throw CommandError(51074, "options set in both $regex and $options");
        options = field.value.regex_options();
      } else if (field.value.is_string()) {
        pattern = field.value.as_text();
      } else {
        throw CommandError(code::bad_value, "$regex has to be a string");
      }
    } else if (field.name == "$options") {
      if (!field.value.is_string()) throw CommandError(code::bad_value, "$options has to be a string");
      if (!options.empty()) throw CommandError(51075, "options set in both $regex and $options");
      options = field.value.as_text();
    }
  }
  return make_regex(path, pattern, options);
}

bool names_element_match(const bson::Value& value) {
  return value.is_document() && !value.fields().empty() && value.fields().front().name == "$elemMatch";
}

}  // namespace

bool is_field_operator(std::string_view name) {
  return std::find(field_operators.begin(), field_operators.end(), name) != field_operators.end();
}

void Parser::parse_operators(const std::string& path, const bson::Value& operators, Level level, int depth,
                             std::vector<NodePointer>& conditions) const {
  for (const bson::Field& field : operators.fields()) {
    if (NodePointer condition = parse_operator(path, field, operators, level, depth))
      conditions.push_back(std::move(condition));
  }
}

NodePointer Parser::parse_operator(const std::string& path, const bson::Field& field, const bson::Value& operators,
                                   Level level, int depth) const {
  const std::string& name = field.name;
  const bson::Value& operand = field.value;
  if (name == "$not") return parse_not(path, operand, level, depth + 1);
  if (!is_field_operator(name)) {
    if (name == "$where") throw CommandError(code::bad_value, "$where cannot be applied to a field");
    throw CommandError(code::bad_value, "unknown operator: " + name);
  }
  if (name == "$eq") return make_comparison(path, Comparison::equal, operand);
  if (name == "$lt") return make_comparison(path, Comparison::less, operand);
  if (name == "$lte") return make_comparison(path, Comparison::less_or_equal, operand);
  if (name == "$gt") return make_comparison(path, Comparison::greater, operand);
  if (name == "$gte") return make_comparison(path, Comparison::greater_or_equal, operand);
  if (name == "$ne") {
    if (operand.is(bson::Type::regex)) throw CommandError(code::bad_value, "Can't have regex as arg to $ne.");
    return std::make_shared<const NotNode>(make_comparison(path, Comparison::equal, operand));
  }
  if (name == "$in") return make_in(path, name, operand);
  if (name == "$nin") return std::make_shared<const NotNode>(make_in(path, name, operand));
  if (name == "$exists") return make_exists(path, operand);
  if (name == "$type") return make_type(path, operand);
  if (name == "$size") return make_size(path, operand);
  if (name == "$mod") return make_mod(path, operand);
  if (name == "$regex") return parse_regex_operators(path, operators);
  if (name == "$options") {
    if (!operators.has("$regex")) throw CommandError(code::bad_value, "$options needs a $regex");
    return nullptr;
  }
  if (name == "$elemMatch") return parse_element_match(path, operand, depth + 1);
  if (name == "$all") return parse_all(path, operand, depth);
  if (name.starts_with("$bits")) return make_bit_test(path, name, operand);
  refuse_geo_operator(name, special);
}

NodePointer Parser::parse_not(const std::string& path, const bson::Value& operand, Level level, int depth) const {
  if (operand.is(bson::Type::regex))
    return std::make_shared<const NotNode>(make_regex(path, operand.as_text(), operand.regex_options()));
  if (!operand.is_document()) throw CommandError(code::bad_value, "$not needs a regex or a document");
  if (operand.fields().empty()) throw CommandError(code::bad_value, "$not cannot be empty");
  if (depth > tree_depth_max)
    throw CommandError(code::bad_value, "exceeded maximum query tree depth: " + std::to_string(tree_depth_max));
  std::vector<NodePointer> conditions;
  parse_operators(path, operand, level, depth, conditions);
  return std::make_shared<const NotNode>(std::make_shared<const ListNode>(ListNode::Kind::all, std::move(conditions)));
}

NodePointer Parser::parse_element_match(const std::string& path, const bson::Value& operand, int depth) const {
  if (!operand.is_document()) throw CommandError(code::bad_value, "$elemMatch needs an Object");
  // {$gt: 3} is about the elements themselves; {$or: [...]} and {b: 3} are about the fields of elements.
  if (is_operator_document(operand, true) && !is_pathless_operator(operand.fields().front().name)) {
    if (depth > tree_depth_max)
      throw CommandError(code::bad_value, "exceeded maximum query tree depth: " + std::to_string(tree_depth_max));
    std::vector<NodePointer> conditions;
    parse_operators("", operand, Level::part, depth, conditions);
    return std::make_shared<const ElementMatchNode>(
        path, std::make_shared<const ListNode>(ListNode::Kind::all, std::move(conditions)), false);
  }
  return std::make_shared<const ElementMatchNode>(path, parse_document(operand, Level::part, depth), true);
}

NodePointer Parser::parse_all(const std::string& path, const bson::Value& operand, int depth) const {
  if (!operand.is_array()) throw CommandError(code::bad_value, "$all needs an array");
  const std::vector<bson::Value>& values = operand.elements();
  if (values.empty()) return std::make_shared<const ConstantNode>(false);
  std::vector<NodePointer> conditions;
  const bool of_element_matches = names_element_match(values.front());
  for (const bson::Value& value : values) {
    if (of_element_matches) {
      if (!names_element_match(value)) throw CommandError(code::bad_value, "$all/$elemMatch has to be consistent");
      conditions.push_back(parse_element_match(path, value.fields().front().value, depth + 1));
    } else if (value.is(bson::Type::regex)) {
      conditions.push_back(make_regex(path, value.as_text(), value.regex_options()));
    } else if (value.is_document() && !value.fields().empty() && is_field_operator(value.fields().front().name)) {
      throw CommandError(code::bad_value, "no $ expressions in $all");
    } else {
      conditions.push_back(make_comparison(path, Comparison::equal, value));
    }
  }
  return std::make_shared<const ListNode>(ListNode::Kind::all, std::move(conditions));
}

bool ElementMatchNode::matches_value(const bson::Value& value, MatchDetails* details) const {
  if (!value.is_array()) return false;
  const std::vector<bson::Value>& elements = value.elements();
  for (std::size_t at = 0; at < elements.size(); ++at) {
    const bson::Value& element = elements[at];
    bool matched = false;
    if (!documents) {
      matched = condition->matches_value(element, nullptr);
    } else if (element.is_document()) {
      matched = condition->matches(element, nullptr);
    } else if (element.is_array()) {  // To MongoDB an array is a document with the fields 0, 1, ...
      bson::Value numbered = bson::Value::document();
      for (std::size_t place = 0; place < element.elements().size(); ++place)
        numbered.append(std::to_string(place), element.elements()[place]);
      matched = condition->matches(numbered, nullptr);
    }
    if (!matched) continue;
    if (details != nullptr) details->array_index = static_cast<std::int64_t>(at);
    return true;
  }
  return false;
}

}  // namespace premortem::query::filtering
