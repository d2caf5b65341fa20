#include "reports/query/spans.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/history/told_record.hpp"

namespace premortem {

namespace {

std::string named(const std::vector<std::string>& names, std::uint64_t number) {
  return number < names.size() ? names[number] : std::to_string(number);
}

class Spans {
 public:
  Spans(const HistoryNames& names, const std::vector<Record>& records)
      : names_(names), items_(item_names(names, records)) {
    for (const Record& record : records) take(record);
    for (Span& span : spans_) {
      if (span.ended) continue;
      span.end = records.empty() ? span.begin : records.back().at;
      span.good = false;
    }
  }
  std::vector<Span> spans() { return std::move(spans_); }

 private:
  using Key = std::pair<std::uint32_t, std::uint64_t>;  ///< Who, and about what.

  void take(const Record& record) {
    switch (static_cast<RecordKind>(record.kind)) {
      case RecordKind::arrived:
        item_spans_[record.a] = begin(Span::Kind::item, record, Span::nobody, record.a, named(items_, record.a));
        return;
      case RecordKind::finished:
        touch(record);
        if (const auto span = item_spans_.find(record.a); span != item_spans_.end() && !spans_[span->second].ended)
          end(span->second, record, true, named(names_.texts, record.b));
        return;
      case RecordKind::delivered:
      case RecordKind::read:
        handle(record);
        return;
      case RecordKind::called:
        if (record.a == no_item) return;  // Which reply belongs to which request could not be told.
        calls_[{record.who, record.a}].push_back(begin(Span::Kind::call, record, record.who, record.a,
                                                       named(names_.operations, record.b), parent_of(record.a)));
        return;
      case RecordKind::replied:
        end_call(record, named(names_.operations, record.b));
        return;
      case RecordKind::crashed:
        crash(record);
        return;
      case RecordKind::run_started:
        runs_[{record.who, record.a}] =
            begin(Span::Kind::run, record, record.who, no_item, named(names_.systems, record.who));
        return;
      case RecordKind::run_ended:
        close(runs_, record, record.a, record.b != 0, record.b != 0 ? "" : "cut off");
        return;
      case RecordKind::transaction_began:
        transactions_[{record.who, record.a}] =
            begin(Span::Kind::transaction, record, record.who, no_item, "transaction");
        return;
      case RecordKind::transaction_ended:
        end_transaction(record);
        return;
      case RecordKind::failed:
        touch(record);
        fail(record, named(names_.errors, record.b));
        return;
      case RecordKind::given_up:
        touch(record);
        fail(record, named(names_.errors, record.b >> 8));
        // A service answers its caller by the error, and so ends, unless a rule of its own ignores it.
        if (tell(names_, items_, record).also != "goes on with")
          end_call(record, "", named(names_.errors, record.b >> 8));
        return;
      default:
        if (form_of(static_cast<RecordKind>(record.kind)).a == Operand::item) touch(record);
    }
  }

  std::size_t begin(Span::Kind kind, const Record& record, std::uint32_t system, std::uint64_t item, std::string name,
                    std::size_t parent = Span::none) {
    Span span;
    span.kind = kind;
    span.system = system;
    span.item = item;
    span.name = std::move(name);
    span.begin = span.end = record.at;
    span.ended = false;
    span.parent = parent;
    spans_.push_back(std::move(span));
    return spans_.size() - 1;
  }
  void end(std::size_t number, const Record& record, bool good, std::string outcome) {
    Span& span = spans_[number];
    span.end = record.at;
    span.ended = true;
    span.good = good;
    if (!outcome.empty()) span.outcome = std::move(outcome);
  }
  void close(std::map<Key, std::size_t>& open, const Record& record, std::uint64_t about, bool good,
             std::string outcome) {
    const auto span = open.find({record.who, about});
    if (span == open.end()) return;
    end(span->second, record, good, std::move(outcome));
    open.erase(span);
  }

  /// The newest call that is open: one operation may call another of the same service about the same item. `operation`
  /// empty: whichever it was. `error` empty: it was answered.
  void end_call(const Record& record, const std::string& operation, const std::string& error = "") {
    const auto calls = calls_.find({record.who, record.a});
    if (calls == calls_.end()) return;
    std::vector<std::size_t>& open = calls->second;
    for (std::size_t n = open.size(); n > 0; --n) {
      if (!operation.empty() && spans_[open[n - 1]].name != operation) continue;
      end(open[n - 1], record, error.empty(), error);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(n - 1));
      return;
    }
  }
  void crash(const Record& record) {
    for (auto& [key, open] : calls_) {
      if (key.first != record.who) continue;
      for (const std::size_t span : open) end(span, record, false, "crashed");
      open.clear();
    }
  }

  /// Its client ends it; or the store does, when it reaps it or goes down, and then it is only known by its number.
  void end_transaction(const Record& record) {
    auto span = transactions_.find({record.who, record.a});
    if (span == transactions_.end()) {
      const auto same = [&](const auto& one) { return one.first.second == record.a; };
      span = std::ranges::find_if(transactions_, same);
      if (span == transactions_.end() ||
          std::find_if(std::next(span), transactions_.end(), same) != transactions_.end())
        return;
    }
    end(span->second, record, record.b != 0, record.b != 0 ? "" : "undone");
    transactions_.erase(span);
  }

  /// Nothing says when a worker turns away from an item: it is the last that its system did with it.
  void handle(const Record& record) {
    if (record.a == no_item) return;
    const std::size_t span = begin(Span::Kind::handling, record, record.who, record.a,
                                   named(names_.systems, record.who), parent_of(record.a));
    spans_[span].ended = true;
    handlings_[{record.who, record.a}] = span;
  }
  void touch(const Record& record) {
    if (const auto span = handlings_.find({record.who, record.a}); span != handlings_.end())
      spans_[span->second].end = record.at;
  }
  void fail(const Record& record, const std::string& error) {
    const auto span = handlings_.find({record.who, record.a});
    if (span == handlings_.end()) return;
    spans_[span->second].good = false;
    spans_[span->second].outcome = error;
  }

  std::size_t parent_of(std::uint64_t item) const {
    const auto span = item_spans_.find(item);
    return span == item_spans_.end() ? Span::none : span->second;
  }

  const HistoryNames& names_;
  std::vector<std::string> items_;
  std::vector<Span> spans_;
  std::map<std::uint64_t, std::size_t> item_spans_;
  std::map<Key, std::size_t> handlings_, runs_, transactions_;
  std::map<Key, std::vector<std::size_t>> calls_;
};

}  // namespace

std::string_view name_of(Span::Kind kind) {
  switch (kind) {
    case Span::Kind::item:
      return "item";
    case Span::Kind::handling:
      return "handling";
    case Span::Kind::call:
      return "call";
    case Span::Kind::run:
      return "run";
    case Span::Kind::transaction:
      return "transaction";
  }
  return "";
}

std::vector<Span> spans_of(const HistoryNames& names, const std::vector<Record>& records) {
  return Spans(names, records).spans();
}

std::vector<std::string> item_names(const HistoryNames& names, const std::vector<Record>& records) {
  std::vector<std::string> items;
  std::vector<std::int64_t> next_of_kind(names.kinds.size(), 0);  // Ids are dealt in the order of arrival.
  for (const Record& record : records) {
    if (static_cast<RecordKind>(record.kind) != RecordKind::arrived || record.b >= names.kinds.size()) continue;
    if (items.size() <= record.a) items.resize(record.a + 1);
    const HistoryNames::Kind& kind = names.kinds[record.b];
    items[record.a] = kind.name + " " + std::to_string(kind.first_id + next_of_kind[record.b]++);
  }
  return items;
}

}  // namespace premortem
