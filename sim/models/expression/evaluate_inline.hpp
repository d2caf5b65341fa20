#pragma once
// The body of evaluate(): the frequent operations in one loop, the others in functions by what they work on.

#include <algorithm>
#include <vector>

#include "sim/models/expression/arithmetic.hpp"
#include "sim/models/expression/evaluate.hpp"
#include "sim/models/expression/text_form.hpp"

namespace premortem::expression_machine {

template <class Environment>
std::partial_ordering compare(BaseType type, Word x, Word y, Environment& environment) {
  if (type == BaseType::real) return real_of(x) <=> real_of(y);
  if (type == BaseType::text) return environment.text(x) <=> environment.text(y);
  return integer_of(x) <=> integer_of(y);
}

/// Operations that leave one word where one was.
template <class Environment>
Result unary(const ExpressionOp& op, Word x, Environment& environment) {
  switch (static_cast<ExpressionCode>(op.code)) {
    case ExpressionCode::negate:
      return expression_machine::integers(ExpressionCode::subtract, 0, integer_of(x));
    case ExpressionCode::negate_real:
      return {word_of(-real_of(x))};
    case ExpressionCode::integer_to_real:
      return {word_of(static_cast<double>(integer_of(x)))};
    case ExpressionCode::real_to_integer:
      return expression_machine::integer_from_real(real_of(x));
    case ExpressionCode::text_to_integer: {
      const auto number = integer_from_text(environment.text(x));
      return number ? Result{word_of(*number)} : expression_machine::failure(ExpressionFault::not_a_number);
    }
    case ExpressionCode::text_to_real: {
      const auto number = real_from_text(environment.text(x));
      return number ? Result{word_of(*number)} : expression_machine::failure(ExpressionFault::not_a_number);
    }
    case ExpressionCode::to_text:
      return {environment.intern(text_form(static_cast<BaseType>(op.source_or_type), x))};
    case ExpressionCode::time_to_date:
      return {word_of(static_cast<std::int64_t>(environment.date_of(integer_of(x))))};
    case ExpressionCode::size_of_text:
      return {word_of(code_points(environment.text(x)))};
    default:  // size_of_list
      return {word_of(static_cast<std::int64_t>(environment.list_size(x)))};
  }
}

template <class Environment>
Word concatenate(Word x, Word y, Environment& environment) {
  std::string text(environment.text(x));
  text += environment.text(y);
  return environment.intern(text);
}

template <class Environment>
Word concatenate_lists(Word x, Word y, Environment& environment) {
  std::vector<Word> words;
  for (const Word list : {x, y}) {
    const std::size_t size = environment.list_size(list);
    for (std::size_t i = 0; i < size; ++i) words.push_back(environment.list_at(list, i));
  }
  return environment.make_list(words.data(), words.size());
}

template <class Environment>
bool equal_lists(BaseType element, Word x, Word y, Environment& environment) {
  const std::size_t size = environment.list_size(x);
  if (size != environment.list_size(y)) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const Word left = environment.list_at(x, i), right = environment.list_at(y, i);
    if (element == BaseType::real ? real_of(left) != real_of(right) : left != right) return false;
  }
  return true;
}

template <class Environment>
bool in_list(ExpressionCode how, Word x, Word list, Environment& environment) {
  const std::size_t size = environment.list_size(list);
  for (std::size_t i = 0; i < size; ++i) {
    const Word y = environment.list_at(list, i);
    bool equal = x == y;
    if (how == ExpressionCode::in_reals) equal = real_of(x) == real_of(y);
    if (how == ExpressionCode::in_integer_real) equal = expression_machine::compare(integer_of(x), real_of(y)) == 0;
    if (how == ExpressionCode::in_real_integer) equal = expression_machine::compare(integer_of(y), real_of(x)) == 0;
    if (equal) return true;
  }
  return false;
}

template <class Environment>
Result extreme_in(const ExpressionOp& op, Word list, Environment& environment) {
  const std::size_t size = environment.list_size(list);
  if (size == 0) return expression_machine::failure(ExpressionFault::index_out_of_range);
  const bool least = static_cast<ExpressionCode>(op.code) == ExpressionCode::least_in;
  Word best = environment.list_at(list, 0);
  for (std::size_t i = 1; i < size; ++i) {
    const Word word = environment.list_at(list, i);
    const auto order = compare(static_cast<BaseType>(op.source_or_type), word, best, environment);
    if (least ? order < 0 : order > 0) best = word;
  }
  return {best};
}

/// Operations that leave one word where two were.
template <class Environment>
Result binary(const ExpressionOp& op, Word x, Word y, Environment& environment) {
  const auto code = static_cast<ExpressionCode>(op.code);
  const auto comparison = static_cast<ExpressionComparison>(op.a);
  switch (code) {
    case ExpressionCode::add_real:
    case ExpressionCode::subtract_real:
    case ExpressionCode::multiply_real:
    case ExpressionCode::divide_real:
      return expression_machine::reals(code, real_of(x), real_of(y));
    case ExpressionCode::concatenate:
      return {concatenate(x, y, environment)};
    case ExpressionCode::concatenate_list:
      return {concatenate_lists(x, y, environment)};
    case ExpressionCode::compare_reals:
      return {word_of(expression_machine::holds(comparison, real_of(x) <=> real_of(y)))};
    case ExpressionCode::compare_integer_real:
      return {word_of(expression_machine::holds(comparison, expression_machine::compare(integer_of(x), real_of(y))))};
    case ExpressionCode::compare_real_integer:
      return {
          word_of(expression_machine::holds(comparison, 0 <=> expression_machine::compare(integer_of(y), real_of(x))))};
    case ExpressionCode::compare_texts:
      return {word_of(expression_machine::holds(comparison, environment.text(x) <=> environment.text(y)))};
    case ExpressionCode::compare_lists:
      return {word_of(equal_lists(static_cast<BaseType>(op.source_or_type), x, y, environment) ==
                      (comparison == ExpressionComparison::equal))};
    case ExpressionCode::differ:
      return {word_of(comparison == ExpressionComparison::not_equal)};
    case ExpressionCode::in_words:
    case ExpressionCode::in_reals:
    case ExpressionCode::in_integer_real:
    case ExpressionCode::in_real_integer:
      return {word_of(in_list(code, x, y, environment))};
    case ExpressionCode::starts_with:
      return {word_of(environment.text(x).starts_with(environment.text(y)))};
    case ExpressionCode::ends_with:
      return {word_of(environment.text(x).ends_with(environment.text(y)))};
    case ExpressionCode::contains:
      return {word_of(environment.text(x).find(environment.text(y)) != std::string_view::npos)};
    case ExpressionCode::least:
      return {compare(static_cast<BaseType>(op.source_or_type), y, x, environment) < 0 ? y : x};
    case ExpressionCode::greatest:
      return {compare(static_cast<BaseType>(op.source_or_type), y, x, environment) > 0 ? y : x};
    default:
      return expression_machine::integers(code, integer_of(x), integer_of(y));
  }
}

}  // namespace premortem::expression_machine

namespace premortem {

template <class Environment>
Word evaluate(const Expression& expression, Environment& environment) {
  static_assert(ExpressionEnvironment<Environment>);
  Word
      stack[Expression::stack_max];  // Not initialised: the compiler has made sure that nothing is read before written.
  Word* top = stack;                 // One above the topmost word.
  const ExpressionOp* const ops = expression.ops.data();
  const std::size_t size = expression.ops.size();
  for (std::size_t next = 0; next < size;) {
    const ExpressionOp& op = ops[next++];
    switch (const auto code = static_cast<ExpressionCode>(op.code)) {
      case ExpressionCode::constant:
        *top++ = expression.constants[op.b];
        break;
      case ExpressionCode::load:
        *top++ = environment.load(static_cast<Source>(op.source_or_type), op.a, op.b);
        break;
      case ExpressionCode::field:
        top[-1] = environment.field(top[-1], op.a);
        break;
      case ExpressionCode::index: {
        const std::int64_t index = integer_of(*--top);
        if (index < 0 || static_cast<std::size_t>(index) >= environment.list_size(top[-1])) {
          return environment.fail(ExpressionFault::index_out_of_range);
        }
        top[-1] = environment.list_at(top[-1], static_cast<std::size_t>(index));
        break;
      }
      case ExpressionCode::make_list:
        top -= op.b;
        *top = environment.make_list(top, op.b);
        ++top;
        break;
      case ExpressionCode::constant_list:
        *top++ = environment.make_list(expression.constants.data() + op.b, op.a);
        break;
      case ExpressionCode::now:
        *top++ = word_of(static_cast<std::int64_t>(environment.now_ns()));
        break;
      case ExpressionCode::today:
        *top++ = word_of(static_cast<std::int64_t>(environment.today()));
        break;
      case ExpressionCode::jump:
        next = op.b;
        break;
      case ExpressionCode::jump_if_false:
        if (*--top == 0) next = op.b;
        break;
      case ExpressionCode::and_jump:
        if (top[-1] == 0) {
          next = op.b;
        } else {
          --top;
        }
        break;
      case ExpressionCode::or_jump:
        if (top[-1] != 0) {
          next = op.b;
        } else {
          --top;
        }
        break;
      case ExpressionCode::logical_not:
        top[-1] ^= 1U;
        break;
      case ExpressionCode::compare_words:
        --top;
        top[-1] =
            word_of((top[-1] == top[0]) == (static_cast<ExpressionComparison>(op.a) == ExpressionComparison::equal));
        break;
      case ExpressionCode::compare_integers:
        --top;
        top[-1] = word_of(expression_machine::holds(static_cast<ExpressionComparison>(op.a),
                                                    integer_of(top[-1]) <=> integer_of(top[0])));
        break;
      case ExpressionCode::in_constants: {
        const auto first = expression.constants.begin() + op.b;
        top[-1] = word_of(std::binary_search(first, first + op.a, top[-1]));
        break;
      }
      case ExpressionCode::count_set:
        *top++ = environment.count_set(op.a, op.b == Expression::no_inner ? nullptr : &expression.inner[op.b]);
        break;
      case ExpressionCode::list_set:
        *top++ = environment.list_set(op.a, op.source_or_type == 0 ? nullptr : &expression.inner[op.b + 1],
                                      expression.inner[op.b]);
        break;
      case ExpressionCode::negate:
      case ExpressionCode::negate_real:
      case ExpressionCode::integer_to_real:
      case ExpressionCode::real_to_integer:
      case ExpressionCode::text_to_integer:
      case ExpressionCode::text_to_real:
      case ExpressionCode::to_text:
      case ExpressionCode::time_to_date:
      case ExpressionCode::size_of_text:
      case ExpressionCode::size_of_list: {
        const expression_machine::Result result = expression_machine::unary(op, top[-1], environment);
        if (result.failed) return environment.fail(result.fault);
        top[-1] = result.word;
        break;
      }
      case ExpressionCode::least_in:
      case ExpressionCode::greatest_in: {
        const expression_machine::Result result = expression_machine::extreme_in(op, top[-1], environment);
        if (result.failed) return environment.fail(result.fault);
        top[-1] = result.word;
        break;
      }
      case ExpressionCode::add:
      case ExpressionCode::subtract: {
        --top;
        const expression_machine::Result result =
            expression_machine::integers(code, integer_of(top[-1]), integer_of(top[0]));
        if (result.failed) return environment.fail(result.fault);
        top[-1] = result.word;
        break;
      }
      default: {
        --top;
        const expression_machine::Result result = expression_machine::binary(op, top[-1], top[0], environment);
        if (result.failed) return environment.fail(result.fault);
        top[-1] = result.word;
      }
    }
  }
  return top[-1];
}

}  // namespace premortem
