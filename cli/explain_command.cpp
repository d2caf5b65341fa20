// premortem explain: the file retold in English, as it would run.

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"
#include "sim/scenario/explain/explain.hpp"

namespace premortem::cli {

namespace {

std::string to_json(const std::vector<ExplainedPart>& passages, const std::vector<std::string>& notes) {
  nlohmann::ordered_json json = {{"title", passages.front().heading}, {"passages", nlohmann::ordered_json::array()}};
  for (const ExplainedPart& passage : passages) {
    nlohmann::ordered_json sentences = nlohmann::ordered_json::array();
    for (const Sentence& sentence : passage.sentences)
      sentences.push_back({{"depth", sentence.depth}, {"text", sentence.text}});
    json["passages"].push_back({{"heading", passage.heading}, {"sentences", sentences}});
  }
  json["notes"] = notes;
  return json.dump(2) + "\n";
}

int explain(const ScenarioOptions& options, bool json) {
  const LoadedScenario loaded = load(options.file);
  const Variant variant = options.variant();
  const std::shared_ptr<const CompiledScenario> compiled =
      compile(loaded, variant);  // Only what makes sense is retold.
  Diagnostics diagnostics;
  const std::optional<EffectiveScenario> effective = effective_scenario(loaded.root, variant, diagnostics);
  if (!effective) throw UsageError(diagnostics.format(loaded.path));
  const std::vector<ExplainedPart> passages = explain_scenario(loaded, *effective);
  if (json) {
    std::cout << to_json(passages, compiled->notes);
    return as_expected;
  }
  std::cout << to_text(passages);
  if (!compiled->notes.empty()) std::cout << "\nNotes\n";
  for (const std::string& note : compiled->notes) std::cout << "- " << note << "\n";
  return as_expected;
}

}  // namespace

void add_explain(CLI::App& app, int& code) {
  auto options = std::make_shared<ScenarioOptions>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("explain", "retell a file in English sentences; runs nothing");
  options->add_variant_to(*command);
  command->add_flag("--json", *json, "the sentences as JSON");
  command->footer(
      "Examples:\n  premortem explain scenarios/incidents/nav-brut-cutover.jsonc | less\n"
      "  premortem explain incident.jsonc --strategy one-more-batch --set exporter.workers=1");
  command->callback([options, json, &code] { code = explain(*options, *json); });
}

}  // namespace premortem::cli
