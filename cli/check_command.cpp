// premortem check: is the file valid, with every strategy and every alternative? Runs nothing.

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"
#include "sim/scenario/lint.hpp"

namespace premortem::cli {

namespace {

struct Checked {
  Diagnostics diagnostics;
  std::vector<std::string> notes;
  std::size_t strategies = 0;
};

Checked check_file(const std::string& file) {
  Checked checked;
  const std::optional<LoadedScenario> loaded = load_scenario(file, checked.diagnostics);
  if (loaded) check_side_by_side(*loaded, checked.diagnostics);
  if (!checked.diagnostics.ok()) return checked;
  checked.notes = compile(*loaded, {})->notes;
  for (std::string& note : lint(loaded->root)) checked.notes.push_back(std::move(note));
  checked.strategies = strategy_names(loaded->root).size();
  return checked;
}

nlohmann::ordered_json to_json(const std::string& file, const Checked& checked) {
  nlohmann::ordered_json json = {{"file", file}, {"valid", checked.diagnostics.ok()}};
  json["diagnostics"] = nlohmann::ordered_json::array();
  for (const Diagnostic& one : checked.diagnostics.sorted()) {
    nlohmann::ordered_json said;
    if (one.at.line != 0) said["line"] = one.at.line, said["column"] = one.at.column;
    said["address"] = one.address;
    said["message"] = one.message;
    json["diagnostics"].push_back(said);
  }
  json["notes"] = checked.notes;
  json["strategies"] = checked.strategies;
  return json;
}

int check(const std::vector<std::string>& files, bool as_json) {
  int code = as_expected;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const std::string& file : files) {
    const Checked checked = check_file(file);
    const bool ok = checked.diagnostics.ok();
    if (!ok) code = invalid;
    if (as_json) {
      json.push_back(to_json(file, checked));
    } else if (!ok) {
      std::cerr << checked.diagnostics.format(file);
    } else {
      for (const std::string& note : checked.notes) std::cout << file << ": note: " << note << "\n";
      std::cout << file << ": valid, with " << checked.strategies
                << (checked.strategies == 1 ? " strategy\n" : " strategies\n");
    }
  }
  // A file may hold bytes that are no UTF-8, and its name, too.
  if (as_json) std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  return code;
}

}  // namespace

void add_check(CLI::App& app, int& code) {
  auto files = std::make_shared<std::vector<std::string>>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("check", "say all that is wrong with a file, its strategies and alternatives; runs nothing");
  command->add_option("FILE", *files, "scenario files")->required();
  command->add_flag("--json", *json, "one object a file, with line, column, address and message of each diagnostic");
  command->footer("Examples:\n  premortem check incident.jsonc\n  premortem check scenarios/incidents/*.jsonc --json");
  command->callback([files, json, &code] { code = check(*files, *json); });
}

}  // namespace premortem::cli
