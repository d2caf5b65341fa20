// premortem check: is the file valid, with every strategy and every alternative? Runs nothing.

#include <iostream>

#include "cli/common.hpp"

namespace premortem::cli {

namespace {

int check(const std::vector<std::string>& files) {
  int code = as_expected;
  for (const std::string& file : files) {
    Diagnostics diagnostics;
    const std::optional<LoadedScenario> loaded = load_scenario(file, diagnostics);
    if (loaded) check_all_variants(*loaded, diagnostics);
    if (!diagnostics.ok()) {
      std::cerr << diagnostics.format(file);
      code = invalid;
      continue;
    }
    const auto compiled = compile(*loaded, {});
    for (const std::string& note : compiled->notes) std::cout << file << ": note: " << note << "\n";
    std::cout << file << ": valid, with " << strategy_names(loaded->root).size() << " strategies\n";
  }
  return code;
}

}  // namespace

void add_check(CLI::App& app, int& code) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* command =
      app.add_subcommand("check", "say all that is wrong with a file, its strategies and alternatives; runs nothing");
  command->add_option("FILE", *files, "scenario files")->required();
  command->callback([files, &code] { code = check(*files); });
}

}  // namespace premortem::cli
