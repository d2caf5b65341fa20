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

/// Reads a history from its beginning. Who asks or sends is who was at work in what brought the record about: a store,
/// a log and a reply only pass on what another does.
class Passages {
 public:
  explicit Passages(const HistoryNames& names) : names_(names) {}
  /// REQUIRES: called once for each record, in order.
  Passage of(const Record& record);

 private:
  using Call = std::pair<std::uint32_t, std::uint64_t>;  ///< A service, and the item.

  std::uint32_t who_goes_on(const Record& record, std::uint32_t caller) const;
  std::uint32_t source_of(std::uint32_t system) const;
  Passage between(std::uint32_t from, std::uint32_t to, std::string label) const;

  const HistoryNames& names_;
  std::vector<std::uint32_t> at_work_;  ///< By record: who acts from there on.
  /// Who asked, newest last: a service may ask itself again about the same item.
  std::map<Call, std::vector<std::uint32_t>> callers_;
};

}  // namespace premortem
