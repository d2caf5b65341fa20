#pragma once
// Whether a history goes round in a circle at its end.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/history/record.hpp"

namespace premortem {

/// One turn of a circle.
struct Repetition {
  std::vector<Record> turn;  ///< Not empty; begins with what hands something over, if it has such a record.
  std::int64_t lasts = 0;    ///< ns from one turn to the next.
  std::uint64_t turns = 0;   ///< In the records that were looked at; at least 3.
  bool of_one_item = false;  ///< Others go round as well: only what one item goes through is told.
};

/// The shortest turn that repeats at the end of `tail`, or that one item repeats in it; none: nothing does. Records are
/// equal when kind, system and what they name are; instants and running numbers do not count. `first`: the number of
/// the first of them in the history.
std::optional<Repetition> find_repetition(const std::vector<Record>& tail, std::uint32_t first);

/// The same for one item alone.
std::optional<Repetition> find_repetition_of(std::uint64_t item, const std::vector<Record>& tail, std::uint32_t first);

}  // namespace premortem
