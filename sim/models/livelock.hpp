#pragma once
// What a scenario says happens without end at one instant: such a run can go no further.

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/history/repetition.hpp"
#include "sim/history/told_record.hpp"

namespace premortem {

/// A mistake in a scenario that shows only while it runs: the command says so and exits with 2.
class Livelock : public std::runtime_error {
 public:
  /// `place`: system and step, "exporter.does[export]".
  Livelock(const std::string& place, const std::string& text)
      : std::runtime_error("error: /systems/" + place + ": " + text) {}

  std::string file;                    ///< Of the scenario; set by who knows it.
  std::uint32_t line = 0, column = 0;  ///< Of the step; line 0: not known, or in no file.

  /// One turn of the circle, in order; where nothing repeats exactly, the last few things that happened.
  std::vector<ToldRecord> steps;
  bool repeats = false;      ///< `steps` is a whole turn.
  bool of_one_item = false;  ///< Others go round as well.

  /// "incident.jsonc:14:22: ", or as much of it as is known.
  std::string position() const {
    if (file.empty()) return "";
    return file + (line != 0 ? ":" + std::to_string(line) + ":" + std::to_string(column) : "") + ": ";
  }
};

}  // namespace premortem
