// A run that is interrupted, kept and continued tells the same as one that was not.

#include "sim/compare/saved_run.hpp"

#include "sim/compare/runner.hpp"
#include "sim/kernel/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem;
using testing::esr, testing::nav, testing::scenario;

TEST_CASE("a run continued from its bytes has the same result, story, notes and history", "[world]") {
  const std::string file = GENERATE(as<std::string>{}, nav, esr);
  const auto compiled = scenario(file);
  const Model& model = *compiled->model;
  History whole_history;
  RunOptions options;
  options.seed = 3;
  options.story = true;
  options.history = &whole_history;
  const RunResult whole = run_scenario(*compiled, options);
  for (std::uint64_t n = 0; n < 5; ++n) {
    const std::int64_t at = uniform_between(random_bits(12, hash_name(file), 0, n), model.begins, model.ends - 1);
    INFO("cut at " << model.zone.format(time_from_nanoseconds(at)));
    RunOptions first;
    first.seed = 3;
    const std::string bytes = save_run(interrupt_scenario(*compiled, first, time_from_nanoseconds(at)), *compiled);
    LoadedRun loaded = load_run(bytes, *compiled);
    REQUIRE(loaded.error == "");
    History history;
    RunOptions rest;
    rest.story = true;
    rest.history = &history;
    rest.from = &*loaded.run;
    REQUIRE(run_scenario(*compiled, rest) == whole);
    REQUIRE(history.records().size() == whole_history.records().size());
    // Interrupted once more on the way.
    const std::int64_t later = at + (model.ends - at) / 2;
    RunOptions second;
    second.from = &*loaded.run;
    const SavedRun again = interrupt_scenario(*compiled, second, time_from_nanoseconds(later));
    rest.from = &again;
    rest.history = nullptr;
    REQUIRE(run_scenario(*compiled, rest) == whole);
  }
}

TEST_CASE("a saved run that is not whole, or not of this scenario, is refused", "[world]") {
  const auto compiled = scenario(esr);
  const Time middle = time_from_nanoseconds(compiled->model->begins / 2 + compiled->model->ends / 2);
  const std::string bytes = save_run(interrupt_scenario(*compiled, {}, middle), *compiled);
  const auto refusal = [&compiled](const std::string& from) {
    const LoadedRun loaded = load_run(from, *compiled);
    REQUIRE(!loaded.run);
    return loaded.error;
  };
  REQUIRE(load_run(bytes, *compiled).error == "");
  REQUIRE(refusal("premortem") == "is truncated: its first bytes are not all there");
  REQUIRE(refusal("something else") == "is not a saved run");
  REQUIRE(refusal(bytes.substr(0, 100)).starts_with("is truncated: 76 of "));
  REQUIRE(refusal(bytes.substr(0, bytes.size() - 1)).starts_with("is truncated: "));
  REQUIRE(refusal(bytes + "more") == "is damaged: something stands behind its history");
  std::string other_past = bytes;
  other_past[bytes.size() - 8] = static_cast<char>(other_past[bytes.size() - 8] ^ 1);
  REQUIRE(refusal(other_past) == "is damaged: its history is not that of its World");
  for (std::uint64_t n = 0; n < 200; ++n) {
    std::string damaged = bytes;
    const std::size_t at = uniform_below(mix64(n), bytes.size());
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (mix64(n) & 7)));
    INFO("byte " << at);
    REQUIRE(!load_run(damaged, *compiled).run);
  }
  REQUIRE(load_run(bytes, *scenario(esr, {"claim", {}, {}})).error.starts_with("belongs to another scenario"));
}
