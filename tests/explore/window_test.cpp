// The window agrees with a grid of brute force, and its boundary is the end of the run that must not be cut off.

#include <algorithm>

#include "sim/explore/seed_windows.hpp"
#include "sim/explore/trial.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace premortem;

constexpr std::int64_t minute = 60'000'000'000;

/// At 02:00 a job takes 90 seconds to file the letter; a stop before 02:00 loses it.
LoadedScenario story(const std::string& takes = "90 s") {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(R"x({ "premortem": 1, "title": "a letter and a nightly job",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" },
    "timeline": [{ "id": "off", "at": "01:00", "set": { "toggle.open": false } }],
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "desk.take", "at": ["00:10"] } },
    "systems": { "toggle": { "is": "toggles", "open": true },
      "box": { "is": "documents", "collections": { "letters": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "does": [{ "insert": "box.letters" }] } } },
      "night": { "is": "job", "cron": "0 2 * * *", "does": [
        { "find": "box.letters", "as": "all" }, { "id": "read", "work": ")x" +
                                                    takes + R"x(" },
        { "each": "all", "only-if": "toggle.open", "finish": "filed" } ] } },
    "checks": { "filed": { "every": "letter", "ends": ["done"] } }, "expect": { "filed": "broken for 1" } })x",
                                                diagnostics);
  REQUIRE(root);
  auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  INFO(diagnostics.format("story.jsonc"));
  REQUIRE(loaded);
  return *loaded;
}

TEST_CASE("window: the toggle may go off from the end of the night's run on; a one-minute grid agrees", "[window]") {
  const LoadedScenario loaded = story();
  const std::int64_t begins = 1'609'718'400'000'000'000;
  WindowQuestion question;
  question.address = "timeline[off].at";
  question.from = begins;
  question.to = begins + 5 * 60 * minute;
  const WindowAnswer answer = find_window(loaded, {}, question);
  REQUIRE(answer.holds.size() == 1);
  const std::int64_t end_of_run = begins + 121 * minute + minute / 2;
  CHECK(answer.holds[0].low - end_of_run >= 0);
  CHECK(answer.holds[0].low - end_of_run <= 1);  // At the very instant the order of scheduling decides.
  CHECK(answer.holds[0].high == question.to);
  CHECK(answer.examined == answer.critical);
  CHECK(answer.refused == 0);
  for (std::int64_t at = question.from; at <= question.to; at += minute) {
    Diagnostics diagnostics;
    const auto scenario = compile_variant(
        loaded, {"as-happened", {}, {{question.address, window_value(question.varied, at)}}}, diagnostics);
    REQUIRE(scenario);
    CHECK((run_trial(*scenario, 1).check("filed")->verdict == CheckVerdict::holds) == (at >= answer.holds[0].low));
  }
}

TEST_CASE("window: over several seeds it is where all of them hold, and elsewhere it says for how many", "[window]") {
  const LoadedScenario loaded = story("exponential 90 s");
  const std::int64_t begins = 1'609'718'400'000'000'000;
  WindowQuestion question;
  question.address = "timeline[off].at";
  question.from = begins;
  question.to = begins + 5 * 60 * minute;
  std::vector<std::int64_t> lows;
  for (question.seed = 5; question.seed < 8; ++question.seed)
    lows.push_back(find_window(loaded, {}, question).holds.at(0).low);
  std::ranges::sort(lows);
  REQUIRE(lows[0] < lows[2]);
  question.seed = 5;
  const SeedWindows windows = find_seed_windows(loaded, {}, question, 3);
  CHECK(windows.holds == std::vector<WindowInterval>{{lows[2], question.to}});
  CHECK(windows.shares == std::vector<WindowShare>{{question.from, lows[0] - 1, 0},
                                                   {lows[0], lows[1] - 1, 1},
                                                   {lows[1], lows[2] - 1, 2},
                                                   {lows[2], question.to, 3}});
}

TEST_CASE("window: seeds of which one begins where another ends make one stretch", "[window]") {
  const auto window = [](std::vector<WindowInterval> holds) {
    WindowAnswer answer;
    answer.holds = std::move(holds);
    answer.runs = 7;
    return answer;
  };
  const SeedWindows windows = laid_over({window({{2, 4}, {9, 10}}), window({{5, 10}}), window({})}, 1, 10);
  CHECK(windows.holds.empty());
  CHECK(windows.shares == std::vector<WindowShare>{{1, 1, 0}, {2, 8, 1}, {9, 10, 2}});
  CHECK(windows.sums.runs == 21);
  CHECK(laid_over({window({{1, 10}})}, 1, 10).holds == std::vector<WindowInterval>{{1, 10}});
}

}  // namespace
