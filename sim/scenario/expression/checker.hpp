#pragma once
// Gives every node of a tree its type, and every name its meaning. Nothing is converted that was not written, but for
// an int where a double is needed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/expression/compile.hpp"
#include "sim/scenario/expression/syntax_tree.hpp"

namespace premortem::expression_syntax {

class Checker {
 public:
  /// Both must outlive the checker. `text` is what the tree was parsed from, for messages.
  Checker(std::string_view text, ExpressionScope& scope) : text_(text), scope_(&scope) {}

  /// Checks the tree as a whole. Throws SyntaxError.
  void check(Node& root, std::optional<Type> wanted);
  const std::vector<ExpressionError>& notes() const { return notes_; }

 private:
  void check(Node& node);

  // Names: check_names.cpp.
  void check_name(Node& node);
  void check_fields(Node& node, Type type, std::size_t from);
  void check_member(Node& node);
  FieldSymbol find_field(const Node& node, std::string_view owner, Type type, std::string_view name) const;
  [[noreturn]] void unknown_name(const Node& node) const;

  // Operators: check_operators.cpp.
  void check_unary(Node& node);
  void check_arithmetic(Node& node);
  void check_comparison(Node& node);
  void check_equality(Node& node);
  void check_in(Node& node);
  void never_equal(Node& node, std::string_view right);
  [[noreturn]] void no_such_arithmetic(const Node& node) const;
  [[noreturn]] void incomparable(const Node& node) const;

  // Functions: check_functions.cpp.
  void check_call(Node& node);
  void check_method(Node& node);
  void check_literal(Node& node);
  void check_conversion(Node& node);
  void check_extreme(Node& node);
  void check_set(Node& node);
  void expect_parts(const Node& node, std::size_t least, std::size_t most) const;

  void check_list(Node& node);
  void check_index(Node& node);
  void check_conditional(Node& node);
  void require_bool(const Node& node) const;
  void assign(Node& node, Type wanted);
  /// The one type of two values, ints among doubles being promoted; nothing if there is none.
  static std::optional<Type> common(Type a, Type b);
  static void convert(Node& node, Type type);
  static bool all_constant(const Node& node);
  /// The node as it is written, shortened if it is long.
  std::string written(const Node& node) const;
  /// "it.id is an int".
  std::string described(const Node& node) const { return written(node) + " is " + article_name_of(node.type); }

  std::string_view text_;
  ExpressionScope* scope_;  ///< Changes inside count() and list().
  int set_level_ = 0;
  std::vector<ExpressionError> notes_;
};

}  // namespace premortem::expression_syntax
