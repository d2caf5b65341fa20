#pragma once
// Cron expressions: predicates on the fields of a wall clock. BATCH-001, BATCH-003, BATCH-004.

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace premortem {

/// Whose reading of the fields, and whose behaviour at clock changes.
enum class CronDialect : std::uint8_t { vixie, quartz, spring, spring_52, kubernetes };

struct CronError {
  std::size_t position = 0;  ///< Offset in the text.
  std::string message;       ///< What is wrong; what to write instead.
};

/// A parsed expression. Five fields (minute first) or six (second first); a seventh, the year, may only be `*`.
struct CronExpression {
  std::bitset<60> seconds, minutes;
  std::bitset<24> hours;
  std::bitset<32> days;     ///< 1 to 31.
  std::bitset<13> months;   ///< 1 to 12.
  std::bitset<7> weekdays;  ///< 0 = Sunday.
  bool any_day = false;     ///< The day of the month is `*` or `?`; under all but kubernetes also `*/2`.
  bool any_weekday = false;
  bool last_day = false;                          ///< `L`: the last day of the month.
  std::uint8_t last_weekdays = 0;                 ///< `5L`: the last such day of the month; bits by weekday.
  std::vector<std::pair<int, int>> nth_weekdays;  ///< `1#2`: the second Monday.
  bool wildcard_time = false;                     ///< The minute or hour field begins with `*`: BATCH-013.
  CronDialect dialect = CronDialect::vixie;

  bool operator==(const CronExpression&) const = default;

  /// Whether the schedule can fire on that day (days since 1970-01-01).
  bool matches_day(std::int64_t date) const;
};

/// The dialect decides what the fields mean, not how they may be written: five fields, `?`, `L` and `#` are accepted
/// under every one, though the real Quartz and Spring want six fields and crontabs know no letters. Without a field of
/// seconds they are 0. Weekday numbers: 1 = Sunday under quartz, 0 and 7 = Sunday elsewhere.
std::optional<CronExpression> parse_cron(std::string_view text, CronDialect dialect, CronError& error);

}  // namespace premortem
