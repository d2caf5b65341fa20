#pragma once
// Projections and sorts of find, find-and-modify and aggregate. Source: MongoDB manual, "Project Fields", "Sort".

#include <memory>
#include <vector>

#include "sim/models/query/filter.hpp"

namespace premortem::query {

/// {a: 1, 'b.c': 1}, {a: 0}, $slice, $elemMatch, `a.$`, and expressions. Immutable.
class Projection {
 public:
  /// Whose rules: find has $slice with its own syntax, $elemMatch and `a.$`, and takes {}. $project has none of these.
  /// In $addFields every value is an expression, and nothing else of the document changes.
  enum class Rules : std::uint8_t { find, project, add_fields };

  /// `filter`: what positional projections mean; may be null. Throws CommandError: 31253, 31254 and their kin.
  static Projection parse(const bson::Value& projection, const Context& context, const Filter* filter = nullptr,
                          const bson::Value& raw_filter = {});
  /// For the aggregation's stages. Whoever parses the stage puts its name before the texts of errors.
  static Projection parse_stage(const bson::Value& specification, const Context& context, Rules rules);
  Projection();  ///< Leaves documents as they are.
  Projection(const Projection&) = default;
  ~Projection();
  bool is_identity() const;
  /// Whether it says which fields stay, not which go; and so needs no others, unless it has expressions.
  bool is_inclusion() const;
  bson::Value apply(const bson::Value& document) const;

  struct Plan;

 private:
  std::shared_ptr<const Plan> plan_;
};

/// {a: 1, b: -1}. Arrays sort by their least element ascending, their greatest descending. Immutable.
class Sort {
 public:
  /// Throws CommandError: 15974, 15975, ... `{$meta: ...}` is refused.
  static Sort parse(const bson::Value& sort);
  Sort() = default;  ///< Leaves the order as it is.
  bool is_empty() const { return parts_.empty(); }
  /// Bytes in whose order, by memcmp, documents are sorted.
  std::string key(const bson::Value& document) const;
  struct Part {
    std::string path;
    bool descending = false;
  };
  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

}  // namespace premortem::query
