#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

/// Things lie in a box from 02:07 on; somebody takes them out at 03:00, and more come at 04:03.
std::string body(const std::string& monitor, const std::string& timeline = "") {
  return R"("items": { "thing": { "done": "ok", "due": "1 h" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["02:07", "04:03"] } },
    "timeline": [ { "at": "01:00", "stop": "clerk" }, { "at": "03:00", "start": "clerk" }, { "at": "03:30", "stop": "clerk" })" +
         timeline + R"( ],
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "does": [ { "finish": "ok" } ] },
                 "alarm": { "is": "monitor", "when": "box.ready > 0", "notice": "the box fills", )" +
         monitor + " } }";
}
Lines noticed(const std::string& monitor, const std::string& timeline = "") {
  return Story(body(monitor, timeline)).told({RecordKind::noticed});
}

}  // namespace

TEST_CASE("PROP-060: a monitor sees at its next look, and fires once", "[monitor]") {
  REQUIRE(noticed(R"("every": "1 min")") == Lines{"02:07 alarm noticed the box fills"});
  REQUIRE(noticed(R"("every": "10 min")") == Lines{"02:10 alarm noticed the box fills"});
  REQUIRE(noticed(R"("every": "2 h")") ==
          Lines{"06:00 alarm noticed the box fills"});  // Between looks it sees nothing.
}

TEST_CASE("PROP-060: a condition must last from one look to another", "[monitor]") {
  REQUIRE(noticed(R"("every": "10 min", "for": "15 min")") == Lines{"02:30 alarm noticed the box fills"});
  // One hour is more than it lasts the first time: from 04:10 on it begins again.
  REQUIRE(noticed(R"("every": "10 min", "for": "1 h")") == Lines{"05:10 alarm noticed the box fills"});
}

TEST_CASE("a monitor that is stopped or paused sees nothing, and what it does not see does not last", "[monitor]") {
  REQUIRE(noticed(R"("every": "10 min", "on": false)").empty());
  REQUIRE(noticed(R"("every": "10 min")", R"(, { "at": "01:00", "stop": "alarm" })").empty());
  REQUIRE(noticed(R"("every": "10 min", "for": "30 min")",
                  R"(, { "at": "02:15", "pause": "alarm" }, { "at": "02:45", "resume": "alarm" })") ==
          Lines{"04:40 alarm noticed the box fills"});
}

TEST_CASE("PROP-060: detection is from the arrival of the first item that was not done in time to the first notice",
          "[monitor]") {
  const Story story(body(R"("every": "10 min")") +
                    R"(, "checks": { "soon": { "measure": "detection", "below": "2 min" },
    "at-all": { "measure": "detection", "below": "4 min" } })");
  REQUIRE(story.count("thing", Fate::stuck) == 1);
  REQUIRE(story.check("soon").verdict != CheckVerdict::holds);
  const Story first(R"(
    "items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["02:07", "04:03"] } },
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "does": [ { "filter": "false" } ] },
                 "alarm": { "is": "monitor", "when": "count(thing, !held) > 0", "every": "10 min" } },
    "checks": { "soon": { "measure": "detection", "below": "3 min" }, "sooner": { "measure": "detection", "below": "2 min" } })");
  // Lost at 02:07, seen at 02:10: three minutes, which is not below three.
  REQUIRE(first.count("thing", Fate::lost) == 2);
  REQUIRE(first.check("soon").verdict == CheckVerdict::broken);
  REQUIRE(first.check("sooner").verdict == CheckVerdict::broken);
}

TEST_CASE("PROP-060: without an alarm nobody notices: no bound on detection is kept", "[monitor]") {
  const Story story(R"(
    "items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": "02:07" } },
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "does": [ { "filter": "false" } ] } },
    "checks": { "soon": { "measure": "detection", "below": "1 h" } })");
  REQUIRE(story.check("soon").verdict == CheckVerdict::broken);
}

TEST_CASE("a monitor that looks all the time is an error", "[monitor]") {
  REQUIRE(diagnostics_of(body(R"("every": "0 s")")).find("a monitor that looks all the time stops the clock") !=
          std::string::npos);
}

TEST_CASE("a monitor that is set to look all the time is an error", "[monitor]") {
  const auto set_to = [](const std::string& every) {
    return diagnostics_of(R"("items": { "thing": { "done": "ok" } },
      "arrivals": { "things": { "item": "thing", "into": "box", "at": "02:07" } },
      "timeline": [ { "at": "01:00", "set": { "alarm.every": ")" +
                          every + R"(" } } ],
      "systems": { "box": { "is": "queue", "of": "thing" }, "alarm": { "is": "monitor", "when": "box.ready > 9" } })");
  };
  REQUIRE(set_to("0 s").find("a monitor that looks all the time stops the clock") != std::string::npos);
  REQUIRE(set_to("1 s").empty());
}

TEST_CASE("a monitor that only looks saves nothing: what nothing will ever move is stuck with it too", "[monitor]") {
  const auto left = [](const std::string& more) {
    return Story(R"("items": { "thing": { "done": "ok" } },
      "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:00", "02:00"] } },
      "systems": { "box": { "is": "queue", "of": "thing" })" +
                 more + " }")
        .count("thing", Fate::stuck);
  };
  REQUIRE(left("") == 2);
  REQUIRE(left(R"(, "alarm": { "is": "monitor", "when": "box.ready > 100" })") == 2);
}
