// premortem test: every scenario below a path, every strategy, every reading; regressions first.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/common.hpp"
#include "cli/github.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/render/test_summary.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/compare/runner.hpp"
#include "sim/models/livelock.hpp"

namespace premortem::cli {

namespace {

struct Options {
  std::vector<std::string> paths;
  std::uint64_t runs = 3;
  std::string junit, store;
  bool verbose = false, no_github = false;
};

std::vector<std::string> scenario_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::filesystem::recursive_directory_iterator entry(path, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
      const std::string file = entry->path().string();
      if (!entry->is_regular_file(error)) continue;  // A pipe of that name would wait for ever.
      // What a catalogue holds is used by others and does not run by itself.
      if (file.ends_with(".jsonc") && file.find("/catalogue/") == std::string::npos) files.push_back(file);
    }
    if (error)
      throw UsageError("premortem: cannot look into " + path + ": " + error.message() + "; check permissions\n");
  }
  std::sort(files.begin(), files.end(), [](const std::string& a, const std::string& b) {
    const bool first = a.find("/regressions/") != std::string::npos,
               second = b.find("/regressions/") != std::string::npos;
    return first != second ? first : a < b;
  });
  return files;
}

/// The file as written with every strategy, and every reading of what is assumed by name.
std::vector<Variant> variants_of(const LoadedScenario& loaded) {
  std::vector<Variant> variants;
  for (const std::string& strategy : strategy_names(loaded.root)) variants.push_back({strategy, {}, {}});
  if (const Node* assumed = loaded.root.find("assumed")) {
    for (const Node::Member& member : assumed->members) {
      for (const std::string& alternative : alternatives_of(loaded.root, member.first)) {
        variants.push_back({"as-happened", {{member.first, alternative}}, {}});
      }
    }
  }
  return variants;
}

struct Tally {
  explicit Tally(std::ostream& out) : say(out) {}

  std::ostream& say;  ///< stderr when the JUnit XML goes to stdout.
  std::size_t passed = 0, failed = 0, not_exercised = 0;
  bool unstable = false;
  std::vector<Annotation> annotations;
};

void test_variant(const LoadedScenario& loaded, const Variant& variant, const Options& options, RunStore* store,
                  Tally& tally, std::vector<RunResult>& results) {
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant);
  std::string name = loaded.path + " " + variant.strategy;
  for (const auto& [assumed, value] : variant.assume) name += " " + assumed + "=" + value;
  std::optional<RunResult> worst;
  for (std::uint64_t seed = 1; seed <= options.runs; ++seed) {
    RunOptions how;
    how.seed = seed;
    how.goals = store != nullptr;
    RunResult result = run_scenario(*scenario, how);
    result.file = loaded.path;
    if (store != nullptr) store->put(result);
    if (seed == 1) {  // Each is run twice: the same input must give the same digest.
      const RunResult again = run_scenario(*scenario, how);
      if (again.digest != result.digest) {
        tally.unstable = true;
        tally.say << "UNSTABLE  " << name << ": two runs of seed 1 have the digests " << result.digest << " and "
                  << again.digest << "\n";
      }
    }
    const bool worse =
        !worst || (worst->verdict == RunVerdict::as_expected && result.verdict != RunVerdict::as_expected);
    if (worse) worst = result;
    if (result.verdict == RunVerdict::different) {
      worst = result;
      break;
    }
  }
  results.push_back(*worst);
  if (worst->verdict == RunVerdict::as_expected) {
    ++tally.passed;
    if (options.verbose) tally.say << "ok        " << name << "\n";
    return;
  }
  ++(worst->verdict == RunVerdict::different ? tally.failed : tally.not_exercised);
  tally.say << (worst->verdict == RunVerdict::different ? "DIFFERENT " : "NOT RUN   ") << name << "\n";
  for (const CheckResult& check : worst->checks) {
    if (check.as_expected) continue;
    tally.say << "          " << check.name << ": expected " << check.expected << ", got " << name_of(check.verdict)
              << (check.verdict == CheckVerdict::broken && check.broken_for
                      ? " for " + std::to_string(*check.broken_for)
                      : std::string())
              << "\n";
  }
  tally.say << "          " << reproduce(*worst) << "\n";
  const std::vector<Annotation> annotations = annotations_of(*worst, loaded.root);
  tally.annotations.insert(tally.annotations.end(), annotations.begin(), annotations.end());
}

int test(const Options& options) {
  const std::vector<std::string> files = scenario_files(options.paths);
  check_writable(options.junit);
  const Github github(options.no_github);
  Tally tally(options.junit == "-" ? std::cerr : std::cout);
  std::unique_ptr<RunStore> store;
  if (!options.store.empty()) store = std::make_unique<RunStore>(options.store, program_identity());
  std::vector<RunResult> results;
  std::vector<InvalidFile> invalid_files;
  for (const std::string& file : files) {
    try {
      const LoadedScenario loaded = load(file);
      for (const Variant& variant : variants_of(loaded))
        test_variant(loaded, variant, options, store.get(), tally, results);
    } catch (const UsageError& error) {
      invalid_files.push_back({file, error.what()});
    } catch (Livelock& error) {
      error.file = file;
      invalid_files.push_back({file, told(error)});
    }
  }
  if (!options.junit.empty()) write_file(options.junit, runs_to_junit(results, invalid_files));
  for (const InvalidFile& one : invalid_files) {
    std::cerr << one.message;
    tally.annotations.push_back(annotation_of_invalid(one.file, one.message));
  }
  github.annotate(tally.annotations);
  if (github.wants_summary()) github.summarize(tests_to_markdown(results, invalid_files, options.runs));
  tally.say << tally.passed << " as expected, " << tally.failed << " different, " << tally.not_exercised
            << " not exercised, "
            << (invalid_files.empty() ? "" : std::to_string(invalid_files.size()) + " not valid, ") << "in "
            << files.size() << (files.size() == 1 ? " file" : " files") << ", " << options.runs
            << (options.runs == 1 ? " seed" : " seeds") << " each\n";
  if (files.empty()) {
    std::cerr << "premortem: there is no scenario (*.jsonc) below these paths\n";
    return not_exercised;
  }
  return tally.unstable            ? internal
         : !invalid_files.empty()  ? invalid
         : tally.failed > 0        ? different
         : tally.not_exercised > 0 ? not_exercised
                                   : as_expected;
}

}  // namespace

void add_test(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("test", "run every scenario, strategy and reading below a path and judge what they expect");
  command->add_option("PATH", options->paths, "files or folders")->required();
  command->add_option("--runs", options->runs, "seeds for each")
      ->type_name("NUMBER")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->add_option("--junit", options->junit, "write JUnit XML; - is stdout")->type_name("PATH");
  command->add_option("--store", options->store, "keep the runs in a run store, for coverage")->type_name("PATH");
  add_no_github(*command, options->no_github);
  command->add_flag("-v,--verbose", options->verbose, "name what passes, too");
  command->footer("Example:\n  premortem test scenarios/ --junit build/premortem.xml");
  command->callback([options, &code] { code = test(*options); });
}

}  // namespace premortem::cli
