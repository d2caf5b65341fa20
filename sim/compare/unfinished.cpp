#include "sim/compare/unfinished.hpp"

#include <algorithm>

#include "sim/history/repetition.hpp"
#include "sim/models/holdings.hpp"
#include "sim/models/model_names.hpp"

namespace premortem {

namespace {

constexpr std::size_t records_kept = 20'000;
/// An item that came back less often than this may just be lucky next time.
constexpr std::uint64_t turns_min = 10;
/// So many items are looked at, the last first.
constexpr std::size_t looked_at_max = 50;

bool comes_back(const Record& record) {
  const auto kind = static_cast<RecordKind>(record.kind);
  return kind == RecordKind::requeued || kind == RecordKind::retried || kind == RecordKind::read;
}

}  // namespace

void TailKeeper::observe(const Record& record) {
  const auto kind = static_cast<RecordKind>(record.kind);
  if (kind == RecordKind::ended) nothing_left_ = record.a == 1;
  if (kind == RecordKind::ended || kind == RecordKind::remained) return;
  ++kept_to_;
  records_.push_back(record);
  if (records_.size() > records_kept) records_.pop_front();
}

namespace {

/// One item of each kind, the last first.
void find_circles(const HistoryNames& names, const World& world, const std::vector<ItemId>& unfinished,
                  const TailKeeper& keeper, std::vector<Circle>& circles) {
  const std::vector<Record> tail = keeper.tail();
  std::vector<std::string> items;
  for (const Item& one : world.items) items.push_back(names.kinds[one.kind].name + " " + std::to_string(one.id));
  std::vector<bool> known(names.kinds.size(), false);
  const std::size_t looked_at = std::min(unfinished.size(), looked_at_max);
  for (std::size_t n = 0; n < looked_at; ++n) {
    const ItemId item = unfinished[unfinished.size() - 1 - n];
    if (known[world.items[item].kind]) continue;
    const std::optional<Repetition> found = find_repetition_of(item, tail, keeper.first());
    if (!found || found->turns < turns_min || std::ranges::none_of(found->turn, comes_back)) continue;
    Circle& circle = circles.emplace_back(Circle{items[item], {}, found->lasts});
    for (const Record& record : found->turn) circle.turn.push_back(tell(names, items, record));
    known[world.items[item].kind] = true;
  }
}

}  // namespace

Diagnosis diagnose(const Model& model, const World& world, const Judge& judge, const TailKeeper& keeper) {
  Diagnosis diagnosis;
  diagnosis.nothing_moves = keeper.nothing_left();
  std::vector<ItemId> unfinished;
  bool all_in_flight = true;
  for (const Holding& holding : holdings(model, world)) {
    const JudgedItem& item = judge.items()[holding.item];
    all_in_flight = all_in_flight && item.fate == Fate::in_flight;
    unfinished.push_back(holding.item);
    const std::string& kind = model.items[item.kind].name;
    const auto known = std::ranges::find_if(diagnosis.groups, [&](const UnfinishedGroup& group) {
      return group.item == kind && group.where == holding.where && group.waits == holding.waits;
    });
    if (known != diagnosis.groups.end()) {
      ++known->count;
    } else {
      diagnosis.groups.push_back({kind, 1, item.id, holding.where, holding.waits});
    }
  }
  std::ranges::stable_sort(diagnosis.groups, std::ranges::greater(), &UnfinishedGroup::count);
  find_circles(model_names(model), world, unfinished, keeper, diagnosis.circles);
  if (all_in_flight && !diagnosis.nothing_moves && diagnosis.circles.empty()) diagnosis.groups.clear();
  return diagnosis;
}

}  // namespace premortem
