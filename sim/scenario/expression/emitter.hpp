#pragma once
// Appends operations to an Expression, counts how deep its stack gets, and notes what it reads.

#include <vector>

#include "sim/scenario/expression/syntax_tree.hpp"

namespace premortem::expression_syntax {

class Emitter {
 public:
  void constant(Word word);
  void constant_list(const std::vector<Word>& words);
  void in_constants(const std::vector<Word>& sorted);
  void make_list(std::size_t size);
  void load(const Symbol& symbol);
  /// An operation whose effect on the stack its code alone tells.
  void op(ExpressionCode code, BaseType type = BaseType::boolean, std::uint16_t a = 0);
  void field(FieldSymbol field);
  void note_never_equal(bool never_equal) { expression_.never_equal |= never_equal; }
  /// Two values of types that are never equal.
  void differ(ExpressionComparison comparison);
  /// count() or list(); `parts` are the value (of list() only) and the condition, if there is one.
  void set(const Node& node, std::vector<Expression> parts);
  /// A jump to wherever land() is called with the result.
  std::size_t jump(ExpressionCode code);
  void land(std::size_t jump);

  /// The expression so far. Throws SyntaxError if the stack would not hold it.
  Expression finish(const Node& root);

 private:
  void push(ExpressionCode code, std::uint8_t source_or_type, std::uint16_t a, std::uint32_t b, int effect);
  std::uint32_t append(const std::vector<Word>& words);

  Expression expression_;
  int depth_ = 0;
  int depth_max_ = 0;
};

}  // namespace premortem::expression_syntax
