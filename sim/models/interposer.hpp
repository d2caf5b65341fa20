#pragma once
// Where models ask whether a fault strikes what they are about to do. Who decides stands outside: see sim/faults.

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/kernel/activity.hpp"
#include "sim/models/payload.hpp"

namespace premortem {

class Machine;

/// One operation that is about to be carried out: `arena.order`, `commands.publish`.
struct Attempt {
  std::uint32_t operation = 0;     ///< Number in Model::operations.
  ActivityId asker = 0;            ///< Whose operation it is; its system is the one that speaks.
  PayloadId hand = 0;              ///< What it is about: what `it` means in a fault's `where`; 0: nothing.
  std::uint64_t luck = 0;          ///< Names the draws that decide on it.
  std::uint32_t cause = 0;         ///< Record that brought it about.
  std::uint32_t key = 0xFFFFFFFF;  ///< Expression of its routing key; 0xFFFFFFFF: it has none.
  std::uint32_t delivery = 0;      ///< Of a delivery or its settling: how often the message had come back before.
  bool answered = true;            ///< Whoever asks learns what has become of it. Publishers without confirms do not.
  bool key_about_hand = false;     ///< The key is about `hand`, not about what the asker has in hand.
  std::string_view client = {};    ///< As what a real program that asks calls itself; empty: a simulated system asks.
};

/// One command as fault rules see it, whoever gives it. The texts are valid during the call.
struct Command {
  std::string_view protocol, name, system, queue, exchange, key, client, collection;
  std::int64_t attempt = 1;
  ItemId item = item_none;
  std::uint64_t luck = 0;  ///< Names the draws that decide on it.
};

/// What happens to one operation. All of it may come at once.
struct Strike {
  bool fails = false;             ///< It errs, with `error`; unless `applied`, it did not happen.
  bool applied = false;           ///< ... it happened all the same.
  bool lost = false;              ///< What it sends never arrives, and the sender does not know.
  bool unheard = false;           ///< It happens, and its answer never comes; of an ack: nobody hears it.
  bool doubled = false;           ///< What it sends arrives twice.
  std::uint32_t error = 0;        ///< Number in Model::errors.
  std::int64_t delay = 0;         ///< ns that it takes longer.
  std::int64_t answer_delay = 0;  ///< ns that a confirm of it, or the reply to a real program, takes longer.
  bool cuts = false;              ///< A real program's connection breaks; unless `applied`, nothing else happens.
};

/// A strike as one word, for the local in which a slow operation waits. Never 0; the delay is not part of it.
inline std::uint64_t packed(const Strike& strike) {
  return 1 | (strike.fails ? 2 : 0) | (strike.applied ? 4 : 0) | (strike.lost ? 8 : 0) | (strike.doubled ? 16 : 0) |
         (strike.unheard ? 32 : 0) | std::uint64_t{strike.error} << 32;
}
inline Strike unpacked(std::uint64_t word) {
  Strike strike;
  strike.fails = (word & 2) != 0;
  strike.applied = (word & 4) != 0;
  strike.lost = (word & 8) != 0;
  strike.doubled = (word & 16) != 0;
  strike.unheard = (word & 32) != 0;
  strike.error = static_cast<std::uint32_t>(word >> 32);
  return strike;
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
  /// Counts the command for every rule in force that it matches, and appends those that are to strike it, in order.
  /// Machine::rule_struck() says afterwards what came of each.
  virtual void choose_rules(Machine& machine, const Command& command, std::vector<std::uint32_t>& chosen) const = 0;
};

}  // namespace premortem
