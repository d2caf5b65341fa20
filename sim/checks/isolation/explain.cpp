#include "sim/checks/isolation/explain.hpp"

namespace premortem::isolation {

namespace {

std::string explain_step(const Dependency& step, const Ledger& ledger, bool lists) {
  const std::string from = Ledger::name(step.from), to = Ledger::name(step.to), key = ledger.key(step.key);
  const std::string before = std::to_string(step.before), after = std::to_string(step.after);
  const std::string unread = step.unread ? ", which nobody read," : "";
  switch (step.kind) {
    case Dependency::Kind::ww:
      return lists ? to + " appended " + after + unread + " to " + key + " after " + from + "'s " + before + " [ww]"
                   : to + " wrote " + key + " = " + after + " over " + from + "'s " + before + " [ww]";
    case Dependency::Kind::wr:
      return lists ? to + " read " + key + " up to " + from + "'s " + before + " [wr]"
                   : to + " read " + from + "'s " + key + " = " + before + " [wr]";
    case Dependency::Kind::rw:
      break;
  }
  const std::string read = from + " read " + read_as(key, step.before, lists) + ", before " + to;
  return read + (lists ? " appended " : " wrote ") + after + (step.unread ? ", which nobody read [rw]" : " [rw]");
}

}  // namespace

std::string read_as(const std::string& key, std::uint64_t version, bool lists) {
  if (version == 0) return key + (lists ? " as empty" : " as it was in the beginning");
  return key + (lists ? " up to " : " = ") + std::to_string(version);
}

std::string explain(const Cycle& cycle, const Ledger& ledger, bool lists) {
  std::string way, steps;
  for (const Dependency& step : cycle.steps) {
    way += Ledger::name(step.from) + " -> ";
    steps += (steps.empty() ? ": " : "; ") + explain_step(step, ledger, lists);
  }
  return way + Ledger::name(cycle.steps[0].from) + steps;
}

std::string_view name_of(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::impossible_read:
      return "impossible read";
    case Anomaly::internal:
      return "internal contradiction";
    case Anomaly::incompatible_order:
      return "incompatible order";
    case Anomaly::aborted_read:
      return "aborted read (G1a)";
    case Anomaly::intermediate_read:
      return "intermediate read (G1b)";
    case Anomaly::dirty_update:
      return "dirty update";
    case Anomaly::dirty_write:
      return "dirty write (G0)";
    case Anomaly::circular_flow:
      return "circular information flow (G1c)";
    case Anomaly::lost_update:
      return "lost update";
    case Anomaly::read_skew:
      return "read skew (G-single)";
    case Anomaly::long_fork:
      return "long fork (G-nonadjacent)";
    case Anomaly::write_skew:
      break;
  }
  return "write skew (G2-item)";
}

}  // namespace premortem::isolation
