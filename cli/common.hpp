#pragma once
// What the commands share: options of a scenario, exit codes, output.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/render/reports.hpp"
#include "reports/render/shell_word.hpp"
#include "sim/models/livelock.hpp"
#include "sim/scenario/load.hpp"

namespace premortem::cli {

enum ExitCode : int { as_expected = 0, different = 1, invalid = 2, not_exercised = 3, internal = 4, interrupted = 130 };

inline constexpr const char* version = "0.1.0";

/// The options by which a command names what runs.
struct ScenarioOptions {
  std::string file;
  std::string strategy = "as-happened";
  std::vector<std::string> assume;  ///< NAME=VALUE
  std::vector<std::string> set;     ///< ADDRESS=VALUE
  std::uint64_t seed = 1;

  void add_to(CLI::App& app, bool with_strategy);
  /// The same without a seed, for commands that run nothing.
  void add_variant_to(CLI::App& app);
  /// Only --assume and --set.
  void add_changes_to(CLI::App& app);
  /// Splits NAME=VALUE; throws UsageError.
  Variant variant() const;
};

/// The options that name the variant, as a shell reads them: " --strategy a --set 'b=c' --seed 7"; "" for the file as
/// written with seed 1.
std::string variant_options(const ScenarioOptions& options);

/// Bad input: printed to stderr as it is; exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// check_all_variants on all processors.
void check_side_by_side(const LoadedScenario& loaded, Diagnostics& diagnostics);
/// Throws UsageError with all diagnostics when the file or the variant is not valid.
LoadedScenario load(const std::string& file);
std::shared_ptr<const CompiledScenario> compile(const LoadedScenario& loaded, const Variant& variant);

/// Throws UsageError when `write_file` could not succeed: asked before a long run rather than after it.
void check_writable(const std::string& path);
/// Throws UsageError when one of the outputs would replace another one, or the input, which is `what`.
void check_apart(const std::string& input, const std::vector<std::string>& outputs,
                 const std::string& what = "the scenario itself");
/// Whether one of the reports goes to stdout ("-") and so takes the place of the usual one. Throws UsageError when two
/// do, or one does beside --json: nobody could tell them apart.
bool check_stdout(const std::vector<std::string>& paths, bool json);
/// Whole or not at all: written beside it and renamed; a link is followed, and what is no plain file (a pipe, a device)
/// is written to as it is. "-" is stdout. Throws UsageError.
void write_file(const std::string& path, const std::string& text);

TimeFormat times_of(const CompiledScenario& scenario);
/// What is said of a run that can go no further, with its place and the circle in which it goes.
std::string told(const Livelock& livelock);
/// Does the work on that file; a Livelock then says in which file it is.
template <class Work>
auto of_file(const std::string& file, const Work& work) {
  try {
    return work();
  } catch (Livelock& livelock) {
    livelock.file = file;
    throw;
  }
}
int exit_code(RunVerdict verdict);

/// Version and a hash of the linker's name for this build: another build may end differently.
std::string program_identity();

/// What is wrong with the command line, and the nearest thing that would be right. One line, or two.
std::string explain(const CLI::App& app, const CLI::ParseError& error, int argc, char* const argv[]);

/// Each adds its subcommand; the returned function runs it.
void add_run(CLI::App& app, int& code);
void add_window(CLI::App& app, int& code);
void add_compare(CLI::App& app, int& code);
void add_report(CLI::App& app, int& code);
void add_coverage(CLI::App& app, int& code);
void add_diff(CLI::App& app, int& code);
void add_explore(CLI::App& app, int& code);
void add_test(CLI::App& app, int& code);
void add_check(CLI::App& app, int& code);
void add_calendar(CLI::App& app, int& code);
void add_language(CLI::App& app, int& code);
void add_explain(CLI::App& app, int& code);
void add_minimise(CLI::App& app, int& code);
void add_why(CLI::App& app, int& code);
/// Last: it completes what the others have added.
void add_completion(CLI::App& app, int& code);

}  // namespace premortem::cli
