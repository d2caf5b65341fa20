// Mistakes on the command line, with the nearest thing that would be right.

#include <algorithm>

#include "cli/common.hpp"
#include "sim/scenario/diagnostic.hpp"

namespace premortem::cli {

namespace {

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The command that was named, if there is such a one.
const CLI::App* named_command(const CLI::App& app, const std::string& name) {
  const auto all = app.get_subcommands([&](const CLI::App* one) { return one->get_name() == name; });
  return all.empty() ? nullptr : all.front();
}

}  // namespace

std::string explain(const CLI::App& app, const CLI::ParseError& error, int argc, char* const argv[]) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty()) return "premortem: name a command; premortem --help lists them\n";
  const CLI::App* command = named_command(app, first);
  if (command == nullptr) {
    const bool option = first.front() == '-';
    return "premortem: there is no " + std::string(option ? "option " : "command ") + first +
           did_you_mean(first, option ? options_of(app) : commands_of(app)) + "\n  premortem --help lists them\n";
  }
  const std::string help = "  premortem " + first + " --help lists its options\n";
  const std::vector<std::string> known = options_of(*command);
  for (const std::string& rest : command->remaining()) {
    if (rest.size() < 2 || rest.front() != '-') continue;
    const std::string name = rest.substr(0, rest.find('='));
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return "premortem " + first + ": there is no option " + name + did_you_mean(name, known) + "\n" + help;
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !command->remaining().empty()) {
    return "premortem " + first + ": one argument too many: " + command->remaining().front() + "\n" + help;
  }
  return "premortem " + first + ": " + error.what() + "\n" + help;
}

}  // namespace premortem::cli
