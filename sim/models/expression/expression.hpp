#pragma once
// A compiled expression: plain values only, so that a World which holds one can be copied, compared and saved.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "sim/models/expression/code.hpp"
#include "sim/models/expression/type.hpp"

namespace premortem {

/// Where a value comes from. The two numbers beside it (`a`, `b`) mean what the scope that handed them out decided.
enum class Source : std::uint8_t {
  it_field,       ///< A field of the thing in hand.
  it_property,    ///< `it.id`, `it.kind`, `it.age`, `it.attempt` ...; or `it` itself, if it is a value or an object.
  local,          ///< A result (`as`) of an earlier step.
  element_field,  ///< A field of the element that `where`, a check, `count` or `list` looks at: always the innermost.
  element_property,  ///< Its `id`, `kind`, `arrived`, `age`, `finished`, `outcome`, `held`, `mark`.
  setting,           ///< A scalar address: `exporter.workers`; a toggle.
  observable,        ///< What can be seen of a system: `finaliser.lag`, `brut.on`.
  list_constant      ///< One of the scenario's `lists`.
};

/// What can go wrong while an expression is evaluated. The evaluation ends there with what Environment::fail returns.
enum class ExpressionFault : std::uint8_t {
  index_out_of_range,  ///< `a[i]` with i < 0 or i >= size(a); `min` or `max` of an empty list.
  division_by_zero,    ///< `/` or `%`, ints, doubles and durations alike.
  overflow,            ///< An integer beyond 64 bits, a double beyond its range.
  not_a_number         ///< `int('x')`, `double('x')`.
};
/// "index out of range", "division by zero", "overflow", "not a number".
std::string_view name_of(ExpressionFault fault);

/// One instruction of the stack machine; see code.hpp for the codes.
struct ExpressionOp {
  std::uint8_t code = 0;
  std::uint8_t source_or_type = 0;
  std::uint16_t a = 0;
  std::uint32_t b = 0;

  bool operator==(const ExpressionOp&) const = default;
};
static_assert(sizeof(ExpressionOp) == 8);

struct EqualityHint;

/// Always valid if compile_expression() made it; a default one is empty and must not be evaluated.
struct Expression {
  /// Deepest stack that the compiler lets an expression have.
  static constexpr std::size_t stack_max = 128;
  /// In `b` of an operation: there is no inner expression.
  static constexpr std::uint32_t no_inner = std::numeric_limits<std::uint32_t>::max();

  std::vector<ExpressionOp> ops;
  std::vector<Word> constants;
  std::vector<Expression> inner;  ///< Conditions and values of count() and list(), evaluated for each element.
  Type type;
  bool constant = false;      ///< Reads nothing at all: its value never changes. A list is made anew each time.
  bool may_fail = false;      ///< Some evaluation may call Environment::fail.
  bool reads_clock = false;   ///< `now`, `today`, `age`: changes as time passes.
  bool reads_world = false;   ///< Settings, observables, sets.
  bool reads_it = false;      ///< The thing in hand.
  bool reads_locals = false;  ///< Results of earlier steps.
  bool reads_element =
      false;  ///< The element in question. What inner expressions read of their own elements does not count.
  bool never_equal = false;         ///< Holds a dyn() comparison of two types that are never equal: worth saying aloud.
  std::vector<std::uint16_t> sets;  ///< What count() and list() range over, sorted, each once; inner ones included.
  std::vector<EqualityHint> equality_hints;  ///< Of a bool expression; in the order in which they are written.
  bool is_equalities = false;  ///< It is true exactly where all equality_hints are met, and all are indexable.

  bool empty() const { return ops.empty(); }
  /// The value, if it is nothing but one constant (as every `constant` expression is that is no list); else null.
  const Word* literal() const;
};

/// A top-level conjunct of a condition that compares a field (or property) of the element with something that does not
/// read the element: `state == 'TO_EXPORT' && deanery == it.deanery` has two.
struct EqualityHint {
  Source source = Source::element_field;  ///< element_field or element_property; with `field` and `b` as in the Symbol.
  std::uint16_t field = 0;
  std::uint32_t b = 0;
  Type type;  ///< Of the field; that of `value` as well.
  /// An index on the field may choose the elements for which the whole condition is then evaluated: the result is the
  /// same, faults included. False if evaluating `value` may fail, or a conjunct before it, or equal values may have two
  /// words.
  bool indexable = false;
  Expression value;
};

/// Calls visit(ExpressionOp) for every load, those of inner expressions included: what an expression depends on.
template <class Visit>
void for_each_load(const Expression& expression, const Visit& visit) {
  for (const ExpressionOp& op : expression.ops) {
    if (op.code == static_cast<std::uint8_t>(ExpressionCode::load)) visit(op);
  }
  for (const Expression& inner : expression.inner) for_each_load(inner, visit);
}

}  // namespace premortem
