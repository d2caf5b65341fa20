#pragma once
// Where unfinished work items are, and what each of them waits for.

#include <string>
#include <vector>

#include "sim/models/world.hpp"

namespace premortem {

/// One unfinished item that somebody holds, or that is dead-lettered.
struct Holding {
  ItemId item = item_none;
  std::string where;  ///< "queue commands", "exporter.does[export]", "log joark, ahead of mottak".
  std::string waits;  ///< "nobody: no consumer reads it", "brut is stopped".
};

/// One for each such item, by number of the item; who has it in hand is told before a queue or log that keeps it, too.
std::vector<Holding> holdings(const Model& model, const World& world);

}  // namespace premortem
