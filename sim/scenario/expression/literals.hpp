#pragma once
// Dates, times and durations as they are written inside date('...'), time('...') and duration('...').

#include <cstdint>
#include <optional>
#include <string_view>

namespace premortem::expression_syntax {

/// "2022-07-29" -> days since 1970-01-01; nothing for days that no calendar has.
std::optional<std::int64_t> date_literal(std::string_view text);
/// "2021-08-02 13:00 UTC", with seconds "13:00:05" -> nanoseconds since 1970.
std::optional<std::int64_t> utc_time_literal(std::string_view text);
/// "20 h 39 min", "1.5 s", "1 day" -> nanoseconds; nothing if that is no whole number of them.
std::optional<std::int64_t> duration_literal(std::string_view text);

}  // namespace premortem::expression_syntax
