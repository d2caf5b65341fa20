#include "tests/support/scenarios.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

namespace premortem::testing {

LoadedScenario scenario_file(const std::string& file) {
  Diagnostics diagnostics;
  auto scenario = load_scenario(source_path(file), diagnostics);
  INFO(diagnostics.format(file));
  REQUIRE(scenario);
  return *std::move(scenario);
}

std::shared_ptr<const CompiledScenario> scenario(const LoadedScenario& loaded, const Variant& variant) {
  Diagnostics diagnostics;
  auto runs = compile_variant(loaded, variant, diagnostics);
  INFO(diagnostics.format(loaded.path));
  REQUIRE(runs);
  return runs;
}

std::shared_ptr<const CompiledScenario> scenario(const std::string& file, const Variant& variant) {
  return scenario(scenario_file(file), variant);
}

}  // namespace premortem::testing
