#pragma once
// Two histories side by side: which record of one is which of the other, and where they begin to differ.

#include <cstdint>
#include <vector>

#include "sim/explore/recorded_run.hpp"

namespace premortem {

inline constexpr std::uint32_t no_record = 0xFFFFFFFF;

/// Numbers of a record in A and in B; `no_record` where it did not happen.
struct RecordPair {
  std::uint32_t a = no_record, b = no_record;
};

/// Records belong together by what they are about and what brought them about (see RecordIdentity), never by position
/// or instant.
struct Alignment {
  std::vector<std::uint32_t> in_b;  ///< By record of A.
  std::vector<std::uint32_t> in_a;  ///< By record of B.
  std::vector<bool> differs_a,
      differs_b;            ///< By record: it has no partner, or another instant, or says something else.
  std::uint64_t equal = 0;  ///< Pairs that do not differ.
  /// Differences whose chain of causes, back to the beginning of the run, is equal in both: in order of time. What
  /// differs only because something before it does is not among them. Empty: the runs are the same.
  std::vector<RecordPair> first;
};

Alignment align(const RecordedRun& a, const RecordedRun& b);

}  // namespace premortem
