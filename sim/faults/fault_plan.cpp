#include "sim/faults/fault_plan.hpp"

#include <algorithm>

#include "sim/faults/command_rules.hpp"
#include "sim/faults/fault_rule.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {

/// A cut strikes what one of the two asks of the other.
bool between(const Model& model, const FaultSpec& cut, std::uint32_t asker, std::uint32_t operation) {
  const std::uint32_t asked = model.operations[operation].counterpart;
  return (asker == cut.one && asked == cut.other) || (asker == cut.other && asked == cut.one);
}

void turn_clock(Machine& machine, std::uint32_t component, std::int64_t by) {
  machine.world().components[component].skew += by;
  machine.clock_changed(component);
}

}  // namespace

std::int64_t FaultPlan::begin(Machine& machine, std::uint32_t number, std::uint64_t luck) const {
  const FaultSpec& fault = machine.model().faults[number];
  ActiveFault active;
  active.fault = number;
  active.until = fault.until >= 0 ? fault.until : fault.lasts >= 0 ? machine.now() + fault.lasts : INT64_MAX;
  if (fault.kind == FaultSpec::Kind::skew) {
    active.by = machine.draw(fault.by, fault.purpose, luck);
    active.struck = 1;
  }
  machine.world().faults.push_back(active);
  if (fault.kind != FaultSpec::Kind::skew) return INT64_MAX;  // The others end by themselves.
  turn_clock(machine, fault.one, active.by);
  return active.until;
}

void FaultPlan::end(Machine& machine, std::uint32_t number) const {
  for (ActiveFault& active : machine.world().faults) {
    if (active.fault != number || active.over != 0) continue;
    active.over = 1;
    turn_clock(machine, machine.model().faults[number].one, -active.by);
    return;
  }
}

Strike FaultPlan::strike(Machine& machine, const Attempt& attempt) const {
  Strike strike;
  World& world = machine.world();
  const Model& model = machine.model();
  const std::uint16_t asker = world.kernel.activities[attempt.asker].component;
  const OperationSpec& operation = model.operations[attempt.operation];
  const auto holds = [&](std::uint32_t where) {
    return attempt.hand != 0 && machine.evaluate_about(where, attempt.asker, attempt.hand) != 0;
  };
  for (std::size_t n = 0; n < world.faults.size(); ++n) {
    ActiveFault& active = world.faults[n];
    const FaultSpec& fault = model.faults[active.fault];
    if (active.until <= machine.now()) continue;
    if (std::find(fault.operations.begin(), fault.operations.end(), attempt.operation) == fault.operations.end())
      continue;
    if (fault.kind == FaultSpec::Kind::cut && !between(model, fault, asker, attempt.operation)) continue;
    // Keyed by who asks for what, not by how many asked before: others' operations change nobody's luck.
    const std::uint64_t luck = combine(attempt.luck, operation.purpose);
    const auto hit = [&] {
      if (Chooser* chooser = machine.chooser(Choice::Kind::fault))
        return chooser->choose({Choice::Kind::fault, luck, fault.purpose, 0, 2}) == 1;
      return static_cast<std::int64_t>(random_bits(world.kernel.seed, luck, fault.purpose, 0) >> 32) < fault.share;
    };
    if (!strikes(fault, active, holds, hit)) continue;
    const ItemId item = attempt.hand == 0 ? item_none : world.payloads.head(attempt.hand).item;
    machine.record(RecordKind::fault_applied, operation.component, item, active.fault, attempt.cause);
    switch (fault.kind) {
      case FaultSpec::Kind::fail:
      case FaultSpec::Kind::cut:
        if (strike.fails) break;  // It can fail once only: with the error of the fault that came first.
        strike.fails = true;
        strike.applied = fault.applied;
        strike.error = fault.error;
        break;
      case FaultSpec::Kind::slow:
        // Several faults together make nothing slower than one draw can be.
        strike.delay = std::min(strike.delay + machine.draw(fault.by, fault.purpose, combine(luck, 1)), longest_length);
        break;
      case FaultSpec::Kind::lose:
        strike.lost = true;
        break;
      case FaultSpec::Kind::duplicate:
        strike.doubled = true;
        break;
      case FaultSpec::Kind::skew:
        break;
    }
  }
  if (machine.has_rules()) strike_by_rules(machine, attempt, strike);
  return strike;
}

void FaultPlan::choose_rules(Machine& machine, const Command& command, std::vector<std::uint32_t>& chosen) const {
  choose_command_rules(machine, command, chosen);
}

}  // namespace premortem
