#pragma once
// Evaluates a compiled expression: a loop over at most some dozens of operations, no allocation of its own.

#include <concepts>
#include <cstdint>
#include <string_view>

#include "sim/models/expression/expression.hpp"

namespace premortem {

/// What an expression sees of the world. Every function is called at the simulated instant of the evaluation.
template <class T>
concept ExpressionEnvironment = requires(T& environment, Word word, std::uint16_t a, std::uint32_t b, std::size_t n,
                                         const Expression* condition, const Expression& value, std::string_view text) {
  { environment.load(Source::local, a, b) } -> std::convertible_to<Word>;
  { environment.field(word, a) } -> std::convertible_to<Word>;  // A field of an object.
  { environment.list_size(word) } -> std::convertible_to<std::size_t>;
  { environment.list_at(word, n) } -> std::convertible_to<Word>;     // n < list_size(word), always.
  { environment.make_list(&word, n) } -> std::convertible_to<Word>;  // Copies the n words.
  // These loop over the set, bind the element, and evaluate `condition` (null: all) and `value` for it.
  { environment.count_set(a, condition) } -> std::convertible_to<Word>;
  { environment.list_set(a, condition, value) } -> std::convertible_to<Word>;
  { environment.intern(text) } -> std::convertible_to<Word>;
  { environment.text(word) } -> std::convertible_to<std::string_view>;  // Stays valid until the next intern().
  { environment.now_ns() } -> std::convertible_to<std::int64_t>;
  { environment.today() } -> std::convertible_to<std::int64_t>;                  // Days, in the component's zone.
  { environment.date_of(std::int64_t{}) } -> std::convertible_to<std::int64_t>;  // The same of any time.
  { environment.fail(ExpressionFault::overflow) } -> std::convertible_to<Word>;  // Ends the evaluation with this word.
};

/// The value of the expression here and now; of type expression.type. Deterministic: it depends on nothing but what the
/// environment answers. Evaluates from left to right; `&&`, `||` and `?:` only what they need.
template <class Environment>
Word evaluate(const Expression& expression, Environment& environment);

}  // namespace premortem

#include "sim/models/expression/evaluate_inline.hpp"
