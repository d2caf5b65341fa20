// Markdown: short enough for a comment whatever a scenario holds, in pieces for templates, and valid for GitHub.

#include "reports/render/markdown.hpp"

#include <set>

#include "reports/render/markdown_template.hpp"
#include "tests/reports/mermaid_grammar.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

bool has(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

/// Everything in it is longer than a comment.
RunResult long_run() {
  RunResult run = nasty_run();
  for (int n = 0; n < 100; ++n) {
    const std::string number = std::to_string(n);
    run.story.push_back({time_from_nanoseconds(n * std::int64_t{1'000'000'000}), "step " + number});
    run.notes.push_back("note " + number);
    CheckResult check;
    check.name = "check " + number;
    check.as_expected = n != 99;
    run.checks.push_back(check);
    FateCounts counts;
    counts.item = "kind " + number;
    run.fates.push_back(counts);
    run.unfinished.groups.push_back({"kind " + number, 1, n, "queue", "nobody"});
  }
  run.unfinished.nothing_moves = true;
  run.measures.push_back({"detection", Measure::Unit::duration, {}});
  run.measures.push_back({"operator-steps", Measure::Unit::count, 3});
  return run;
}

ItemStory long_story() {
  ItemStory story{nasty + " 1", nasty, {}};
  for (int n = 0; n < 500; ++n) story.messages.push_back({n, "a", n % 3 == 0 ? "b" : nasty, nasty, n % 5});
  return story;
}

/// All diagrams can be drawn, and every fence is closed.
void check_diagrams(const std::string& text, std::size_t count) {
  const std::vector<std::string> blocks = mermaid_blocks(text);
  CHECK(blocks.size() == count);
  for (const std::string& block : blocks) CHECK(mermaid_mistake(block).empty());
  std::size_t fences = 0;
  for (const std::string& line : lines_of(text)) fences += line.starts_with("```") ? 1 : 0;
  CHECK(fences == 2 * count);
}

const MarkdownPart& part(const std::vector<MarkdownPart>& parts, const std::string& name) {
  for (const MarkdownPart& one : parts) {
    if (one.name == name) return one;
  }
  FAIL("no part " << name);
  return parts.front();
}

std::vector<std::string> where(const std::string& text) {
  std::vector<std::string> all;
  for (const Placeholder& one : placeholders_in(text))
    all.push_back(std::to_string(one.line) + ":" + std::to_string(one.column) + " " + one.name +
                  (one.alone ? " alone" : ""));
  return all;
}

}  // namespace

TEST_CASE("Markdown of a run is shorter than 60 lines, with both diagrams", "[markdown]") {
  for (const std::string& file : {every_fate, nav, esr}) {
    const ScenarioRun run(file, {});
    const std::string text = run_to_markdown(run.result, run.format, run.item);
    CHECK(lines_of(text).size() < 60);
    check_diagrams(text, 2);
  }
}

TEST_CASE("Markdown of a run is shorter than 60 lines, however long everything in it is", "[markdown]") {
  const std::string text = run_to_markdown(long_run(), noon, long_story());
  CHECK(lines_of(text).size() < 60);
  check_diagrams(text, 1);
  CHECK(has(text, "step 99"));       // How it ended is told.
  CHECK(has(text, "| check 99 |"));  // What is different is told first.
  CHECK(has(text, "lines left out …"));
  CHECK(has(text, "| and 9"));  // Kinds, checks.
  CHECK(has(text, "more notes"));
  CHECK(has(text, "went through is left out, to keep this short: --history has it."));
  CHECK(has(text, " premortem run "));
}

TEST_CASE("a long story of an item is cut to what tells most, and that is said", "[markdown]") {
  const std::string text = run_to_markdown(nasty_run(), noon, long_story());
  CHECK(lines_of(text).size() < 60);
  check_diagrams(text, 2);
  CHECK(has(text, "(the most telling 20 of 500 steps; --history has all)"));
}

TEST_CASE("Markdown of a comparison leads with the answer and says what is left out", "[markdown]") {
  const auto both = comparisons(every_fate, {"as-happened", "only-cards", "hopeful"}, 2, "cellar-key", {"found"});
  const std::string text = comparisons_to_markdown(both, "premortem compare x");
  const std::vector<std::string> lines = lines_of(text);
  CHECK(lines.size() < 60);
  CHECK(lines[2] == "**1 of 3 strategies lets nothing go wrong under both readings: only-cards.**");
  CHECK(has(text, "| only-cards | any | – |"));  // The same in both readings.
  CHECK(has(text, "| hopeful | "));
  CHECK(has(text, "goes wrong, NOT AS EXPECTED in 2 of 2 runs |"));
  CHECK(has(text, "Left out, to keep this short: fates, checks, times"));
  CHECK(lines.back() == "`premortem compare x`");
  const std::string one = comparisons_to_markdown({both[0]}, "");
  CHECK(lines_of(one).size() < 60);
  CHECK(has(one, "<details><summary>Figures</summary>"));
  CHECK(has(one, "Runs in which each check held"));
}

TEST_CASE("Markdown of a comparison is shorter than 60 lines, however many strategies and readings there are",
          "[markdown]") {
  std::vector<Comparison> readings;
  for (int reading = 0; reading < 9; ++reading) {
    std::vector<std::vector<RunResult>> runs;
    for (int n = 0; n < 50; ++n) {
      RunResult run = nasty_run();
      run.strategy = "strategy " + std::to_string(n);
      run.fates[0].of[static_cast<std::size_t>(Fate::lost)] = static_cast<std::uint64_t>(reading);
      runs.push_back({run, run});
    }
    readings.push_back(compare_runs(runs, 0.95));
    readings.back().assumptions = {"reading=" + std::to_string(reading)};
  }
  const std::string text = comparisons_to_markdown(readings, "premortem compare x");
  CHECK(lines_of(text).size() < 60);
  CHECK(has(text, "| and 420 more |"));
  CHECK(has(text, "And 5 more readings."));
  CHECK(has(text, " of 9 readings. They stand in "));
}

TEST_CASE("the pieces: every run has the same names, and what is empty says so in a template", "[markdown]") {
  const std::vector<MarkdownPart> nothing = run_parts({}, noon, std::nullopt);
  const ScenarioRun run(nav, {});
  const std::vector<MarkdownPart> parts = run_parts(run.result, run.format, run.item);
  REQUIRE(parts.size() == nothing.size());
  std::set<std::string> names;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    INFO(parts[n].name);
    CHECK(parts[n].name == nothing[n].name);
    CHECK(names.insert(parts[n].name).second);
    CHECK_FALSE(parts[n].none.empty());
    CHECK_FALSE(parts[n].text.ends_with('\n'));
    if (!parts[n].block) CHECK(lines_of(parts[n].text).size() < 2);
    if (parts[n].name != "unfinished") CHECK_FALSE(parts[n].text.empty());
  }
  CHECK(part(parts, "timeline").text.starts_with("- **2020-01-27 11:00** hand-over: set toggle.route = false\n"));
  CHECK(part(nothing, "timeline").text.empty());
  CHECK(part(nothing, "timeline").none == "Nothing happened.");
  CHECK(part(run_parts(nasty_run(), noon, std::nullopt), "reproduce").text.find('\n') == std::string::npos);
  for (const MarkdownPart& one : comparison_parts({compare_runs({{run.result}, {run.result}}, 0.95)}, "again")) {
    INFO(one.name);
    CHECK_FALSE(one.text.ends_with('\n'));
    if (!one.block) CHECK(lines_of(one.text).size() == 1);
  }
}

TEST_CASE("placeholders are found with line and column in letters", "[markdown][template]") {
  CHECK(where("{{a}}\nÆ {{ b }} {{c}}\r\n  {{d}}\t\r\n") ==
        std::vector<std::string>{"1:1 a alone", "2:3 b", "2:11 c", "3:3 d alone"});
  CHECK(where("no {one} here }} \\{{two}}").empty());
  CHECK(where("{{open\n}} {{}} {{ }}") == std::vector<std::string>{"1:1  alone", "2:4 ", "2:9 "});
}

TEST_CASE("a template is filled, and everything else stays as it is", "[markdown][template]") {
  const std::vector<MarkdownPart> parts = {
      {"title", "T {{list}}", "–", false}, {"list", "- a\n\n- b", "no list", true}, {"none", "", "nothing", true}};
  CHECK(fill_template("# {{title}}: {{ title }}\r\n\n  {{list}}\n\\{{title}}\n{{none}}", parts) ==
        "# T {{list}}: T {{list}}\r\n\n  - a\n\n  - b\n{{title}}\nnothing");
  CHECK(fill_template("", parts).empty());
  CHECK(fill_template("\\", parts) == "\\");
}

TEST_CASE("a template of a megabyte in one line is no trouble", "[markdown][template]") {
  std::string text;
  while (text.size() < 1'000'000) text += "{{title}} \\{{ {{title";
  CHECK(placeholders_in(text).size() > 10'000);
  CHECK(fill_template(text, {{"title", "x", "–", false}}).size() < text.size());
}

TEST_CASE("code in Markdown, whatever it holds", "[markdown]") {
  CHECK(markdown_code("a b") == "`a b`");
  CHECK(markdown_code("a`b") == "`` a`b ``");
  CHECK(markdown_code("``") == "``` `` ```");
  CHECK(markdown_code("a\nb") == "`a\\nb`");
}

TEST_CASE("nothing in a text is markup", "[markdown]") {
  CHECK(markdown_text("[a](http://b) ![c](d)") == "[a]\\(http://b) ![c]\\(d)");
  CHECK(markdown_text("by_hand_1 _x_ __y__") == "by_hand_1 \\_x\\_ \\_\\_y\\_\\_");
  CHECK(markdown_text("~~z~~ $x$ timeline[a].b") == "~\\~z~\\~ \\$x\\$ timeline[a].b");
}
