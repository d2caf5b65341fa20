#pragma once
// The faults of a scenario's timeline, applied to models from outside.

#include "sim/models/interposer.hpp"

namespace premortem {

/// Strikes what Model::faults says, once the timeline has put it into force, and what the fault rules say. Stateless:
/// one serves all Machines.
class FaultPlan final : public Interposer {
 public:
  std::int64_t begin(Machine& machine, std::uint32_t fault, std::uint64_t luck) const override;
  void end(Machine& machine, std::uint32_t fault) const override;
  Strike strike(Machine& machine, const Attempt& attempt) const override;
  void choose_rules(Machine& machine, const Command& command, std::vector<std::uint32_t>& chosen) const override;
};

}  // namespace premortem
