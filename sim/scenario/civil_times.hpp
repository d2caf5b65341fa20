#pragma once
// The time notation of scenario files: "2020-02-13 13:21", "13:00", "next day 08:00", "+2 h", "13:00 .. 13:10", "...
// UTC".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/models/civil/zone.hpp"

namespace premortem {

/// An instant, a range of instants, or an offset from something that happened.
struct TimeSpec {
  enum class Kind : std::uint8_t { absolute, offset, end } kind = Kind::absolute;
  std::int64_t low = 0, high = 0;  ///< ns: instants, or offsets.
  std::int64_t date = 0;           ///< Of an absolute time: the day that a later time without a date means.
};

/// `day`: what a time without a date means, days since 1970. Nothing, with a message in `error`, when it cannot be.
std::optional<TimeSpec> parse_time(std::string_view text, const Zone& zone, std::int64_t day, std::string& error);

/// "2021-08-04" as days since 1970.
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace premortem
