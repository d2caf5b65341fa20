#include "reports/query/reproduce.hpp"

#include "reports/render/shell_word.hpp"

namespace premortem {

namespace {

std::string changes(const std::vector<std::string>& assumptions, const std::vector<std::string>& sets) {
  std::string options;
  for (const std::string& assumption : assumptions) options += " --assume " + shell_word(assumption);
  for (const std::string& set : sets) {
    const bool remedy = set.starts_with("remedy ");
    options += remedy ? " --remedy " + shell_word(set.substr(7)) : " --set " + shell_word(set);
  }
  return options;
}

}  // namespace

std::string run_again(const RunResult& run) {
  if (!run.session.empty()) return "premortem run --replay " + shell_word(run.session);
  std::string command = (run.served ? "premortem serve " : "premortem run ") + shell_word(run.file);
  if (run.strategy != "as-happened") command += " --strategy " + shell_word(run.strategy);
  command += changes(run.assumptions, run.sets);
  if (!run.choices.empty()) command += " --choices " + shell_word(run.choices);  // They bring their seed.
  return command;
}

std::string reproduce(const RunResult& run) {
  return run_again(run) + (run.choices.empty() && run.session.empty() ? " --seed " + std::to_string(run.seed) : "");
}

std::string changes_again(const Comparison& comparison) { return changes(comparison.assumptions, comparison.sets); }

std::string compare_again(const Comparison& comparison, std::uint64_t first_seed, std::size_t runs) {
  return "premortem compare " + shell_word(comparison.file) + changes(comparison.assumptions, comparison.sets) +
         (first_seed == 1 ? "" : " --seed " + std::to_string(first_seed)) + " --runs " + std::to_string(runs);
}

}  // namespace premortem
