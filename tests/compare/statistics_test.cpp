// Statistics against published tables and textbook examples.

#include "sim/compare/statistics.hpp"

#include <cmath>

#include "sim/compare/comparison.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// To the three decimals of printed tables.
bool near(double value, double printed) { return std::abs(value - printed) < 0.0006; }

/// Student's t at `level`, from the width of the interval for 0, 1, ..., n - 1.
double t_of(int n, double level) {
  std::vector<double> samples;
  for (int i = 0; i < n; ++i) samples.push_back(i);
  const double variance = n * (n + 1) / 12.0;  // Of 0 .. n - 1, with n - 1 below.
  return summarize(samples, level).half_width / std::sqrt(variance / n);
}

Measure lost(std::int64_t count) { return {"letter.lost", Measure::Unit::count, count}; }

RunResult run_of(const std::string& strategy, std::uint64_t seed, std::uint64_t done, std::uint64_t lost,
                 std::optional<std::int64_t> detection) {
  RunResult run;
  run.strategy = strategy;
  run.seed = seed;
  run.verdict = RunVerdict::as_expected;
  FateCounts counts;
  counts.item = "letter";
  counts.arrived = done + lost;
  counts.of[static_cast<std::size_t>(Fate::done)] = done;
  counts.of[static_cast<std::size_t>(Fate::lost)] = lost;
  run.fates = {counts};
  run.measures = {{"detection", Measure::Unit::duration, detection}};
  return run;
}

}  // namespace

TEST_CASE("half widths follow the printed table of Student's t", "[statistics]") {
  CHECK(near(t_of(2, 0.95), 12.706));
  CHECK(near(t_of(3, 0.95), 4.303));
  CHECK(near(t_of(5, 0.95), 2.776));
  CHECK(near(t_of(10, 0.95), 2.262));
  CHECK(near(t_of(30, 0.95), 2.045));
  CHECK(near(t_of(121, 0.95), 1.980));
  CHECK(near(t_of(2, 0.99), 63.657));
  CHECK(near(t_of(10, 0.99), 3.250));
  CHECK(near(t_of(5, 0.90), 2.132));
}

TEST_CASE("a summary has mean, extremes, no width for equal samples, and an infinite one for a single sample",
          "[statistics]") {
  const Summary four = summarize({4, 1, 3, 2}, 0.95);
  CHECK(four.n == 4);
  CHECK(four.mean == 2.5);
  CHECK(four.min == 1);
  CHECK(four.max == 4);
  CHECK(summarize({7, 7, 7}, 0.95) == Summary{3, 7, 7, 7, 0});
  CHECK(std::isinf(summarize({7}, 0.95).half_width));
  CHECK(summarize({}, 0.95).n == 0);
}

TEST_CASE("pairs show a difference that the seeds' own spread would hide, and only when the interval leaves 0 out",
          "[statistics]") {
  // Seeds differ by hundreds, the strategies by 3: 2, 3 and 4, mean 3, half width 4.303 / sqrt(3) = 2.484.
  const Paired higher = compare_paired({102, 303, 504}, {100, 300, 500}, 0.95);
  CHECK(higher.of.mean == 3);
  CHECK(near(higher.of.half_width, 2.484));
  CHECK(higher.difference == Difference::higher);
  CHECK(compare_paired({100, 300, 500}, {102, 303, 504}, 0.95).difference == Difference::lower);
  // 1, 2 and 3: mean 2, the interval -0.484 .. 4.484 holds 0.
  CHECK(compare_paired({101, 302, 503}, {100, 300, 500}, 0.95).difference == Difference::none_shown);
  CHECK(compare_paired({5, 5}, {5, 5}, 0.95).difference == Difference::none_shown);
  CHECK(compare_paired({6}, {5}, 0.95).difference == Difference::none_shown);  // One pair shows nothing.
  CHECK(name_of(Difference::none_shown) == "no difference shown");
}

TEST_CASE("quantiles by nearest rank", "[statistics]") {
  const std::vector<double> samples = {50, 15, 40, 20, 35};
  CHECK(quantile(samples, 0.05) == 15);
  CHECK(quantile(samples, 0.3) == 20);
  CHECK(quantile(samples, 0.4) == 20);
  CHECK(quantile(samples, 0.5) == 35);
  CHECK(quantile(samples, 1) == 50);
  CHECK(quantile({}, 0.5) == std::nullopt);
}

TEST_CASE("a comparison pairs by seed, and leaves out seeds in which a side has no value", "[comparison]") {
  const Comparison comparison =
      compare_runs({{run_of("as-happened", 1, 10, 4, 100), run_of("as-happened", 2, 20, 6, 300)},
                    {run_of("better", 1, 12, 2, std::nullopt), run_of("better", 2, 22, 4, 250)}},
                   0.95);
  REQUIRE(comparison.strategies.size() == 2);
  CHECK(comparison.baseline == "as-happened");
  CHECK(comparison.strategies[0].measures[0].of.mean == 200);
  CHECK(comparison.strategies[1].measures[0].missing == 1);
  REQUIRE(comparison.paired.size() == 9);  // Eight fates and one measure, of the one strategy beside the baseline.
  CHECK(comparison.paired[6].measure == lost(0).name);
  CHECK(comparison.paired[6].paired.of == Summary{2, -2, -2, -2, 0});
  CHECK(comparison.paired[6].paired.difference == Difference::lower);
  CHECK(comparison.paired[8].measure == "detection");
  CHECK(comparison.paired[8].paired.of.n == 1);
}

TEST_CASE("precision is asked of the fates that the scenario names, or of all", "[comparison]") {
  const Comparison comparison =
      compare_runs({{run_of("as-happened", 1, 10, 5, 100), run_of("as-happened", 2, 20, 6, 300)}}, 0.95);
  CHECK(near(widest(comparison, {}), 5 * 12.7062));  // done: 10 and 20.
  CHECK(near(widest(comparison, {"letter.lost", "detection"}), 0.5 * 12.7062));
  CHECK(near(widest(comparison, {"detection"}), 5 * 12.7062));  // No fate among them: all.
}

TEST_CASE("flawless is a strategy under which nothing went wrong in any run", "[comparison]") {
  const auto flawless = [](const RunResult& run) { return compare_runs({{run}}, 0.95).strategies[0].flawless(); };
  RunResult run = run_of("a", 1, 3, 0, std::nullopt);
  CHECK(flawless(run));
  CHECK(!flawless(run_of("a", 1, 3, 1, std::nullopt)));
  CheckResult check;
  check.verdict = CheckVerdict::not_exercised;
  run.checks = {check};
  CHECK(flawless(run));
  run.checks[0].verdict = CheckVerdict::broken;
  CHECK(!flawless(run));
}

TEST_CASE("the verdict over all runs: different before not exercised before as expected", "[comparison]") {
  RunResult run = run_of("a", 1, 3, 0, std::nullopt), other = run_of("b", 1, 3, 0, std::nullopt);
  CHECK(compare_runs({{run}, {other}}, 0.95).verdict() == RunVerdict::as_expected);
  other.verdict = RunVerdict::not_exercised;
  CHECK(compare_runs({{run}, {other}}, 0.95).verdict() == RunVerdict::not_exercised);
  run.verdict = RunVerdict::different;
  CHECK(compare_runs({{run}, {other}}, 0.95).verdict() == RunVerdict::different);
}
