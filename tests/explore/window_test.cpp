// The window agrees with a grid of brute force, and its boundary is the end of the run that must not be cut off.

#include <algorithm>
#include <cstdlib>
#include <map>

#include "sim/explore/seed_windows.hpp"
#include "sim/explore/trial.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace premortem;

constexpr std::int64_t minute = 60'000'000'000;

constexpr std::int64_t midnight = 1'609'718'400'000'000'000;  // 2021-01-04 00:00 UTC

LoadedScenario loaded_from(const std::string& text) {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  REQUIRE(root);
  auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  INFO(diagnostics.format("story.jsonc"));
  REQUIRE(loaded);
  return *loaded;
}

/// At 02:00 a job takes 90 seconds to file the letter; a stop before its end loses it.
LoadedScenario story(const std::string& takes = "90 s", const std::string& more = "") {
  return loaded_from(R"x({ "premortem": 1, "title": "a letter and a nightly job",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" },
    "timeline": [{ "id": "off", "at": "01:00", "set": { "toggle.open": false } })x" +
                     more + R"x(],
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "desk.take", "at": ["00:10"] } },
    "systems": { "toggle": { "is": "toggles", "open": true },
      "box": { "is": "documents", "collections": { "letters": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "does": [{ "insert": "box.letters" }] } } },
      "night": { "is": "job", "cron": "0 2 * * *", "does": [
        { "find": "box.letters", "as": "all" }, { "id": "read", "work": ")x" +
                     takes + R"x(" },
        { "each": "all", "only-if": "toggle.open", "finish": "filed" } ] } },
    "checks": { "filed": { "every": "letter", "ends": ["done"] } }, "expect": { "filed": "broken for 1" } })x");
}

WindowQuestion asked(const std::string& address, Varied varied, std::int64_t from, std::int64_t to) {
  WindowQuestion question;
  question.address = address;
  question.varied = varied;
  question.from = from;
  question.to = to;
  return question;
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

TEST_CASE("window: what is put right again is safe before it and after the run: two intervals", "[window]") {
  const LoadedScenario loaded = story("90 s", R"(, { "at": "01:30", "set": { "toggle.open": true } })");
  const WindowAnswer answer =
      find_window(loaded, {}, asked("timeline[off].at", Varied::instant, midnight, midnight + 5 * 60 * minute));
  const std::int64_t end_of_run = midnight + 121 * minute + minute / 2;
  REQUIRE(answer.holds.size() == 2);
  CHECK(answer.holds[0] ==
        WindowInterval{midnight, midnight + 90 * minute});  // At 01:30 the list decides: off, then on.
  CHECK(answer.holds[1].low - end_of_run >= 0);
  CHECK(answer.holds[1].low - end_of_run <= 1);
  CHECK(answer.holds[1].high == midnight + 5 * 60 * minute);
  CHECK(answer.open.empty());
}

TEST_CASE("window: a duration may be as long as the job has until the toggle goes off", "[window]") {
  const Variant at_0201{"as-happened", {}, {{"timeline[off].at", "02:01"}}};
  const WindowAnswer answer =
      find_window(story(), at_0201, asked("night.does[read].work", Varied::duration, 0, 5 * minute));
  REQUIRE(answer.holds.size() == 1);
  CHECK(answer.holds[0].low == 0);
  CHECK(minute - answer.holds[0].high >= 0);
  CHECK(minute - answer.holds[0].high <= 1);
  CHECK(answer.critical == 0);
}

TEST_CASE("window: a count is run at every value, and what the language refuses fails", "[window]") {
  // Three pieces at once, ten seconds each, due after 25: one worker is late with the third.
  const LoadedScenario loaded = loaded_from(R"x({ "premortem": 1, "title": "three pieces of work",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 01:00", "zone": "UTC" },
    "items": { "piece": { "due": "25 s" } },
    "arrivals": { "three": { "item": "piece", "into": "bench", "at": ["00:10", "00:10", "00:10"] } },
    "systems": { "bench": { "is": "queue", "of": "piece" },
      "hands": { "is": "consumer", "reads": "bench", "workers": 1, "does": [{ "work": "10 s" }, { "finish": "done" }] } },
    "checks": { "in-time": { "every": "piece", "finishes-within": "due" } } })x");
  const WindowAnswer answer = find_window(loaded, {}, asked("hands.workers", Varied::count, 1, 6));
  CHECK(answer.holds == std::vector<WindowInterval>{{2, 6}});
  CHECK(answer.runs == 6);
  CHECK(answer.refused == 0);
  const WindowAnswer large = find_window(loaded, {}, asked("hands.workers", Varied::count, 99'998, 100'003));
  CHECK(large.holds == std::vector<WindowInterval>{{99'998, 100'000}});
  CHECK(large.refused == 3);
}

TEST_CASE("window: values that runs_max left out are counted", "[window]") {
  WindowQuestion question = asked("night.instances", Varied::count, 2, 7);
  question.runs_max = 3;
  const WindowAnswer answer = find_window(story(), {}, question);
  CHECK(answer.runs == 3);
  CHECK(answer.left_out == 3);  // Run were 2, 7 and 3.
  question.runs_max = 1000;
  CHECK(find_window(story(), {}, question).left_out == 0);
  CHECK(find_window(story(), {}, asked("night.does[read].work", Varied::duration, 0, 640)).left_out == 0);
}

TEST_CASE("window: arrivals are critical instants when asked for", "[window]") {
  WindowQuestion question = asked("timeline[off].at", Varied::instant, midnight, midnight + 5 * 60 * minute);
  const WindowAnswer without = find_window(story(), {}, question);
  question.arrivals = true;
  const WindowAnswer with = find_window(story(), {}, question);
  CHECK(with.critical == without.critical + 1);
  CHECK(with.holds == without.holds);
}

TEST_CASE("window: stopped, it tells between which values a boundary must be", "[window]") {
  WindowQuestion question = asked("timeline[off].at", Varied::instant, midnight, midnight + 5 * 60 * minute);
  question.go_on = [](std::uint64_t runs) { return runs < 2; };
  const WindowAnswer answer = find_window(story(), {}, question);
  CHECK(!answer.complete);
  CHECK(answer.runs == 2);
  CHECK(answer.holds == std::vector<WindowInterval>{{question.to, question.to}});
  CHECK(answer.open == std::vector<WindowGap>{{question.from, question.to}});
}

TEST_CASE("window: ESR's commands must be as far apart as the longest of their transactions takes", "[window]") {
  const LoadedScenario loaded = testing::scenario_file(testing::esr);
  WindowQuestion question = asked("daily.does[send].gap", Varied::duration, 0, 10'000'000'000);
  question.check = "exports-finish";
  const WindowAnswer answer = find_window(loaded, {}, question);
  REQUIRE(answer.holds.size() == 1);
  CHECK(answer.holds[0].high == question.to);
  // At that gap the next transaction begins as the longest one ends, and no two are open at once.
  Diagnostics diagnostics;
  const std::string gap = window_value(Varied::duration, answer.holds[0].low);
  const auto scenario = compile_variant(loaded, {"as-happened", {}, {{question.address, gap}}}, diagnostics);
  REQUIRE(scenario);
  History history;
  run_trial(*scenario, 1, nullptr, &history);
  std::map<std::uint64_t, std::int64_t> began;
  std::int64_t longest = 0, ended = 0, shortest_pause = INT64_MAX;
  for (const Record& record : history.records()) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::transaction_began) began[record.a] = record.at;
    if (static_cast<RecordKind>(record.kind) != RecordKind::transaction_ended) continue;
    const std::int64_t begin = began.at(record.a);
    if (record.at == begin) continue;  // Writes nothing that lasts: records come in, or there is nothing to export.
    shortest_pause = std::min(shortest_pause, begin - ended);
    longest = std::max(longest, record.at - begin);
    ended = record.at;
  }
  CHECK(shortest_pause >= 0);
  CHECK(shortest_pause <= 1);
  constexpr std::int64_t spread = 60'000'000;  // Commands are in hand for 20 to 80 ms before their transaction begins.
  CHECK(std::abs(answer.holds[0].low - longest) <= spread);
}

TEST_CASE("window: a grid finds no contradiction to NAV's window", "[window]") {
  const LoadedScenario loaded = testing::scenario_file(testing::nav);
  const std::int64_t from = 1'580'108'400'000'000'000;  // 2020-01-27 08:00 in Oslo.
  const WindowQuestion question = asked("timeline[stop-brut].at", Varied::instant, from, from + 30 * 60 * minute);
  const WindowAnswer answer = find_window(loaded, {}, question);
  REQUIRE(answer.holds.size() == 1);
  CHECK(answer.holds[0].low == from + (23 * 60 + 5) * minute + 38'500'000'001);
  const char* step =
      std::getenv("PREMORTEM_GRID_MINUTES");  // 1 is what the window was compared with; it takes a minute.
  const std::int64_t minutes = step == nullptr ? 60 : std::stoll(step);
  for (std::int64_t at = question.from; at <= question.to; at += minutes * minute)
    CHECK(holds_with(loaded, {}, question, at, nullptr) == (at >= answer.holds[0].low));
}

}  // namespace
