#pragma once
// What a GitHub Actions job shows of itself: annotations at the checks, and the report on the run's page.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "reports/render/annotations.hpp"
#include "sim/compare/comparison.hpp"
#include "sim/scenario/node.hpp"

namespace premortem::cli {

/// Says nothing unless GITHUB_ACTIONS is "true". What it cannot write is a warning: no exit code depends on it.
class Github {
 public:
  /// `off`: says nothing there either.
  explicit Github(bool off);

  bool on() const { return on_; }
  /// Whether there is a job summary to write to.
  bool wants_summary() const { return !summary_.empty(); }
  /// On stderr, which the runner reads as it does stdout: so stdout stays the report.
  void annotate(const std::vector<Annotation>& annotations) const;
  /// Adds to what other steps' commands have written there.
  void summarize(const std::string& markdown) const;

 private:
  bool on_ = false;
  std::string summary_;  ///< Path.
};

/// Every check that is not as expected, at its place in the scenario; `root`: the scenario as read.
std::vector<Annotation> annotations_of(const RunResult& run, const Node& root);
/// Every check of a strategy that is not as expected in every run.
std::vector<Annotation> annotations_of(const std::vector<Comparison>& readings, const Node& root);
/// A file that cannot be run: `message` begins with "FILE:LINE:COLUMN: " where it has a place.
Annotation annotation_of_invalid(const std::string& file, const std::string& message);

void add_no_github(CLI::App& command, bool& off);

}  // namespace premortem::cli
