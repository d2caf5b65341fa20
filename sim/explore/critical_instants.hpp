#pragma once
// The instants of a run at which something done from outside may begin to mean another thing.

#include <cstdint>
#include <set>

#include "sim/history/history.hpp"

namespace premortem {

/// Keeps the instants, strictly between two, of what a step can meet: runs of jobs, other steps, settings, systems that
/// come and go; with `arrivals`, also those at which items arrive.
class CriticalInstants final : public Observer {
 public:
  CriticalInstants(std::int64_t from, std::int64_t to, bool arrivals) : from_(from), to_(to), arrivals_(arrivals) {}

  void observe(const Record& record) override {
    if ((wants() & kinds_of(static_cast<RecordKind>(record.kind))) == 0) return;
    if (record.at > from_ && record.at < to_) instants_.insert(record.at);
  }
  RecordKinds wants() const override { return arrivals_ ? kinds | kinds_of(RecordKind::arrived) : kinds; }
  const std::set<std::int64_t>& instants() const { return instants_; }

 private:
  static constexpr RecordKinds kinds =
      kinds_of(RecordKind::run_started, RecordKind::run_ended, RecordKind::due, RecordKind::step_done,
               RecordKind::step_skipped, RecordKind::set, RecordKind::stopped, RecordKind::started, RecordKind::paused,
               RecordKind::resumed, RecordKind::crashed, RecordKind::restarted, RecordKind::stepped_down,
               RecordKind::elected, RecordKind::noticed, RecordKind::fault_applied);

  std::int64_t from_, to_;
  bool arrivals_;
  std::set<std::int64_t> instants_;
};

}  // namespace premortem
