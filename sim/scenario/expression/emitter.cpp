#include "sim/scenario/expression/emitter.hpp"

#include <algorithm>
#include <utility>

#include "sim/scenario/expression/token.hpp"

namespace premortem::expression_syntax {

namespace {

using Code = ExpressionCode;

/// By how much an operation changes the depth of the stack.
int effect_of(Code code) {
  switch (code) {
    case Code::now:
    case Code::today:
      return 1;
    case Code::field:
    case Code::logical_not:
    case Code::negate:
    case Code::negate_real:
    case Code::integer_to_real:
    case Code::real_to_integer:
    case Code::text_to_integer:
    case Code::text_to_real:
    case Code::to_text:
    case Code::time_to_date:
    case Code::size_of_text:
    case Code::size_of_list:
    case Code::least_in:
    case Code::greatest_in:
      return 0;
    default:
      return -1;
  }
}

bool can_fail(Code code) {
  switch (code) {
    case Code::index:
    case Code::negate:
    case Code::add:
    case Code::subtract:
    case Code::multiply:
    case Code::divide:
    case Code::remainder:
    case Code::add_real:
    case Code::subtract_real:
    case Code::multiply_real:
    case Code::divide_real:
    case Code::real_to_integer:
    case Code::text_to_integer:
    case Code::text_to_real:
    case Code::least_in:
    case Code::greatest_in:
      return true;
    default:
      return false;
  }
}

void note_set(std::vector<std::uint16_t>& sets, std::uint16_t set) {
  const auto at = std::lower_bound(sets.begin(), sets.end(), set);
  if (at == sets.end() || *at != set) sets.insert(at, set);
}

}  // namespace

void Emitter::push(Code code, std::uint8_t source_or_type, std::uint16_t a, std::uint32_t b, int effect) {
  expression_.ops.push_back({static_cast<std::uint8_t>(code), source_or_type, a, b});
  expression_.may_fail |= can_fail(code);
  depth_ += effect;
  depth_max_ = std::max(depth_max_, depth_);
}

std::uint32_t Emitter::append(const std::vector<Word>& words) {
  const auto at = static_cast<std::uint32_t>(expression_.constants.size());
  expression_.constants.insert(expression_.constants.end(), words.begin(), words.end());
  return at;
}

void Emitter::constant(Word word) {
  const auto& known = expression_.constants;
  const auto at = static_cast<std::size_t>(std::find(known.begin(), known.end(), word) - known.begin());
  if (at == known.size()) append({word});
  push(Code::constant, 0, 0, static_cast<std::uint32_t>(at), 1);
}

void Emitter::constant_list(const std::vector<Word>& words) {
  push(Code::constant_list, 0, static_cast<std::uint16_t>(words.size()), append(words), 1);
}

void Emitter::in_constants(const std::vector<Word>& sorted) {
  push(Code::in_constants, 0, static_cast<std::uint16_t>(sorted.size()), append(sorted), 0);
}

void Emitter::make_list(std::size_t size) {
  push(Code::make_list, 0, 0, static_cast<std::uint32_t>(size), 1 - static_cast<int>(size));
}

void Emitter::load(const Symbol& symbol) {
  push(Code::load, static_cast<std::uint8_t>(symbol.source), symbol.a, symbol.b, 1);
  Expression& e = expression_;
  e.reads_clock |= symbol.reads_clock;
  switch (symbol.source) {
    case Source::it_field:
    case Source::it_property:
      e.reads_it = true;
      break;
    case Source::local:
      e.reads_locals = true;
      break;
    case Source::element_field:
    case Source::element_property:
      e.reads_element = true;
      break;
    case Source::setting:
    case Source::observable:
      e.reads_world = true;
      break;
    case Source::list_constant:
      break;
  }
}

void Emitter::op(Code code, BaseType type, std::uint16_t a) {
  push(code, static_cast<std::uint8_t>(type), a, 0, effect_of(code));
  expression_.reads_clock |= code == Code::now || code == Code::today;
}

void Emitter::field(FieldSymbol field) { op(Code::field, BaseType::boolean, field.field); }

void Emitter::differ(ExpressionComparison comparison) {
  op(Code::differ, BaseType::boolean, static_cast<std::uint16_t>(comparison));
  expression_.never_equal = true;
}

void Emitter::set(const Node& node, std::vector<Expression> parts) {
  Expression& e = expression_;
  const bool counts = node.names[0] == "count";
  const bool has_condition = parts.size() == (counts ? 1U : 2U);
  const auto first = parts.empty() ? Expression::no_inner : static_cast<std::uint32_t>(e.inner.size());
  push(counts ? Code::count_set : Code::list_set, has_condition ? 1 : 0, node.set.set, first, 1);
  e.reads_world = true;
  note_set(e.sets, node.set.set);
  for (Expression& part : parts) {
    e.may_fail |= part.may_fail;
    e.reads_clock |= part.reads_clock;
    e.reads_it |= part.reads_it;
    e.reads_locals |= part.reads_locals;
    e.never_equal |= part.never_equal;
    for (const std::uint16_t inner : part.sets) note_set(e.sets, inner);
    e.inner.push_back(std::move(part));
  }
}

std::size_t Emitter::jump(Code code) {
  // Where it lands, `jump` has left a value that the other branch is yet to make, and so have the two others.
  push(code, 0, 0, 0, -1);
  return expression_.ops.size() - 1;
}

void Emitter::land(std::size_t jump) { expression_.ops[jump].b = static_cast<std::uint32_t>(expression_.ops.size()); }

Expression Emitter::finish(const Node& root) {
  if (depth_max_ > static_cast<int>(Expression::stack_max)) {
    raise(root.anchor, "more than " + std::to_string(Expression::stack_max) + " values at a time");
  }
  expression_.type = root.type;
  expression_.constant = root.constant;
  return std::move(expression_);
}

}  // namespace premortem::expression_syntax
