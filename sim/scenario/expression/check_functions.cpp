#include <algorithm>
#include <utility>

#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/diagnostic.hpp"
#include "sim/scenario/expression/checker.hpp"
#include "sim/scenario/expression/token.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::expression_syntax {

namespace {

/// A set inside a set inside a set looks at every triple of elements; deeper than that is a mistake.
constexpr int set_level_max = 3;

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = {"size",  "string",   "int", "double", "date", "time",
                                                 "count", "duration", "dyn", "min",    "max",  "list"};
  return names;
}

bool is_method(std::string_view name) { return name == "startsWith" || name == "endsWith" || name == "contains"; }

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + name;
  return text;
}

}  // namespace

void Checker::expect_parts(const Node& node, std::size_t least, std::size_t most) const {
  const std::size_t count = node.parts.size();
  if (count >= least && count <= most) return;
  std::string wanted = std::to_string(least);
  if (most != least) wanted += most > expression_length_max ? " or more" : " or " + std::to_string(most);
  raise(node.anchor, node.names[0] + "() takes " + wanted + (wanted == "1" ? " value" : " values") + ", not " +
                         std::to_string(count));
}

void Checker::check_call(Node& node) {
  const std::string& name = node.names[0];
  if (name == "count" || name == "list") return check_set(node);
  if (is_method(name)) raise(node.anchor, "write " + name + " behind the text: s." + name + "('x')");
  const auto& known = function_names();
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    raise(node.anchor, "unknown function " + name + did_you_mean(name, known));
  }
  for (const NodePtr& part : node.parts) check(*part);
  node.constant = all_constant(node);
  if (name == "min" || name == "max") return check_extreme(node);
  expect_parts(node, 1, 1);
  const Node& part = *node.parts[0];
  if (name == "dyn") {
    node.type = part.type;
    node.loose = true;
  } else if (name == "size") {
    if (part.type != types::text && part.type.base != BaseType::list) {
      raise(node.anchor, described(part) + "; size() wants a string or a list");
    }
    node.type = types::integer;
  } else if (name == "date" || name == "time" || name == "duration") {
    check_literal(node);
  } else {
    check_conversion(node);
  }
}

/// date('...'), time('...') and duration('...') become constants here; beside them date() takes a time, and each takes
/// what it makes.
void Checker::check_literal(Node& node) {
  const std::string& name = node.names[0];
  const Node& part = *node.parts[0];
  node.type = name == "date" ? types::date : name == "time" ? types::time : types::duration;
  if (part.type == node.type) return;
  if (name == "date" && part.type == types::time) {
    node.constant = false;  // Which day it is depends on the zone of whoever asks.
    return;
  }
  if (part.kind != NodeKind::text) {
    raise(node.anchor,
          described(part) + "; " + name + "() wants a text in quotes" + (name == "date" ? " or a time" : ""));
  }
  std::optional<std::int64_t> value;
  std::string error;
  if (name == "date") {
    value = parse_date(part.text);
    error = written(part) + " is not a date; write '2022-07-29'";
  } else if (name == "duration") {
    if (const auto duration = parse_duration(part.text)) value = duration->count();
    error = written(part) + " is not a duration; write '4 h' or '20 h 39 min'";
  } else {
    value = scope_->time_literal(part.text, error);
  }
  if (!value) raise(part.offset, error);
  node.kind = NodeKind::integer;
  node.integer = *value;
  node.parts.clear();
}

void Checker::check_conversion(Node& node) {
  const std::string& name = node.names[0];
  const Node& part = *node.parts[0];
  const Type from = part.type;
  if (name == "string") {
    if (from.base >= BaseType::list) raise(node.anchor, described(part) + "; string() wants a single value");
    node.type = types::text;
    return;
  }
  if (from == types::duration) {
    raise(node.anchor, described(part) + "; a number of them is a quotient: " + written(part) + " / duration('1 s')");
  }
  if (from != types::integer && from != types::real && from != types::text) {
    raise(node.anchor, described(part) + "; " + name + "() wants a number or a string");
  }
  node.type = name == "int" ? types::integer : types::real;
}

void Checker::check_extreme(Node& node) {
  const std::string& name = node.names[0];
  expect_parts(node, 1, expression_length_max + 1);
  Type type = node.parts[0]->type;
  const bool of_list = node.parts.size() == 1;
  if (of_list && type.base != BaseType::list) {
    raise(node.anchor, described(*node.parts[0]) + "; " + name + "() wants a list, or two values or more");
  }
  if (of_list) type = element_of(type);
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const auto both = common(type, node.parts[i]->type);
    if (!both) {
      raise(node.parts[i]->anchor,
            described(*node.parts[0]) + ", " + described(*node.parts[i]) + "; " + name + "() wants one type");
    }
    type = *both;
  }
  if (type.base < BaseType::integer || type.base > BaseType::duration) {
    raise(node.anchor, described(*node.parts[0]) + "; " + name + "() wants values that have an order");
  }
  if (!of_list) {
    for (const NodePtr& part : node.parts) convert(*part, type);
  }
  node.type = type;
}

void Checker::check_set(Node& node) {
  const bool counts = node.names[0] == "count";
  if (counts) {
    expect_parts(node, 1, 2);
  } else if (node.parts.size() != 3) {
    raise(node.anchor, "list() takes what it ranges over, a condition and a value, as in list(record, !finished, id)");
  }
  Node& range = *node.parts[0];
  const bool is_name = range.kind == NodeKind::name && !range.parenthesised;
  const std::string dotted = is_name ? joined(range.names) : written(range);
  const auto set = is_name ? scope_->set(dotted) : std::nullopt;
  if (!set) {
    const bool is_list = is_name && scope_->name(range.names[0]) && counts && node.parts.size() == 1;
    raise(range.offset,
          node.names[0] + "() is over a kind of item or a collection, and " + dotted + " is neither" +
              (is_list ? "; of a list write size(" + dotted + ")" : did_you_mean(dotted, scope_->set_candidates())));
  }
  if (++set_level_ > set_level_max) {
    raise(node.anchor, "count() and list() stand in each other more than " + std::to_string(set_level_max) + " deep");
  }
  node.set = *set;
  ExpressionScope* const outer = scope_;
  if (node.set.element_scope) scope_ = node.set.element_scope.get();
  for (std::size_t i = 1; i < node.parts.size(); ++i) check(*node.parts[i]);
  scope_ = outer;
  --set_level_;
  if (node.parts.size() > 1) require_bool(*node.parts[1]);
  node.type = types::integer;
  if (counts) return;
  const Node& value = *node.parts[2];
  if (value.type.base == BaseType::list) raise(value.offset, "a list cannot hold lists");
  node.type = list_of(value.type);
}

void Checker::check_method(Node& node) {
  const std::string& name = node.names[0];
  const Node& target = *node.parts[0];
  if (!is_method(name)) {
    const auto& known = function_names();
    const bool is_function = std::find(known.begin(), known.end(), name) != known.end();
    raise(node.anchor, is_function
                           ? "write " + name + "(" + written(target) + ")"
                           : "unknown function " + name + did_you_mean(name, {"startsWith", "endsWith", "contains"}));
  }
  if (node.parts.size() != 2) {
    raise(node.anchor, name + "() takes 1 value, not " + std::to_string(node.parts.size() - 1));
  }
  const Node& part = *node.parts[1];
  if (name == "contains" && target.type.base == BaseType::list) {
    raise(node.anchor, described(target) + "; write " + written(part) + " in " + written(target));
  }
  for (const Node* side : {&target, &part}) {
    if (side->type != types::text) raise(side->anchor, described(*side) + "; " + name + "() wants strings");
  }
  node.type = types::boolean;
}

}  // namespace premortem::expression_syntax
