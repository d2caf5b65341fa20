#pragma once
// From {$add: ['$a', 1]} to a tree of nodes.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/models/query/expression.hpp"

namespace premortem::query::expressing {

using NodePointer = std::shared_ptr<const AggregateExpression::Node>;

class Parser {
 public:
  /// `draws`: see AggregateExpression::parse().
  Parser(const Context& context, const std::vector<std::string>& variables, std::uint64_t* draws = nullptr);

  /// Anything: a path, an operator, an object, an array or a literal.
  NodePointer parse(const bson::Value& expression);
  /// The elements of an array, or the one argument that is not in an array.
  std::vector<NodePointer> parse_arguments(const bson::Value& operand);

  const Context& context() const { return context_; }
  bool knows(const std::string& variable) const;
  /// For what is parsed until it is forgotten again, in which it is in force.
  void declare(const std::string& variable);
  void forget(std::size_t count);
  /// What no other draw of the command has.
  std::uint64_t next_luck();
  /// Whether anything of what was parsed depends on a document.
  bool sees_document() const { return sees_document_; }
  void see_document() { sees_document_ = true; }

 private:
  NodePointer parse_document(const bson::Value& document);
  NodePointer parse_operator(const std::string& name, const bson::Value& operand);

  const Context& context_;
  std::vector<std::string> variables_;
  std::map<std::string, std::size_t> in_force_;  ///< How often each is among them.
  std::uint64_t draws_ = 0;
  std::uint64_t* const shared_draws_;
  bool sees_document_ = false;
  int depth_ = 0;
};

}  // namespace premortem::query::expressing
