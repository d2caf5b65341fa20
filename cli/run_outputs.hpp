#pragma once
// Where the report of one run goes, for the commands that run once: run and serve.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/github.hpp"
#include "cli/template_file.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/compare/runner.hpp"

namespace premortem::cli {

/// Checked before the run, asked for what the run must keep, and given the result. In this order; once.
class RunOutputs {
 public:
  void add_to(CLI::App& command);
  /// Throws UsageError when a file could not be written, or would replace the scenario or what else is read. `others`:
  /// further outputs of the command.
  void check(const std::string& scenario, const std::vector<std::string>& inputs, std::vector<std::string> others);
  /// Lets the run keep what the reports need.
  void prepare(RunOptions& how);
  /// Writes everything, and the usual report to stdout unless something else goes there. `root`: the scenario as read.
  void write(const CompiledScenario& scenario, const RunResult& result, const Node& root);
  const std::string& store_path() const { return store_path_; }

 private:
  bool json_ = false, no_github_ = false, elsewhere_ = false, as_markdown_ = false;
  std::string markdown_, junit_, history_path_, trace_, otlp_, csv_, html_, store_path_, template_path_;
  MarkdownTemplate form_;
  std::unique_ptr<Github> github_;
  std::unique_ptr<RunStore> store_;
  History history_;
  std::vector<JudgedItem> items_;
};

}  // namespace premortem::cli
