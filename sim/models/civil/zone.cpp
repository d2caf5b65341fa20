#include "sim/models/civil/zone.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"

namespace premortem {

namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::string two_digits(std::int64_t value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

}  // namespace

CivilDateTime civil_from_local(std::int64_t local) {
  const std::int64_t date = floor_divide(local, ns_per_day);
  return {date, local - date * ns_per_day};
}

/// Source for both directions: the era arithmetic of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_date(CalendarDate date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

CalendarDate date_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_divide(shifted, 146097);
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  CalendarDate date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = static_cast<int>(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
  return date;
}

int days_in_month(int year, int month) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : lengths[month - 1];
}

int weekday_of(std::int64_t days) { return static_cast<int>(((days + 4) % 7 + 7) % 7); }

std::int64_t Zone::offset_at(Time time) const {
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), nanoseconds_of(time),
                                      [](std::int64_t at, const ZoneTransition& t) { return at < t.at; });
  return after == transitions_.begin() ? first_offset_ : (after - 1)->offset;
}

CivilDateTime Zone::to_civil(Time time) const { return civil_from_local(nanoseconds_of(time) + offset_at(time)); }

Zone::Day Zone::day_at(Time time) const {
  const std::int64_t at = nanoseconds_of(time);
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), at,
                                      [](std::int64_t instant, const ZoneTransition& t) { return instant < t.at; });
  const std::int64_t offset = after == transitions_.begin() ? first_offset_ : (after - 1)->offset;
  Day day;
  day.date = floor_divide(at + offset, ns_per_day);
  day.from = day.date * ns_per_day - offset;
  day.until = day.from + ns_per_day;
  if (after != transitions_.begin()) day.from = std::max(day.from, (after - 1)->at);
  if (after != transitions_.end()) day.until = std::min(day.until, after->at);
  return day;
}

LocalMeaning Zone::to_time(CivilDateTime civil) const {
  const std::int64_t local = civil.date * ns_per_day + civil.nanoseconds;
  LocalMeaning meaning;
  std::vector<std::int64_t> found;
  std::int64_t offset = first_offset_, from = INT64_MIN;
  for (std::size_t n = 0; n <= transitions_.size(); ++n) {
    const std::int64_t until = n < transitions_.size() ? transitions_[n].at : INT64_MAX;
    const std::int64_t instant = local - offset;
    if (instant >= from && instant < until) found.push_back(instant);
    if (n == transitions_.size()) break;
    const std::int64_t wall_before = until + offset, wall_after = until + transitions_[n].offset;
    if (local >= wall_before && local < wall_after) {
      meaning.kind = LocalMeaning::Kind::skipped;
      meaning.first = meaning.second = time_from_nanoseconds(until);
      meaning.gap_from = wall_before - civil.date * ns_per_day;
      meaning.gap_to = wall_after - civil.date * ns_per_day;
    }
    offset = transitions_[n].offset;
    from = until;
  }
  if (found.empty()) return meaning;
  meaning.kind = found.size() > 1 ? LocalMeaning::Kind::repeated : LocalMeaning::Kind::unique;
  meaning.first = time_from_nanoseconds(found.front());
  meaning.second = time_from_nanoseconds(found.back());
  return meaning;
}

std::optional<std::int64_t> Zone::steady_offset(std::int64_t date) const {
  // No zone is a whole day away from UTC, so these three days of UTC hold the day wherever it is.
  const std::int64_t from = (date - 1) * ns_per_day, until = (date + 2) * ns_per_day;
  const auto first = std::lower_bound(transitions_.begin(), transitions_.end(), from,
                                      [](const ZoneTransition& t, std::int64_t at) { return t.at < at; });
  if (first != transitions_.end() && first->at < until) return std::nullopt;
  return first == transitions_.begin() ? first_offset_ : (first - 1)->offset;
}

Time Zone::start_of_date(std::int64_t date) const { return to_time({date, 0}).first; }

std::uint64_t Zone::rules_hash(Time from, Time until) const {
  std::uint64_t hash = combine(0x7A6F6E65, static_cast<std::uint64_t>(offset_at(from)));
  for (const ZoneTransition& transition : transitions_) {
    if (transition.at <= nanoseconds_of(from) || transition.at >= nanoseconds_of(until)) continue;
    hash = combine(combine(hash, static_cast<std::uint64_t>(transition.at)),
                   static_cast<std::uint64_t>(transition.offset));
  }
  return hash;
}

std::string format_date(std::int64_t days) {
  const CalendarDate date = date_from_days(days);
  return std::to_string(date.year) + "-" + two_digits(date.month) + "-" + two_digits(date.day);
}

std::string format_time_of_day(std::int64_t nanoseconds) {
  std::string text = two_digits(nanoseconds / ns_per_hour) + ":" + two_digits(nanoseconds / ns_per_minute % 60);
  const std::int64_t seconds = nanoseconds / ns_per_second % 60, rest = nanoseconds % ns_per_second;
  if (seconds == 0 && rest == 0) return text;
  text += ":" + two_digits(seconds);
  if (rest == 0) return text;
  std::string fraction = std::to_string(rest);
  fraction.insert(0, 9 - fraction.size(), '0');
  while (fraction.back() == '0') fraction.pop_back();
  return text + "." + fraction;
}

std::string Zone::format(Time time) const {
  const CivilDateTime civil = to_civil(time);
  std::string text = format_date(civil.date) + " " + format_time_of_day(civil.nanoseconds);
  if (transitions_.empty()) return text;
  const LocalMeaning meaning = to_time(civil);
  if (meaning.kind != LocalMeaning::Kind::repeated) return text;
  return text + (time == meaning.first ? " first" : " second");
}

}  // namespace premortem
