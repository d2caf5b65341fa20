#pragma once
// What one item went through, as messages between systems: the material of a sequence diagram.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/compare/run_result.hpp"
#include "sim/history/names.hpp"

namespace premortem {

struct ItemMessage {
  std::int64_t at = 0;   ///< ns since 1970.
  std::string from, to;  ///< Systems. Equal: it happens there; both empty: it is nobody's doing.
  std::string text;      ///< "publish"; of what is no message, a sentence in which the item is "it".
  int routine = 0;       ///< 0 tells most; what tells least is left out first.

  bool operator==(const ItemMessage&) const = default;
};

struct ItemStory {
  std::string item;   ///< "application 467991431"
  std::string check;  ///< The check that is broken for it.
  std::vector<ItemMessage> messages;
};

/// The first example of the first check that is broken against expectation or, if none is, of the first that is broken;
/// nothing when no check names an item. Ends with the last time that the item is finished. `records`: the whole
/// history of that run.
std::optional<ItemStory> telling_item(const RunResult& run, const HistoryNames& names,
                                      const std::vector<Record>& records);

/// At most so many of the messages, in order: those that tell most; of equals, the first and the last ones.
std::vector<ItemMessage> most_telling(const std::vector<ItemMessage>& messages, std::size_t most);

}  // namespace premortem
