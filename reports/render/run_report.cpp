#include "reports/query/figures.hpp"
#include "reports/query/run_tables.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

std::string shell_word(const std::string& text) {
  if (!text.empty() &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=+,:@%") ==
          std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string verdict_sentence(const RunResult& run) {
  std::size_t broken = 0, different = 0;
  for (const CheckResult& check : run.checks) {
    broken += check.verdict == CheckVerdict::broken ? 1 : 0;
    different += check.as_expected ? 0 : 1;
  }
  const std::string checks = std::to_string(run.checks.size()) + (run.checks.size() == 1 ? " check" : " checks");
  switch (run.verdict) {
    case RunVerdict::as_expected:
      return "As expected: " + checks + ", " +
             (broken == 0 ? "all hold." : std::to_string(broken) + " broken as foretold.");
    case RunVerdict::different:
      return "DIFFERENT from what is expected in " + std::to_string(different) + " of " + checks + ".";
    case RunVerdict::not_exercised:
      return "NOT EXERCISED: what the checks are about never occurred in this run.";
  }
  return {};
}

std::string what_ran(const RunResult& run) {
  std::string line = "strategy " + run.strategy;
  for (const std::string& assumption : run.assumptions) line += ", assuming " + assumption;
  return line + ", seed " + std::to_string(run.seed) + ", " + std::to_string(run.events) + " events, digest " +
         run.digest;
}

}  // namespace

std::string reproduce(const RunResult& run) {
  std::string command = "premortem run " + shell_word(run.file);
  if (run.strategy != "as-happened") command += " --strategy " + shell_word(run.strategy);
  for (const std::string& assumption : run.assumptions) command += " --assume " + shell_word(assumption);
  return command + " --seed " + std::to_string(run.seed);
}

std::string run_to_terminal(const RunResult& run, const TimeFormat& format) {
  std::string out = run.title + "\n" + what_ran(run) + "\n\n";
  for (const StoryLine& line : run.story) out += "  " + format(line.at) + "  " + line.text + "\n";
  if (!run.story.empty()) out += "\n";
  out +=
      to_terminal(fates_table(run)) + "\n" + to_terminal(checks_table(run)) + "\n" + to_terminal(measures_table(run));
  for (const CheckResult& check : run.checks) {
    if (check.verdict != CheckVerdict::broken || check.examples.empty()) continue;
    out += "\n" + check.name + " is broken for";
    for (std::size_t n = 0; n < check.examples.size(); ++n) out += (n == 0 ? " " : ", ") + check.examples[n];
    if (check.broken_for && *check.broken_for > check.examples.size()) {
      out += " and " + std::to_string(*check.broken_for - check.examples.size()) + " more";
    }
    if (check.first_at) out += "; first at " + format(*check.first_at);
  }
  if (!run.notes.empty()) out += "\n";
  for (const std::string& note : run.notes) out += "\nnote: " + note;
  out += "\n\n" + verdict_sentence(run) + "\n";
  if (run.verdict != RunVerdict::as_expected) out += "Again: " + reproduce(run) + "\n";
  return out;
}

std::string run_to_markdown(const RunResult& run, const TimeFormat& format) {
  std::string out = "## " + run.title + "\n\n" + verdict_sentence(run) + "\n\n" + what_ran(run) + "\n\n";
  for (const StoryLine& line : run.story) out += "- **" + format(line.at) + "** " + line.text + "\n";
  if (!run.story.empty()) out += "\n";
  out += to_markdown(fates_table(run)) + "\n" + to_markdown(checks_table(run)) + "\n";
  for (const std::string& note : run.notes) out += "- " + note + "\n";
  return out + "\n`" + reproduce(run) + "`\n";
}

std::string comparison_to_terminal(const Comparison& comparison) {
  std::string out = comparison.title + "\n";
  if (!comparison.assumptions.empty()) {
    out += "assuming";
    for (const std::string& assumption : comparison.assumptions) out += " " + assumption;
    out += "\n";
  }
  out += comparison.stopping + "\n\n" + to_terminal(strategies_table(comparison));
  out += "\nFates over the seeds\n" + to_terminal(fate_ranges_table(comparison));
  out += "\nRuns in which each check held\n" + to_terminal(check_counts_table(comparison));
  out += "\nAgainst " + comparison.baseline + ", paired by seed\n" + to_terminal(paired_table(comparison));
  return out;
}

std::string comparison_to_markdown(const Comparison& comparison) {
  std::string out = "## " + comparison.title + "\n\n";
  for (const std::string& assumption : comparison.assumptions) out += "Assuming `" + assumption + "`.\n\n";
  out += comparison.stopping + ".\n\n" + to_markdown(strategies_table(comparison)) + "\n";
  out += "Runs in which each check held:\n\n" + to_markdown(check_counts_table(comparison)) + "\n";
  return out + "Against " + comparison.baseline + ", paired by seed:\n\n" + to_markdown(paired_table(comparison));
}

}  // namespace premortem
