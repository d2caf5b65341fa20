// What GitHub reads: annotations with its escapes and limits, and summaries that it does not throw away.

#include "reports/render/annotations.hpp"

#include "reports/render/test_summary.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("an annotation is one line, with GitHub's escapes", "[annotations]") {
  CHECK(annotations_to_github({{true, "a:b,c.jsonc", 3, 5, "50%: x", "50% ::error::, got\nthat\r\n\x1b"}}) ==
        "::error file=a%3Ab%2Cc.jsonc,line=3,col=5,title=50%25%3A x::50%25 ::error::, got%0Athat%0D%0A\\x1b\n");
  CHECK(annotations_to_github({{false, "", 3, 5, "", "m"}}) == "::warning::m\n");
  CHECK(annotations_to_github({{true, "f", 0, 5, "t", "m"}}) == "::error file=f,title=t::m\n");
  CHECK(annotations_to_github({}).empty());
}

TEST_CASE("of more than ten of a kind, nine and a count; errors first", "[annotations]") {
  std::vector<Annotation> all;
  for (int n = 0; n < 12; ++n) all.push_back({n != 0, "", 0, 0, "", std::to_string(n)});
  std::vector<std::string> lines = lines_of(annotations_to_github(all));
  REQUIRE(lines.size() == 11);
  CHECK(lines[0] == "::error::1");
  CHECK(lines[8] == "::error::9");
  CHECK(lines[9] == "::error title=premortem::and 2 more; the log and the job summary name them");
  CHECK(lines[10] == "::warning::0");
  all.pop_back();
  lines = lines_of(annotations_to_github(all));
  CHECK(lines[9] == "::error::10");  // Ten of them are shown.
}

TEST_CASE("a summary that is too large is cut at a line's end, outside of code, and says so", "[annotations]") {
  CHECK(summary_within("a", 900) == "a\n");
  std::string text = "# Title\n```mermaid\n";
  for (int n = 0; n < 1000; ++n) text += "line " + std::to_string(n) + "\n";
  const std::string cut = summary_within(text + "```\n", 2000);
  CHECK(cut.size() <= 2000);
  CHECK(cut.size() > 1900);
  CHECK(cut.ends_with("\n```\n\nCut here: GitHub shows no summary that is larger. The log has the whole.\n"));
  CHECK(summary_within(std::string(5000, 'x'), 2000) ==
        "\nCut here: GitHub shows no summary that is larger. The log has the whole.\n");
  CHECK(summary_within(text, 20).empty());
}

TEST_CASE("the summary of many scenarios names what is not as expected, with the command", "[annotations]") {
  const std::string text = tests_to_markdown(
      {ScenarioRun(every_fate, {}).result, ScenarioRun(every_fate, {"hopeful", {}, {}}).result, nasty_run()},
      {{"bad.jsonc", "bad.jsonc:1:2: error: no\nmore"}}, 3);
  CHECK(text.starts_with(
      "## premortem test\n\n1 as expected, 2 different, 0 not exercised, 1 not valid; 3 seeds each.\n"));
  CHECK(text.find("`premortem run tests/golden/reports/every-fate.jsonc --strategy hopeful --seed 1`\n  - all-filed: "
                  "expected") != std::string::npos);
  CHECK(text.find("- **not valid** bad.jsonc:1:2: error: no\n") != std::string::npos);
  CHECK(text.find("&lt;b>") != std::string::npos);
}
