// Several schedulers, one lock: who runs, who skips, and what a crash or a wrong clock makes of it.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

constexpr std::initializer_list<RecordKind> runs = {RecordKind::run_started, RecordKind::run_ended,
                                                    RecordKind::run_skipped};

Story nightly(const std::string& keys, const std::string& work, const std::string& timeline = "",
              const std::string& more = "") {
  return Story(R"("timeline": [ )" + timeline + R"( ], "items": { "thing": {} },
    "systems": { "nightly": { "is": "job", )" +
               keys + R"(, "does": [ { "work": ")" + work + R"(" } ] })" + more + " }");
}

/// One job on two machines, each with a schedule and a clock of its own; that of `fast` is ahead.
Story two_machines(const std::string& ahead, const std::string& cron_fast, const std::string& cron_right,
                   const std::string& keys, const std::string& work) {
  const auto machine = [&](const std::string& name, const std::string& cron) {
    return "\"" + name + R"(": { "is": "job", "cron": ")" + cron + R"(", "lock": "daily", )" + keys +
           R"(, "does": [ { "work": ")" + work + R"(" } ] })";
  };
  return Story(R"("timeline": [ { "at": "00:00", "skew": "fast", "by": ")" + ahead + R"(" } ],
    "items": { "thing": {} }, "systems": { )" +
               machine("fast", cron_fast) + ", " + machine("right", cron_right) + " }");
}

}  // namespace

TEST_CASE("BATCH-023: three instances without a lock are three runs", "[job]") {
  REQUIRE(nightly(R"("cron": "0 1 * * *", "instances": 3)", "20 min").told({RecordKind::run_started}) ==
          Lines{"01:00 nightly run-started 0 0", "01:00 nightly run-started 1 1", "01:00 nightly run-started 2 2"});
}

TEST_CASE("BATCH-040: who finds the lock taken skips; he does not wait", "[job]") {
  REQUIRE(nightly(R"("cron": "0 1 * * *", "instances": 3, "lock": "nightly")", "20 min").told(runs) ==
          Lines{"01:00 nightly run-started 0 0", "01:00 nightly run-skipped 01:00 2",
                "01:00 nightly run-skipped 01:00 2", "01:20 nightly run-ended 0 1"});
}

TEST_CASE("BATCH-040: a run that outlasts its lock meets a second one, whose lock it does not free", "[job]") {
  REQUIRE(nightly(R"("cron": "0,15,22 1 * * *", "lock": "nightly", "lock-max": "10 min")", "20 min").told(runs) ==
          Lines{"01:00 nightly run-started 0 0", "01:15 nightly run-started 1 0", "01:20 nightly run-ended 0 1",
                "01:22 nightly run-skipped 01:22 2", "01:35 nightly run-ended 1 1"});
  REQUIRE(nightly(R"("cron": "0,15,22 1 * * *", "lock": "nightly")", "20 min").told(runs) ==
          Lines{"01:00 nightly run-started 0 0", "01:15 nightly run-skipped 01:15 2", "01:20 nightly run-ended 0 1",
                "01:22 nightly run-started 1 0", "01:42 nightly run-ended 1 1"});
}

TEST_CASE("BATCH-040: a lock is held for its least time, however short the run was", "[job]") {
  REQUIRE(nightly(R"("cron": "0,5,11 1 * * *", "lock": "nightly", "lock-min": "10 min")", "1 s").told(runs) ==
          Lines{"01:00 nightly run-started 0 0", "01:00:01 nightly run-ended 0 1", "01:05 nightly run-skipped 01:05 2",
                "01:11 nightly run-started 1 0", "01:11:01 nightly run-ended 1 1"});
}

TEST_CASE("BATCH-042: when the holder dies, nobody runs until the lock has run out", "[job]") {
  const std::string crash = R"({ "at": "01:05", "crash": "nightly", "restart": "1 min" })";
  // The other job gets the dead run's place in memory; its end must not free the lock.
  const std::string other = R"(, "other": { "is": "job", "cron": "10 1 * * *", "does": [ { "work": "1 min" } ] })";
  REQUIRE(nightly(R"("cron": "0,30 1,2 * * *", "lock": "nightly")", "20 min", crash, other).told(runs, "nightly") ==
          Lines{"01:00 nightly run-started 0 0", "01:05 nightly run-ended 0 0", "01:30 nightly run-skipped 01:30 2",
                "02:00 nightly run-started 1 0", "02:20 nightly run-ended 1 1", "02:30 nightly run-started 2 0",
                "02:50 nightly run-ended 2 1"});
}

TEST_CASE("BATCH-042: the firing of the run that died is lost: the next one is tomorrow's", "[job]") {
  const Story story(
      R"("timeline": [ { "at": "13:05", "crash": "daily", "restart": "1 min" } ], "items": { "thing": {} },
    "systems": { "daily": { "is": "job", "cron": "0 13 * * *", "lock": "daily", "missed": "once",
                            "does": [ { "work": "20 min" } ] } })",
      1, {}, R"("from": "2021-01-04 00:00", "until": "2021-01-06 00:00", "zone": "UTC")");
  REQUIRE(story.told(runs) == Lines{"13:00 daily run-started 0 0", "13:05 daily run-ended 0 0",
                                    "13:00 daily run-started 1 0", "13:20 daily run-ended 1 1"});
}

TEST_CASE("BATCH-041: clocks further apart than run and least lock time: one firing runs twice", "[job]") {
  const auto at_one = [](const std::string& ahead) {
    return two_machines(ahead, "0 13 * * *", "0 13 * * *", R"("lock-min": "10 s")", "1 s").told(runs);
  };
  REQUIRE(at_one("30 s") == Lines{"12:59:30 fast run-started 0 0", "12:59:31 fast run-ended 0 1",
                                  "13:00 right run-started 0 0", "13:00:01 right run-ended 0 1"});
  REQUIRE(at_one("5 s") ==
          Lines{"12:59:55 fast run-started 0 0", "12:59:56 fast run-ended 0 1", "13:00 right run-skipped 13:00 2"});
}

TEST_CASE("BATCH-041: by its own clock, a machine that is ahead takes a lock that another still holds", "[job]") {
  // Taken at 13:00 for an hour. At 13:15 it is 14:00 on the machine that is 45 minutes ahead.
  const auto by = [](const std::string& clock) {
    return two_machines("45 min", "0 14 * * *", "0 13 * * *", R"("lock-clock": ")" + clock + "\"", "50 min").told(runs);
  };
  REQUIRE(by("own") == Lines{"13:00 right run-started 0 0", "13:15 fast run-started 0 0", "13:50 right run-ended 0 1",
                             "14:05 fast run-ended 0 1"});
  REQUIRE(by("shared") ==
          Lines{"13:00 right run-started 0 0", "13:15 fast run-skipped 14:00 2", "13:50 right run-ended 0 1"});
}
