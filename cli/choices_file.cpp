#include "cli/choices_file.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"

namespace premortem::cli {

namespace {
using Json = nlohmann::ordered_json;
}  // namespace

ChoiceKinds parse_kinds(const std::vector<std::string>& names) {
  ChoiceKinds kinds{};
  for (const std::string& name : names) {
    const auto kind = choice_kind_named(name);
    if (!kind) {
      throw UsageError("premortem: there is no kind of choice \"" + name +
                       "\"; write tie, duration, fault or operator-delay, or several with commas\n");
    }
    kinds.add(*kind);
  }
  return kinds;
}

void write_choices(const std::string& path, const SavedChoices& saved) {
  Json json;
  json["premortem-choices"] = 1;
  json["scenario-hash"] = saved.scenario_hash;
  json["seed"] = saved.seed;
  json["kinds"] = names_of(saved.kinds);
  json["ties-from"] = saved.ties_from;
  if (saved.faults_max != FaultBudget::unlimited) json["faults"] = saved.faults_max;
  json["choices"] = saved.choices;
  write_file(path, json.dump() + "\n");
}

SavedChoices read_choices(const std::string& path, const CompiledScenario& scenario) {
  std::ifstream in(path, std::ios::binary);
  if (!in || in.peek() == std::ifstream::traits_type::eof())
    throw UsageError("premortem: cannot read " + path + "; it is written by explore --save-choices FILE\n");
  SavedChoices saved;
  try {
    const Json json = Json::parse(in);
    // The library would take -1 for the largest number of all.
    const auto counts = [](const Json& value) { return value.is_number_unsigned(); };
    const Json& choices = json.at("choices");
    if (!choices.is_array() || !std::all_of(choices.begin(), choices.end(), counts) || !counts(json.at("seed")) ||
        (json.contains("faults") && !counts(json["faults"])))
      throw UsageError("premortem: " + path + " holds what is no count among its choices, seed or faults\n");
    if (json.at("premortem-choices") != 1) throw UsageError("premortem: " + path + " is of another format\n");
    saved.scenario_hash = json.at("scenario-hash").get<std::string>();
    saved.seed = json.at("seed").get<std::uint64_t>();
    saved.kinds = parse_kinds(json.at("kinds").get<std::vector<std::string>>());
    saved.ties_from = json.at("ties-from").get<std::int64_t>();
    saved.faults_max = json.value("faults", FaultBudget::unlimited);
    saved.choices = json.at("choices").get<std::vector<std::uint64_t>>();
  } catch (const Json::exception&) {
    throw UsageError("premortem: " + path + " is no list of choices; it is written by explore --save-choices FILE\n");
  }
  if (saved.scenario_hash != scenario.scenario_hash) {
    throw UsageError("premortem: " + path +
                     " was found in another scenario; name the same FILE, strategy and changes\n");
  }
  return saved;
}

}  // namespace premortem::cli
