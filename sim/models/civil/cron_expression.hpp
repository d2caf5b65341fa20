#pragma once
// Cron expressions: predicates on the fields of a wall clock. BATCH-001, BATCH-003, BATCH-004.

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace premortem {

/// Whose reading of the fields, and whose behaviour at clock changes: cronie (Vixie's cron), Quartz, Spring since 5.3,
/// Spring up to 5.2, Kubernetes' CronJob (robfig/cron).
enum class CronDialect : std::uint8_t { vixie, quartz, spring, spring_52, kubernetes };

/// What is wrong with an expression.
struct CronError {
  std::size_t position = 0;  ///< Offset in the text of what is meant.
  std::string message;       ///< What is wrong; what to write instead. No full stop.
};

/// A day that depends on the month it is in.
struct CronDayRule {
  enum class Kind : std::uint8_t {
    last_day,         ///< `L`, `L-3`: `number` days before the last of the month.
    nearest_workday,  ///< `15W`: the Monday to Friday nearest to day `number`, in the same month.
    last_workday,     ///< `LW`: the last Monday to Friday of the month.
    last_weekday,     ///< `5L`, `FRIL`: the last `weekday` of the month.
    nth_weekday       ///< `MON#2`: the `number`-th `weekday` of the month.
  } kind = Kind::last_day;
  int number = 0;
  int weekday = 0;  ///< 0 = Sunday.
  bool operator==(const CronDayRule&) const = default;

  bool matches(std::int64_t date) const;  ///< Days since 1970-01-01.
};

/// A parsed expression; a plain value.
struct CronExpression {
  static constexpr int year_first = 1970, year_last = 2099;

  std::bitset<60> seconds, minutes;
  std::bitset<24> hours;
  std::bitset<32> days;      ///< 1 to 31.
  std::bitset<13> months;    ///< 1 to 12.
  std::bitset<7> weekdays;   ///< 0 = Sunday.
  std::bitset<130> years;    ///< From year_first; Quartz's seventh field.
  std::vector<CronDayRule> day_rules, weekday_rules;  ///< Besides `days` and `weekdays`.
  bool either_day = false;     ///< A day runs that fits one of the two day fields; otherwise it must fit both.
  bool wildcard_time = false;  ///< The minute or hour field begins with `*`: BATCH-013.
  CronDialect dialect = CronDialect::vixie;

  bool operator==(const CronExpression&) const = default;

  /// Whether the schedule can fire on that day (days since 1970-01-01).
  bool matches_day(std::int64_t date) const;

  /// The first matching reading of a wall clock at or after `wall` (calendar.hpp's wall_nanoseconds); nothing when the
  /// 41 years behind it have none: leap days on a given weekday are up to 40 years apart.
  std::optional<std::int64_t> next_wall(std::int64_t wall) const;
};

/// Reads `minute hour day month weekday`, or six fields with the second first, or seven with a year last; or @hourly,
/// @daily (@midnight), @weekly, @monthly, @yearly (@annually). A field is a list of `*`, `?` (day fields only), numbers,
/// names, ranges `9-17` and steps `*/15`, `9-17/2`, `5/15` (from 5 on); the day fields also take CronDayRule's forms.
///
/// The dialect decides, as the product does:
/// - weekdays: 1 = Sunday to 7 = Saturday under quartz, 0 to 6 under kubernetes, elsewhere 0 and 7 are Sunday: BATCH-004;
/// - two restricted day fields: one suffices under vixie and kubernetes, both must fit under spring, an error under
///   quartz, whose six- and seven-field form wants exactly one `?`: BATCH-003;
/// - a range that runs backwards (`FRI-MON`) goes round under quartz and is an error elsewhere.
/// More lenient than the products, so that the author may change `clock-changes` alone: five fields are accepted under
/// quartz and spring (the real ones want six), six under vixie and kubernetes (the real ones want five), and `L`, `W`,
/// `#` and `5/15` under every dialect (cronie and Kubernetes refuse the first three, cronie the fourth).
///
/// Nothing, with `error` filled, when the text is no such expression. An impossible date such as 30 February is one.
std::optional<CronExpression> parse_cron(std::string_view text, CronDialect dialect, CronError& error);

}  // namespace premortem
