#include "reports/query/kept_records.hpp"

#include <algorithm>

#include "reports/query/figures.hpp"

namespace premortem {

namespace {

/// About no item, and too many to keep in a long run: what stores and clients of theirs do.
bool is_routine(RecordKind kind) {
  return kind == RecordKind::inserted || kind == RecordKind::updated || kind == RecordKind::removed ||
         kind == RecordKind::changed || kind == RecordKind::transaction_began ||
         kind == RecordKind::transaction_ended || form_of(kind).a == Operand::item;
}

/// Items, those that did not end done first; of the others every second, every fourth and so on come before the rest,
/// so that a part of them is spread over the run.
std::vector<std::size_t> by_interest(const std::vector<JudgedItem>& items) {
  std::vector<std::size_t> order, good;
  for (std::size_t n = 0; n < items.size(); ++n)
    (items[n].fate == Fate::done && items[n].released_at < 0 ? good : order).push_back(n);
  std::size_t stride = 1;
  while (stride * 2 < good.size()) stride *= 2;
  std::vector<bool> taken(good.size(), false);
  for (; stride > 0; stride /= 2) {
    for (std::size_t n = 0; n < good.size(); n += stride) {
      if (!taken[n]) order.push_back(good[n]);
      taken[n] = true;
    }
  }
  return order;
}

}  // namespace

bool worth_showing(RecordKind kind) {
  return kind != RecordKind::field && kind != RecordKind::member && kind != RecordKind::committed_offset;
}

std::uint64_t item_of(const Record& record) {
  const RecordForm form = form_of(static_cast<RecordKind>(record.kind));
  if (form.b == Operand::observation) return record.b & no_item;
  return form.a == Operand::item ? record.a : no_item;
}

KeptRecords kept_records(const std::vector<Record>& records, const std::vector<JudgedItem>& items, std::size_t most) {
  KeptRecords kept;
  kept.record.assign(records.size(), false);
  kept.item.assign(items.size(), true);
  std::vector<std::size_t> of_item(items.size(), 0);
  std::size_t all = 0, special = 0;
  for (const Record& record : records) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (!worth_showing(kind)) continue;
    ++all;
    const std::uint64_t item = item_of(record);
    if (item < items.size()) ++of_item[item];
    if (item == no_item && !is_routine(kind)) ++special;
  }
  const bool everything = all <= most;
  if (!everything) {
    std::fill(kept.item.begin(), kept.item.end(), false);
    std::size_t room = most > special ? most - special : 0, items_kept = 0;
    for (const std::size_t item : by_interest(items)) {
      if (of_item[item] > room) continue;
      room -= of_item[item];
      kept.item[item] = true;
      ++items_kept;
    }
    kept.left_out.push_back("Of " + counted(items.size(), "item") + " " + std::to_string(items_kept) +
                            " can be followed here record by record, first those that did not end done. How all of "
                            "them fared, and all areas and counts, are complete.");
    kept.left_out.push_back(
        "What documents and transactions went through is only in the history itself (premortem run --history).");
  }
  std::size_t specials_kept = 0;
  for (std::size_t n = 0; n < records.size(); ++n) {
    const auto kind = static_cast<RecordKind>(records[n].kind);
    if (!worth_showing(kind)) continue;
    const std::uint64_t item = item_of(records[n]);
    const bool about_kept = item < items.size() && kept.item[item];
    const bool apart = item == no_item && !is_routine(kind) && specials_kept < most;
    kept.record[n] = everything || about_kept || apart;
    if (apart) ++specials_kept;
    if (kept.record[n]) ++kept.count;
  }
  if (special > most)
    kept.left_out.push_back("Of " + std::to_string(special) + " things that happened to no item the first " +
                            std::to_string(specials_kept) + " are here.");
  return kept;
}

}  // namespace premortem
