#pragma once
// What a check says of one history.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/time.hpp"

namespace premortem {

enum class CheckVerdict : std::uint8_t {
  holds,         ///< Its premise occurred and it was never violated.
  broken,        ///< Violated at least once.
  not_exercised  ///< Its premise never occurred: it says nothing about this run.
};

constexpr std::string_view name_of(CheckVerdict verdict) {
  return verdict == CheckVerdict::holds ? "holds" : verdict == CheckVerdict::broken ? "broken" : "not exercised";
}

/// Judgement of one check on one run.
struct CheckResult {
  std::string name;  ///< Key in the scenario's `checks`.
  CheckVerdict verdict = CheckVerdict::not_exercised;
  std::optional<std::uint64_t>
      broken_for;                     ///< How many items or changes violate it; none for checks that count nothing.
  std::uint64_t judged = 0;           ///< How many items or changes it judged.
  std::optional<Time> first_at;       ///< First instant of a violation.
  std::vector<std::string> examples;  ///< The first few violators: "application 467991301", at most five.
  std::string expected;               ///< What the scenario or strategy expects: "holds", "broken for 182", ...
  bool as_expected = false;           ///< Whether verdict and count meet `expected`.

  bool operator==(const CheckResult&) const = default;
};

}  // namespace premortem
