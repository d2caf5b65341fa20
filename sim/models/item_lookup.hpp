#pragma once
// The item that an id names.

#include <algorithm>

#include "sim/models/world.hpp"

namespace premortem {

/// The item of that kind with that id; item_none: there is none. Ids of a kind are given in ascending order.
inline ItemId item_with_id(const World& world, std::uint32_t kind, std::int64_t id) {
  const std::vector<ItemId>& all = world.items_of_kind[kind];
  const auto at = std::lower_bound(all.begin(), all.end(), id,
                                   [&](ItemId one, std::int64_t wanted) { return world.items[one].id < wanted; });
  return at != all.end() && world.items[*at].id == id ? *at : item_none;
}

}  // namespace premortem
