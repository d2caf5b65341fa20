// What each format promises, whatever the names in a scenario hold.

#include <nlohmann/json.hpp>

#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/run_tables.hpp"
#include "reports/query/sentences.hpp"
#include "reports/query/table.hpp"
#include "reports/render/markdown.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;
using namespace premortem::testing;
using Json = nlohmann::json;

namespace {

std::size_t bars(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t n = 0; n < line.size(); ++n) count += line[n] == '|' && (n == 0 || line[n - 1] != '\\') ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("names survive in JSON", "[formats]") {
  const RunResult run = nasty_run();
  const Json json = Json::parse(run_to_json(run));
  CHECK(json["scenario"] == nasty);
  CHECK(json["sets"][0] == "a.b=" + nasty);
  CHECK(json["fates"][nasty]["lost"] == 1);
  CHECK(json["checks"][0]["examples"][0] == nasty + " 1");
  CHECK(json["notes"][0] == nasty);
  RunResult raw = run;
  raw.file = "\xff.jsonc";  // A path need not be UTF-8.
  CHECK(Json::parse(run_to_json(raw))["file"] == "\xEF\xBF\xBD.jsonc");
  const Json comparison = Json::parse(comparisons_to_json({compare_runs({{run, run}}, 0.95)}));
  CHECK(comparison["strategies"][0]["name"] == nasty);
  CHECK(comparison["strategies"][0]["fates"][nasty]["lost"]["mean"] == 1.0);
}

TEST_CASE("the interval's key says its level; what does not apply is null", "[formats]") {
  RunResult run = nasty_run();
  const Json at_90 = Json::parse(comparisons_to_json({compare_runs({{run, run}}, 0.9)}));
  CHECK(at_90["strategies"][0]["fates"][nasty]["lost"]["ci90"] == Json::parse("[1.0, 1.0]"));
  const Json one = Json::parse(comparisons_to_json({compare_runs({{run}}, 0.95)}));
  CHECK(one["strategies"][0]["fates"][nasty]["lost"]["ci95"].is_null());
  CHECK(one["strategies"][0]["measures"][nasty + ".time-to-done.p50"]["mean"].is_null());
}

TEST_CASE("names survive in Markdown: a table stays a table, and nothing is markup", "[formats]") {
  const RunResult run = nasty_run();
  for (const std::string& text :
       {run_to_markdown(run, noon), comparisons_to_markdown({compare_runs({{run, run}}, 0.95)})}) {
    std::size_t in_table = 0;
    for (const std::string& line : lines_of(text)) {
      const std::size_t count = line.starts_with("|") ? bars(line) : 0;
      if (in_table != 0 && count != 0) CHECK(count == in_table);
      in_table = count;
      const bool code = line.starts_with("`");
      if (!code) CHECK(line.find("<b>") == std::string::npos);
    }
    CHECK(text.find("Ærlig \"øl\" \\| 'å' & &lt;b>\\\\nny\\\\tlinje") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("names cannot colour, break or widen a terminal", "[formats]") {
  const RunResult run = nasty_run();
  for (const std::string& text :
       {run_to_terminal(run, noon), comparisons_to_terminal({compare_runs({{run, run}}, 0.95)})}) {
    CHECK(text.find_first_of("\x1b\t\r") == std::string::npos);
    CHECK(text.find("Ærlig \"øl\" | 'å' & <b>\\nny\\tlinje \\x1b[31m`*` \\") != std::string::npos);
  }
  CHECK(visible("a\xC2\x9B"
                "b\xff\x7F") == "a\\x9bb\\xff\\x7f");
}

TEST_CASE("every line of a history is JSON, and arrivals name their stream", "[formats]") {
  const ScenarioRun run(every_fate, {});
  std::size_t arrived = 0;
  for (const std::string& line : lines_of(run.history)) {
    const Json record = Json::parse(line);
    REQUIRE(record["kind"].is_string());
    if (record["kind"] != "arrived") continue;
    ++arrived;
    CHECK(record["who"].get<std::string>().starts_with("arrivals."));
    if (record["of"] == "card") CHECK(record["who"] == "arrivals.cards");
  }
  CHECK(arrived == run.result.fates[0].arrived + run.result.fates[1].arrived);
}

TEST_CASE("tables keep to the width of a terminal: what does not fit goes on below", "[formats]") {
  Table table{"", {{"strategy"}}, {{"ærlig"}, {"b"}}};
  for (int n = 0; n < 12; ++n) {
    table.columns.push_back({"figure number" + std::to_string(n), true});
    table.rows[0].push_back("12345678901");
    table.rows[1].push_back("1");
  }
  const std::vector<std::string> lines = lines_of(to_terminal(table));
  REQUIRE(lines.size() == 9);  // Two blocks of two heading lines and two rows, and an empty line.
  for (const std::string& line : lines) CHECK(width_of(line) <= terminal_width);
  CHECK(lines[0].starts_with("                 figure       figure"));
  CHECK(lines[1].starts_with("  strategy      number0      number1"));
  CHECK(lines[2].starts_with("  ærlig     12345678901  12345678901"));
  CHECK(lines[3].starts_with("  b                   1            1"));
  CHECK(lines[4].empty());
  CHECK(lines[6].starts_with("  strategy"));
  for (const std::string& file : {nav, esr}) {
    const ScenarioRun run(file, {});
    for (const std::string& line : lines_of(run_to_terminal(run.result, run.format))) CHECK(width_of(line) <= 120);
  }
}

TEST_CASE("figures are written for people", "[formats]") {
  constexpr std::int64_t second = 1'000'000'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
  CHECK(short_duration(0) == "0 s");
  CHECK(short_duration(999) == "999 ns");
  CHECK(short_duration(1'800'000) == "2 ms");
  CHECK(short_duration(1'840'000'000) == "1.8 s");
  CHECK(short_duration(16 * day + 2 * hour + 59 * minute) == "16 d 2 h");
  CHECK(short_duration(-(hour + 5 * minute)) == "-1 h 5 min");
  CHECK(short_duration(3 * minute) == "3 min");
  CHECK(rough_duration(62 * hour) == "2.6 d");
  CHECK(rough_duration(16 * minute + 52 * second) == "17 min");
  CHECK(rough_duration(793'000'000) == "793 ms");
  const auto mean = [](const std::vector<double>& samples) {
    return mean_with_interval(summarize(samples, 0.95), Measure::Unit::count);
  };
  CHECK(mean({182, 182, 182}) == "182");
  CHECK(mean({0, 1, 2}) == "1 ±2.5");
  CHECK(mean({182}) == "182 ±?");
  CHECK(mean({}) == "–");
  CHECK(range(summarize({26, 54, 30}, 0.95), Measure::Unit::count) == "26 .. 54");
  CHECK(counted(1, "strategy") == "1 strategy");
  CHECK(counted(2, "strategy") == "2 strategies");
  CHECK(listed({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("a failed run says how to repeat it, with everything that was changed", "[formats]") {
  // Through bash and back: the word is what was given.
  const std::string line = reproduce(nasty_run());
  CHECK(line.find_first_of("\x1b\n\t") == std::string::npos);
  const std::string set = line.substr(line.find("--set ") + 6, line.find(" --seed ") - line.find("--set ") - 6);
  CHECK(through_shell("printf %s " + set, "bash \"$INPUT\"").second == "a.b=" + nasty);
  RunResult run;
  run.file = "a b.jsonc";
  run.strategy = "as-happened";
  run.assumptions = {"reading=x"};
  run.sets = {"items.a.due=1 h"};
  run.seed = 9;
  CHECK(reproduce(run) == "premortem run 'a b.jsonc' --assume reading=x --set 'items.a.due=1 h' --seed 9");
}

TEST_CASE("the answer comes first: what goes well, what is cheapest, what happened, what was not expected",
          "[formats]") {
  const auto both = comparisons(every_fate, {"as-happened", "only-cards", "hopeful"}, 2, "cellar-key", {"found"});
  const std::vector<std::string> said = verdict_sentences(both[0]);
  REQUIRE(said.size() == 3);
  CHECK(said[0] ==
        "Under 1 of 3 strategies nothing is lost, stuck, dead-lettered, misrouted, duplicated or late, and no "
        "check is broken, in any run: only-cards.");
  CHECK(said[1] ==
        "Without a change (as-happened): letter late 2, letter duplicated 1, letter misrouted 1, letter "
        "dead-lettered 1, letter stuck 1 and letter lost 1; broken: all-filed.");
  CHECK(said[2] == "NOT AS EXPECTED: hopeful in 2 of 2 runs (all-filed and red-filed).");
  CHECK(overall_sentences(both) ==
        std::vector<std::string>{"Nothing goes wrong under both readings of what is not known with only-cards."});
  CHECK(overall_sentences({both[0]}).empty());
}

TEST_CASE("a long list of unfinished items ends with how many more there are") {
  RunResult run;
  for (int n = 0; n < 5; ++n) run.unfinished.groups.push_back({"letter", 2, n, "queue " + std::to_string(n), "nobody"});
  const Table table = unfinished_table(run, 3);
  REQUIRE(table.rows.size() == 4);
  CHECK(table.rows[2] == std::vector<std::string>{"2", "letter 2 …", "queue 2", "nobody"});
  CHECK(table.rows[3] == std::vector<std::string>{"4", "more", "", ""});
}
