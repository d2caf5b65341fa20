#pragma once
// Where models ask whether a fault strikes what they are about to do. Who decides stands outside: see sim/faults.

#include <cstdint>

#include "sim/kernel/activity.hpp"
#include "sim/models/payload.hpp"

namespace premortem {

class Machine;

/// One operation that is about to be carried out: `arena.order`, `commands.publish`.
struct Attempt {
  std::uint32_t operation = 0;  ///< Number in Model::operations.
  ActivityId asker = 0;         ///< Whose operation it is; its system is the one that speaks.
  PayloadId hand = 0;           ///< What it is about: what `it` means in a fault's `where`; 0: nothing.
  std::uint64_t luck = 0;       ///< Names the draws that decide on it.
  std::uint32_t cause = 0;      ///< Record that brought it about.
};

/// What happens to one operation. All of it may come at once.
struct Strike {
  bool fails = false;       ///< It errs, with `error`; unless `applied`, it did not happen.
  bool applied = false;     ///< ... it happened all the same.
  bool lost = false;        ///< What it sends never arrives, and the sender does not know.
  bool doubled = false;     ///< What it sends arrives twice.
  std::uint32_t error = 0;  ///< Number in Model::errors.
  std::int64_t delay = 0;   ///< ns that it takes longer.
};

/// A strike as one word, for the local in which a slow operation waits. Never 0; the delay is not part of it.
inline std::uint64_t packed(const Strike& strike) {
  return 1 | (strike.fails ? 2 : 0) | (strike.applied ? 4 : 0) | (strike.lost ? 8 : 0) | (strike.doubled ? 16 : 0) |
         std::uint64_t{strike.error} << 32;
}
inline Strike unpacked(std::uint64_t word) {
  return {
      (word & 2) != 0, (word & 4) != 0, (word & 8) != 0, (word & 16) != 0, static_cast<std::uint32_t>(word >> 32), 0};
}

/// Decides on faults. Keeps no state of its own: that stands in World::faults, so that a World stays a value.
class Interposer {
 public:
  virtual ~Interposer() = default;
  /// The fault comes into force now, drawn by `luck`. Returns when it has to be taken back by end(); INT64_MAX: never.
  virtual std::int64_t begin(Machine& machine, std::uint32_t fault, std::uint64_t luck) const = 0;
  /// The fault's time is over.
  virtual void end(Machine& machine, std::uint32_t fault) const = 0;
  /// What strikes the operation; writes a record for each fault that does.
  virtual Strike strike(Machine& machine, const Attempt& attempt) const = 0;
};

}  // namespace premortem
