#include "sim/history/repetition.hpp"

#include <algorithm>
#include <tuple>

#include "sim/history/names.hpp"

namespace premortem {

namespace {

constexpr std::size_t turns_min = 3;
/// A turn of more steps is told for one item only.
constexpr std::size_t steps_max = 12;

using Sign = std::tuple<std::uint16_t, std::uint16_t, std::uint64_t, std::uint64_t>;

Sign sign_of(const Record& record) {
  const auto kind = static_cast<RecordKind>(record.kind);
  const RecordForm form = form_of(kind);
  const bool ends = kind == RecordKind::transaction_ended || kind == RecordKind::run_ended;
  const auto named = [](Operand operand) {
    return operand != Operand::number && operand != Operand::nothing && operand != Operand::instant;
  };
  return {record.kind, record.who, named(form.a) ? record.a : 0, ends || named(form.b) ? record.b : 0};
}

/// Length of the shortest turn that the end of `signs` consists of; 0: there is none.
std::size_t period_of(const std::vector<Sign>& signs) {
  const std::size_t n = signs.size();
  for (std::size_t period = 1; period * turns_min <= n; ++period) {
    bool repeats = true;
    for (std::size_t back = 1; repeats && back <= period * (turns_min - 1); ++back)
      repeats = signs[n - back] == signs[n - back - period];
    if (repeats) return period;
  }
  return 0;
}

bool about_item(const Record& record, std::uint64_t item) {
  return form_of(static_cast<RecordKind>(record.kind)).a == Operand::item && record.a == item;
}

/// What the item goes through, with what was brought about by that and concerns no other item.
std::vector<Record> records_of(const std::vector<Record>& tail, std::uint32_t first, std::uint64_t item) {
  std::vector<Record> chosen;
  std::vector<bool> belongs(tail.size(), false);
  for (std::size_t n = 0; n < tail.size(); ++n) {
    const Record& record = tail[n];
    const bool other = form_of(static_cast<RecordKind>(record.kind)).a == Operand::item && record.a != no_item;
    const bool follows = !other && record.cause >= first && record.cause < first + n && belongs[record.cause - first];
    belongs[n] = about_item(record, item) || follows;
    if (belongs[n]) chosen.push_back(record);
  }
  return chosen;
}

bool begins_turn(const Record& record) {
  const auto kind = static_cast<RecordKind>(record.kind);
  return kind == RecordKind::delivered || kind == RecordKind::read || kind == RecordKind::run_started ||
         kind == RecordKind::retried;
}

std::optional<Repetition> repetition_of(const std::vector<Record>& records) {
  std::vector<Sign> signs;
  signs.reserve(records.size());
  for (const Record& record : records) signs.push_back(sign_of(record));
  const std::size_t period = period_of(signs);
  if (period == 0) return std::nullopt;
  Repetition found;
  std::size_t turns = turns_min;
  while ((turns + 1) * period <= signs.size() &&
         std::equal(signs.end() - static_cast<std::ptrdiff_t>(period), signs.end(),
                    signs.end() - static_cast<std::ptrdiff_t>((turns + 1) * period)))
    ++turns;
  found.turns = turns;
  auto begin = records.end() - static_cast<std::ptrdiff_t>(2 * period);
  const auto natural = std::find_if(begin, begin + static_cast<std::ptrdiff_t>(period), begins_turn);
  if (natural != begin + static_cast<std::ptrdiff_t>(period)) begin = natural;
  found.turn.assign(begin, begin + static_cast<std::ptrdiff_t>(period));
  found.lasts = records.back().at - records[records.size() - 1 - period].at;
  return found;
}

}  // namespace

std::optional<Repetition> find_repetition_of(std::uint64_t item, const std::vector<Record>& tail, std::uint32_t first) {
  std::optional<Repetition> found = repetition_of(records_of(tail, first, item));
  if (found) found->of_one_item = true;
  return found;
}

std::optional<Repetition> find_repetition(const std::vector<Record>& tail, std::uint32_t first) {
  std::optional<Repetition> whole = repetition_of(tail);
  if (whole && whole->turn.size() <= steps_max) return whole;
  for (std::size_t n = tail.size(); n-- > 0;) {
    const Record& record = tail[n];
    if (form_of(static_cast<RecordKind>(record.kind)).a != Operand::item || record.a == no_item) continue;
    const std::optional<Repetition> one = find_repetition_of(record.a, tail, first);
    return one ? one : whole;
  }
  return whole;
}

}  // namespace premortem
