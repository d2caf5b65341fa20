#pragma once
// Who wrote what, whose word counts, and what has been found: shared by lists and registers.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sim/checks/isolation/dependencies.hpp"
#include "sim/checks/isolation/isolation.hpp"

namespace premortem::isolation {

/// One append or write.
struct Written {
  std::uint32_t key = 0, transaction = 0;
  std::uint64_t value = 0;
  std::uint64_t followed_by = 0;  ///< What the same transaction wrote to the key next; 0: nothing.
  bool read = false;              ///< Somebody who counts has seen it.
  bool told = false;              ///< An aborted one that was reported.
};

class Ledger {
 public:
  Ledger(std::span<const ObservedTransaction> history, std::span<const std::string> keys);

  std::span<const ObservedTransaction> history() const { return history_; }
  std::uint32_t transactions() const { return static_cast<std::uint32_t>(history_.size()); }
  /// Committed, or unknown with a write that somebody who counts has read.
  bool counts(std::uint32_t transaction) const { return counts_[transaction] != 0; }
  /// By key and value.
  std::vector<Written>& written() { return written_; }
  /// Null: nobody wrote it.
  Written* find(std::uint32_t key, std::uint64_t value);

  void depends(const Dependency& dependency) {
    if (dependency.from != dependency.to) dependencies_.push_back(dependency);
  }
  /// `transaction` read that version of the key (0: the beginning; nothing of its own) and then wrote `wrote`.
  void updates(std::uint32_t key, std::uint64_t version, std::uint32_t transaction, std::uint64_t wrote);
  /// G1a and G1b, by the last of what was read.
  void judge_read(Written& seen, std::uint32_t reader);
  void aborted_read(Written& seen, std::uint32_t reader);
  void dirty_update(const Written& undone, const Written& upon);
  void add(Anomaly anomaly, std::vector<std::uint32_t> transactions, const std::string& what);

  /// "T3" for place 2.
  static std::string name(std::uint32_t transaction) { return "T" + std::to_string(transaction + 1); }
  std::string key(std::uint32_t number) const;

  /// Everything, with the cycles. Once, at the end.
  Findings finish(bool lists);

 private:
  struct Update {
    std::uint32_t transaction = 0;
    std::uint64_t wrote = 0;
  };
  using Version = std::pair<std::uint32_t, std::uint64_t>;  ///< Key and value.

  void enter_writes();
  void decide_who_counts();
  void mark_lost();
  void add_lost(bool lists);

  std::span<const ObservedTransaction> history_;
  std::span<const std::string> keys_;
  std::vector<char> counts_;
  std::vector<Written> written_;
  std::vector<Dependency> dependencies_;
  std::map<Version, std::vector<Update>> updates_;                            ///< Who updated that version.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> updated_;  ///< Key and transaction: the version.
  std::map<Version, bool> lost_by_cycle_;
  Findings findings_;
};

}  // namespace premortem::isolation
