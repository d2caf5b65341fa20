#include "reports/query/item_story.hpp"

#include <algorithm>
#include <map>

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

/// Tells one item's records, knowing the whole history: who sends a message stands in what brought it about.
class Teller {
 public:
  Teller(const HistoryNames& names, const std::vector<Record>& records, std::uint64_t item)
      : names_(names), records_(records), item_(item) {}

  std::vector<ItemMessage> messages() {
    std::vector<ItemMessage> all;
    std::size_t last_finished = 0;
    for (std::size_t n = 0; n < records_.size(); ++n) {
      if (!is_about(records_[n])) continue;
      if (kind_of(n) == RecordKind::published) published_to_ = records_[n].b;
      const int routine = routine_of(kind_of(n));
      if (routine == not_told) continue;
      all.push_back(told(n));
      all.back().routine = routine;
      if (kind_of(n) == RecordKind::finished) last_finished = all.size();
    }
    // What is done after an item's end is tidying up.
    if (last_finished > 0) all.resize(last_finished);
    return all;
  }

 private:
  RecordKind kind_of(std::size_t n) const { return static_cast<RecordKind>(records_[n].kind); }
  bool is_about(const Record& record) const {
    return form_of(static_cast<RecordKind>(record.kind)).a == Operand::item && record.a == item_;
  }
  std::string system(std::uint64_t number) const {
    return number < names_.systems.size() ? names_.systems[number] : std::string();
  }

  ItemMessage told(std::size_t n) {
    const Record& record = records_[n];
    const std::string who = system(record.who);
    ItemMessage message{record.at, {}, {}, {}, 0};
    switch (kind_of(n)) {
      case RecordKind::published:
        return between(message, actor(record.cause), system(record.b), "publish");
      case RecordKind::delivered:
        return between(message, source(record), who, "deliver");
      case RecordKind::read:
        return between(message, source(record), who, "read");
      case RecordKind::called: {
        const std::string operation =
            record.b < names_.operations.size() ? names_.operations[record.b] : std::string("call");
        return between(message, actor(record.cause), who, operation);
      }
      case RecordKind::arrived:
        return between(message, who, who, "it arrives");
      default:
        break;
    }
    ToldRecord sentence = tell(names_, {}, record);
    sentence.item = "it";
    message.text = record_sentence(sentence, [](Time) { return std::string(); });
    if (form_of(kind_of(n)).who_is_system && kind_of(n) != RecordKind::remained) message.from = message.to = who;
    return message;
  }

  static ItemMessage between(ItemMessage message, const std::string& from, const std::string& to, std::string text) {
    message.from = from.empty() ? to : from;
    message.to = to;
    message.text = std::move(text);
    return message;
  }

  /// From where a worker takes the item: where it was published for this, or whence this worker took it before.
  std::string source(const Record& taken) {
    const Record& cause = records_[taken.cause];
    const auto known = sources_.find(taken.who);
    const bool directly = static_cast<RecordKind>(cause.kind) == RecordKind::published && is_about(cause);
    if (!directly && known != sources_.end()) return system(known->second);
    const std::uint64_t from = directly ? cause.b : published_to_;
    if (from == UINT64_MAX) return "";
    sources_.emplace(taken.who, from);
    return system(from);
  }

  /// Who acted when record `n` was written, by what brought it about; empty: nobody is known.
  std::string actor(std::size_t n) const {
    for (int steps = 0; steps < 1000; ++steps) {
      const Record& record = records_[n];
      switch (kind_of(n)) {
        case RecordKind::arrived:
        case RecordKind::delivered:
        case RecordKind::read:
        case RecordKind::called:
        case RecordKind::marked:
        case RecordKind::failed:
        case RecordKind::retried:
        case RecordKind::given_up:
        case RecordKind::run_started:
          return system(record.who);
        case RecordKind::replied:
          n = call_of(n);  // Whoever called goes on.
          break;
        default:
          break;
      }
      if (records_[n].cause == n) return "";
      n = records_[n].cause;
    }
    return "";
  }

  /// The call that a reply answers; the reply itself when there is none among what brought it about.
  std::size_t call_of(std::size_t reply) const {
    std::size_t n = reply;
    for (int steps = 0; steps < 1000 && records_[n].cause != n; ++steps) {
      n = records_[n].cause;
      if (kind_of(n) == RecordKind::called && records_[n].b == records_[reply].b) return n;
    }
    return reply;
  }

  const HistoryNames& names_;
  const std::vector<Record>& records_;
  std::uint64_t item_;
  std::uint64_t published_to_ = UINT64_MAX;         ///< Where the item was published last.
  std::map<std::uint64_t, std::uint64_t> sources_;  ///< By worker.
};

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
  return ItemStory{*at, told->name, Teller(names, records, number).messages()};
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
