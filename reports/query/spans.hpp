#pragma once
// What lasts in a history: from a beginning to an end, by whom, about which item. Traces and lanes are drawn from
// these.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

struct Span {
  enum class Kind : std::uint8_t {
    item,         ///< From arrival to being finished.
    handling,     ///< From being taken by a consumer or stream to the last that this does with the item.
    call,         ///< An operation of a service, from request to reply.
    run,          ///< A run of a job.
    transaction,  ///< Of a document store's client.
  };
  static constexpr std::uint32_t nobody = UINT32_MAX;  ///< As `system`.
  static constexpr std::size_t none = SIZE_MAX;        ///< As `parent`.

  Kind kind = Kind::item;
  std::uint32_t system = nobody;    ///< Number of the one that does it; of an item: nobody.
  std::uint64_t item = no_item;     ///< Its number, or no_item.
  std::string name;                 ///< "application 467991431", "exporter", "store.save", "brut", "transaction".
  std::int64_t begin = 0, end = 0;  ///< ns since 1970; begin <= end.
  bool ended = true;                ///< False: it was under way when the history ended, and `end` is that instant.
  std::string outcome;              ///< "delivered", "undone", "given up", an error; empty: nothing special.
  bool good = true;                 ///< False: it failed, was undone, given up, or never ended.
  std::size_t parent = none;        ///< Index of the span about the same item in which it began.
};

std::string_view name_of(Span::Kind kind);

/// In order of beginning; a parent comes before its children. `records`: a whole history.
std::vector<Span> spans_of(const HistoryNames& names, const std::vector<Record>& records);

/// "application 467991431", by number of the item. `records`: a whole history.
std::vector<std::string> item_names(const HistoryNames& names, const std::vector<Record>& records);

}  // namespace premortem
