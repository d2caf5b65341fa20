#include <algorithm>

#include "sim/compare/runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

TEST_CASE("an expression that fails while running gives 0 and is told once, with its address", "[expression]") {
  const Story story(R"x(
    "items": { "thing": { "fields": { "parts": "int" } } },
    "systems": {
      "tables": { "is": "documents", "collections": { "rows": { "fields": { "share": "int" } } } },
      "divider": { "is": "job", "cron": "0 1,2 * * *", "does": [
        { "id": "split", "insert": "tables.rows", "with": { "share": "100 / count(thing)" } } ] } })x");
  REQUIRE(story.told({RecordKind::expression_failed}) ==
          std::vector<std::string>{"01:00 expression-failed divider.does[split].with.share 1"});
  REQUIRE(story.told({RecordKind::inserted}).size() == 2);
  const RunResult result = run_scenario(story.compiled(), {});
  REQUIRE(std::find(result.notes.begin(), result.notes.end(),
                    "divider.does[split].with.share: division by zero; the value was taken as 0") !=
          result.notes.end());
}
