#include "reports/query/passages.hpp"

namespace premortem {

std::uint32_t Passages::who_caused(const Record& record) const {
  if (record.cause >= records_.size()) return HistoryNames::no_system;
  const Record& cause = records_[record.cause];
  // A change of a watched field, or of who holds an item, says nothing of who brought it about; what caused it does.
  if (&cause != &record && !form_of(static_cast<RecordKind>(cause.kind)).who_is_system && cause.cause < record.cause)
    return who_caused(cause);
  return form_of(static_cast<RecordKind>(cause.kind)).who_is_system && cause.who < names_.systems.size()
             ? cause.who
             : HistoryNames::no_system;
}

std::uint32_t Passages::source_of(std::uint32_t system) const {
  return system < names_.system_sources.size() ? names_.system_sources[system] : HistoryNames::no_system;
}

Passage Passages::between(std::uint32_t from, std::uint32_t to, std::string label) const {
  if (from == to || from >= names_.systems.size() || to >= names_.systems.size()) return {};
  return {from, to, std::move(label)};
}

Passage Passages::of(const Record& record) {
  const std::uint32_t who = record.who;
  switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::published: {
      const auto target = static_cast<std::uint32_t>(record.b);
      return between(who == target ? who_caused(record) : who, target, "publish");  // A log notes itself as the one.
    }
    case RecordKind::delivered:
      return between(source_of(who), who, "deliver");
    case RecordKind::read:
      return between(source_of(who), who, "read");
    case RecordKind::acknowledged:
      return between(who, source_of(who), "ack");
    case RecordKind::called: {
      const std::uint32_t caller = who_caused(record);
      callers_[{who, record.a}].push_back(caller);
      return between(caller, who, record.b < names_.operations.size() ? names_.operations[record.b] : "call");
    }
    case RecordKind::replied: {
      const auto callers = callers_.find({who, record.a});
      if (callers == callers_.end() || callers->second.empty()) return {};
      const std::uint32_t caller = callers->second.back();
      callers->second.pop_back();
      return between(who, caller, "reply");
    }
    case RecordKind::inserted:
      return between(who_caused(record), who, "insert");
    case RecordKind::updated:
      return between(who_caused(record), who, "update");
    case RecordKind::removed:
      return between(who_caused(record), who, "remove");
    default:
      return {};
  }
}

}  // namespace premortem
