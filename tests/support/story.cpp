#include "tests/support/story.hpp"

#include <algorithm>

#include "sim/faults/fault_plan.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/history_names.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

namespace {

std::string whole(const std::string& body, const std::string& clock) {
  const std::string span =
      clock.empty() ? R"("from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC")" : clock;
  const std::string checks =
      body.find("\"checks\"") != std::string::npos ? "" : R"(, "checks": { "always-true": { "always": "true" } })";
  return R"({ "premortem": 1, "title": "a story", "clock": { )" + span + " },\n" + body + checks + " }";
}

std::shared_ptr<const CompiledScenario> compile_text(const std::string& text, const Variant& variant,
                                                     Diagnostics& diagnostics) {
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  if (!root) return nullptr;
  const auto loaded = load_scenario("story.jsonc", std::move(*root), diagnostics);
  return loaded ? compile_variant(*loaded, variant, diagnostics) : nullptr;
}

}  // namespace

Story::Story(const std::string& body, std::uint64_t seed, const Variant& variant, const std::string& clock) {
  Diagnostics diagnostics;
  compiled_ = compile_text(whole(body, clock), variant, diagnostics);
  INFO(diagnostics.format("story"));
  REQUIRE(compiled_ != nullptr);
  names_ = history_names(*compiled_);
  const Model& model = *compiled_->model;
  World world = new_world(model, seed);
  const FaultPlan faults;
  Machine machine(model, world, nullptr, &faults);
  Judge judge(*compiled_->judge);
  History history;
  machine.add_observer(&judge);
  machine.add_observer(&history);
  machine.begin();
  machine.run_until(time_from_nanoseconds(model.ends));
  machine.finish();
  judge.conclude();
  digest = world.kernel.digest.hex();
  fates = judge.fates();
  checks = judge.checks();
  records = history.records();
  for (const JudgedItem& item : judge.items()) {
    items_.push_back(names_.kinds[item.kind].name + " " + std::to_string(item.id));
  }
}

std::uint64_t Story::count(const std::string& item, Fate fate) const {
  for (const FateCounts& counts : fates) {
    if (counts.item == item) return counts[fate];
  }
  FAIL("no kind of item is called " + item);
  return 0;
}

std::string Story::time_of_day(std::int64_t at) const {
  const std::string text = compiled_->model->zone.format(time_from_nanoseconds(at));
  return text.substr(text.find(' ') + 1);
}

std::vector<std::string> Story::told(std::initializer_list<RecordKind> kinds, const std::string& system) const {
  std::vector<std::string> lines;
  for (const Record& record : records) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    const RecordForm form = form_of(kind);
    if (!system.empty() && (!form.who_is_system || names_.systems.at(record.who) != system)) continue;
    std::string line = time_of_day(record.at);
    if (form.who_is_system) line += " " + names_.systems.at(record.who);
    line += " " + std::string(name_of(kind));
    const auto tell = [&](Operand operand, std::uint64_t value) {
      const auto add = [&](const std::vector<std::string>& names, std::uint64_t number) {
        line += " " + (number < names.size() ? names[number] : std::to_string(number));
      };
      switch (operand) {
        case Operand::nothing:
          return;
        case Operand::item:
          if (value != no_item) add(items_, value);
          return;
        case Operand::item_kind:
          return;  // The item says it.
        case Operand::text:
          return add(names_.texts, value);
        case Operand::step:
          return add(names_.steps, value);
        case Operand::error:
          return add(names_.errors, value);
        case Operand::given_up:
          return add(names_.errors, value >> 8);
        case Operand::operation:
          return add(names_.operations, value);
        case Operand::system:
          return add(names_.systems, value);
        case Operand::expression:
          return add(names_.expressions, value);
        case Operand::setting:
          return add(names_.settings, value);
        case Operand::fault:
          return add(names_.faults, value);
        case Operand::check:
          return add(names_.checks, value);
        case Operand::observation:
          add(names_.checks, value >> 32);
          if ((value & 0xFFFFFFFF) != no_item) add(items_, value & 0xFFFFFFFF);
          return;
        case Operand::request:
          line += " " + std::to_string(value >> 32);
          return add(names_.requests, value & 0xFFFF);
        case Operand::instant:
          line += " " + time_of_day(static_cast<std::int64_t>(value));
          return;
        case Operand::number:
          line += " " + std::to_string(value);
          return;
      }
    };
    tell(form.a, record.a);
    tell(form.b, record.b);
    lines.push_back(line);
  }
  return lines;
}

const CheckResult& Story::check(const std::string& name) const {
  const auto found = std::find_if(checks.begin(), checks.end(), [&](const CheckResult& c) { return c.name == name; });
  if (found == checks.end()) FAIL("no check is called " + name);
  return *found;
}

std::string diagnostics_of(const std::string& body, const Variant& variant, const std::string& clock) {
  Diagnostics diagnostics;
  compile_text(whole(body, clock), variant, diagnostics);
  return diagnostics.format("story");
}

}  // namespace premortem::testing
