#pragma once
// What expressions can see of items and systems beside their fields; numbers stand in compiled expressions.

#include <cstdint>

namespace premortem {

/// Of `it` or of the element in question. For it_property, `b` of the load is the slot, and for attempt, redelivered
/// and deaths the slot that holds them.
enum class Property : std::uint16_t {
  self,
  id,
  kind,
  arrived,
  age,
  finished,
  outcome,
  held,
  mark,
  attempt,
  redelivered,
  deaths
};

/// Of systems, in the order of the reference page.
enum class Observable : std::uint16_t {
  on,
  up,
  paused,
  crashes,
  ready,
  unacked,
  oldest,
  unroutable,
  length,
  busy,
  lag,
  position,
  running,
  last_end,
  fired
};

/// In the set number of count() and list(): the rest is the number of a collection, not of a kind of item.
inline constexpr std::uint16_t set_is_collection = 0x8000;

/// In the word of a list: the rest is the number of a constant list, not of one made while running.
inline constexpr std::uint64_t list_is_constant = std::uint64_t{1} << 62;

/// Words that stand before the fields of every document: its id, and its item plus one.
inline constexpr std::uint16_t document_header = 2;

}  // namespace premortem
