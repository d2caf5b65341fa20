// Why: what is named is proven, what does nothing is not named.

#include "sim/explore/why.hpp"

#include <algorithm>

#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem;
using testing::esr, testing::nav, testing::scenario, testing::scenario_file;

namespace {

using Names = std::vector<std::string>;

Explanation why(const LoadedScenario& loaded, const std::string& name, const Variant& variant = {}) {
  std::string error;
  const auto subject = subject_named(*scenario(loaded, variant), name, error);
  INFO(error);
  REQUIRE(subject);
  const auto told = explain_why(loaded, variant, *subject, {}, error);
  INFO(error);
  REQUIRE(told);
  return *told;
}

Names ids(const std::vector<Proof>& proofs) {
  Names names;
  for (const Proof& proof : proofs) names.push_back(proof.changes[0].id);
  return names;
}

/// A step that does something, and nothing to any application.
LoadedScenario with_decoy() {
  LoadedScenario loaded = scenario_file(nav);
  Node decoy = Node::of_object({});
  decoy.set("id", Node::of_text("decoy", {}));
  decoy.set("at", Node::of_text("2020-01-27 12:00", {}));
  decoy.set("notice", Node::of_text("somebody brings cake", {}));
  Node* timeline = loaded.root.find("timeline");
  timeline->items.insert(timeline->items.begin() + 1, decoy);
  timeline->items[1].day = timeline->items[0].day;
  return loaded;
}

}  // namespace

TEST_CASE("NAV: the hand-over and the stop together, and the length from the day somebody asked", "[why]") {
  const Explanation told = why(scenario_file(nav), "application 467991431");
  CHECK(told.happened.text == "late after 18 days 2 h");
  CHECK(ids(told.steps) == Names{"timeline[hand-over]", "timeline[stop-brut]"});
  CHECK(told.steps[0].then.text == "done after 1.8 s");
  CHECK(told.steps[1].then.text == "done after 19 h 58 min");
  CHECK(told.pairs.empty());
  CHECK(told.others.empty());
  REQUIRE(told.delay);
  CHECK(told.delay->changes[0].id == "timeline[case]");
  CHECK(told.delay->then.text == "late after 3 days 3 h");
  CHECK(ids(why(scenario_file(nav), "in-time").steps) == Names{"timeline[hand-over]", "timeline[stop-brut]"});
}

TEST_CASE("a decoy is never named", "[why]") {
  const Explanation told = why(with_decoy(), "application:467991431");
  CHECK(ids(told.steps) == Names{"timeline[hand-over]", "timeline[stop-brut]"});
}

TEST_CASE("ESR: no step but the competition and the missing retry; another hypothesis, another answer", "[why]") {
  const LoadedScenario loaded = scenario_file(esr);
  CHECK(ids(why(loaded, "export 2").others) == Names{"commands.single-active", "exporter.workers",
                                                     "exporter.on.WriteConflict.then",
                                                     "exporter.on.WriteConflict.tries"});
  CHECK(ids(why(loaded, "exports-finish").steps).empty());
  const Explanation cache = why(loaded, "exports-finish", {"as-happened", {{"conflict", "H5-cache"}}, {}});
  CHECK(ids(cache.steps) == Names{"timeline[pressure]"});
  const Explanation twice = why(loaded, "exports-finish", {"as-happened", {{"conflict", "H3-sent-twice"}}, {}});
  CHECK(std::ranges::count(ids(twice.others), "daily.instances") == 1);
}

TEST_CASE("every proof stands: run with its options, the subject fares as it says; without them, as it happened",
          "[why]") {
  const std::string file = GENERATE(as<std::string>{}, nav, esr);
  const LoadedScenario loaded = scenario_file(file);
  const Explanation told = why(loaded, file == nav ? "application 467991431" : "export 2");
  std::vector<Proof> proofs = told.steps;
  proofs.insert(proofs.end(), told.others.begin(), told.others.end());
  REQUIRE(!proofs.empty());
  for (const Proof& proof : proofs) {
    INFO(proof.changes[0].id);
    const Trial trial = run_trial(*scenario(loaded, changed({}, {&proof.changes[0]})), 1);
    const JudgedItem* item = trial.item(told.subject.kind, told.subject.id);
    REQUIRE(item != nullptr);
    CHECK(item->fate == Fate::done);
  }
  CHECK(run_trial(*scenario(loaded), 1).item(told.subject.kind, told.subject.id)->fate != Fate::done);
}

TEST_CASE("two steps, each of which was enough, are found as a pair", "[why]") {
  Diagnostics diagnostics;
  auto root = read_scenario_text(R"({
    "premortem": 1, "title": "Stopped twice",
    "clock": { "from": "2021-01-04 08:00", "until": "2021-01-04 12:00", "zone": "UTC" },
    "timeline": [ { "id": "one", "at": "09:00", "stop": "worker" },
                  { "id": "cake", "at": "09:05", "notice": "there is cake" },
                  { "id": "other", "at": "09:10", "stop": "worker" } ],
    "items": { "order": { "done": "packed", "due": "1 h" } },
    "arrivals": { "shop": { "item": "order", "into": "orders", "at": "09:30" } },
    "systems": { "orders": { "is": "queue", "of": "order" },
                 "worker": { "is": "consumer", "reads": "orders", "does": [ { "finish": "packed" } ] } },
    "checks": { "packed": { "every": "order", "ends": ["done"] } } })",
                                 diagnostics);
  REQUIRE(root);
  const auto loaded = load_scenario("twice.jsonc", std::move(*root), diagnostics);
  INFO(diagnostics.format("twice.jsonc"));
  REQUIRE(loaded);
  const Explanation told = why(*loaded, "order 1");
  CHECK(told.happened.text == "stuck");
  CHECK(told.steps.empty());
  REQUIRE(told.pairs.size() == 1);
  CHECK(told.pairs[0].changes[0].id == "timeline[one]");
  CHECK(told.pairs[0].changes[1].id == "timeline[other]");
  CHECK(told.pairs[0].then.text == "done after 0 s");
}

TEST_CASE("what fares well needs no explanation; what is not there is said", "[why]") {
  const LoadedScenario loaded = scenario_file(nav);
  const Explanation told = why(loaded, "application 467991245");
  CHECK(told.happened.well);
  CHECK(told.tried == 0);
  std::string error;
  CHECK(!subject_named(*scenario(loaded), "aplication 1", error));
  CHECK(error.starts_with("\"aplication 1\" is neither a check (in-time, "));
  CHECK(error.ends_with("nor an item; write \"KIND ID\" with one of the kinds application, letter"));
  const auto missing = subject_named(*scenario(loaded), "application 1", error);
  REQUIRE(missing);
  CHECK(!explain_why(loaded, {}, *missing, {}, error));
  CHECK(error == "no application 1 arrives under seed 1");
}
