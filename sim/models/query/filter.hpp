#pragma once
// Filters: {state: 'TO_EXPORT', n: {$gt: 3}}. Source: MongoDB manual, "Query Predicates"; CRUD specification.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/models/bson/value.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem::query {

/// What is the same for a whole command.
struct Context {
  std::int64_t now = 0;            ///< $$NOW and $currentDate: ms since 1970.
  std::uint64_t cluster_time = 0;  ///< $$CLUSTER_TIME and timestamps of $currentDate: seconds << 32 | increment.
  std::uint64_t luck = 0;          ///< Names the draws of $sample, $rand and $sampleRate.
  bson::Value let;                 ///< The command's `let`: a document, or missing.
};

/// What a match says beside yes.
struct MatchDetails {
  /// Index of the array element by which the outermost array of the filter's path matched: what `$` in an update means.
  /// -1: by none.
  std::int64_t array_index = -1;
};

/// Values of one path between which every matching document lies, or is an array with an element that does; for
/// choosing an index.
struct PathBounds {
  std::string path;
  std::vector<bson::Value> points;  ///< Not empty: equal to one of these ($eq, $in), compare()'s equality.
  bson::Value low, high;            ///< Else: at least and at most; missing: open. Whoever scans looks again anyway.
};

/// A parsed filter. Immutable; matching is a pure function.
class Filter {
 public:
  /// Throws CommandError with MongoDB's code and text: 2 for an unknown operator ("unknown operator: $foo"), and so on.
  static Filter parse(const bson::Value& filter, const Context& context);
  Filter();  ///< {}: matches everything.
  Filter(const Filter&) = default;
  ~Filter();

  /// May throw, as $expr may.
  bool matches(const bson::Value& document, MatchDetails* details = nullptr) const;
  bool is_empty() const;
  /// Names of the outermost fields that it looks at; `whole`: also others ($expr, $where-like): then all must be there.
  std::vector<std::string> fields(bool& whole) const;
  /// Those that hold for every match: of the top level and of $and. One per condition: for {a: {$gt: 1, $lt: 5}} there
  /// are two of `a`, and a match whose `a` is an array may owe them to two elements. Who knows that no document has an
  /// array there may join them.
  std::vector<PathBounds> bounds() const;
  /// Paths and values that the filter demands to be equal (top level and $and): what an upsert inserts. In order;
  /// a path that is demanded twice is there twice (an upsert then fails with 54, NotSingleValueField).
  std::vector<bson::Field> equalities() const;

  struct Node;  ///< Private to filter.cpp and its neighbours.

 private:
  friend class ElementFilter;
  /// `special`: $expr, $jsonSchema, $text, $where and $near are allowed.
  static Filter parse(const bson::Value& filter, const Context& context, bool special);
  std::shared_ptr<const Node> root_;
};

/// An array filter of an update ({"e.grade": {$gt: 3}}), or the condition of $pull: about one element. `name`: the
/// identifier before the first dot; empty for $pull, whose condition is a document about the element's fields, an
/// operator document about the element, or a literal.
class ElementFilter {
 public:
  /// Throws CommandError 9 and 2, as {"e.grade": {$gt: 3}, "f.x": 1} and {"E.x": 1} make it do.
  static ElementFilter parse_array_filter(const bson::Value& filter, std::string& name, const Context& context);
  static ElementFilter parse_pull(const bson::Value& condition, const Context& context);
  bool matches(const bson::Value& element) const;

 private:
  Filter filter_;
  std::string name_;     ///< The filter is about a field of this name, if wraps_.
  bson::Value literal_;  ///< The element equals this, if is_literal_.
  bool wraps_ = false, is_literal_ = false;
};

}  // namespace premortem::query
