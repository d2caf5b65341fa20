#pragma once
// Simulated time: integer nanoseconds, never a wall clock, never a floating-point number.

#include <chrono>
#include <cstdint>

namespace premortem {

/// Length of simulated time; integer nanoseconds, so about ±292 years.
using Duration = std::chrono::nanoseconds;

/// The clock of a World. It has no now(): only a World knows what time it is.
struct SimulatedClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SimulatedClock>;
  static constexpr bool is_steady = true;
};

/// An instant of simulated time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds ignored as POSIX does.
using Time = SimulatedClock::time_point;

constexpr Time time_from_nanoseconds(std::int64_t nanoseconds) { return Time{Duration{nanoseconds}}; }
constexpr std::int64_t nanoseconds_of(Time time) { return time.time_since_epoch().count(); }

/// Later than everything that can be scheduled.
inline constexpr Time time_max = Time::max();

}  // namespace premortem
