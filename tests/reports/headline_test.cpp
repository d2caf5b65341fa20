// The answer of a comparison in one sentence.

#include "reports/query/headline.hpp"

#include "reports/query/decision_data.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Lines = std::vector<std::string>;

namespace {

Summary exactly(double value) {
  Summary summary;
  summary.n = 2;
  summary.mean = summary.min = summary.max = value;
  return summary;
}

/// A strategy of two runs in which so many letters are lost, that takes so many steps and so many seconds.
StrategySummary strategy(const std::string& name, double lost, double steps, double seconds) {
  StrategySummary one;
  one.name = name;
  one.runs = one.as_expected = 2;
  FateSummary fates;
  fates.item = "letter";
  fates.of[static_cast<std::size_t>(Fate::lost)] = exactly(lost);
  one.fates.push_back(fates);
  one.measures.push_back({"letter.time-to-done.p99", Measure::Unit::duration, exactly(seconds * 1e9), 0});
  one.measures.push_back({"operator-steps", Measure::Unit::count, exactly(steps), 0});
  return one;
}

Comparison comparison(std::vector<StrategySummary> strategies, const std::string& assumption = "") {
  Comparison one;
  one.title = "letters";
  one.baseline = strategies.front().name;
  one.strategies = std::move(strategies);
  if (!assumption.empty()) one.assumptions.push_back(assumption);
  return one;
}

}  // namespace

TEST_CASE("headline: how many let nothing go wrong, the fewest steps, the quickest of those", "[headline]") {
  const Verdict verdict = judge_readings({comparison(
      {strategy("as-happened", 3, 4, 1), strategy("a", 0, 2, 9), strategy("b", 0, 2, 5), strategy("c", 0, 3, 1)})});
  CHECK(verdict.headline ==
        "3 of 4 strategies let nothing go wrong; of these a and b need the fewest operator steps (2), and b is the "
        "quickest.");
  CHECK(verdict.recommended == Lines{"b"});
  CHECK(verdict.assumed.empty());
}

TEST_CASE("headline: nobody is called the quickest whose interval meets another's", "[headline]") {
  std::vector<StrategySummary> both = {strategy("a", 0, 2, 9), strategy("b", 0, 2, 8)};
  for (StrategySummary& one : both) one.measures[0].of.half_width = 0.6e9;
  const Verdict meet = judge_readings({comparison(both)});
  CHECK(meet.headline == "2 of 2 strategies let nothing go wrong; all of them need the same operator steps (2).");
  CHECK(meet.recommended == Lines{"a", "b"});
  for (StrategySummary& one : both) one.measures[0].of.half_width = 0.4e9;
  CHECK(judge_readings({comparison(both)}).headline ==
        "2 of 2 strategies let nothing go wrong; all of them need the same operator steps (2), and b is the quickest.");
}

TEST_CASE("headline: one alone, and all alike", "[headline]") {
  CHECK(judge_readings({comparison({strategy("as-happened", 3, 4, 1), strategy("a", 0, 2, 9)})}).headline ==
        "1 of 2 strategies lets nothing go wrong: a.");
  CHECK(judge_readings({comparison({strategy("a", 0, 2, 9), strategy("b", 0, 2, 9)})}).headline ==
        "2 of 2 strategies let nothing go wrong; all of them need the same operator steps (2).");
}

TEST_CASE("headline: none lets nothing go wrong", "[headline]") {
  const Verdict verdict = judge_readings({comparison({strategy("as-happened", 3, 4, 1), strategy("a", 1, 2, 9)})});
  CHECK(verdict.headline == "None of 2 strategies lets nothing go wrong; fewest items go wrong with a (1 of a run).");
  CHECK(verdict.recommended.empty());
}

TEST_CASE("headline: what is good under one reading only is not good; the worst reading counts", "[headline]") {
  const Verdict verdict = judge_readings({comparison({strategy("as-happened", 3, 4, 1), strategy("a", 0, 1, 9),
                                                      strategy("b", 0, 3, 5), strategy("c", 0, 2, 5)}),
                                          comparison({strategy("as-happened", 3, 4, 1), strategy("a", 2, 1, 9),
                                                      strategy("b", 0, 3, 5), strategy("c", 0, 4, 5)},
                                                     "reading=other")});
  CHECK(verdict.headline ==
        "2 of 4 strategies let nothing go wrong under both readings; of these b needs the fewest operator steps (3).");
  CHECK(verdict.assumed ==
        Lines{"Assuming reading=other changes which strategies let nothing go wrong: a no longer does.",
              "Assuming reading=other changes which is best: b instead of a."});
}

TEST_CASE("headline: a reading that changes nothing is said, too", "[headline]") {
  const std::vector<StrategySummary> all = {strategy("as-happened", 3, 4, 1), strategy("a", 0, 1, 9)};
  CHECK(judge_readings({comparison(all), comparison(all, "x=y")}).assumed ==
        Lines{"Assuming x=y changes neither which strategies let nothing go wrong nor which is best."});
}

TEST_CASE("headline: a check that nothing exercised decides nothing", "[headline]") {
  StrategySummary idle = strategy("as-happened", 0, 0, 0);
  idle.as_expected = 0;
  idle.not_exercised = 2;
  CHECK(judge_readings({comparison({idle})}).headline ==
        "No check was exercised in any run, so nothing can be said of any strategy.");
}

TEST_CASE("front: who is not beaten in both; equals stay; who has no value takes no part", "[headline]") {
  using Values = std::vector<std::optional<double>>;
  CHECK(pareto_front(Values{1, 2, 3, 2}, Values{3, 2, 1, 3}) == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(pareto_front(Values{1, 1, std::nullopt}, Values{1, 1, 0}) == std::vector<std::uint64_t>{0, 1});
}
