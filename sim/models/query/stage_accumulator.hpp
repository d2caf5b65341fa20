#pragma once
// What $group makes of the values of one group: $sum, $push, $top, ... Private to the pipeline.

#include <memory>
#include <string>
#include <vector>

#include "sim/models/bson/summation.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query::expressing {

/// Takes one value after another.
class Accumulator {
 public:
  Accumulator() = default;
  Accumulator(const Accumulator&) = delete;
  Accumulator& operator=(const Accumulator&) = delete;
  virtual ~Accumulator() = default;
  /// Throws CommandError when it would keep too much.
  virtual void add(const Value& value) = 0;
  /// Missing when there is none.
  virtual Value result() const = 0;
  /// What it keeps in memory.
  std::size_t bytes() const { return bytes_; }

 protected:
  void keep(std::size_t bytes);
  void drop(std::size_t bytes) { bytes_ -= bytes; }

 private:
  std::size_t bytes_ = 0;
};

/// Of $sum, $avg, $min, $max, $first, $last, $push, $addToSet, $mergeObjects, $stdDevPop, $stdDevSamp; null for others.
std::unique_ptr<Accumulator> make_accumulator(std::string_view name);
/// Of $firstN, $lastN, $minN, $maxN; null for others. REQUIRES: count > 0.
std::unique_ptr<Accumulator> make_accumulator_of_several(std::string_view name, std::int64_t count);
/// The `n` of $firstN and its like. Throws CommandError unless it is a whole number above 0.
std::int64_t read_count(std::string_view name, const Value& value);

/// One field of $group: {total: {$sum: '$n'}}.
class AccumulatorSpecification {
 public:
  /// Throws CommandError.
  /// `draws`: see AggregateExpression::parse().
  static AccumulatorSpecification parse(const bson::Field& field, const Context& context, std::uint64_t& draws);
  const std::string& field() const { return field_; }
  /// For a new group.
  std::unique_ptr<Accumulator> start(const Value& group_id) const;
  /// What the accumulator is to be given of a document.
  Value input(Variables& variables) const { return input_.evaluate(variables); }

 private:
  std::string field_, name_;
  AggregateExpression input_, count_;
  Sort sort_;  ///< Of $top and its like, whose input is a document with `output` and what it is sorted by.
};

}  // namespace premortem::query::expressing
