#include "sim/scenario/expression/equality_hints.hpp"

#include <algorithm>
#include <utility>

namespace premortem::expression_syntax {

namespace {

/// The node without a dyn() around it: among equal types that says nothing.
const Node& undyned(const Node& node) { return node.loose ? undyned(*node.parts[0]) : node; }

bool is_element_field(const Node& node) {
  if (node.kind != NodeKind::name || node.names[0] == "now" || node.names[0] == "today" || !node.fields.empty())
    return false;
  return node.symbol.source == Source::element_field || node.symbol.source == Source::element_property;
}

void convert_to_real(Expression& code) {
  if (const Word* const literal = code.literal()) {
    code.constants = {word_of(static_cast<double>(integer_of(*literal)))};
    code.ops[0].b = 0;
  } else {
    code.ops.push_back({static_cast<std::uint8_t>(ExpressionCode::integer_to_real), 0, 0, 0});
  }
  code.type = types::real;
}

/// The hint that `field == value` gives, if it gives one.
void add_hint(const Node& side, const Node& value, bool certain, const std::function<Expression(const Node&)>& generate,
              std::vector<EqualityHint>& hints) {
  const Node& field = undyned(side);
  const bool is_int_for_real = field.type == types::real && value.type == types::integer;
  if (!is_element_field(field) || (field.type != value.type && !is_int_for_real)) return;
  Expression code = generate(value);
  if (code.reads_element) return;
  if (is_int_for_real) convert_to_real(code);
  EqualityHint hint;
  hint.source = field.symbol.source;
  hint.field = field.symbol.a;
  hint.b = field.symbol.b;
  hint.type = field.type;
  // Zero and minus zero are equal doubles with two words; lists are equal by what they hold.
  const bool by_word = field.type != types::real && field.type.base != BaseType::list;
  hint.indexable = certain && by_word && !code.may_fail && !field.symbol.reads_clock;
  hint.value = std::move(code);
  hints.push_back(std::move(hint));
}

}  // namespace

std::vector<EqualityHint> equality_hints(const Node& condition,
                                         const std::function<Expression(const Node&)>& generate) {
  std::vector<const Node*> conjuncts;
  if (condition.kind == NodeKind::logical && condition.op == Operator::logical_and) {
    for (const NodePtr& part : condition.parts) conjuncts.push_back(part.get());
  } else {
    conjuncts.push_back(&condition);
  }
  std::vector<EqualityHint> hints;
  bool certain = true;  // No conjunct so far can fail, so skipping elements skips no fault.
  for (const Node* conjunct : conjuncts) {
    if (conjunct->kind == NodeKind::binary && conjunct->op == Operator::equal && !conjunct->never) {
      const std::size_t before = hints.size();
      add_hint(*conjunct->parts[0], *conjunct->parts[1], certain, generate, hints);
      if (hints.size() == before) add_hint(*conjunct->parts[1], *conjunct->parts[0], certain, generate, hints);
    }
    certain = certain && !generate(*conjunct).may_fail;
  }
  return hints;
}

/// A conjunct gives one hint at most, so as many hints as conjuncts leave none over.
bool is_equalities(const Node& condition, const std::vector<EqualityHint>& hints) {
  const bool joined = condition.kind == NodeKind::logical && condition.op == Operator::logical_and;
  return hints.size() == (joined ? condition.parts.size() : 1) &&
         std::all_of(hints.begin(), hints.end(), [](const EqualityHint& hint) { return hint.indexable; });
}

}  // namespace premortem::expression_syntax
