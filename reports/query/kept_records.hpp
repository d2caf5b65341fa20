#pragma once
// Which records of a history a page shows: all, or those that tell the most.

#include <string>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

struct KeptRecords {
  std::vector<bool> record;           ///< By number: whether it is kept.
  std::vector<bool> item;             ///< By number: whether everything about it is.
  std::uint64_t count = 0;            ///< Of kept records.
  std::vector<std::string> left_out;  ///< What is not, a sentence each.
};

/// Never: fields of items, membership in checks and committed offsets, which other records imply.
bool worth_showing(RecordKind kind);
/// The item that a record is about, or no_item.
std::uint64_t item_of(const Record& record);

KeptRecords kept_records(const std::vector<Record>& records, const std::vector<JudgedItem>& items, std::size_t most);

}  // namespace premortem
