#include "tests/reports/scenario_runs.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "reports/render/history_lines.hpp"
#include "sim/compare/campaign.hpp"
#include "sim/scenario/history_names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

namespace premortem::testing {

namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

ScenarioRun::ScenarioRun(const std::string& file, const Variant& variant) {
  const auto compiled = scenario(file, variant);
  History records;
  RunOptions options;
  options.story = true;
  options.history = &records;
  result = run_scenario(*compiled, options);
  result.file = file;
  const std::shared_ptr<const Model> model = compiled->model;
  format = [model](Time time) {
    const std::int64_t ns = nanoseconds_of(time);
    return model->zone.format(time_from_nanoseconds(ns - ns % ns_per_second));
  };
  item = telling_item(result, history_names(*compiled), records.records());
  history = history_lines(history_names(*compiled), records, format);
}

std::vector<Comparison> comparisons(const std::string& file, const std::vector<std::string>& strategies,
                                    std::uint64_t runs, const std::string& assumption,
                                    const std::vector<std::string>& alternatives) {
  std::vector<Variant> readings = {{}};
  for (const std::string& alternative : alternatives) readings.push_back({"", {{assumption, alternative}}, {}});
  std::vector<Comparison> all;
  for (Variant reading : readings) {
    std::vector<std::shared_ptr<const CompiledScenario>> scenarios;
    for (const std::string& strategy : strategies) {
      reading.strategy = strategy;
      scenarios.push_back(scenario(file, reading));
    }
    CampaignOptions options;
    options.runs = runs;
    options.file = file;
    all.push_back(run_campaign(scenarios, options).comparison);
  }
  return all;
}

RunResult nasty_run() {
  RunResult run;
  run.title = run.strategy = nasty;
  run.file = nasty + ".jsonc";
  run.assumptions = {nasty + "=1"};
  run.sets = {"a.b=" + nasty};
  run.digest = "d";
  run.verdict = RunVerdict::different;
  FateCounts counts;
  counts.item = nasty;
  counts.arrived = 1;
  counts.of[static_cast<std::size_t>(Fate::lost)] = 1;
  run.fates = {counts};
  CheckResult check;
  check.name = check.expected = nasty;
  check.verdict = CheckVerdict::broken;
  check.broken_for = 1;
  check.examples = {nasty + " 1"};
  run.checks = {check};
  run.measures = {{nasty + ".time-to-done.p50", Measure::Unit::duration, {}}};
  run.story = {{Time{}, nasty}};
  run.notes = {nasty};
  return run;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string lasting(std::string text, const RunResult& run) {
  replace_all(text, run.digest, "DIGEST");
  replace_all(text, run.scenario_hash, "SCENARIO-HASH");
  replace_all(text, std::to_string(run.events) + " events", "EVENTS events");
  replace_all(text, "\"events\": " + std::to_string(run.events), "\"events\": EVENTS");
  return text;
}

std::pair<int, std::string> through_shell(const std::string& text, const std::string& line) {
  std::string name = (std::filesystem::temp_directory_path() / "premortem-report-XXXXXX").string();
  const int file = mkstemp(name.data());
  REQUIRE(file >= 0);
  close(file);
  std::ofstream(name, std::ios::binary) << text;
  FILE* pipe = popen(("INPUT='" + name + "'; " + line).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  const int status = pclose(pipe);
  std::filesystem::remove(name);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out};
}

}  // namespace premortem::testing
