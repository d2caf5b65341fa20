#pragma once
// The tree of an expression: the parser builds it, the checker writes types into it, the generator reads it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/expression/scope.hpp"

namespace premortem::expression_syntax {

enum class NodeKind : std::uint8_t {
  boolean,
  integer,
  real,
  text,
  list,         ///< parts: the elements
  name,         ///< names: one name or several with dots
  member,       ///< parts[0] . names[0]
  index,        ///< parts[0] [ parts[1] ]
  call,         ///< names[0] ( parts )
  method,       ///< parts[0] . names[0] ( the other parts )
  unary,        ///< op parts[0]
  binary,       ///< parts[0] op parts[1]
  logical,      ///< && or ||, two parts or more
  conditional,  ///< parts[0] ? parts[1] : parts[2]
};

enum class Operator : std::uint8_t {
  none,
  logical_not,
  negate,
  multiply,
  divide,
  remainder,
  add,
  subtract,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  equal,
  not_equal,
  in,
  logical_and,
  logical_or
};
std::string_view spelling_of(Operator op);

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  NodeKind kind = NodeKind::boolean;
  Operator op = Operator::none;
  std::size_t offset = 0;  ///< Of its first byte, parentheses around it included.
  std::size_t end = 0;     ///< One past its last byte.
  std::size_t anchor = 0;  ///< Where a message about it points: the operator of a binary one, else `offset`.
  int depth = 1;
  bool boolean = false;
  bool parenthesised = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::string> names;
  std::vector<NodePtr> parts;

  // Written by the checker.
  Type type;
  bool loose = false;               ///< dyn(): compares as an untyped program would.
  bool never = false;               ///< A comparison of types that are never equal.
  bool constant = false;            ///< Can be evaluated by the compiler.
  bool promote = false;             ///< An int that is to be converted to a double; `type` is then that of the result.
  Symbol symbol;                    ///< Of a name.
  std::vector<FieldSymbol> fields;  ///< Of a name, after its symbol; or the one of a member.
  SetInfo set;                      ///< Of count() and list().
};

}  // namespace premortem::expression_syntax
