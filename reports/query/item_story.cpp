#include "reports/query/item_story.hpp"

#include <algorithm>

#include "reports/query/passages.hpp"
#include "reports/query/record_sentence.hpp"
#include "reports/query/spans.hpp"
#include "sim/history/told_record.hpp"

namespace premortem {

namespace {

constexpr int not_told = 9;

/// How routine a record of an item is: 0 decides about it, 4 is a step like any other.
int routine_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::arrived:
    case RecordKind::finished:
    case RecordKind::released:
    case RecordKind::dead_lettered:
    case RecordKind::revived:
    case RecordKind::dropped:
    case RecordKind::given_up:
    case RecordKind::fault_applied:
    case RecordKind::remained:
      return 0;
    case RecordKind::marked:
    case RecordKind::failed:
    case RecordKind::filtered:
    case RecordKind::requeued:
      return 1;
    case RecordKind::retried:
    case RecordKind::delivered:
    case RecordKind::read:
      return 2;
    case RecordKind::published:
      return 3;
    case RecordKind::called:
    case RecordKind::acknowledged:
      return 4;
    default:
      return not_told;  // Replies, fields, what checks see: true, and no help.
  }
}

bool is_about(const Record& record, std::uint64_t item) {
  return form_of(static_cast<RecordKind>(record.kind)).a == Operand::item && record.a == item;
}

/// A record of the item as a message, or as something that happens at one system.
ItemMessage told(const HistoryNames& names, const Record& record, const Passage& passage) {
  const auto kind = static_cast<RecordKind>(record.kind);
  const auto system = [&](std::uint32_t number) {
    return number < names.systems.size() ? names.systems[number] : std::string();
  };
  if (passage.to != HistoryNames::no_system)
    return {record.at, system(passage.from), system(passage.to), passage.label, routine_of(kind)};
  ItemMessage message{record.at, {}, {}, "it arrives", routine_of(kind)};
  if (kind != RecordKind::arrived) {
    ToldRecord sentence = tell(names, {}, record);
    sentence.item = "it";
    message.text = record_sentence(sentence, [](Time) { return std::string(); });
  }
  if (form_of(kind).who_is_system && kind != RecordKind::remained) message.from = message.to = system(record.who);
  return message;
}

std::vector<ItemMessage> messages_of(const HistoryNames& names, const std::vector<Record>& records,
                                     std::uint64_t item) {
  std::vector<ItemMessage> all;
  Passages passages(names);
  std::size_t last_finished = 0;
  for (const Record& record : records) {
    const Passage passage = passages.of(record);  // Who asked whom is told by the whole history.
    const auto kind = static_cast<RecordKind>(record.kind);
    if (!is_about(record, item) || routine_of(kind) == not_told) continue;
    all.push_back(told(names, record, passage));
    if (kind == RecordKind::finished) last_finished = all.size();
  }
  // What is done after an item's end is tidying up.
  if (last_finished > 0) all.resize(last_finished);
  return all;
}

}  // namespace

std::optional<ItemStory> telling_item(const RunResult& run, const HistoryNames& names,
                                      const std::vector<Record>& records) {
  const CheckResult* told = nullptr;
  for (const CheckResult& check : run.checks) {
    if (check.verdict != CheckVerdict::broken || check.examples.empty()) continue;
    if (told == nullptr || (told->as_expected && !check.as_expected)) told = &check;
  }
  if (told == nullptr) return std::nullopt;
  const std::vector<std::string> items = item_names(names, records);
  const auto at = std::find(items.begin(), items.end(), told->examples.front());
  if (at == items.end()) return std::nullopt;  // What it names is no item: a document.
  const auto number = static_cast<std::uint64_t>(at - items.begin());
  return ItemStory{*at, told->name, messages_of(names, records, number)};
}

std::vector<ItemMessage> most_telling(const std::vector<ItemMessage>& messages, std::size_t most) {
  std::vector<bool> taken(messages.size());
  std::size_t room = most;
  for (int routine = 0; routine < not_told && room > 0; ++routine) {
    std::vector<std::size_t> these;
    for (std::size_t n = 0; n < messages.size(); ++n) {
      if (messages[n].routine == routine) these.push_back(n);
    }
    const std::size_t all = these.size(), first = all <= room ? all : room - room / 2,
                      last = all <= room ? 0 : room / 2;
    for (std::size_t n = 0; n < all; ++n) {
      if (n < first || n >= all - last) taken[these[n]] = true;
    }
    room -= first + last;
  }
  std::vector<ItemMessage> shown;
  for (std::size_t n = 0; n < messages.size(); ++n) {
    if (taken[n]) shown.push_back(messages[n]);
  }
  return shown;
}

}  // namespace premortem
