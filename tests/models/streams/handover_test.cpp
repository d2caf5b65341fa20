// Handing over from one group to another, and writing so that a repetition does no harm.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

/// A thing every second from 00:59:50 to 01:00:10; the old group hands over to the new one.
Story handover(const std::string& old_takes, const std::string& new_takes, const std::string& skew) {
  std::string at;
  for (int n = 0; n <= 20; ++n) {
    const std::string second = std::to_string(100 + (50 + n) % 60).substr(1);
    at += std::string(n == 0 ? "" : ", ") + "\"" + (n < 10 ? "00:59:" : "01:00:") + second + "\"";
  }
  return Story(R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": [)" +
               at + R"(] } },
    "timeline": [ { "at": "00:10", )" +
               skew + R"( } ],
    "systems": { "events": { "is": "log", "of": "thing" },
      "old": { "is": "stream", "reads": "events", "does": [ { "filter": ")" +
               old_takes + R"(" }, { "finish": "ok" } ] },
      "new": { "is": "stream", "reads": "events", "does": [ { "filter": ")" +
               new_takes + R"(" }, { "finish": "ok" } ] } })");
}
constexpr const char* before = "now < time('2021-01-04 01:00')";
constexpr const char* after = "now >= time('2021-01-04 01:00')";

}  // namespace

TEST_CASE("STRAT-004, KAFKA-078: a handover by time loses or repeats as much as two clocks differ", "[stream]") {
  REQUIRE(handover(before, after, R"("notice": "clocks are right")").count("thing", Fate::done) == 21);
  const Story ahead = handover(before, after, R"("skew": "new", "by": "5 s")");
  REQUIRE(ahead.count("thing", Fate::duplicated) == 5);  // 00:59:55 to 00:59:59.
  const Story behind = handover(before, after, R"("skew": "old", "by": "5 s")");
  REQUIRE(behind.count("thing", Fate::lost) == 5);
  REQUIRE(behind.count("thing", Fate::done) == 16);
}

TEST_CASE("STRAT-004, KAFKA-079: a handover by something in the event itself is exact, whatever clocks say",
          "[stream]") {
  REQUIRE(handover("it.id < 11", "it.id >= 11", R"("skew": "new", "by": "5 s")").count("thing", Fate::done) == 21);
}

TEST_CASE("STRAT-030: to set a state again does no harm, unless an older one comes after a newer", "[stream]") {
  const auto state = [](const std::string& guard, const std::string& again) {
    const Story story(R"("items": { "report": { "fields": { "version": "int" }, "done": "ok", "may-repeat": true } },
      "timeline": [ { "at": "01:00", "send": "report", "to": "events", "with": { "version": "1" } },
                    { "at": "02:00", "send": "report", "to": "events", "with": { "version": "2" } },
                    { "at": "03:00", "replay": "events", "through": "writer", "only": ")" +
                      again + R"(" } ],
      "systems": { "events": { "is": "log", "of": "report" },
        "writer": { "is": "stream", "reads": "events", "does": [ { "update": "db.states", "where": "name == 'x')" +
                      guard + R"(",
          "with": { "version": "it.version" } }, { "finish": "ok" } ] },
        "db": { "is": "documents", "collections": { "states": { "fields": { "name": "string", "version": "int" },
          "holds": [ { "name": "x", "version": 0 } ] } } } },
      "checks": { "newest-wins": { "at": "04:00", "that": "count(db.states, version == 2) == 1" } })");
    return story.check("newest-wins").verdict;
  };
  REQUIRE(state("", "it.id == 2") == CheckVerdict::holds);
  REQUIRE(state("", "it.id == 1") == CheckVerdict::broken);
  REQUIRE(state(" && version < it.version", "it.id == 1") == CheckVerdict::holds);
}
