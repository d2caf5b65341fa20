#include <utility>

#include "sim/scenario/expression/checker.hpp"
#include "sim/scenario/expression/token.hpp"

namespace premortem::expression_syntax {

namespace {

bool is_number(Type type) { return type == types::integer || type == types::real; }

/// Types whose values have an order.
bool is_ordered(Type type) { return type.base >= BaseType::integer && type.base <= BaseType::duration; }

/// The type of `a op b` for everything but numbers, texts and lists; nothing if there is none.
std::optional<Type> temporal(Operator op, Type a, Type b) {
  const auto are = [&](Type x, Type y) { return a == x && b == y; };
  switch (op) {
    case Operator::add:
      if (are(types::duration, types::duration)) return types::duration;
      if (are(types::time, types::duration) || are(types::duration, types::time)) return types::time;
      if (are(types::date, types::integer) || are(types::integer, types::date)) return types::date;
      break;
    case Operator::subtract:
      if (are(types::duration, types::duration) || are(types::time, types::time)) return types::duration;
      if (are(types::time, types::duration)) return types::time;
      if (are(types::date, types::date)) return types::integer;
      if (are(types::date, types::integer)) return types::date;
      break;
    case Operator::multiply:
      if (are(types::duration, types::integer) || are(types::integer, types::duration)) return types::duration;
      break;
    case Operator::divide:
      if (are(types::duration, types::integer)) return types::duration;
      if (are(types::duration, types::duration)) return types::integer;
      break;
    default:
      break;
  }
  return std::nullopt;
}

}  // namespace

void Checker::check_unary(Node& node) {
  const Node& part = *node.parts[0];
  if (node.op == Operator::logical_not) {
    require_bool(part);
  } else if (!is_number(part.type) && part.type != types::duration) {
    raise(node.anchor, described(part) + "; - wants a number or a duration");
  }
  node.type = part.type;
}

void Checker::check_arithmetic(Node& node) {
  Node& left = *node.parts[0];
  Node& right = *node.parts[1];
  const auto both = common(left.type, right.type);
  if (is_number(left.type) && is_number(right.type) && !(node.op == Operator::remainder && both == types::real)) {
    convert(left, *both);
    convert(right, *both);
    node.type = *both;
    return;
  }
  const bool joins = node.op == Operator::add && both && (*both == types::text || both->base == BaseType::list);
  const auto type = joins ? both : temporal(node.op, left.type, right.type);
  if (!type) no_such_arithmetic(node);
  node.type = *type;
}

void Checker::no_such_arithmetic(const Node& node) const {
  const Node& left = *node.parts[0];
  const Node& right = *node.parts[1];
  const auto are = [&](Type a, Type b) {
    return (left.type == a && right.type == b) || (left.type == b && right.type == a);
  };
  const std::string both = described(left) + ", " + described(right) + ": ";
  if (are(types::date, types::duration)) {
    raise(node.anchor, both + "a date counts whole days; add a number of days, or make the date of a time: " +
                           "date(arrived + duration('3 days'))");
  }
  if (are(types::date, types::time)) {
    raise(node.anchor, both + "write date(" + written(left.type == types::time ? left : right) + ")");
  }
  if (node.op == Operator::add && (left.type == types::text || right.type == types::text)) {
    const Node& other = left.type == types::text ? right : left;
    if (other.type.base < BaseType::list) raise(node.anchor, both + "write string(" + written(other) + ")");
  }
  if (are(types::time, types::integer) || are(types::duration, types::integer)) {
    const Node& number = left.type == types::integer ? left : right;
    if (node.op == Operator::add || node.op == Operator::subtract) {
      raise(node.anchor, both + "give it a unit: duration('" + written(number) + " s')");
    }
  }
  raise(node.anchor, both + "there is no " + name_of(left.type) + " " + std::string(spelling_of(node.op)) + " " +
                         name_of(right.type));
}

void Checker::check_comparison(Node& node) {
  const Node& left = *node.parts[0];
  const Node& right = *node.parts[1];
  const bool numbers = is_number(left.type) && is_number(right.type);
  if (!numbers && left.type != right.type) incomparable(node);
  if (!is_ordered(left.type))
    raise(node.anchor, described(left) + "; " + std::string(plural_name_of(left.type.base)) + " have no order");
  node.type = types::boolean;
}

void Checker::check_equality(Node& node) {
  const Node& left = *node.parts[0];
  const Node& right = *node.parts[1];
  node.type = types::boolean;
  const bool numbers = is_number(left.type) && is_number(right.type);
  const bool lists = left.type.base == BaseType::list && right.type.base == BaseType::list;
  const bool comparable = numbers || left.type == right.type || (lists && common(left.type, right.type));
  if (!comparable && (left.loose || right.loose)) return never_equal(node, described(right));
  if (!comparable) incomparable(node);
  const auto is_object = [](Type type) { return type.base == BaseType::object || type.element == BaseType::object; };
  if (is_object(left.type) || is_object(right.type)) {
    raise(node.anchor, described(left) + "; objects do not compare, compare their fields, as in a.id == b.id");
  }
}

void Checker::never_equal(Node& node, std::string_view right) {
  node.never = true;
  notes_.push_back({node.offset, described(*node.parts[0]) + ", " + std::string(right) + ": never equal"});
}

void Checker::incomparable(const Node& node) const {
  const Node& left = *node.parts[0];
  const Node& right = *node.parts[1];
  const std::string both = described(left) + ", " + described(right);
  for (const auto& [one, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    const BaseType base = one->type.base;
    const bool temporal_type = base >= BaseType::date && base <= BaseType::duration;
    if (temporal_type && other->kind == NodeKind::text) {
      raise(node.anchor, both + "; write " + name_of(one->type) + "(" + written(*other) + ")");
    }
    if (base == BaseType::duration && is_number(other->type)) {
      raise(node.anchor, both + "; give it a unit, as in duration('4 h')");
    }
    if (base == BaseType::date && other->type == types::time) {
      raise(node.anchor, both + "; write date(" + written(*other) + ")");
    }
    if (base == BaseType::list && other->type == element_of(one->type)) {
      raise(node.anchor, both + "; write " + written(*other) + " in " + written(*one));
    }
  }
  if (node.op != Operator::equal && node.op != Operator::not_equal) {
    raise(node.anchor, both + ": they have no common order");
  }
  raise(node.anchor, both + ": never equal; if the program really compares them so, write dyn(" + written(left) + ")");
}

void Checker::check_in(Node& node) {
  const Node& left = *node.parts[0];
  const Node& list = *node.parts[1];
  node.type = types::boolean;
  if (list.type.base != BaseType::list) {
    const bool texts = left.type == types::text && list.type == types::text;
    raise(node.anchor, texts ? described(list) + "; write " + written(list) + ".contains(" + written(left) + ")"
                             : described(list) + "; in wants a list on its right");
  }
  if (left.type.base == BaseType::list) raise(node.anchor, described(left) + "; a list cannot hold lists");
  const Type element = element_of(list.type);
  const bool numbers = is_number(left.type) && is_number(element);
  if (left.type == element || numbers || element.base == BaseType::nothing) {
    if (left.type.base != BaseType::object) return;
    raise(node.anchor, described(left) + "; objects do not compare, compare their fields, as in a.id == b.id");
  }
  const std::string holds = "the list holds " + std::string(plural_name_of(element.base));
  if (left.loose || list.loose) return never_equal(node, holds);
  raise(node.anchor, described(left) + ", " + holds +
                         ": never equal; if the program really compares them so, write dyn(" + written(left) + ")");
}

}  // namespace premortem::expression_syntax
