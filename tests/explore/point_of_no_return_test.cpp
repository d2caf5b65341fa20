// A remedy helps until an instant that can be worked out by hand, for the check and for each item.

#include "sim/explore/point_of_no_return.hpp"

#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace premortem;

constexpr std::int64_t second = 1'000'000'000, minute = 60 * second, hour = 60 * minute;
constexpr std::int64_t begins = 1'609'718'400'000'000'000;  // 2021-01-04 00:00 UTC

/// Two letters, due after two hours; the job that files them, in 90 seconds, never runs by itself.
LoadedScenario story(const std::string& remedies) {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(R"x({ "premortem": 1, "title": "two letters and a job that is off",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" },
    "items": { "letter": { "done": "filed", "due": "2 h" } },
    "arrivals": { "post": { "item": "letter", "into": "desk.take", "at": ["00:10", "00:40"] } },
    "systems": {
      "box": { "is": "documents", "collections": { "letters": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "does": [{ "insert": "box.letters" }] },
        "stamp": { "does": [{ "finish": "filed" }] } } },
      "clerk": { "is": "job", "does": [
        { "find": "box.letters", "as": "all" }, { "work": "90 s" }, { "each": "all", "finish": "filed" } ] } },
    "remedies": )x" + remedies + R"x(,
    "checks": { "filed": { "every": "letter", "finishes-within": "due" },
                "once": { "no": "letter", "ends": ["duplicated"] } }, "expect": { "filed": "broken for 2" } })x",
                                                diagnostics);
  REQUIRE(root);
  auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  if (loaded) check_all_variants(*loaded, diagnostics);
  INFO(diagnostics.format("story.jsonc"));
  REQUIRE(diagnostics.ok());
  return *loaded;
}

/// Two letters that nobody ever files, and between them the command that a job sends, which nobody obeys.
LoadedScenario story_of_kinds() {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(R"x({ "premortem": 1, "title": "two letters and a command",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" },
    "items": { "letter": { "due": "2 h" }, "command": { "due": "2 h" } },
    "arrivals": { "post": { "item": "letter", "into": "letters", "at": ["00:10", "00:40"] } },
    "systems": { "letters": { "is": "queue", "of": "letter" }, "commands": { "is": "queue", "of": "command" },
      "daily": { "is": "job", "cron": "20 0 * * *", "does": [{ "send": "command", "to": "commands" }] } },
    "remedies": { "hold": { "pause": "daily" } },
    "checks": { "filed": { "every": "letter", "finishes-within": "due" },
                "obeyed": { "every": "command", "finishes-within": "due" } },
    "expect": { "filed": "broken for 2", "obeyed": "broken for 1" } })x",
                                                diagnostics);
  REQUIRE(root);
  auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  if (loaded) check_all_variants(*loaded, diagnostics);
  INFO(diagnostics.format("story.jsonc"));
  REQUIRE(diagnostics.ok());
  return *loaded;
}

RemedyQuestion asked(const std::string& remedy) {
  RemedyQuestion question;
  question.remedy = remedy;
  question.from = begins;
  question.to = begins + 6 * hour - 1;
  return question;
}

TEST_CASE("a remedy helps until the job's 90 seconds no longer end within two hours of the arrival", "[remedy]") {
  const LoadedScenario loaded = story(R"({ "by-hand": { "run": "clerk" } })");
  const RemedyLimits limits = find_remedy_limits(loaded, {}, asked("by-hand"));
  REQUIRE(limits.checks.size() == 1);
  const CheckLimit& filed = limits.checks[0];
  const std::int64_t first = begins + 2 * hour + 8 * minute + 30 * second, last = first + 30 * minute;
  REQUIRE(filed.holds.size() == 1);
  const std::int64_t second_letter = begins + 40 * minute;
  CHECK(filed.holds[0].low - second_letter >= 0);
  CHECK(filed.holds[0].low - second_letter <= 1);  // At the very instant the order of scheduling decides.
  CHECK(filed.holds[0].high == first);
  CHECK(filed.open.empty());
  CHECK(filed.broken_instead.empty());
  REQUIRE(filed.items.size() == 2);
  CHECK(filed.items[0].item == "letter 1");
  CHECK(filed.items[0].saved == first);
  CHECK(filed.items[0].certified());
  CHECK(filed.items[1].item == "letter 2");
  CHECK(filed.items[1].saved == last);
  CHECK(filed.items[1].certified());
  CHECK(limits.complete);
}

TEST_CASE("an item that the remedy itself brings about is none of the old ones", "[remedy]") {
  const LoadedScenario loaded = story(R"({ "new-letter": { "send": "letter", "to": "desk.stamp" } })");
  const RemedyLimits limits = find_remedy_limits(loaded, {}, asked("new-letter"));
  REQUIRE(limits.checks.size() == 1);
  CHECK(limits.checks[0].holds.empty());
  REQUIRE(limits.checks[0].items.size() == 2);
  for (const ItemLimit& item : limits.checks[0].items) CHECK(!item.saved);  // Before 00:10 the new one is "letter 1".
}

TEST_CASE("a remedy that repeats what is done anyway says which check it breaks", "[remedy]") {
  const LoadedScenario loaded = story(R"({ "by-hand": { "run": "clerk" } })");
  const Variant too_late{"as-happened", {}, {{"clerk.cron", "0 3 * * *"}}};  // Files both, after their two hours.
  const CheckLimit filed = find_remedy_limits(loaded, too_late, asked("by-hand")).checks.at(0);
  CHECK(filed.check == "filed");
  CHECK(filed.items.size() == 2);
  CHECK(filed.broken_instead == std::vector<std::string>{"once"});
  RemedyQuestion question = asked("by-hand");
  question.check = "once";
  const RemedyLimits limits = find_remedy_limits(loaded, too_late, question);
  CHECK(!limits.checks.at(0).broken);  // Nothing to save.
  CHECK(limits.runs == 1);
}

TEST_CASE("what a remedy keeps from arriving is not saved, and is mistaken for no other item", "[remedy]") {
  const RemedyLimits limits = find_remedy_limits(story_of_kinds(), {}, asked("hold"));
  REQUIRE(limits.checks.size() == 2);
  REQUIRE(limits.checks[0].items.size() == 2);
  for (const ItemLimit& letter : limits.checks[0].items) CHECK(!letter.saved);
  REQUIRE(limits.checks[1].items.size() == 1);
  CHECK(limits.checks[1].items[0].item == "command 1");
  CHECK(!limits.checks[1].items[0].saved);  // Held before 00:20, no command is sent.
}

TEST_CASE("an item that is spared to the end of what was asked has no certified last instant", "[remedy]") {
  RemedyQuestion question = asked("by-hand");
  question.to = begins + hour;
  const RemedyLimits limits = find_remedy_limits(story(R"({ "by-hand": { "run": "clerk" } })"), {}, question);
  for (const ItemLimit& letter : limits.checks.at(0).items) {
    CHECK(letter.saved == question.to);
    CHECK(!letter.beyond);
    CHECK(!letter.certified());
  }
}

TEST_CASE("stopped, the search tells what its runs until then have shown", "[remedy]") {
  const LoadedScenario loaded = story(R"({ "by-hand": { "run": "clerk" } })");
  RemedyQuestion question = asked("by-hand");
  question.go_on = [](std::uint64_t runs) { return runs < 9; };
  const RemedyLimits limits = find_remedy_limits(loaded, {}, question);
  CHECK(!limits.complete);
  CHECK(limits.runs == 9);
  REQUIRE(limits.checks.size() == 1);
  REQUIRE(limits.checks[0].items.size() == 2);
  CHECK(limits.checks[0].items[0].saved);
  CHECK(!limits.checks[0].items[0].certified());
}

}  // namespace
