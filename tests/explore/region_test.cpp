// Regions of two addresses: each row is an exact window, and where its shape changes is known to one unit.

#include "sim/explore/region.hpp"

#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace premortem;

constexpr std::int64_t second = 1'000'000'000, minute = 60 * second;
constexpr std::int64_t midnight = 1'609'718'400'000'000'000;  // 2021-01-04 00:00 UTC

/// At 02:00 a job reads for a while and files the letters; who goes off before that loses them. `more`: another system.
LoadedScenario story(const std::string& more = "") {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(R"x({ "premortem": 1, "title": "a letter and a nightly job",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" },
    "timeline": [{ "id": "off", "at": "01:00", "set": { "toggle.open": false } }],
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "desk.take", "at": "00:10" } },
    "systems": { "toggle": { "is": "toggles", "open": true },
      "box": { "is": "documents", "collections": { "letters": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "does": [{ "insert": "box.letters" }] } } },
      "night": { "is": "job", "cron": "0 2 * * *", "instances": 1, "does": [
        { "find": "box.letters", "as": "all" }, { "id": "read", "work": "90 s" },
        { "each": "all", "only-if": "toggle.open", "finish": "filed" } ] })x" +
                                                    more + R"x( },
    "checks": { "filed": { "every": "letter", "ends": ["done"] } }, "expect": { "filed": "broken for 1" } })x",
                                                diagnostics);
  REQUIRE(root);
  auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  INFO(diagnostics.format("story.jsonc"));
  REQUIRE(loaded);
  return *loaded;
}

RegionQuestion asked(const std::string& down, Varied varied, std::int64_t from, std::int64_t to) {
  RegionQuestion question;
  question.across.address = "timeline[off].at";
  question.across.from = midnight;
  question.across.to = midnight + 300 * minute;
  question.across.runs_max = 20'000;
  question.down = down;
  question.varied = varied;
  question.from = from;
  question.to = to;
  return question;
}

TEST_CASE("region: the boundary moves with what the job takes, exactly in every row", "[region]") {
  const RegionQuestion question = asked("night.does[read].work", Varied::duration, 10 * second, 90 * second);
  const RegionAnswer region = find_region(story(), {}, question);
  CHECK(region.complete);
  REQUIRE(region.rows.size() >= 9);
  CHECK(region.rows.front().low == 10 * second);
  CHECK(region.rows.back().high == 90 * second);
  for (const RegionRow& row : region.rows) {
    CHECK(row.low == row.high);
    REQUIRE(row.holds.size() == 1);
    const std::int64_t end_of_run = midnight + 120 * minute + row.low;
    CHECK(row.holds[0].low - end_of_run >= 0);
    CHECK(row.holds[0].low - end_of_run <= 1);
    CHECK(row.holds[0].high == question.across.to);
  }
}

TEST_CASE("region: where the window vanishes is known to one nanosecond", "[region]") {
  const RegionQuestion question =
      asked("arrivals.post.at", Varied::instant, midnight + minute, midnight + 170 * minute);
  const RegionAnswer region = find_region(story(), {}, question);
  CHECK(region.complete);
  REQUIRE(region.rows.size() == 2);
  const RegionRow &in_time = region.rows[0], &too_late = region.rows[1];
  CHECK(in_time.low == question.from);
  CHECK(too_late.low == in_time.high + 1);
  CHECK(std::abs(in_time.high - (midnight + 120 * minute)) <= 1);  // The job looks at 02:00.
  REQUIRE(in_time.holds.size() == 1);
  CHECK(too_late.holds.empty());
  CHECK(too_late.high == question.to);
}

TEST_CASE("region: a count has a row for each value; what was not brought together is said", "[region]") {
  RegionQuestion question = asked("night.instances", Varied::count, 1, 3);
  const RegionAnswer region = find_region(story(), {}, question);
  REQUIRE(region.rows.size() == 2);
  CHECK(region.rows[0].high == 1);
  CHECK(region.rows[0].holds.size() == 1);
  CHECK(region.rows[1] == RegionRow{2, 3, 2, {}});  // A second instance files the letter again.
  question = asked("arrivals.post.at", Varied::instant, midnight + minute, midnight + 170 * minute);
  question.across.runs_max = 1;
  CHECK(!find_region(story(), {}, question).complete);
}

TEST_CASE("region: rows that runs_max left out are counted, though the ends are equal", "[region]") {
  RegionQuestion question = asked("night.instances", Varied::count, 2, 6);
  question.across.runs_max = 5;
  const RegionAnswer early = find_region(story(), {}, question);
  CHECK(early.rows == std::vector<RegionRow>{{2, 6, 2, {}}});
  CHECK(early.left_out == 3);
  CHECK(!early.complete);
  CHECK(!early.stopped);
  CHECK(early.unexamined > 0);
  question.across.runs_max = 20'000;
  const RegionAnswer whole = find_region(story(), {}, question);
  CHECK(whole.rows == std::vector<RegionRow>{{2, 6, 5, {}}});
  CHECK(whole.left_out == 0);
  CHECK(whole.complete);
  // At 03:00 and 03:01 something changes: with the nanosecond behind, four rows.
  question = asked("arrivals.post.at", Varied::instant, midnight + 150 * minute, midnight + 300 * minute);
  question.across.from = midnight + 180 * minute;
  question.across.runs_max = 5;
  const LoadedScenario later =
      story(R"x(, "late": { "is": "job", "cron": "0 3 * * *", "does": [ { "work": "1 min" } ] })x");
  CHECK(find_region(later, {}, question).left_out == 4);
}

TEST_CASE("region: a run that never ends fails like any other, and each run is asked for", "[region]") {
  const LoadedScenario loaded = story(R"x(,
    "spin": { "is": "job", "cron": "0 1 * * *", "does": [ { "send": "letter", "to": "orders" } ] },
    "orders": { "is": "queue", "of": "letter" },
    "worker": { "is": "consumer", "reads": "orders", "does": [ { "raise": "Broken" } ] })x");
  RegionQuestion question = asked("arrivals.post.at", Varied::instant, midnight + minute, midnight + 170 * minute);
  std::uint64_t asked_for = 0;
  question.across.go_on = [&](std::uint64_t) { return ++asked_for > 0; };
  const RegionAnswer region = find_region(loaded, {}, question);
  CHECK(region.complete);
  for (const RegionRow& row : region.rows) CHECK(row.holds.empty());
  CHECK(asked_for == region.runs);
}

}  // namespace
