#include "sim/scenario/expression/checker.hpp"

#include <algorithm>

#include "sim/scenario/expression/token.hpp"

namespace premortem::expression_syntax {

void Checker::check(Node& root, std::optional<Type> wanted) {
  check(root);
  if (wanted) assign(root, *wanted);
}

void Checker::check(Node& node) {
  switch (node.kind) {
    case NodeKind::boolean:
      node.type = types::boolean;
      break;
    case NodeKind::integer:
      node.type = types::integer;
      break;
    case NodeKind::real:
      node.type = types::real;
      break;
    case NodeKind::text:
      node.type = types::text;
      break;
    case NodeKind::name:
      return check_name(node);
    case NodeKind::call:
      return check_call(node);
    default:
      for (const NodePtr& part : node.parts) check(*part);
  }
  node.constant = all_constant(node);
  switch (node.kind) {
    case NodeKind::list:
      return check_list(node);
    case NodeKind::member:
      return check_member(node);
    case NodeKind::index:
      return check_index(node);
    case NodeKind::method:
      return check_method(node);
    case NodeKind::unary:
      return check_unary(node);
    case NodeKind::binary:
      if (node.op == Operator::in) return check_in(node);
      if (node.op == Operator::equal || node.op == Operator::not_equal) return check_equality(node);
      if (node.op >= Operator::less && node.op <= Operator::greater_or_equal) return check_comparison(node);
      return check_arithmetic(node);
    case NodeKind::logical:
      for (const NodePtr& part : node.parts) require_bool(*part);
      node.type = types::boolean;
      return;
    case NodeKind::conditional:
      return check_conditional(node);
    default:
      return;
  }
}

void Checker::check_list(Node& node) {
  Type element;
  for (const NodePtr& part : node.parts) {
    if (part->type.base == BaseType::list) raise(part->offset, "a list cannot hold lists");
    const auto both = node.parts.front() == part ? part->type : common(element, part->type);
    if (!both) {
      raise(part->anchor, described(*part) + ", the list holds " + std::string(plural_name_of(element.base)) +
                              "; a list holds one type");
    }
    element = *both;
  }
  for (const NodePtr& part : node.parts) convert(*part, element);
  node.type = list_of(element);
}

void Checker::check_index(Node& node) {
  const Node& list = *node.parts[0];
  const Node& position = *node.parts[1];
  if (list.type.base != BaseType::list) raise(node.anchor, described(list) + "; only a list has elements");
  if (position.type != types::integer) raise(position.anchor, described(position) + "; a position is an int");
  if (list.type.element == BaseType::nothing)
    raise(node.anchor, written(list) + " is an empty list; it has no elements");
  node.type = element_of(list.type);
}

void Checker::check_conditional(Node& node) {
  require_bool(*node.parts[0]);
  Node& yes = *node.parts[1];
  Node& no = *node.parts[2];
  const auto both = common(yes.type, no.type);
  if (!both) raise(node.anchor, described(yes) + ", " + described(no) + "; ?: has one type");
  convert(yes, *both);
  convert(no, *both);
  node.type = *both;
}

void Checker::require_bool(const Node& node) const {
  if (node.type.base == BaseType::boolean) return;
  std::string advice;
  switch (node.type.base) {
    case BaseType::integer:
    case BaseType::real:
      advice = "; write " + written(node) + " != 0";
      break;
    case BaseType::text:
      advice = "; write " + written(node) + " != ''";
      break;
    case BaseType::list:
      advice = "; write size(" + written(node) + ") > 0";
      break;
    default:
      break;
  }
  raise(node.anchor, described(node) + " where a bool is wanted" + advice);
}

void Checker::assign(Node& node, Type wanted) {
  if (wanted == types::boolean) return require_bool(node);
  const bool is_list = node.kind == NodeKind::list && wanted == list_of(types::real);
  if (is_list && node.type == list_of(types::integer)) {
    for (const NodePtr& part : node.parts) convert(*part, types::real);
    node.type = wanted;
  }
  const auto both = common(node.type, wanted);
  if (both && *both == wanted) return convert(node, wanted);
  if (node.type.base == BaseType::object && wanted.base == BaseType::object) {
    raise(node.anchor, written(node) + " is another kind of object than is wanted here");
  }
  std::string advice;
  if (wanted == types::text && node.type.base < BaseType::list) advice = "; write string(" + written(node) + ")";
  if (wanted == types::date && node.type == types::time) advice = "; write date(" + written(node) + ")";
  if (node.kind == NodeKind::text && wanted.base >= BaseType::date && wanted.base <= BaseType::duration) {
    advice = "; write " + name_of(wanted) + "(" + written(node) + ")";
  }
  raise(node.anchor, described(node) + " where " + article_name_of(wanted) + " is wanted" + advice);
}

std::optional<Type> Checker::common(Type a, Type b) {
  if (a == b) return a;
  if (a.base == BaseType::list && b.base == BaseType::list) {
    if (a.element == BaseType::nothing) return b;
    if (b.element == BaseType::nothing) return a;
  }
  const auto is_number = [](Type type) { return type == types::integer || type == types::real; };
  if (is_number(a) && is_number(b)) return types::real;
  return std::nullopt;
}

void Checker::convert(Node& node, Type type) {
  node.promote = node.type == types::integer && type == types::real;
  node.type = type;
}

bool Checker::all_constant(const Node& node) {
  return std::all_of(node.parts.begin(), node.parts.end(), [](const NodePtr& part) { return part->constant; });
}

std::string Checker::written(const Node& node) const {
  constexpr std::size_t most = 60;
  const std::string_view whole = text_.substr(node.offset, node.end - node.offset);
  if (whole.size() <= most) return std::string(whole);
  std::size_t end = most - 4;
  while (end > 0 && (static_cast<unsigned char>(whole[end]) & 0xC0U) == 0x80U) --end;  // Not inside a code point.
  return std::string(whole.substr(0, end)) + " ...";
}

}  // namespace premortem::expression_syntax
