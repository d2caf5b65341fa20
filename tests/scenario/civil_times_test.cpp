// Times, zones and schedules as files write them, and what is said when they cannot be.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

const std::string spring = R"("from": "2026-03-28 00:00", "until": "2026-03-30 00:00", "zone": "Europe/London")";
const std::string autumn = R"("from": "2026-10-24 00:00", "until": "2026-10-26 00:00", "zone": "Europe/London")";

std::string run_at(const std::string& time) {
  return R"("timeline": [ { "id": "run", "at": ")" + time + R"(", "run": "job" } ], "items": { "thing": {} },
    "systems": { "job": { "is": "job", "does": [ { "work": "1 s" } ] } })";
}

std::string with_schedule(const std::string& keys) {
  return R"("items": { "thing": {} }, "systems": { "job": { "is": "job", )" + keys +
         R"(, "does": [ { "work": "1 s" } ] } })";
}

/// Without the position, which stands before it.
std::string said(const std::string& body, const std::string& clock) {
  const std::string all = diagnostics_of(body, {}, clock);
  const std::size_t at = all.find("error: ");
  return at == std::string::npos ? all : all.substr(at, all.find('\n', at) - at);
}

std::string started(const std::string& time, const std::string& clock) {
  const Story story(run_at(time), 1, {}, clock);
  for (const Record& record : story.records) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::run_started)
      return Zone().format(time_from_nanoseconds(record.at));
  }
  return "never";
}

std::string pinned(const std::string& rules) { return autumn + R"(, "zone-rules": ")" + rules + "\""; }

}  // namespace

TEST_CASE("a time that the zone skips is an error", "[civil]") {
  REQUIRE(said(run_at("2026-03-29 01:30"), spring) ==
          "error: /timeline[run]/at: 2026-03-29 01:30 does not exist in Europe/London (the clock goes from 01:00 to "
          "02:00); write 02:30 or give UTC");
  REQUIRE(started("2026-03-29 02:30", spring) == "2026-03-29 01:30");
  REQUIRE(started("2026-03-29 01:30 UTC", spring) == "2026-03-29 01:30");
}

TEST_CASE("a time that comes twice is an error until the author says which", "[civil]") {
  REQUIRE(said(run_at("2026-10-25 01:30"), autumn) ==
          "error: /timeline[run]/at: 2026-10-25 01:30 comes twice; write \"01:30 first\" or \"01:30 second\"");
  REQUIRE(started("2026-10-25 01:30 first", autumn) == "2026-10-25 00:30");
  REQUIRE(started("2026-10-25 01:30 second", autumn) == "2026-10-25 01:30");
  REQUIRE(started("next day 01:30 second", autumn) == "2026-10-25 01:30");
}

TEST_CASE("first and second mean nothing where a time comes once", "[civil]") {
  REQUIRE(said(run_at("2026-10-25 02:30 first"), autumn) ==
          "error: /timeline[run]/at: \"2026-10-25 02:30 first\": that time comes once; write it without \"first\"");
  REQUIRE(
      said(run_at("2026-10-25 01:30 second UTC"), autumn) ==
      "error: /timeline[run]/at: \"2026-10-25 01:30 second UTC\": that time comes once; write it without \"second\"");
}

TEST_CASE("a clock may begin and end in a repeated hour", "[civil]") {
  const std::string hour =
      R"("from": "2026-10-25 01:30 first", "until": "2026-10-25 01:30 second", "zone": "Europe/London")";
  const Story story(with_schedule(R"("cron": "0,15,30,45 * * * *", "clock-changes": "spring")"), 1, {}, hour);
  REQUIRE(story.told({RecordKind::due}) ==
          Lines{"01:30 first job due 01:30 first 0", "01:45 first job due 01:45 first 0",
                "01:00 second job due 01:00 second 0", "01:15 second job due 01:15 second 0"});
}

TEST_CASE("zone-rules pin the zone's rules; a wrong pin names both hashes", "[civil]") {
  const std::string rules = Story(run_at("2026-10-24 12:00"), 1, {}, autumn).compiled().zone_rules;
  REQUIRE(rules.size() == 16);
  REQUIRE(diagnostics_of(run_at("2026-10-24 12:00"), {}, pinned(rules)).empty());
  REQUIRE(said(run_at("2026-10-24 12:00"), pinned("0123456789abcdef")) ==
          "error: /clock/zone-rules: this machine's rules for Europe/London in the span are " + rules +
              ", not 0123456789abcdef; update its zone database, or the pin");
}

TEST_CASE("the rules of a job's own zone are part of a run's identity", "[civil]") {
  const auto identity = [](const std::string& zone) {
    const Story story(with_schedule(R"("cron": "0 1 * * *", "zone": ")" + zone + "\""), 1, {}, autumn);
    return story.compiled().scenario_hash;
  };
  REQUIRE(identity("Europe/Oslo") == identity("Europe/Oslo"));
  REQUIRE(identity("Europe/Oslo") != identity("Europe/Paris"));
  const Story story(with_schedule(R"("cron": "0 1 * * *", "zone": "Europe/Oslo")"), 1, {}, autumn);
  REQUIRE(story.compiled().zone_rules == Story(run_at("2026-10-24 12:00"), 1, {}, autumn).compiled().zone_rules);
}

TEST_CASE("BATCH-014: a zone that does not exist is an error, and none stands in a schedule", "[civil]") {
  REQUIRE(said(with_schedule(R"("cron": "0 1 * * *", "zone": "Europe/Olso")"), autumn) ==
          "error: /systems/job/zone: there is no zone \"Europe/Olso\"; did you mean \"Europe/Oslo\"?");
  REQUIRE(said(with_schedule(R"("cron": "TZ=Europe/Oslo 0 1 * * *")"), autumn) ==
          "error: /systems/job/cron: no zone stands in a schedule; write it under \"zone\"");
}

TEST_CASE("a mistake in a schedule is said at its character", "[civil]") {
  REQUIRE(diagnostics_of("\"items\": { \"thing\": {} }, \"systems\": { \"job\": { \"is\": \"job\",\n"
                         "  \"cron\": \"0 1,24 * * *\", \"does\": [] } }")
              .find("story:3:16: error: /systems/job/cron: hour 24 is outside 0-23; write a number from 0 to 23") !=
          std::string::npos);
  REQUIRE(said(with_schedule(R"("cron": "0 1 31 2 *")"), autumn) ==
          "error: /systems/job/cron: \"0 1 31 2 *\" names no day that ever comes; look at its day and month");
}

TEST_CASE("what the clock does to a schedule is said before anything runs", "[civil]") {
  const auto notes = [](const std::string& keys, const std::string& clock) {
    return Story(with_schedule(keys), 1, {}, clock).notes();
  };
  REQUIRE(notes(R"("cron": "30 1 * * *", "clock-changes": "kubernetes")", spring) ==
          Lines{"job: does not fire on 2026-03-29 at 01:30: the clock of Europe/London skips that time"});
  REQUIRE(notes(R"("cron": "*/15 * * * *")", spring) ==
          Lines{"job: does not fire on 2026-03-29 at 01:00 to 01:45: the clock of Europe/London skips that time"});
  REQUIRE(notes(R"("cron": "30 1 * * *", "clock-changes": "spring")", autumn) ==
          Lines{"job: fires twice on 2026-10-25 at 01:30: the clock of Europe/London shows that time twice"});
  REQUIRE(notes(R"("cron": "30 1 * * *", "clock-changes": "spring-5.2")", autumn).empty());
  REQUIRE(notes(R"("cron": "*/15 * * * *", "clock-changes": "spring")", autumn).empty());  // As often as elsewhere.
  REQUIRE(notes(R"("cron": "30 1 * * *", "zone": "UTC")", autumn).empty());
  REQUIRE(notes(R"("cron": "30 1 1 1 *")", autumn) == Lines{"job: its schedule does not fire before the clock ends"});
}

TEST_CASE("a time goes down to the nanosecond, as reports print it", "[civil]") {
  REQUIRE(started("2026-03-28 07:05:40.5", spring) == "2026-03-28 07:05:40.5");
  REQUIRE(started("2026-03-28 07:05:40.000000001 UTC", spring) == "2026-03-28 07:05:40.000000001");
  for (const char* text : {"2026-03-28 07:05:40.", "2026-03-28 07:05:40.x", "2026-03-28 07:05:40.0000000001",
                           "2026-03-28 07:05.5", "2026-03-28 07:05:40.-5"}) {
    INFO(text);
    REQUIRE(said(run_at(text), spring).find("is no time") != std::string::npos);
  }
}
