#pragma once
// Cycles in words.

#include <string>

#include "sim/checks/isolation/ledger.hpp"

namespace premortem::isolation {

/// "x up to 4", "x = 4"; of version 0 "x as empty", "x as it was in the beginning".
std::string read_as(const std::string& key, std::uint64_t version, bool lists);
/// "T1 -> T2 -> T1: T1 read x up to 4, before T2 appended 5 [rw]; ...".
std::string explain(const Cycle& cycle, const Ledger& ledger, bool lists);

}  // namespace premortem::isolation
