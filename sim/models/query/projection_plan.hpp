#pragma once
// What a projection is inside: a tree of field names. Private to projection.cpp and its neighbours.
// Source: mongodb/mongo, src/mongo/db/query/projection_parser.cpp and src/mongo/db/exec (rules and errors).

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/models/query/expression.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query {

/// A name in the tree; `children` in the order in which the projection has them.
struct ProjectionNode {
  enum class Kind : std::uint8_t { inner, included, excluded, slice, positional, elem_match, expression };
  std::string name;
  Kind kind = Kind::inner;
  std::vector<ProjectionNode> children;
  AggregateExpression expression;
  Filter filter;                     ///< Of elem_match: {name: {$elemMatch: ...}}.
  std::optional<std::int64_t> skip;  ///< Of slice; nothing: from the beginning, or the end if `limit` is negative.
  std::int64_t limit = 0;
  bool computes = false;  ///< It, or one below it, is an expression or elem_match.

  ProjectionNode* find(const std::string& child);
  const ProjectionNode* find(const std::string& child) const;
  /// REQUIRES: there is none of this name.
  ProjectionNode& add(const std::string& child);
  void erase(const std::string& child);

 private:
  std::map<std::string, std::size_t> places_;  ///< Of the children.
};

/// What is done last, to the whole result: $slice and `a.$`.
struct ProjectionStep {
  std::vector<std::string> path;
  ProjectionNode node;
};

struct Projection::Plan {
  enum class Type : std::uint8_t { inclusion, exclusion, addition } type = Type::exclusion;
  ProjectionNode root;
  std::vector<ProjectionStep> steps;
  Filter filter;  ///< The query's, for `a.$`.
};

std::shared_ptr<const Projection::Plan> parse_projection(const bson::Value& projection, const Context& context,
                                                         Projection::Rules rules, const Filter* filter);
/// Makes the node at `path` below `parent`, which `depth` names lead to. The reference holds until the next is made
/// beside it. Throws 31249, 31250, 5984700.
ProjectionNode& add_projection_node(ProjectionNode& parent, std::size_t depth, const std::string& dotted,
                                    const std::vector<std::string>& path, ProjectionNode::Kind kind);
/// The node in which {'a.b': {...}} goes on, which another part of the projection may have made.
ProjectionNode& inner_projection_node(ProjectionNode& parent, std::size_t depth, const std::string& dotted,
                                      const std::vector<std::string>& path);
/// When the tree is whole: what computes, and the steps.
void finish_projection(Projection::Plan& plan);
/// A path of a projection or an expression; throws 16410, 15998, 40352, 40353, 5984700.
std::vector<std::string> projection_path(const std::string& dotted);
/// The operand of find's $slice. Throws 31272, 31257, 31258, 31259, 31273.
void read_slice(const bson::Value& operand, ProjectionNode& node);
[[noreturn]] void refuse_meta(const bson::Value& kind);
bson::Value apply_projection(const Projection::Plan& plan, const bson::Value& document);

}  // namespace premortem::query
