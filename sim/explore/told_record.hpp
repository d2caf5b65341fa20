#pragma once
// A record with the names of its scenario instead of numbers: what reports make a sentence of.

#include <cstdint>
#include <string>

#include "sim/explore/recorded_run.hpp"

namespace premortem {

struct ToldRecord {
  RecordKind kind = RecordKind::began;
  std::int64_t at = 0;
  std::string system;          ///< Who did it; empty where no system does.
  std::string item;            ///< "application 467991431"; empty: about none.
  std::string what;            ///< Outcome, mark, error, target, operation, step, setting, check ...; empty: none.
  std::string also;            ///< Of given_up, what was done instead; of a step, what it does in words.
  std::uint64_t number = 0;    ///< `b`; of observed, `a`.
  std::int64_t scheduled = 0;  ///< Of a firing: for when, ns since 1970.
};

/// REQUIRES: a number of a record of that run.
ToldRecord tell(const RecordedRun& run, std::uint32_t number);

}  // namespace premortem
