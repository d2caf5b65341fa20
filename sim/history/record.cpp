#include "sim/history/record.hpp"

#include <array>

namespace premortem {

std::string_view name_of(RecordKind kind) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(RecordKind::count_of_kinds)> names = {
      "began",
      "arrived",
      "field",
      "member",
      "finished",
      "held",
      "released",
      "dead-lettered",
      "revived",
      "remained",
      "marked",
      "step-done",
      "step-skipped",
      "noticed",
      "published",
      "delivered",
      "acknowledged",
      "requeued",
      "dropped",
      "read",
      "committed-offset",
      "filtered",
      "called",
      "replied",
      "failed",
      "retried",
      "given-up",
      "inserted",
      "updated",
      "removed",
      "changed",
      "transaction-began",
      "transaction-ended",
      "due",
      "run-started",
      "run-ended",
      "run-skipped",
      "set",
      "stopped",
      "started",
      "paused",
      "resumed",
      "crashed",
      "restarted",
      "fault-applied",
      "observed",
      "expression-failed",
      "ended",
      "asked",
      "stepped-down",
      "rolled-back",
      "elected"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace premortem
