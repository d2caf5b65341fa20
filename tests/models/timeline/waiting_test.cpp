// When an entry's turn comes: times, offsets, ranges, after, wait-for, only-if.

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

std::string body(const std::string& timeline) {
  return R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["02:00", "04:00"] } },
    "timeline": [ )" +
         timeline + R"( ],
    "systems": { "valve": { "is": "toggles", "open": false, "level": 0 }, "box": { "is": "queue", "of": "thing" },
                 "alarm": { "is": "monitor", "when": "box.ready > 0", "every": "10 min", "notice": "something came" } })";
}
/// "01:30 b": what came off or was skipped, in order.
Lines steps(const std::string& timeline, std::uint64_t seed = 1) {
  Lines short_lines;
  for (const std::string& line : Story(body(timeline), seed).told({RecordKind::step_done, RecordKind::step_skipped})) {
    std::string one = line;
    for (const std::string& word : {std::string(" timeline step-done"), std::string(" timeline step")}) {
      const std::size_t at = one.find(word);
      if (at != std::string::npos) one.erase(at, word.size());
    }
    short_lines.push_back(one);
  }
  return short_lines;
}
std::string entry(const std::string& id, const std::string& keys) {
  return R"({ "id": ")" + id + R"(", "set": { "valve.level": 1 })" + (keys.empty() ? "" : ", ") + keys + " }";
}

}  // namespace

TEST_CASE("a time of day is on the day of the entry above; an offset counts from the entry above", "[timeline]") {
  REQUIRE(steps(entry("a", R"("at": "01:00")") + "," + entry("b", R"("at": "+90 min")") + "," +
                entry("c", R"("at": "+1 h")")) == Lines{"01:00 a", "02:30 b", "03:30 c"});
}

TEST_CASE("after: not before it has happened, and the offset counts from there", "[timeline]") {
  REQUIRE(steps(entry("a", R"("at": "01:00")") + "," + entry("b", R"("at": "05:00")") + "," +
                entry("c", R"("after": "a", "at": "+30 min")") + "," + entry("d", R"("after": "a")")) ==
          Lines{"01:00 a", "01:00 d", "01:30 c", "05:00 b"});
}

TEST_CASE("after with a time: whichever is later", "[timeline]") {
  REQUIRE(steps(entry("a", R"("at": "03:00")") + "," + entry("b", R"("after": "a", "at": "02:00")") + "," +
                entry("c", R"("after": "a", "at": "04:00")")) == Lines{"03:00 a", "03:00 b", "04:00 c"});
}

TEST_CASE("only-if skips, and the skipping passes on along after", "[timeline]") {
  REQUIRE(steps(entry("a", R"("at": "01:00", "only-if": "valve.open")") + "," +
                entry("b", R"("after": "a", "at": "+1 h")") + "," + entry("c", R"("after": "b", "at": "06:00")") + "," +
                entry("d", R"("at": "07:00")")) ==
          Lines{"01:00-skipped a 0", "01:00-skipped b 1", "01:00-skipped c 1", "07:00 d"});
}

TEST_CASE("wait-for holds back until the condition is true, at the instant at which it becomes so", "[timeline]") {
  REQUIRE(steps(entry("a", R"("at": "01:00", "wait-for": "box.ready >= 2")") + "," +
                entry("b", R"("after": "a", "at": "+1 h")")) == Lines{"04:00 a", "05:00 b"});
  REQUIRE(steps(entry("a", R"("at": "05:00", "wait-for": "box.ready >= 2")")) == Lines{"05:00 a"});
}

TEST_CASE("wait-for that reads the clock is looked at again every minute", "[timeline]") {
  REQUIRE(steps(entry("a", R"x("at": "01:00", "wait-for": "now >= time('2021-01-04 02:30:30')")x")) ==
          Lines{"02:31 a"});
}

TEST_CASE("wait-for and only-if: first it waits, then it looks whether it shall", "[timeline]") {
  const std::string opened = R"({ "id": "open", "at": "03:00", "set": { "valve.open": true } },)";
  REQUIRE(steps(opened + entry("a", R"("at": "01:00", "wait-for": "box.ready >= 1", "only-if": "valve.open")")) ==
          Lines{"02:00-skipped a 0", "03:00 open"});
  REQUIRE(steps(opened + entry("a", R"("at": "01:00", "wait-for": "box.ready >= 2", "only-if": "valve.open")")) ==
          Lines{"03:00 open", "04:00 a"});
}

TEST_CASE("after a monitor: when it has fired for the first time", "[timeline]") {
  // Things come at 02:00; the alarm looks every ten minutes from midnight on and finds one at once.
  REQUIRE(steps(entry("a", R"("after": "alarm", "at": "+2 h")") + "," +
                entry("b", R"("after": "alarm", "at": "03:00")")) == Lines{"03:00 b", "04:00 a"});
}

TEST_CASE("an entry that never came off is not done: what it waits for never happened", "[timeline]") {
  REQUIRE(steps(entry("a", R"("at": "01:00", "wait-for": "box.ready > 99")") + "," + entry("b", R"("after": "a")"))
              .empty());
}

TEST_CASE("a human delay is a range: an instant in it, drawn by the entry's name", "[timeline]") {
  const auto instant = [](const std::string& above, std::uint64_t seed) {
    return steps(above + entry("late", R"("at": "10:00 .. 11:00")"), seed).back();
  };
  const std::string nothing, another = R"({ "id": "other", "at": "00:10 .. 00:20", "set": { "valve.open": true } },)";
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string at = instant(nothing, seed);
    REQUIRE(at >= "10:00");
    REQUIRE(at < "11:00");
    REQUIRE(instant(another, seed) == at);  // Other entries change nobody's luck.
    seen.insert(at);
  }
  REQUIRE(seen.size() > 10);
  const std::string offset =
      steps(entry("a", R"("at": "01:00")") + "," + entry("b", R"("at": "+10 min .. 45 min")")).back();
  REQUIRE(offset >= "01:10");
  REQUIRE(offset < "01:45");
}

TEST_CASE("a range needs a name, and an entry cannot come after itself or nobody", "[timeline]") {
  REQUIRE(
      diagnostics_of(body(R"({ "at": "01:00 .. 02:00", "set": { "valve.open": true } })")).find("needs an \"id\"") !=
      std::string::npos);
  REQUIRE(diagnostics_of(body(entry("a", R"("after": "a")"))).find("comes after itself") != std::string::npos);
  REQUIRE(diagnostics_of(body(entry("a", R"("after": "alram")"))).find("did you mean \"alarm\"?") != std::string::npos);
  REQUIRE(diagnostics_of(body(entry("a", R"("at": "+1 h")"))).find("there is none; write a time") != std::string::npos);
}

TEST_CASE("who waits by the clock in a handler waits once, and for nothing more when it goes on", "[waiting]") {
  const auto packing = [](const std::string& timeline) {
    return Story(R"x("items": { "thing": { "done": "packed" } },
      "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:00:30", "01:50"] } },
      "timeline": [ )x" +
                 timeline + R"x( ],
      "systems": { "box": { "is": "queue", "of": "thing" },
        "packer": { "is": "consumer", "reads": "box",
          "does": [ { "wait-for": "it.age > duration('5 min')", "finish": "packed" } ] } })x")
        .finished();
  };
  REQUIRE(packing("") == Lines{"01:06:30 packer finished thing 1 packed", "01:56 packer finished thing 2 packed"});
  // A crash in the middle of the wait leaves nothing of it behind.
  REQUIRE(packing(R"({ "at": "01:03", "crash": "packer", "restart": "10 s" })") ==
          Lines{"01:06:10 packer finished thing 1 packed", "01:56 packer finished thing 2 packed"});
}
