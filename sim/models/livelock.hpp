#pragma once
// What a scenario says happens without end at one instant: such a run can go no further.

#include <stdexcept>
#include <string>

namespace premortem {

/// A mistake in a scenario that shows only while it runs: the command says so and exits with 2.
class Livelock : public std::runtime_error {
 public:
  /// `place`: system and step, "exporter.does[export]".
  Livelock(const std::string& place, const std::string& text)
      : std::runtime_error("error: /systems/" + place + ": " + text) {}
};

}  // namespace premortem
