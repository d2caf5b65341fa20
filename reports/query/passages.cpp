#include "reports/query/passages.hpp"

namespace premortem {

std::uint32_t Passages::source_of(std::uint32_t system) const {
  return system < names_.system_sources.size() ? names_.system_sources[system] : HistoryNames::no_system;
}

Passage Passages::between(std::uint32_t from, std::uint32_t to, std::string label) const {
  if (from == to || from >= names_.systems.size() || to >= names_.systems.size()) return {};
  return {from, to, std::move(label)};
}

/// `caller`: who caused the record.
std::uint32_t Passages::who_goes_on(const Record& record, std::uint32_t caller) const {
  const auto kind = static_cast<RecordKind>(record.kind);
  switch (kind) {
    // These are told of who keeps things or of nobody, while another is at work.
    case RecordKind::inserted:
    case RecordKind::updated:
    case RecordKind::removed:
    case RecordKind::finished:
    case RecordKind::dropped:
    case RecordKind::requeued:
    case RecordKind::dead_lettered:
    case RecordKind::revived:
    case RecordKind::committed_offset:
      return caller;
    case RecordKind::published:  // A log notes itself as the one.
      return record.who == record.b ? caller : record.who;
    default:
      return form_of(kind).who_is_system && record.who < names_.systems.size() ? record.who : caller;
  }
}

Passage Passages::of(const Record& record) {
  const std::size_t number = at_work_.size();
  const std::uint32_t who = record.who;
  const std::uint32_t caller = record.cause < number ? at_work_[record.cause] : HistoryNames::no_system;
  at_work_.push_back(who_goes_on(record, caller));
  switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::published:
      return between(at_work_.back(), static_cast<std::uint32_t>(record.b), "publish");
    case RecordKind::delivered:
      return between(source_of(who), who, "deliver");
    case RecordKind::read:
      return between(source_of(who), who, "read");
    case RecordKind::acknowledged:
      return between(who, source_of(who), "ack");
    case RecordKind::called:
      callers_[{who, record.a}].push_back(caller);
      return between(caller, who, record.b < names_.operations.size() ? names_.operations[record.b] : "call");
    case RecordKind::replied: {
      const auto callers = callers_.find({who, record.a});
      if (callers == callers_.end() || callers->second.empty()) return {};
      at_work_.back() = callers->second.back();  // Whoever called goes on.
      callers->second.pop_back();
      return between(who, at_work_.back(), "reply");
    }
    case RecordKind::inserted:
      return between(caller, who, "insert");
    case RecordKind::updated:
      return between(caller, who, "update");
    case RecordKind::removed:
      return between(caller, who, "remove");
    default:
      return {};
  }
}

}  // namespace premortem
