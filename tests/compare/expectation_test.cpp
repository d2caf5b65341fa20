// What a scenario expects of its checks, and the verdict of the whole run.

#include "sim/compare/runner.hpp"
#include "sim/scenario/load.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// Twenty orders arrive and nobody takes them; three are sent by hand and finish.
std::string scenario(const std::string& expect, int orders = 20) {
  std::string numbers;
  for (int n = 0; n < orders; ++n) numbers += (n > 0 ? ", " : "") + std::to_string(n);
  return R"({ "premortem": 1, "title": "expectations",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
    "items": { "order": {}, "visit": {} },
    "timeline": [ { "id": "orders", "at": "10:00", "each": [)" +
         numbers + R"(], "send": "order", "to": "desk.drop" } ],
    "systems": { "desk": { "is": "service", "of": ["order", "visit"], "offers": { "drop": {}, "serve": { "does": [ { "finish": "done" } ] } } } },
    "checks": { "none-lost": { "no": "order", "ends": ["lost"] },
                "quiet": { "always": "count(order) < 5" },
                "visits": { "every": "visit", "ends": ["done"] } },
    "expect": { )" +
         expect + R"( } })";
}

std::shared_ptr<const CompiledScenario> compiled(const std::string& text, Diagnostics& diagnostics) {
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  if (!root) return nullptr;
  const auto loaded = load_scenario("expectations.jsonc", std::move(*root), diagnostics);
  return loaded ? compile_variant(*loaded, {}, diagnostics) : nullptr;
}

RunResult run(const std::string& expect, int orders = 20) {
  Diagnostics diagnostics;
  const auto scenario_ = compiled(scenario(expect, orders), diagnostics);
  INFO(diagnostics.format("f"));
  REQUIRE(scenario_ != nullptr);
  return run_scenario(*scenario_, {});
}

bool met(const std::string& verdict) {
  for (const CheckResult& check : run(R"("none-lost": ")" + verdict + "\"").checks) {
    if (check.name == "none-lost") return check.as_expected;
  }
  return false;
}

std::string said(const std::string& expect) {
  Diagnostics diagnostics;
  compiled(scenario(expect), diagnostics);
  return diagnostics.format("f");
}

}  // namespace

TEST_CASE("a check that is broken for twenty meets these expectations and no others", "[expect]") {
  CHECK(met("broken"));
  CHECK(met("broken for 20"));
  CHECK_FALSE(met("broken for 19"));
  CHECK(met("broken for >= 20"));
  CHECK_FALSE(met("broken for >= 21"));
  CHECK(met("broken for 10 .. 20"));
  CHECK(met("broken for 20 .. 30"));
  CHECK_FALSE(met("broken for 10 .. 19"));
  CHECK(met("either"));
  CHECK_FALSE(met("holds"));
  CHECK_FALSE(met("not exercised"));
}

TEST_CASE("the run is as expected, different, or not exercised", "[expect]") {
  const std::string all = R"("none-lost": "broken for 20", "quiet": "broken", "visits": "not exercised")";
  CHECK(run(all).verdict == RunVerdict::as_expected);
  CHECK(run(R"("none-lost": "broken for 21", "quiet": "broken", "visits": "not exercised")").verdict ==
        RunVerdict::different);
  // What is not listed holds; a check whose premise never occurred did not, which is a verdict of its own.
  const RunResult unsaid = run(R"("none-lost": "broken", "quiet": "broken")");
  CHECK(unsaid.verdict == RunVerdict::not_exercised);
  bool told = false;
  for (const std::string& note : unsaid.notes)
    told = told || note == "the check \"visits\" was not exercised: its premise never occurred";
  CHECK(told);
}

TEST_CASE("a run in which nothing arrived is not exercised, whatever its checks say", "[expect]") {
  const RunResult nothing = run(R"("none-lost": "not exercised", "visits": "not exercised")", 0);
  CHECK(nothing.verdict == RunVerdict::not_exercised);
}

TEST_CASE("expectations that can never be met are mistakes", "[expect][mistakes]") {
  CHECK(said(R"("none-lost": "broken for 0")").find("never broken for 0; write \"holds\"") != std::string::npos);
  CHECK(said(R"("none-lost": "broken for 30 .. 20")").find("write the smaller number first") != std::string::npos);
  CHECK(said(R"("quiet": "broken for 3")").find("counts nothing; write \"broken\"") != std::string::npos);
  CHECK(said(R"("none-lost": "breaks")").find("is no verdict") != std::string::npos);
  CHECK(said(R"("non-lost": "broken")").find("did you mean \"none-lost\"?") != std::string::npos);
}
