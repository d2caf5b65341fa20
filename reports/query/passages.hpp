#pragma once
// What passes between systems: from whom, to whom, record by record.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

/// From one system to another; `to` is HistoryNames::no_system where nothing passes.
struct Passage {
  std::uint32_t from = HistoryNames::no_system, to = HistoryNames::no_system;
  std::string label;  ///< "publish", "archive.look_up", "reply"
};

/// Reads a history from its beginning. Who asked a service is who did what caused the call.
class Passages {
 public:
  Passages(const HistoryNames& names, const std::vector<Record>& records) : names_(names), records_(records) {}
  /// REQUIRES: called once for each record, in order.
  Passage of(const Record& record);

 private:
  std::uint32_t who_caused(const Record& record) const;
  std::uint32_t source_of(std::uint32_t system) const;
  Passage between(std::uint32_t from, std::uint32_t to, std::string label) const;

  const HistoryNames& names_;
  const std::vector<Record>& records_;
  /// Who asked, by service and item, newest last: a service may ask itself again about the same item.
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<std::uint32_t>> callers_;
};

}  // namespace premortem
