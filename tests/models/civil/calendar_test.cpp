#include "sim/models/civil/zone.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

TEST_CASE("days are counted from 1970-01-01, also before it and over leap years", "[civil]") {
  REQUIRE(days_from_date({1970, 1, 1}) == 0);
  REQUIRE(days_from_date({1969, 12, 31}) == -1);
  REQUIRE(days_from_date({2000, 2, 29}) == 11016);
  REQUIRE(days_from_date({2000, 3, 1}) == 11017);
  REQUIRE(days_from_date({2026, 3, 29}) == 20541);
  REQUIRE(date_from_days(-1) == CalendarDate{1969, 12, 31});
  REQUIRE(date_from_days(11016) == CalendarDate{2000, 2, 29});
}

TEST_CASE("date and days are each other's inverse for three thousand years", "[civil]") {
  for (std::int64_t days = -700'000; days <= 400'000; days += 13) {
    const CalendarDate date = date_from_days(days);
    REQUIRE(days_from_date(date) == days);
    REQUIRE(date.day <= days_in_month(date.year, date.month));
  }
}

TEST_CASE("a century is a leap year every fourth time", "[civil]") {
  REQUIRE(days_in_month(1900, 2) == 28);
  REQUIRE(days_in_month(2000, 2) == 29);
  REQUIRE(days_in_month(2024, 2) == 29);
  REQUIRE(days_in_month(2026, 2) == 28);
  REQUIRE(days_in_month(2026, 4) == 30);
}

TEST_CASE("weekdays count from Sunday", "[civil]") {
  REQUIRE(weekday_of(days_from_date({1970, 1, 1})) == 4);
  REQUIRE(weekday_of(days_from_date({1969, 12, 31})) == 3);
  REQUIRE(weekday_of(days_from_date({2026, 3, 29})) == 0);
  REQUIRE(weekday_of(days_from_date({2020, 1, 27})) == 1);
}

TEST_CASE("times of day are written as short as they are exact", "[civil]") {
  REQUIRE(format_time_of_day(0) == "00:00");
  REQUIRE(format_time_of_day(13 * ns_per_hour + 5 * ns_per_minute) == "13:05");
  REQUIRE(format_time_of_day(13 * ns_per_hour + 7 * ns_per_second) == "13:00:07");
  REQUIRE(format_time_of_day(1'500'000'000) == "00:00:01.5");
  REQUIRE(format_date(20541) == "2026-03-29");
}
