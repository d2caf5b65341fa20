// The steps of one item, as messages between systems.

#include "reports/query/item_story.hpp"

#include "sim/compare/runner.hpp"
#include "sim/scenario/history_names.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::testing;
using Lines = std::vector<std::string>;

namespace {

Lines told(const std::vector<ItemMessage>& messages) {
  Lines lines;
  for (const ItemMessage& one : messages)
    lines.push_back((one.from == one.to ? one.from : one.from + " -> " + one.to) + ": " + one.text);
  return lines;
}

CheckResult broken(const std::string& name, const std::string& example, bool as_expected) {
  CheckResult check;
  check.name = name;
  check.verdict = CheckVerdict::broken;
  check.examples = {example};
  check.as_expected = as_expected;
  return check;
}

}  // namespace

TEST_CASE("an item's messages say who sends what to whom: a queue, calls in calls, an error", "[item-story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10", "00:00:20"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" }, "out": { "is": "queue", "of": "letter" },
      "desk": { "is": "service", "of": "letter", "offers": {
        "take": { "does": [ { "call": "desk.stamp" }, { "publish": "out" } ] }, "stamp": { "takes": "1 s" } } },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "call": "desk.take" } ] },
      "boy": { "is": "consumer", "reads": "out", "does": [ { "only-if": "it.id == 2", "raise": "Torn" },
        { "finish": "filed" }, { "work": "1 s" } ], "on": { "Torn": { "then": "reject" } } } })x");
  const HistoryNames names = history_names(story.compiled());
  RunResult run;
  run.checks = {broken("first", "letter 1", true), broken("second", "letter 2", false)};
  const auto torn = telling_item(run, names, story.records);
  REQUIRE(torn.has_value());
  CHECK(torn->item == "letter 2");  // Of the check that is not as expected.
  CHECK(torn->check == "second");
  CHECK(told(torn->messages) ==
        Lines{"arrivals.post: it arrives", "arrivals.post -> tray: publish", "tray -> clerk: deliver",
              "clerk -> desk: desk.take", "desk: desk.stamp is called for it", "desk -> out: publish",
              "out -> boy: deliver", "boy: boy meets Torn with it", "boy: boy rejects it", "out: out drops it",
              "clerk -> tray: ack", ": nobody holds it any more", ": it is left at the end"});
  run.checks.pop_back();
  const auto filed = telling_item(run, names, story.records);
  REQUIRE(filed.has_value());
  CHECK(told(filed->messages).back() == "boy: it finishes at boy: filed");  // Nothing after its end.
  run.checks[0].examples = {"letter 99"};
  CHECK_FALSE(telling_item(run, names, story.records).has_value());
}

TEST_CASE("what tells most is kept, in order; of equals, the first and the last", "[item-story]") {
  std::vector<ItemMessage> messages;
  for (int n = 0; n < 10; ++n) messages.push_back({n, "", "", std::to_string(n), n == 0 || n == 9 ? 0 : n % 2 + 1});
  Lines kept;
  for (const ItemMessage& one : most_telling(messages, 5)) kept.push_back(one.text);
  CHECK(kept == Lines{"0", "2", "4", "8", "9"});
  CHECK(most_telling(messages, 10) == messages);
  CHECK(most_telling(messages, 99) == messages);
  CHECK(most_telling(messages, 0).empty());
  CHECK(most_telling(messages, 1) == std::vector<ItemMessage>{messages[0]});
}

TEST_CASE("both incidents: the item of the first broken check", "[item-story]") {
  const auto application = ScenarioRun(nav, {}).item, xport = ScenarioRun(esr, {}).item;
  REQUIRE(application.has_value());
  REQUIRE(xport.has_value());
  CHECK(application->item == "application 467991431");
  CHECK(told(xport->messages) ==
        Lines{"daily: it arrives", "daily -> commands: publish", "commands -> exporter: deliver",
              "exporter: exporter meets WriteConflict (112) with it", "exporter: exporter rejects it",
              "commands: commands drops it", ": nobody holds it any more", ": it is left at the end"});
}
