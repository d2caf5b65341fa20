// Both incidents, whole: what happened, what did not happen under better strategies, and what a World being a value
// means.

#include "sim/compare/campaign.hpp"
#include "sim/faults/fault_plan.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/machine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem;
using testing::esr, testing::nav, testing::scenario;

namespace {

RunResult run(const std::string& file, const Variant& variant = {}, std::uint64_t seed = 1) {
  RunOptions options;
  options.seed = seed;
  return run_scenario(*scenario(file, variant), options);
}

std::uint64_t count(const RunResult& result, const std::string& item, Fate fate) {
  for (const FateCounts& counts : result.fates) {
    if (counts.item == item) return counts[fate];
  }
  return 0;
}

std::int64_t measure(const RunResult& result, const std::string& name) {
  for (const Measure& one : result.measures) {
    if (one.name == name) return one.value.value_or(-1);
  }
  return -1;
}

constexpr std::int64_t day = 86'400'000'000'000;

}  // namespace

TEST_CASE("NAV: 182 applications are lost until repaired, under both readings, for every seed", "[incidents]") {
  const std::uint64_t seed = GENERATE(range(1U, 9U));
  const bool other_reading = GENERATE(false, true);
  Variant variant;
  if (other_reading) variant.assume = {{"reading", "flagged-since-batch"}};
  const RunResult result = run(nav, variant, seed);
  REQUIRE(result.verdict == RunVerdict::as_expected);
  REQUIRE(count(result, "application", Fate::late) == 182);
  REQUIRE(count(result, "application", Fate::duplicated) == 0);
  REQUIRE(count(result, "application", Fate::lost) == 0);
  REQUIRE(measure(result, "detection") / day == 16);                     // Found after 16 days ...
  REQUIRE(measure(result, "application.time-to-done.max") / day == 18);  // ... and repaired on day 18.
}

TEST_CASE("NAV: the first pass reads the whole log for 20 hours and repairs nothing, and says so", "[incidents]") {
  const RunResult result = run(nav);
  const std::vector<std::string> said = {
      "timeline[pass-1].only: dyn(it.id) is an int, the list holds strings: never equal",
      "timeline[pass-1] read the log and handed on 0 events: its \"only\" matched nothing"};
  REQUIRE(result.notes == said);
}

TEST_CASE("NAV: what nobody held is seen from the moment BRUT is switched off", "[incidents]") {
  const auto compiled = scenario(nav);
  World world = new_world(*compiled->model, 1);
  const FaultPlan faults;
  Machine machine(*compiled->model, world, nullptr, &faults);
  Judge judge(*compiled->judge);
  machine.add_observer(&judge);
  machine.begin();
  machine.run_until(time_from_nanoseconds(compiled->model->ends));
  machine.finish();
  judge.conclude();
  std::uint64_t dropped = 0;
  for (const JudgedItem& item : judge.items()) {
    if (item.fate != Fate::late) continue;
    ++dropped;
    const std::string at = compiled->model->zone.format(time_from_nanoseconds(item.released_at));
    const bool at_the_switch = at == "2020-01-27 13:00";
    const bool read_after_it = at > "2020-01-27 13:00" && at < "2020-01-27 14:00:01";
    REQUIRE((at_the_switch || read_after_it));
  }
  REQUIRE(dropped == 182);
}

TEST_CASE("NAV: strategies that cover the gap lose nothing, and overlap without a check does everything twice",
          "[incidents]") {
  for (const char* good :
       {"one-more-batch", "stream-first", "pause-not-flag", "guarded-stop", "overlap-checked", "reconcile-4h"}) {
    INFO(good);
    const RunResult result = run(nav, {good, {}, {}});
    REQUIRE(count(result, "application", Fate::done) == result.fates[0].arrived);
  }
  REQUIRE(count(run(nav, {"overlap-blind", {}, {}}), "application", Fate::duplicated) >= 400);
  REQUIRE(count(run(nav, {"replay-at-once", {}, {}}), "application", Fate::duplicated) >
          0);  // A status check is no idempotency key.
  REQUIRE(count(run(nav, {"replay-with-key", {}, {}}), "application", Fate::duplicated) == 0);
}

TEST_CASE("ESR: commands sent together lose to WriteConflict, commands sent by hand do not", "[incidents]") {
  const RunResult result = run(esr);
  REQUIRE(result.verdict == RunVerdict::as_expected);
  REQUIRE(count(result, "export", Fate::lost) == 129);
  REQUIRE(result.checks[1].name == "by-hand-works");
  REQUIRE(result.checks[1].verdict == CheckVerdict::holds);
  REQUIRE(result.checks[1].judged == 18);
}

TEST_CASE("ESR: switching retry on does not help while the waits are shorter than the transactions: ESR-001, ESR-002",
          "[incidents]") {
  const std::uint64_t as_it_was = count(run(esr), "export", Fate::lost);
  REQUIRE(as_it_was == 129);
  REQUIRE(count(run(esr, {"retry-3x1s", {}, {}}), "export", Fate::lost) == 130);
  REQUIRE(count(run(esr, {"retry-jitter-short", {}, {}}), "export", Fate::lost) >= 60);
  REQUIRE(count(run(esr, {"retry-jitter-long", {}, {}}), "export", Fate::lost) == 0);
}

TEST_CASE("ESR: the counted quorum queue loses in under a second what a classic one delivers late: RABBIT-030",
          "[incidents]") {
  REQUIRE(count(run(esr, {"quorum-limit-20", {}, {}}), "export", Fate::lost) > 129);
  REQUIRE(count(run(esr, {"requeue-for-ever", {}, {}}), "export", Fate::lost) == 0);
}

TEST_CASE("ESR: every hypothesis of the conflict can be switched", "[incidents]") {
  for (const char* hypothesis : {"H1-counter-last", "H2-upserts", "H3-sent-twice", "H5-cache"}) {
    INFO(hypothesis);
    const RunResult result = run(esr, {"as-happened", {{"conflict", hypothesis}}, {}});
    REQUIRE(result.verdict == RunVerdict::as_expected);
    REQUIRE(count(result, "export", Fate::lost) >= 10);
  }
}

TEST_CASE("a copy of a World in mid-run, continued, gives the same digest as the original", "[world]") {
  const std::string file = GENERATE(as<std::string>{}, nav, esr);
  const auto compiled = scenario(file);
  const Model& model = *compiled->model;
  World whole = new_world(model, 5);
  const FaultPlan faults;
  Machine uninterrupted(model, whole, nullptr, &faults);
  uninterrupted.begin();
  uninterrupted.run_until(time_from_nanoseconds(model.ends));
  uninterrupted.finish();
  for (std::uint64_t n = 0; n < 12; ++n) {
    const std::int64_t at = uniform_between(random_bits(9, hash_name(file), 0, n), model.begins, model.ends - 1);
    World original = new_world(model, 5);
    Machine first(model, original, nullptr, &faults);
    first.begin();
    first.run_until(time_from_nanoseconds(at));
    World copy = original;
    first.run_until(time_from_nanoseconds(model.ends));
    first.finish();
    Machine second(model, copy, nullptr, &faults);
    second.run_until(time_from_nanoseconds(model.ends));
    second.finish();
    REQUIRE(original.kernel.digest.hex() == whole.kernel.digest.hex());
    REQUIRE(copy.kernel.digest.hex() == whole.kernel.digest.hex());
  }
}

TEST_CASE("the digest is the same over 20 runs, and over 1 and 2 threads", "[determinism]") {
  const std::string digest = run(nav).digest;
  for (int n = 0; n < 20; ++n) REQUIRE(run(nav).digest == digest);
  const std::vector<std::shared_ptr<const CompiledScenario>> both = {scenario(esr), scenario(esr, {"claim", {}, {}})};
  CampaignOptions options;
  options.runs = 6;
  options.threads = 1;
  const CampaignResult one = run_campaign(both, options);
  options.threads = 2;
  const CampaignResult two = run_campaign(both, options);
  REQUIRE(one.runs == two.runs);
}

TEST_CASE("an idle consumer changes nobody's draws", "[determinism]") {
  const LoadedScenario loaded = testing::scenario_file(esr);
  LoadedScenario crowded = loaded;
  Node* systems = crowded.root.find("systems");
  Node queue = Node::of_object({});
  queue.set("is", Node::of_text("queue", {}));
  queue.set("of", Node::of_text("record", {}));
  Node consumer = Node::of_object({});
  consumer.set("is", Node::of_text("consumer", {}));
  consumer.set("reads", Node::of_text("nothing", {}));
  consumer.set("does", Node::of_array({}));
  systems->members.insert(systems->members.begin(), {{"nothing", queue}, {"idle", consumer}});
  const auto before = scenario(loaded), after = scenario(crowded);
  const RunResult alone = run_scenario(*before, {}), together = run_scenario(*after, {});
  REQUIRE(alone.fates == together.fates);
  REQUIRE(alone.checks == together.checks);
  REQUIRE(alone.measures == together.measures);  // To the nanosecond.
}

TEST_CASE("two identical strategies never differ", "[determinism]") {
  auto same = std::make_shared<CompiledScenario>(*scenario(esr));
  same->strategy = "the-same";
  CampaignOptions options;
  options.runs = 10;
  const CampaignResult result = run_campaign({scenario(esr), same}, options);
  REQUIRE(!result.comparison.paired.empty());
  for (const PairedMeasure& paired : result.comparison.paired) {
    REQUIRE(paired.paired.difference == Difference::none_shown);
    REQUIRE(paired.paired.of.half_width == 0);
  }
}

TEST_CASE("fates add up to arrivals in every strategy of every scenario", "[fates]") {
  const std::string file =
      GENERATE(as<std::string>{}, nav, esr, "scenarios/gallery/nav-008-crash-loop.jsonc",
               "scenarios/gallery/hee-older-data-wins.jsonc", "scenarios/gallery/hee-index-rebuilt-twice.jsonc");
  for (const std::string& strategy : strategy_names(testing::scenario_file(file).root)) {
    const RunResult result = run(file, {strategy, {}, {}});
    for (const FateCounts& counts : result.fates) {
      std::uint64_t sum = 0;
      for (const Fate fate : fates_in_order) sum += counts[fate];
      REQUIRE(sum == counts.arrived);
    }
  }
}
