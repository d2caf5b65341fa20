#pragma once
// A record with the names of its scenario instead of numbers: what reports make a sentence of.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/names.hpp"

namespace premortem {

struct ToldRecord {
  RecordKind kind = RecordKind::began;
  std::int64_t at = 0;
  std::string system;          ///< Who did it; empty where no system does.
  std::string item;            ///< "application 467991431"; empty: about none.
  std::string what;            ///< Outcome, mark, error, target, operation, step, setting, check ...; empty: none.
  std::string also;            ///< Of given_up, what was done instead; of a step, what it does in words; of an error,
                               ///< its code.
  std::uint64_t number = 0;    ///< `b`; of observed, `a`.
  std::int64_t scheduled = 0;  ///< Of a firing: for when, ns since 1970.

  bool operator==(const ToldRecord&) const = default;
};

/// `items`: by number, "application 467991431"; those that it does not reach are told without a name.
ToldRecord tell(const HistoryNames& names, const std::vector<std::string>& items, const Record& record);

}  // namespace premortem
