#include "cli/github.hpp"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/reports.hpp"

namespace premortem::cli {

namespace {

constexpr std::size_t summary_bytes = 900'000;  ///< GitHub takes 1 MiB for a step, and nothing of what is larger.

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// As GitHub names files: relative to the checkout, wherever the command was started.
std::string in_checkout(const std::string& file) {
  const std::string checkout = environment("GITHUB_WORKSPACE");
  if (checkout.empty() || file.empty()) return file;
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(file, error).lexically_normal();
  const std::filesystem::path inside = path.lexically_relative(std::filesystem::path(checkout).lexically_normal());
  return error || inside.empty() || *inside.begin() == ".." ? file : inside.string();
}

Annotation at_check(const Node& root, const std::string& file, const std::string& check) {
  Annotation one;
  one.file = in_checkout(file);
  const Node* checks = root.find("checks");
  const Node* place = checks == nullptr ? nullptr : checks->find(check);
  if (place == nullptr) return one;
  one.line = place->key_at.line;
  one.column = place->key_at.column;
  return one;
}

}  // namespace

Github::Github(bool off) : on_(!off && environment("GITHUB_ACTIONS") == "true") {
  if (on_) summary_ = environment("GITHUB_STEP_SUMMARY");
}

void Github::annotate(const std::vector<Annotation>& annotations) const {
  if (on_) std::cerr << annotations_to_github(annotations);
}

void Github::summarize(const std::string& markdown) const {
  if (!wants_summary()) return;
  std::error_code ignored;  // It need not be there yet, and need not be a file.
  const bool exists = std::filesystem::is_regular_file(summary_, ignored);
  const std::uintmax_t there = exists ? std::filesystem::file_size(summary_, ignored) : 0;
  const std::size_t left = there > summary_bytes ? 0 : summary_bytes - static_cast<std::size_t>(there);
  const std::string text = summary_within(markdown, left);
  if (text.empty()) {
    std::cerr << "premortem: the job summary is full; this report is not in it\n";
    return;
  }
  std::ofstream out(summary_, std::ios::binary | std::ios::app);
  out << text;
  out.flush();
  if (!out) std::cerr << "premortem: cannot write the job summary " << summary_ << "; the report is not in it\n";
}

std::vector<Annotation> annotations_of(const RunResult& run, const Node& root) {
  std::vector<Annotation> all;
  for (const CheckResult& check : run.checks) {
    if (check.as_expected) continue;
    Annotation one = at_check(root, run.file, check.name);
    one.error = check.verdict != CheckVerdict::not_exercised;
    one.title = check.name + " under " + run.strategy;
    one.message = "expected " + check.expected + ", got " + std::string(name_of(check.verdict));
    if (check.verdict == CheckVerdict::broken && check.broken_for)
      one.message += " for " + std::to_string(*check.broken_for);
    if (!check.examples.empty()) one.message += ", such as " + check.examples.front();
    one.message += "\n" + reproduce(run);
    all.push_back(one);
  }
  if (all.empty() && run.verdict != RunVerdict::as_expected) {  // Nothing arrived, so nothing was judged.
    Annotation one;
    one.error = run.verdict == RunVerdict::different;
    one.file = in_checkout(run.file);
    one.title = run.title + " under " + run.strategy;
    one.message = verdict_sentence(run) + "\n" + reproduce(run);
    all.push_back(one);
  }
  return all;
}

std::vector<Annotation> annotations_of(const std::vector<Comparison>& readings, const Node& root) {
  std::vector<Annotation> all;
  for (const Comparison& reading : readings) {
    for (const StrategySummary& strategy : reading.strategies) {
      for (const CheckCount& check : strategy.checks) {
        if (check.as_expected == strategy.runs) continue;
        Annotation one = at_check(root, reading.file, check.name);
        one.error = strategy.different > 0;
        one.title = check.name + " under " + strategy.name;
        one.message = "not as expected in " + std::to_string(strategy.runs - check.as_expected) + " of " +
                      counted(strategy.runs, "run") + ": held in " + std::to_string(check.held) + ", broken in " +
                      std::to_string(check.broken) + ", not exercised in " + std::to_string(check.not_exercised);
        if (readings.size() > 1) one.message += "; reading: " + reading_name(reading);
        all.push_back(one);
      }
    }
  }
  return all;
}

Annotation annotation_of_invalid(const std::string& file, const std::string& message) {
  Annotation one;
  one.file = in_checkout(file);
  one.title = "not a valid scenario";
  one.message = message.substr(0, message.find('\n'));
  if (!one.message.starts_with(file + ":")) return one;
  const char* at = one.message.data() + file.size() + 1;
  const char* end = one.message.data() + one.message.size();
  const auto line = std::from_chars(at, end, one.line);
  if (line.ec != std::errc() || line.ptr == end || *line.ptr != ':') return one;
  const auto column = std::from_chars(line.ptr + 1, end, one.column);
  const std::string rest(column.ptr, end);
  if (column.ec == std::errc() && rest.starts_with(": ")) one.message = rest.substr(2);
  return one;
}

void add_no_github(CLI::App& command, bool& off) {
  command.add_flag("--no-github", off, "no annotations and no job summary, even if GITHUB_ACTIONS is true");
}

}  // namespace premortem::cli
