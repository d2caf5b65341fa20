#pragma once
// From {$add: ['$a', 1]} to a tree of nodes.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/models/query/expression.hpp"

namespace premortem::query::expressing {

using NodePointer = std::shared_ptr<const AggregateExpression::Node>;

class Parser {
 public:
  Parser(const Context& context, std::vector<std::string> variables)
      : context_(context), variables_(std::move(variables)) {}

  /// Anything: a path, an operator, an object, an array or a literal.
  NodePointer parse(const bson::Value& expression);
  /// The elements of an array, or the one argument that is not in an array.
  std::vector<NodePointer> parse_arguments(const bson::Value& operand);

  const Context& context() const { return context_; }
  bool knows(const std::string& variable) const;
  /// For what is parsed until it is forgotten again, in which it is in force.
  void declare(const std::string& variable) { variables_.push_back(variable); }
  void forget(std::size_t count) { variables_.resize(variables_.size() - count); }
  /// A number that no other draw of this expression has.
  std::uint64_t next_draw() { return draws_++; }

 private:
  NodePointer parse_document(const bson::Value& document);
  NodePointer parse_operator(const std::string& name, const bson::Value& operand);

  const Context& context_;
  std::vector<std::string> variables_;
  std::uint64_t draws_ = 0;
  int depth_ = 0;
};

}  // namespace premortem::query::expressing
