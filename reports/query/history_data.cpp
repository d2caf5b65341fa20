#include "reports/query/history_data.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "reports/query/backlog.hpp"
#include "reports/query/item_states.hpp"
#include "reports/query/kept_records.hpp"
#include "reports/query/passages.hpp"
#include "reports/query/record_sentence.hpp"
#include "reports/query/spans.hpp"
#include "sim/history/told_record.hpp"

namespace premortem {

namespace {

/// Texts said once, by number.
class Texts {
 public:
  std::int64_t number_of(const std::string& text) {
    const auto [known, added] = numbers_.emplace(text, static_cast<std::int64_t>(all_.size()));
    if (added) all_.push_back(text);
    return known->second;
  }
  std::vector<std::string> all() { return std::move(all_); }

 private:
  std::map<std::string, std::int64_t> numbers_;
  std::vector<std::string> all_;
};

bool is_bad(const ToldRecord& told, const Record& record) {
  switch (told.kind) {
    case RecordKind::released:
    case RecordKind::dead_lettered:
    case RecordKind::dropped:
    case RecordKind::failed:
    case RecordKind::crashed:
    case RecordKind::stepped_down:
    case RecordKind::rolled_back:
    case RecordKind::fault_applied:
    case RecordKind::expression_failed:
      return true;
    case RecordKind::given_up:
      return told.also != "goes on with";
    case RecordKind::run_ended:
    case RecordKind::transaction_ended:
      return record.b == 0;
    case RecordKind::observed:
      return record.a == 0;
    default:
      return false;
  }
}

/// Sentences without their item, each once: a history has a few hundred of them.
class Sentences {
 public:
  Sentences(const HistoryNames& names, const TimeFormat& format) : names_(names), passages_(names), format_(format) {}

  /// -1 for a record that is not kept. Those are read, too: who asked whom is told by the whole history.
  std::int64_t number_of(const Record& record, bool kept) {
    const Passage passage = passages_.of(record);
    if (!kept) return -1;
    ToldRecord told = tell(names_, {}, record);
    const bool item = item_of(record) != no_item;
    if (item) told.item = hole;
    SentenceData data;
    const std::string text = record_sentence(told, format_);
    const std::size_t at = item ? text.find(hole) : std::string::npos;
    data.item = at != std::string::npos;
    data.before = text.substr(0, at);
    if (data.item) data.after = text.substr(at + hole.size());
    data.kind = name_of(told.kind);
    data.bad = is_bad(told, record);
    if (form_of(told.kind).who_is_system && record.who < names_.systems.size()) data.system = record.who;
    if (passage.to != HistoryNames::no_system) {
      data.from = passage.from;
      data.to = passage.to;
      data.label = passage.label;
    }
    const auto [known, added] =
        numbers_.emplace(Key{data.kind, data.system, data.from, data.to, data.before, data.after},
                         static_cast<std::int64_t>(all_.size()));
    if (added) all_.push_back(std::move(data));
    return known->second;
  }
  std::vector<SentenceData> all() { return std::move(all_); }

 private:
  using Key = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, std::string, std::string>;
  /// Stands for the item until the sentence is cut there; no scenario has a name like that.
  inline static const std::string hole = "\x01the item\x02";

  const HistoryNames& names_;
  Passages passages_;
  const TimeFormat& format_;
  std::map<Key, std::int64_t> numbers_;
  std::vector<SentenceData> all_;
};

ItemTable table_of(const std::vector<JudgedItem>& items) {
  ItemTable table;
  std::int64_t last = 0;
  for (const JudgedItem& item : items) {
    const auto place = std::ranges::find(fates_in_order, item.fate);
    const std::int64_t arrived = microseconds(item.arrived);
    table.kind.push_back(item.kind);
    table.arrived.push_back(arrived - last);
    table.fate.push_back(place - fates_in_order.begin());
    table.end.push_back(item.finished == 0 ? -1 : microseconds(item.finished_at) - arrived);
    last = arrived;
  }
  return table;
}

struct Rows {
  RecordTable table;
  std::vector<SentenceData> sentences;
};

Rows rows_of(const HistoryNames& names, const std::vector<Record>& records, const KeptRecords& kept,
             const TimeFormat& format) {
  Rows rows;
  Sentences sentences(names, format);
  constexpr std::int64_t none = -1;
  // By record: its row, or the row of the nearest kept one that led to it.
  std::vector<std::int64_t> row_of(records.size(), none);
  std::int64_t last = 0;
  for (std::size_t n = 0; n < records.size(); ++n) {
    const Record& record = records[n];
    const std::int64_t sentence = sentences.number_of(record, kept.record[n]);
    const std::int64_t cause = record.cause < n ? row_of[record.cause] : none;
    row_of[n] = cause;
    if (!kept.record[n]) continue;
    const auto row = static_cast<std::int64_t>(rows.table.at.size());
    const std::int64_t at = microseconds(record.at);
    const std::uint64_t item = item_of(record);
    rows.table.at.push_back(at - last);
    rows.table.sentence.push_back(sentence);
    rows.table.item.push_back(item == no_item ? -1 : static_cast<std::int64_t>(item));
    rows.table.cause.push_back(cause == none ? 0 : row - cause);
    row_of[n] = row;
    last = at;
  }
  rows.sentences = sentences.all();
  return rows;
}

SpanTable spans_table(const HistoryNames& names, const std::vector<Record>& records, const KeptRecords& kept, bool all,
                      Texts& texts) {
  SpanTable table;
  std::int64_t last = 0;
  for (const Span& span : spans_of(names, records)) {
    // Items are drawn as threads, from their states.
    if (span.kind == Span::Kind::item) continue;
    const bool about_kept = span.item < kept.item.size() && kept.item[span.item];
    if (!all && !about_kept && span.kind != Span::Kind::run) continue;
    const std::int64_t begin = microseconds(span.begin);
    table.kind.push_back(static_cast<std::int64_t>(span.kind));
    table.system.push_back(span.system == Span::nobody ? -1 : static_cast<std::int64_t>(span.system));
    table.item.push_back(span.item == no_item ? -1 : static_cast<std::int64_t>(span.item));
    table.begin.push_back(begin - last);
    table.lasts.push_back(microseconds(span.end) - begin);
    table.name.push_back(texts.number_of(span.name));
    table.outcome.push_back(span.outcome.empty() ? -1 : texts.number_of(span.outcome));
    table.flags.push_back((span.good ? 0 : 1) + (span.ended ? 0 : 2));
    last = begin;
  }
  return table;
}

DensityData density_of(const HistoryNames& names, const std::vector<Record>& records, std::int64_t count) {
  DensityData density;
  const std::int64_t begin = microseconds(names.begins), length = microseconds(names.ends) - begin;
  density.count = count;
  density.width = length / count + 1;
  density.stretches.assign(names.systems.size() * static_cast<std::size_t>(count), 0);
  for (const Record& record : records) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (!worth_showing(kind) || !form_of(kind).who_is_system || record.who >= names.systems.size()) continue;
    const std::int64_t stretch =
        std::clamp<std::int64_t>((microseconds(record.at) - begin) / density.width, 0, count - 1);
    ++density.stretches[record.who * static_cast<std::size_t>(count) + static_cast<std::size_t>(stretch)];
  }
  return density;
}

}  // namespace

ToldHistory history_data(const HistoryNames& names, const std::vector<Record>& records,
                         const std::vector<JudgedItem>& items, const TimeFormat& format, const HistoryBudget& budget) {
  ToldHistory told;
  HistoryData& data = told.data;
  KeptRecords kept = kept_records(records, items, budget.records);
  for (std::size_t n = 0; n < names.systems.size(); ++n)
    data.systems.push_back({names.systems[n], names.system_kinds[n]});
  for (const HistoryNames::Kind& kind : names.kinds) {
    ItemKindData one{kind.name, kind.first_id, std::nullopt};
    if (kind.due >= 0) one.due = microseconds(kind.due);
    data.item_kinds.push_back(std::move(one));
  }
  data.states = item_states();
  for (const Span::Kind kind :
       {Span::Kind::item, Span::Kind::handling, Span::Kind::call, Span::Kind::run, Span::Kind::transaction})
    data.span_kinds.emplace_back(name_of(kind));
  Texts texts;
  data.items = table_of(items);
  data.changes = item_state_changes(names, records, items);
  Rows rows = rows_of(names, records, kept, format);
  data.records = std::move(rows.table);
  data.sentences = std::move(rows.sentences);
  data.spans = spans_table(names, records, kept, kept.left_out.empty(), texts);
  bool through_exchanges = false;
  data.series = backlogs(names, records, budget.steps, through_exchanges);
  data.density = density_of(names, records, budget.stretches);
  data.texts = texts.all();
  told.records_kept = kept.count;
  told.left_out = std::move(kept.left_out);
  if (through_exchanges)
    told.left_out.emplace_back(
        "How many messages wait in a queue that gets them from an exchange or as dead letters: a history does not say "
        "which queues got a copy.");
  return told;
}

}  // namespace premortem
