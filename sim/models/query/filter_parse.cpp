// Filters from documents. Source: mongodb/mongo, src/mongo/db/matcher/expression_parser.cpp, whose codes and texts
// these are.
#include <algorithm>
#include <array>

#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/filter_numbers.hpp"

namespace premortem::query::filtering {

namespace {

constexpr std::size_t path_parts_max = 180;

constexpr std::array<std::string_view, 13> pathless_operators = {
    "$alwaysFalse", "$alwaysTrue", "$and", "$comment", "$db",         "$expr", "$id",
    "$jsonSchema",  "$nor",        "$or",  "$ref",     "$sampleRate", "$text"};

void check_tree_depth(int depth) {
  if (depth > tree_depth_max)
    throw CommandError(code::bad_value, "exceeded maximum query tree depth: " + std::to_string(tree_depth_max));
}

NodePointer join_all(std::vector<NodePointer> conditions) {
  if (conditions.size() == 1) return std::move(conditions.front());
  return std::make_shared<const ListNode>(ListNode::Kind::all, std::move(conditions));
}

NodePointer parse_always(const bson::Field& field, bool result) {
  if (parse_integer(field.name, field.value) != 1)
    throw CommandError(code::failed_to_parse, field.name + " must be an integer value of 1");
  return std::make_shared<const ConstantNode>(result);
}

CommandError not_in_this_context(const std::string& name, int code) {
  return CommandError(code, name + " is not allowed in this context");
}

CommandError only_at_the_top(const std::string& name) {
  return CommandError(code::bad_value, name + " can only be applied to the top-level document");
}

}  // namespace

bool is_pathless_operator(std::string_view name) {
  return name == "$where" ||
         std::find(pathless_operators.begin(), pathless_operators.end(), name) != pathless_operators.end();
}

bool is_operator_document(const bson::Value& value, bool incomplete_reference_is_none) {
  if (!value.is_document() || value.fields().empty()) return false;
  const std::string& first = value.fields().front().name;
  if (first.empty() || first.front() != '$') return false;
  const bool has_reference = value.has("$ref"), has_id = value.has("$id");
  const bool is_reference =
      incomplete_reference_is_none ? has_reference || has_id || value.has("$db") : has_reference && has_id;
  return !is_reference;
}

NodePointer Parser::parse_document(const bson::Value& filter, Level level, int depth) const {
  check_tree_depth(depth);
  std::vector<NodePointer> conditions;
  for (const bson::Field& field : filter.fields()) {
    if (!field.name.empty() && field.name.front() == '$') {
      if (NodePointer condition = parse_pathless(field, level, depth)) conditions.push_back(std::move(condition));
      continue;
    }
    if (std::count(field.name.begin(), field.name.end(), '.') >= static_cast<std::ptrdiff_t>(path_parts_max))
      throw CommandError(5729100, "FieldPath is too long");
    if (is_operator_document(field.value)) {
      parse_operators(field.name, field.value, level, depth, conditions);
    } else if (field.value.is(bson::Type::regex)) {
      conditions.push_back(make_regex(field.name, field.value.as_text(), field.value.regex_options()));
    } else {
      conditions.push_back(make_comparison(field.name, Comparison::equal, field.value));
    }
  }
  return join_all(std::move(conditions));
}

NodePointer Parser::parse_pathless(const bson::Field& field, Level level, int depth) const {
  const std::string& name = field.name;
  const bool within = level == Level::part;
  if (name == "$and" || name == "$or" || name == "$nor") return parse_list(field, level, depth);
  if (name == "$comment") return nullptr;
  if (name == "$alwaysTrue" || name == "$alwaysFalse") return parse_always(field, name == "$alwaysTrue");
  if (name == "$ref" || name == "$id" || name == "$db") return make_comparison(name, Comparison::equal, field.value);
  if (name == "$expr") {
    if (within) throw only_at_the_top(name);
    if (!special) throw not_in_this_context(name, code::query_feature_not_allowed);
    return make_expression(field.value, context);
  }
  if (name == "$jsonSchema") {
    if (!special) throw not_in_this_context(name, code::query_feature_not_allowed);
    if (!field.value.is_document()) throw CommandError(code::type_mismatch, "$jsonSchema must be an object");
    return make_json_schema(field.value);
  }
  if (name == "$sampleRate") {
    if (within) throw only_at_the_top(name);
    return make_sample_rate(field.value, context);
  }
  if (name == "$text") {
    if (within) throw only_at_the_top(name);
    if (!special) throw not_in_this_context(name, code::bad_value);
    throw CommandError(code::index_not_found, "text index required for $text query");
  }
  if (name == "$where") {  // As a server that was started without scripting.
    if (!special) throw not_in_this_context(name, code::bad_value);
    if (within) throw only_at_the_top(name);
    throw CommandError(code::bad_value, "no globalScriptEngine in $where parsing");
  }
  throw CommandError(code::bad_value,
                     "unknown top level operator: " + name +
                         (name == "$not" ? ". If you are trying to negate an entire expression, use $nor."
                                         : ". If you have a field name that starts with a '$' symbol, consider using "
                                           "$getField or $setField."));
}

NodePointer Parser::parse_list(const bson::Field& field, Level level, int depth) const {
  if (!field.value.is_array()) throw CommandError(code::bad_value, field.name + " must be an array");
  if (field.value.elements().empty()) throw CommandError(code::bad_value, "$and/$or/$nor must be a nonempty array");
  std::vector<NodePointer> children;
  for (const bson::Value& each : field.value.elements()) {
    if (!each.is_document()) throw CommandError(code::bad_value, "$or/$and/$nor entries need to be full objects");
    children.push_back(parse_document(each, level, depth + 1));
  }
  if (field.name == "$nor") return std::make_shared<const ListNode>(ListNode::Kind::none, std::move(children));
  // A single alternative is no alternative: MongoDB puts it in the place of the $or.
  if (field.name == "$and" || children.size() == 1) return join_all(std::move(children));
  return std::make_shared<const ListNode>(ListNode::Kind::any, std::move(children));
}

}  // namespace premortem::query::filtering
