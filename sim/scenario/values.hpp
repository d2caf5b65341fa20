#pragma once
// Value notation: "20 min", "2 s .. 6 s", "60/h", "30 %". The unit stands in the value.

#include <optional>
#include <string>
#include <string_view>

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/time.hpp"

namespace premortem {

/// The text without the blanks around it.
std::string_view trim(std::string_view text);

/// "20 min", "20 h 39 min", "0.2 s"; ns us ms s min h day(s) week(s). Exact: a fraction of a nanosecond is an error.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest notation: "20 h 39 min", "1.5 s".
std::string format_duration(Duration duration);

enum class Unit : std::uint8_t { duration, count };

/// A value, a range, or a distribution: "4 s", "2 s .. 6 s", "exponential 4 s", "lognormal 4 s p99 30 s", "gamma 4 s
/// shape 2", "poisson 10". Nothing, with a message in `error`, when it is none.
std::optional<Distribution> parse_distribution(std::string_view text, Unit unit, std::string& error);

/// "60/h", "6/day", "0.5/min": arrivals an hour in 2^-20.
std::optional<std::uint64_t> parse_rate(std::string_view text);

/// "70 %", "0.5 %": in 1/100 of a percent.
std::optional<std::int64_t> parse_share(std::string_view text);

/// Whether the text is a number without a unit, which is what people forget.
bool is_bare_number(std::string_view text);

}  // namespace premortem
