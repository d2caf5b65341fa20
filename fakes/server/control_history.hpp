#pragma once
// The last part of a run's history, for whoever asks while it runs.

#include <cstdint>
#include <deque>

#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {
class Machine;
}

namespace premortem::fakes {

/// Keeps the newest records: a served run may have no end.
class RecentHistory final : public Observer {
 public:
  static constexpr std::size_t records_max = 1'000'000;  ///< 32 MB

  /// From the machine's next record on. Must outlive the machine, and observe no other.
  void attach(Machine& machine);
  void observe(const Record& record) override;

  /// Number of the oldest that is kept, and of the next that will be.
  std::uint64_t begins() const { return begins_; }
  std::uint64_t ends() const { return begins_ + records_.size(); }
  /// REQUIRES: begins() <= number < ends().
  const Record& record(std::uint64_t number) const { return records_[static_cast<std::size_t>(number - begins_)]; }
  const HistoryNames& names() const { return names_; }

 private:
  std::deque<Record> records_;
  std::uint64_t begins_ = 0;
  HistoryNames names_;
};

}  // namespace premortem::fakes
