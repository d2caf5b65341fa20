#pragma once
// What a record is, apart from when it was written and in which place: by this, records of two runs are found again.

#include <cstdint>
#include <vector>

#include "sim/explore/recorded_run.hpp"

namespace premortem {

/// Two records of two runs with equal `key` are the same thing that happened. Keys are unique within a run.
struct RecordIdentity {
  /// Of kind and system, and of whom it is about: an item by kind and id, a timeline entry by its id, a firing by the
  /// instant for which it was scheduled; what is about nobody (a transaction, a document, a job's run) is known by what
  /// brought it about. Then a number: the n-th such record.
  std::uint64_t key = 0;
  /// What else it says, by name: an outcome, an error, a target. Numbers that count through a run say nothing.
  std::uint64_t says = 0;
};

/// By number of the record.
std::vector<RecordIdentity> record_identities(const RecordedRun& run);

}  // namespace premortem
