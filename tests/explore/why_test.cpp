// Causes are those without which it had ended otherwise; nothing else is named.

#include "sim/explore/why.hpp"

#include <algorithm>

#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

namespace {

using namespace premortem;
using Names = std::vector<std::string>;

LoadedScenario loaded_from(const std::string& text) {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  REQUIRE(root);
  auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  INFO(diagnostics.format("story.jsonc"));
  REQUIRE(loaded);
  return *loaded;
}

std::string incident(const std::string& name) {
  return testing::read_file(testing::source_path("scenarios/incidents/" + name + ".jsonc"));
}

WhyQuestion about_item(std::uint32_t kind, std::int64_t id) { return {"", kind, id, 1, 1000, {}}; }
WhyQuestion about_check(const std::string& name) { return {name, 0, 0, 1, 1000, {}}; }

Names things(const std::vector<WhyLink>& links) {
  Names names;
  for (const WhyLink& link : links) {
    std::string name;
    for (const Intervention& one : link.changes) name += (name.empty() ? "" : " and ") + one.thing;
    names.push_back(name);
  }
  return names;
}

/// A letter comes at 10:00 to a clerk who lets it fall unless `toggle.open`; the timeline is the test's.
std::string letter(const std::string& timeline) {
  return R"({ "premortem": 1, "title": "a letter",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
    "timeline": [)" +
         timeline + R"(],
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00"] } },
    "systems": { "toggle": { "is": "toggles", "open": true },
                 "tray": { "is": "queue", "of": "letter" },
                 "clerk": { "is": "consumer", "reads": "tray",
                            "does": [{ "only-if": "toggle.open", "finish": "filed" }] } },
    "checks": { "filed": { "every": "letter", "ends": ["done"] } }, "expect": { "filed": "broken for 1" } })";
}

TEST_CASE("NAV: the hand-over and the stop are the joint cause, the case the length; a decoy is never named", "[why]") {
  std::string text = incident("nav-brut-cutover");
  const std::string first = "\"timeline\": [";
  text.insert(text.find(first) + first.size(),
              R"({ "id": "decoy", "at": "12:00", "set": { "finaliser.on.any.then": "park" } },
                 { "id": "rumour", "at": "12:30", "notice": "somebody speaks of BRUT" },)");
  const LoadedScenario loaded = loaded_from(text);
  for (const WhyQuestion& question : {about_check("in-time"), about_check("somebody-has"), about_item(0, 467991431)}) {
    const WhyAnswer answer = explain_why(loaded, {}, question);
    CHECK(things(answer.necessary) == Names{"timeline[hand-over]", "timeline[stop-brut]"});
    CHECK(answer.together.empty());
    CHECK(
        answer.necessary.back().changes[0].how.starts_with("moved past the next completed run of brut, to 2020-01-28"));
  }
  const WhyAnswer answer = explain_why(loaded, {}, about_item(0, 467991431));
  CHECK(answer.happened.says == "late");
  CHECK(answer.happened.longest / 86'400'000'000'000 == 18);
  REQUIRE(things(answer.length) == Names{"timeline[case]"});
  CHECK(answer.length[0].outcome.longest / 86'400'000'000'000 == 3);
}

TEST_CASE("NAV: each link is a run that anybody can make, and it ends as the link says", "[why]") {
  const LoadedScenario loaded = loaded_from(incident("nav-brut-cutover"));
  const WhyAnswer answer = explain_why(loaded, {}, about_item(0, 467991431));
  REQUIRE(answer.necessary.size() == 2);
  for (const WhyLink& link : answer.necessary) {
    Diagnostics diagnostics;
    const auto compiled = compile_variant(loaded, with_intervention({}, link.changes[0]), diagnostics);
    REQUIRE(compiled);
    CHECK(run_trial(*compiled, 1).item(0, 467991431)->fate == Fate::done);
  }
}

TEST_CASE("ESR: a lost export names its sibling and the missing retry; with the long retry there is no loss", "[why]") {
  const LoadedScenario loaded = loaded_from(incident("esr-export-write-conflict"));
  const WhyAnswer answer = explain_why(loaded, {}, about_item(1, 1));
  CHECK(answer.happened.says == "lost");
  CHECK(answer.rivals.error == "WriteConflict");
  CHECK(answer.rivals.items == Names{"export 4"});
  const Names named = things(answer.necessary);
  CHECK(std::ranges::count(named, "exporter.workers") == 1);
  CHECK(std::ranges::count(named, "daily.does[send].gap") == 1);
  CHECK(std::ranges::count(named, "exporter.on.WriteConflict") == 1);
  CHECK(std::ranges::count(named, "daily.cron") == 0);  // Without the schedule this export had never been sent.

  const WhyAnswer three = explain_why(loaded, {"retry-3x1s", {}, {}}, about_item(1, 1));
  CHECK(three.happened.says == "lost");
  const auto rule = std::ranges::find(three.necessary, "exporter.on.WriteConflict",
                                      [](const WhyLink& link) { return link.changes[0].thing; });
  REQUIRE(rule != three.necessary.end());
  CHECK(rule->changes[0].how == "3 tries -> 12, waits growing from 1 s to 30 s");

  const WhyAnswer saved = explain_why(loaded, {"retry-jitter-long", {}, {}}, about_item(1, 1));
  CHECK(saved.happened.says == "done");
  CHECK(saved.rivals.items.empty());
}

TEST_CASE("two steps that each suffice to lose it are found as a pair, and neither alone", "[why]") {
  const LoadedScenario loaded = loaded_from(letter(R"(
      { "id": "first",  "at": "08:00", "set": { "toggle.open": false } },
      { "id": "decoy",  "at": "08:30", "notice": "rain" },
      { "id": "second", "at": "09:00", "set": { "toggle.open": false } })"));
  const WhyAnswer answer = explain_why(loaded, {}, about_item(0, 1));
  CHECK(answer.happened.says == "lost");
  CHECK(answer.necessary.empty());
  CHECK(things(answer.together) == Names{"timeline[first] and timeline[second]"});
  CHECK(answer.pairs_complete);

  WhyQuestion hurried = about_item(0, 1);
  hurried.runs_max = 1;
  CHECK_FALSE(explain_why(loaded, {}, hurried).pairs_complete);
}

TEST_CASE("three steps that each suffice are found as a set of which none can be missed", "[why]") {
  const LoadedScenario loaded = loaded_from(letter(R"(
      { "id": "a",     "at": "07:00", "set": { "toggle.open": false } },
      { "id": "decoy", "at": "07:30", "notice": "rain" },
      { "id": "b",     "at": "08:00", "set": { "toggle.open": false } },
      { "id": "c",     "at": "09:00", "set": { "toggle.open": false } },
      { "at": "11:00", "notice": "the letter is missed" })"));
  const WhyAnswer answer = explain_why(loaded, {}, about_check("filed"));
  CHECK(answer.necessary.empty());
  CHECK(things(answer.together) == Names{"timeline[a] and timeline[b] and timeline[c]"});
  CHECK(answer.together.front().outcome.says == "holds");
  CHECK(answer.pairs > 0);
  CHECK(answer.pairs_complete);
  CHECK(answer.without_id == 1);
}

TEST_CASE("what no declared thing changes has no cause", "[why]") {
  const LoadedScenario loaded = loaded_from(letter(R"(
      { "id": "a", "at": "07:00", "set": { "toggle.open": false } },
      { "at": "09:00", "set": { "toggle.open": false } })"));
  const WhyAnswer answer = explain_why(loaded, {}, about_check("filed"));
  CHECK(answer.necessary.empty());
  CHECK(answer.together.empty());
  CHECK(answer.sets > 0);
  CHECK(answer.without_id == 1);
}

TEST_CASE("an answer that nobody waits for ends with what is known", "[why]") {
  const LoadedScenario loaded = loaded_from(incident("nav-brut-cutover"));
  WhyQuestion question = about_check("in-time");
  question.go_on = [](std::uint64_t, std::uint64_t causes) { return causes < 1; };
  const WhyAnswer answer = explain_why(loaded, {}, question);
  CHECK(answer.stopped);
  CHECK(things(answer.necessary) == Names{"timeline[hand-over]"});
  CHECK(answer.length.empty());
}

TEST_CASE("of what went well, the answer is what it hung on", "[why]") {
  const LoadedScenario loaded = loaded_from(letter(R"(
      { "id": "close", "at": "08:00", "set": { "toggle.open": false } },
      { "id": "open",  "at": "09:00", "set": { "toggle.open": true } })"));
  const WhyAnswer answer = explain_why(loaded, {}, about_item(0, 1));
  CHECK(answer.happened.right);
  CHECK(things(answer.necessary) == Names{"timeline[open]"});
}

}  // namespace
