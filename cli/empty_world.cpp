#include "cli/empty_world.hpp"

#include "sim/kernel/check.hpp"
#include "sim/models/expression/text_form.hpp"
#include "sim/scenario/reader.hpp"

namespace premortem::cli {

LoadedScenario empty_world(std::int64_t begins, int rabbitmq) {
  constexpr std::int64_t second = 1'000'000'000;
  std::string from = text_form(BaseType::time, word_of(begins / second * second));  // "2026-11-26T13:00:00Z"
  from[10] = ' ';
  from.resize(19);
  const std::string version = std::to_string(rabbitmq / 1000) + "." +
                              std::to_string(rabbitmq % 1000 >= 100 ? rabbitmq % 1000 / 100 : rabbitmq % 1000);
  const std::string text =
      R"({"premortem": 1, "title": "An empty world", "items": {}, "arrivals": {}, "checks": {},
          "clock": {"from": ")" +
      from + R"(", "until": "2150-01-01 00:00", "zone": "UTC"},
          "systems": {"broker": {"is": "broker", "version": ")" +
      version + "\"}}}";
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  PREMORTEM_CHECK(root.has_value(), "the empty world is valid");
  std::optional<LoadedScenario> loaded = load_scenario("", std::move(*root), diagnostics);
  PREMORTEM_CHECK(loaded.has_value(), "the empty world is valid");
  return std::move(*loaded);
}

}  // namespace premortem::cli
