#include "cli/common.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <thread>

#include "cli/side_by_side.hpp"
#include "reports/render/circle_report.hpp"

namespace premortem::cli {

namespace {

/// CLI11 takes -1 for 2^64-1, and what is too large for the largest: another run than the one that was asked for.
std::string is_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? "" : "a seed is a whole number from 0 to 18446744073709551615, not \"" + text + "\"";
}

std::string is_not_empty(const std::string& text) { return text.empty() ? "must not be empty" : ""; }

}  // namespace

void ScenarioOptions::add_to(CLI::App& app, bool with_strategy) {
  app.add_option("FILE", file, "scenario file (.jsonc)")->required()->type_name("");
  if (with_strategy)
    app.add_option("--strategy", strategy, "a strategy of the file, or several: a+b")
        ->type_name("NAME")
        ->check(CLI::Validator(is_not_empty, ""));
  add_changes_to(app);
  app.add_option("--seed", seed, "of the random draws")
      ->type_name("NUMBER")
      ->capture_default_str()
      ->check(CLI::Validator(is_seed, ""));
}

void ScenarioOptions::add_variant_to(CLI::App& app) {
  app.add_option("FILE", file, "scenario file (.jsonc)")->required()->type_name("");
  app.add_option("--strategy", strategy, "a strategy of the file, or several: a+b")
      ->type_name("NAME")
      ->check(CLI::Validator(is_not_empty, ""));
  add_changes_to(app);
}

void ScenarioOptions::add_changes_to(CLI::App& app) {
  app.add_option("--assume", assume, "NAME=ALTERNATIVE or ADDRESS=VALUE of `assumed`")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_option("--set", set, "any other change")->type_name("ADDRESS=VALUE")->allow_extra_args(false);
}

Variant ScenarioOptions::variant() const {
  Variant variant;
  variant.strategy = strategy;
  const auto split = [](const std::vector<std::string>& all, const char* option) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& one : all) {
      const std::size_t equals = one.find('=');
      if (equals == std::string::npos)
        throw UsageError("premortem: " + std::string(option) + " " + one + ": write NAME=VALUE\n");
      pairs.emplace_back(one.substr(0, equals), one.substr(equals + 1));
    }
    return pairs;
  };
  variant.assume = split(assume, "--assume");
  variant.set = split(set, "--set");
  return variant;
}

std::string variant_options(const ScenarioOptions& options) {
  std::string text = options.strategy == "as-happened" ? "" : " --strategy " + shell_word(options.strategy);
  for (const std::string& assume : options.assume) text += " --assume " + shell_word(assume);
  for (const std::string& set : options.set) text += " --set " + shell_word(set);
  return options.seed == 1 ? text : text + " --seed " + std::to_string(options.seed);
}

void check_side_by_side(const LoadedScenario& loaded, Diagnostics& diagnostics) {
  check_all_variants(loaded, diagnostics, [](std::uint64_t jobs, const std::function<void(std::uint64_t)>& work) {
    const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
    side_by_side(static_cast<unsigned>(std::min<std::uint64_t>(processors, jobs)), jobs, work);
  });
}

LoadedScenario load(const std::string& file) {
  Diagnostics diagnostics;
  std::optional<LoadedScenario> loaded = load_scenario(file, diagnostics);
  if (loaded) check_side_by_side(*loaded, diagnostics);  // A strategy that hits nothing is no matter of who asks.
  if (!diagnostics.ok()) throw UsageError(diagnostics.format(file));
  return std::move(*loaded);
}

std::shared_ptr<const CompiledScenario> compile(const LoadedScenario& loaded, const Variant& variant) {
  Diagnostics diagnostics;
  std::shared_ptr<const CompiledScenario> compiled = compile_variant(loaded, variant, diagnostics);
  if (!compiled) throw UsageError(diagnostics.format(loaded.path));
  return compiled;
}

void check_writable(const std::string& path) {
  if (path.empty() || path == "-") return;
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw UsageError("premortem: cannot write " + path + ": it is a directory; name a file in it\n");
  // The nearest folder that is there must be one: what is missing below it will be made.
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  while (!folder.empty() && !std::filesystem::exists(folder, error)) folder = folder.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, error))
    throw UsageError("premortem: cannot write " + path + ": " + folder.string() + " is not a folder\n");
}

bool check_stdout(const std::vector<std::string>& paths, bool json) {
  const auto there = std::count(paths.begin(), paths.end(), "-");
  if (there + (json ? 1 : 0) > 1 && there > 0)
    throw UsageError("premortem: two reports cannot both go to stdout; name a file for one of them\n");
  return there > 0;
}

void write_file(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text;
    return;
  }
  std::error_code error;
  std::filesystem::path target(path);
  for (int links = 0; links < 40 && std::filesystem::is_symlink(target, error); ++links) {
    const std::filesystem::path next = std::filesystem::read_symlink(target, error);
    if (error || next.string().find(':') != std::string::npos) break;  // /proc/self/fd/1 -> pipe:[4711]
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  const bool special = std::filesystem::exists(target, error) && !std::filesystem::is_regular_file(target, error);
  if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), error);
  const std::filesystem::path beside = special ? target : std::filesystem::path(target.string() + ".part");
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) {
      if (!special) std::filesystem::remove(beside, error);
      throw UsageError("premortem: cannot write " + path + "; check the folder and its permissions\n");
    }
  }
  if (special) return;
  std::filesystem::rename(beside, target, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    throw UsageError("premortem: cannot write " + path + ": " + error.message() + "\n");
  }
}

namespace {
std::filesystem::path resolved(const std::string& path) {
  std::error_code error;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
}
}  // namespace

void check_apart(const std::string& input, const std::vector<std::string>& outputs, const std::string& what) {
  std::error_code error;
  for (std::size_t n = 0; n < outputs.size(); ++n) {
    const std::string& path = outputs[n];
    if (path.empty() || path == "-") continue;
    if (std::filesystem::is_regular_file(path, error) && std::filesystem::equivalent(path, input, error))
      throw UsageError("premortem: " + path + " is " + what + "; write the report elsewhere\n");
    for (std::size_t other = 0; other < n; ++other) {
      if (resolved(path) != resolved(outputs[other])) continue;
      if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) continue;
      throw UsageError("premortem: two results would be written to " + path + "; name two files\n");
    }
  }
}

TimeFormat times_of(const CompiledScenario& scenario) {
  const std::shared_ptr<const Model> model = scenario.model;
  return [model](Time time) {
    // People read seconds at most; the JSON has every nanosecond.
    const std::int64_t ns = nanoseconds_of(time);
    return model->zone.format(time_from_nanoseconds(ns - ns % ns_per_second));
  };
}

std::string told(const Livelock& livelock) {
  const TimeFormat format = [](Time time) { return std::to_string(nanoseconds_of(time)) + " ns"; };
  return livelock.position() + livelock.what() + "\n" +
         circle_to_terminal(livelock.steps, livelock.repeats, livelock.of_one_item, format);
}

int exit_code(RunVerdict verdict) {
  return verdict == RunVerdict::as_expected ? as_expected
         : verdict == RunVerdict::different ? different
                                            : not_exercised;
}

}  // namespace premortem::cli
