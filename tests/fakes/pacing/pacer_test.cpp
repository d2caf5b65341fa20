// Simulated time by the wall clock, and as fast as the programs outside allow. Nothing here depends on how long
// anything takes.

#include "fakes/pacing/pacer.hpp"

#include "sim/compare/runner.hpp"
#include "sim/models/machine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::fakes;
using premortem::testing::Story;

namespace {

/// Ten firings in a day.
const char* const jobs = R"("items": {"job": {"done": "ended"}},
  "systems": {"cron": {"is": "job", "cron": "0 0-9 * * *", "does": [{"send": "job", "to": "queue"}]},
              "queue": {"is": "queue", "of": "job"},
              "worker": {"is": "consumer", "reads": "queue", "does": [{"work": "20 min"}, {"finish": "ended"}]}})";

/// Says what it is told to say, so many times.
class Scripted final : public Outside {
 public:
  State state(std::string& why) const override {
    ++asked;
    if (asked <= for_so_long) {
      why = "consumer 2: delivery 17 unacknowledged";
      return first;
    }
    return State::idle;
  }
  std::int64_t last_traffic() const override { return 0; }

  State first = State::idle;
  int for_so_long = 0;
  mutable int asked = 0;
};

struct Drive {
  boost::asio::io_context io;
  Scripted outside;
  std::vector<std::string> said;
  Pace pace;

  RunResult run(const CompiledScenario& scenario, const std::function<void(Pacer&)>& before = nullptr) {
    Pacer pacer(io, pace, outside, [this](const std::string& line) { said.push_back(line); });
    if (before) before(pacer);
    RunOptions how;
    how.driver = &pacer;
    return run_scenario(scenario, how);
  }
};

}  // namespace

TEST_CASE("however fast time goes, the run is the same", "[fakes][pacing]") {
  const Story story(jobs);
  const std::string digest = run_scenario(story.compiled(), RunOptions{}).digest;
  Drive drive;
  SECTION("as fast as nobody minds") { drive.pace.speed = 0; }
  SECTION("a day in some milliseconds") { drive.pace.speed = 1e7; }
  REQUIRE(drive.run(story.compiled()).digest == digest);
  REQUIRE(drive.said.empty());
}

TEST_CASE("time waits for whoever owes something, and for whoever has yet to come", "[fakes][pacing]") {
  const Story story(jobs);
  Drive drive;
  drive.pace.speed = 0;
  drive.outside.for_so_long = 3;
  SECTION("busy") { drive.outside.first = Outside::State::busy; }
  SECTION("absent") {
    drive.outside.first = Outside::State::absent;
    drive.pace.patience = 0;  // There is none with whoever is not there.
  }
  REQUIRE(drive.run(story.compiled()).digest == run_scenario(story.compiled(), RunOptions{}).digest);
  REQUIRE(drive.outside.asked > 3);
  REQUIRE(drive.said.empty());
}

TEST_CASE("whoever keeps time from going on for too long is named, and time goes on", "[fakes][pacing]") {
  const Story story(jobs);
  Drive drive;
  drive.pace.speed = 0;
  drive.pace.patience = 0;
  drive.outside.first = Outside::State::busy;
  drive.outside.for_so_long = INT32_MAX;
  const RunResult result = drive.run(story.compiled());
  REQUIRE(result.digest == run_scenario(story.compiled(), RunOptions{}).digest);
  REQUIRE_FALSE(drive.said.empty());
  REQUIRE(drive.said.front() == "time goes on, though it waits for consumer 2: delivery 17 unacknowledged since 0 s");
}

TEST_CASE("a stop ends the run where it stands", "[fakes][pacing]") {
  const Story story(jobs);
  Drive drive;
  drive.pace.speed = 0;
  const RunResult result = drive.run(story.compiled(), [](Pacer& pacer) { pacer.stop(); });
  REQUIRE(result.fates.at(0).arrived == 1);  // At midnight, the very first instant.
  REQUIRE(result.fates.at(0)[Fate::done] == 0);
}
