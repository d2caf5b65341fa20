#pragma once
// One field of a cron expression: lists, ranges, steps, names and day rules, read into a set of numbers.

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/civil/cron_expression.hpp"

namespace premortem::cron_syntax {

/// A field's text and where it stands in the expression.
struct FieldText {
  std::string_view text;
  std::size_t position = 0;
};

enum class FieldKind : std::uint8_t { second, minute, hour, day, month, weekday, year };

/// What a field says. Weekdays are 0 = Sunday whatever the dialect counts; years are counted from year_first.
struct FieldValues {
  std::bitset<130> numbers;
  std::vector<CronDayRule> rules;
  bool star = false;  ///< Counts as unrestricted in the dialect's day rule: BATCH-003.
};

/// False, with `error` filled, when it cannot be read.
bool parse_field(FieldText field, FieldKind kind, CronDialect dialect, FieldValues& values, CronError& error);

/// "; did you mean X?" for the candidate that differs in one or two letters, or nothing.
std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace premortem::cron_syntax
