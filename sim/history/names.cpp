#include "sim/history/names.hpp"

namespace premortem {

RecordForm form_of(RecordKind kind) {
  using enum Operand;
  switch (kind) {
    case RecordKind::began:
      return {number, nothing, false};
    case RecordKind::arrived:
      return {item, item_kind};
    case RecordKind::field:
      return {item, number, false};
    case RecordKind::member:
      return {item, check};
    case RecordKind::finished:
    case RecordKind::marked:
      return {item, text};
    case RecordKind::held:
    case RecordKind::released:
      return {item, nothing, false};  // By somebody, or by nobody: no system does it.
    case RecordKind::revived:
    case RecordKind::acknowledged:
    case RecordKind::requeued:
      return {item, nothing};
    case RecordKind::dead_lettered:
    case RecordKind::remained:
    case RecordKind::delivered:
    case RecordKind::dropped:
    case RecordKind::read:
    case RecordKind::filtered:
    case RecordKind::retried:
      return {item, number};
    case RecordKind::step_done:
      return {step, nothing};
    case RecordKind::step_skipped:
      return {step, number};
    case RecordKind::noticed:
      return {text, nothing};
    case RecordKind::published:
      return {item, system};
    case RecordKind::called:
    case RecordKind::replied:
      return {item, operation};
    case RecordKind::failed:
      return {item, error};
    case RecordKind::given_up:
      return {item, Operand::given_up};
    case RecordKind::fault_applied:
      return {item, fault};
    case RecordKind::changed:
      return {number, number, false};
    case RecordKind::committed_offset:
    case RecordKind::inserted:
    case RecordKind::updated:
    case RecordKind::removed:
    case RecordKind::transaction_ended:
    case RecordKind::run_started:
    case RecordKind::run_ended:
      return {number, number};
    case RecordKind::transaction_began:
    case RecordKind::rolled_back:
    case RecordKind::elected:
      return {number, nothing};
    case RecordKind::due:
    case RecordKind::run_skipped:
      return {instant, number};
    case RecordKind::set:
      return {setting, number};
    case RecordKind::expression_failed:
      return {expression, number, false};
    case RecordKind::observed:
      return {number, observation, false};
    case RecordKind::asked:
      return {request, number};
    case RecordKind::ended:
      return {number, nothing, false};
    case RecordKind::stopped:
    case RecordKind::started:
    case RecordKind::paused:
    case RecordKind::resumed:
    case RecordKind::crashed:
    case RecordKind::restarted:
    case RecordKind::stepped_down:
    case RecordKind::count_of_kinds:
      return {};
  }
  return {};
}

}  // namespace premortem
