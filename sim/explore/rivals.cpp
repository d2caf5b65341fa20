// Whom a system had in hand when the item failed there for the last time, and who were done in the end.

#include <set>

#include "sim/explore/inquiry.hpp"

namespace premortem {

void find_rivals(const Inquiry& inquiry, WhyAnswer& answer) {
  const Trial& trial = inquiry.trial();
  const std::vector<Record>& records = inquiry.history().records();
  const JudgedItem* item = trial.item(inquiry.question().kind, inquiry.question().id);
  const auto number = static_cast<std::uint64_t>(item - trial.items.data());
  const Record* failed = nullptr;
  for (const Record& record : records) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::failed && record.a == number) failed = &record;
  }
  if (failed == nullptr) return;
  std::set<std::uint64_t> in_hand;
  for (const Record& record : records) {
    if (&record == failed) break;
    if (record.who != failed->who || record.a == no_item || record.a == number) continue;
    const auto kind = static_cast<RecordKind>(record.kind);
    if (kind == RecordKind::delivered || kind == RecordKind::read) in_hand.insert(record.a);
    if (kind == RecordKind::failed || kind == RecordKind::acknowledged || kind == RecordKind::dropped ||
        kind == RecordKind::requeued || kind == RecordKind::given_up)
      in_hand.erase(record.a);
  }
  const Model& model = *inquiry.scenario().model;
  answer.rivals = {model.components[failed->who].name, model.errors[failed->b], failed->at, {}};
  for (const std::uint64_t other : in_hand) {
    const JudgedItem& rival = trial.items[other];
    if (rival.finished > 0 && rival.finished_at >= failed->at)
      answer.rivals.items.push_back(inquiry.scenario().judge->kinds[rival.kind].name + " " + std::to_string(rival.id));
  }
}

}  // namespace premortem
