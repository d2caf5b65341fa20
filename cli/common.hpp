#pragma once
// What the commands share: options of a scenario, exit codes, output.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/render/reports.hpp"
#include "sim/scenario/load.hpp"

namespace premortem::cli {

enum ExitCode : int { as_expected = 0, different = 1, invalid = 2, not_exercised = 3, internal = 4, interrupted = 130 };

/// The options by which a command names what runs.
struct ScenarioOptions {
  std::string file;
  std::string strategy = "as-happened";
  std::vector<std::string> assume;  ///< NAME=VALUE
  std::vector<std::string> set;     ///< ADDRESS=VALUE
  std::uint64_t seed = 1;

  void add_to(CLI::App& app, bool with_strategy);
  /// Splits NAME=VALUE; throws UsageError.
  Variant variant() const;
};

/// Bad input: printed to stderr as it is; exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws UsageError with all diagnostics when the file or the variant is not valid.
LoadedScenario load(const std::string& file);
std::shared_ptr<const CompiledScenario> compile(const LoadedScenario& loaded, const Variant& variant);

/// Whole or not at all: written beside it and renamed. "-" is stdout. Throws UsageError.
void write_file(const std::string& path, const std::string& text);

TimeFormat times_of(const CompiledScenario& scenario);
int exit_code(RunVerdict verdict);

/// Each adds its subcommand; the returned function runs it.
void add_run(CLI::App& app, int& code);
void add_compare(CLI::App& app, int& code);
void add_test(CLI::App& app, int& code);
void add_check(CLI::App& app, int& code);
void add_calendar(CLI::App& app, int& code);
void add_language(CLI::App& app, int& code);

}  // namespace premortem::cli
