#pragma once
// What a parsed filter is made of; private to filter.cpp and its neighbours.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/models/bson/value.hpp"
#include "sim/models/query/filter.hpp"
#include "sim/models/query/path.hpp"

namespace premortem::query {

/// One condition. Immutable.
struct Filter::Node {
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;
  /// About a whole document.
  virtual bool matches(const bson::Value& document, MatchDetails* details) const = 0;
  /// About one value, as {$elemMatch: {$gt: 3}} asks.
  virtual bool matches_value(const bson::Value& value, MatchDetails* details) const = 0;
  virtual void collect_fields(std::vector<std::string>& names, bool& whole) const = 0;
  /// `prefix`: path of the array elements that the condition is about, with a dot at its end; empty: the document.
  virtual void collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const;
  virtual void collect_equalities(std::vector<bson::Field>& equalities) const;
};

namespace filtering {

using NodePointer = std::shared_ptr<const Filter::Node>;

/// A condition about what a path means.
struct PathNode : Filter::Node {
  PathNode(const std::string& dotted, LeafArray leaf_array) : path(dotted), leaf(leaf_array) {}
  bool matches(const bson::Value& document, MatchDetails* details) const override;
  void collect_fields(std::vector<std::string>& names, bool& whole) const override;
  const Path path;
  const LeafArray leaf;
};

struct ListNode : Filter::Node {
  enum class Kind : std::uint8_t { all, any, none };
  ListNode(Kind list_kind, std::vector<NodePointer> parts) : kind(list_kind), children(std::move(parts)) {}
  bool matches(const bson::Value& document, MatchDetails* details) const override;
  bool matches_value(const bson::Value& value, MatchDetails* details) const override;
  void collect_fields(std::vector<std::string>& names, bool& whole) const override;
  void collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const override;
  void collect_equalities(std::vector<bson::Field>& equalities) const override;
  const Kind kind;
  const std::vector<NodePointer> children;
};

struct NotNode : Filter::Node {
  explicit NotNode(NodePointer negated) : child(std::move(negated)) {}
  bool matches(const bson::Value& document, MatchDetails*) const override { return !child->matches(document, nullptr); }
  bool matches_value(const bson::Value& value, MatchDetails*) const override {
    return !child->matches_value(value, nullptr);
  }
  void collect_fields(std::vector<std::string>& names, bool& whole) const override {
    child->collect_fields(names, whole);
  }
  const NodePointer child;
};

/// $alwaysTrue and $alwaysFalse.
struct ConstantNode : Filter::Node {
  explicit ConstantNode(bool constant) : result(constant) {}
  bool matches(const bson::Value&, MatchDetails*) const override { return result; }
  bool matches_value(const bson::Value&, MatchDetails*) const override { return result; }
  void collect_fields(std::vector<std::string>&, bool&) const override {}
  const bool result;
};

enum class Comparison : std::uint8_t { equal, less, less_or_equal, greater, greater_or_equal };

struct ComparisonNode final : PathNode {
  ComparisonNode(const std::string& dotted, Comparison how, bson::Value with)
      : PathNode(dotted, LeafArray::elements_then_itself), comparison(how), operand(std::move(with)) {}
  bool matches_value(const bson::Value& value, MatchDetails* details) const override;
  void collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const override;
  void collect_equalities(std::vector<bson::Field>& equalities) const override;
  const Comparison comparison;
  const bson::Value operand;
};

/// {$elemMatch: {$gt: 3}}: all conditions hold for one element.
struct ElementMatchNode : PathNode {
  ElementMatchNode(const std::string& dotted, NodePointer about, bool of_documents)
      : PathNode(dotted, LeafArray::itself), condition(std::move(about)), documents(of_documents) {}
  bool matches_value(const bson::Value& value, MatchDetails* details) const override;
  void collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const override;
  const NodePointer condition;
  const bool documents;  ///< The condition is one about documents with fields; else about values.
};

// The other operators, by those who implement them. `path`: dotted; `name`: of the operator; `operand`: behind it.
NodePointer make_in(const std::string& path, const std::string& name, const bson::Value& operand);
NodePointer make_regex(const std::string& path, const std::string& pattern, const std::string& options);
NodePointer make_type(const std::string& path, const bson::Value& operand);
NodePointer make_exists(const std::string& path, const bson::Value& operand);
NodePointer make_size(const std::string& path, const bson::Value& operand);
NodePointer make_mod(const std::string& path, const bson::Value& operand);
NodePointer make_bit_test(const std::string& path, const std::string& name, const bson::Value& operand);
NodePointer make_expression(const bson::Value& operand, const Context& context);
NodePointer make_sample_rate(const bson::Value& operand, const Context& context);
NodePointer make_json_schema(const bson::Value& operand);
/// A comparison, or the error for an operand that it does not take.
NodePointer make_comparison(const std::string& path, Comparison how, const bson::Value& operand);

/// {$gt: 1}, but neither {a: 1} nor a reference to another document.
bool is_operator_document(const bson::Value& value, bool incomplete_reference_is_none = false);
/// $gt and its like, which stand behind a field's name.
bool is_field_operator(std::string_view name);
/// $and and its like, which stand in the place of a field's name.
bool is_pathless_operator(std::string_view name);
/// Sets of types: what $type and bsonType take. Throws CommandError.
class TypeSet {
 public:
  void add_alias(const std::string& alias);
  void add(const bson::Value& number_or_alias);
  bool contains(const bson::Value& value) const;
  bool is_empty() const { return !numbers_ && types_.empty(); }

 private:
  bool numbers_ = false;
  std::vector<bson::Type> types_;
};

/// How the words of a filter are read.
struct Parser {
  enum class Level : std::uint8_t { document, part };  ///< `part`: within $elemMatch.
  const Context& context;
  bool special = true;  ///< $expr, $jsonSchema, $text and $where are allowed.

  NodePointer parse_document(const bson::Value& filter, Level level, int depth) const;
  /// Conditions of {$gt: 1, $lt: 5} about one path, appended.
  void parse_operators(const std::string& path, const bson::Value& operators, Level level, int depth,
                       std::vector<NodePointer>& conditions) const;

 private:
  NodePointer parse_pathless(const bson::Field& field, Level level, int depth) const;
  NodePointer parse_list(const bson::Field& field, Level level, int depth) const;
  NodePointer parse_operator(const std::string& path, const bson::Field& field, const bson::Value& operators,
                             Level level, int depth) const;
  NodePointer parse_not(const std::string& path, const bson::Value& operand, Level level, int depth) const;
  NodePointer parse_element_match(const std::string& path, const bson::Value& operand, int depth) const;
  NodePointer parse_all(const std::string& path, const bson::Value& operand, int depth) const;
};

inline constexpr int tree_depth_max = 100;

}  // namespace filtering

}  // namespace premortem::query
