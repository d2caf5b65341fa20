#pragma once
// Emits the instructions of one program and deals out its locals.

#include <map>
#include <string>
#include <vector>

#include "sim/models/model.hpp"
#include "sim/models/operation.hpp"

namespace premortem {

class ProgramBuilder {
 public:
  explicit ProgramBuilder(Model& model) : model_(model) {}

  /// A local; 255 at most, which no file that a person writes comes near.
  std::uint8_t slot(SlotKind kind, std::uint32_t store = unset) {
    slots.push_back(kind);
    if (kind == SlotKind::transaction) transaction_stores.push_back(store);
    return static_cast<std::uint8_t>(slots.size() - 1);
  }
  ProgramCounter here() const { return static_cast<ProgramCounter>(model_.code.size()); }
  ProgramCounter emit(std::uint8_t operation, std::uint8_t slot = 0, std::uint32_t small = 0,
                      std::uint32_t operand = 0) {
    model_.code.push_back({operation, slot, static_cast<std::uint16_t>(small), operand});
    return here() - 1;
  }
  /// The jump at `at` goes to what is emitted next.
  void land(ProgramCounter at) { model_.code[at].operand = here(); }

  std::vector<SlotKind> slots;
  std::vector<std::uint32_t> transaction_stores;

 private:
  Model& model_;
};

}  // namespace premortem
