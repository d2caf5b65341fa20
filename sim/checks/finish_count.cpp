// How often items finish in time: at most, or exactly, so often.

#include "sim/checks/judge.hpp"

namespace premortem {

void Judge::count_finish(const Record& record) {
  const auto item = static_cast<std::uint32_t>(record.a);
  for (const std::uint32_t number : counting_) {
    const CheckSpec& check = spec_.checks[number];
    if (!judged(check, number, item)) continue;
    if (check.limit >= 0 && record.at - items_[item].arrived > check.limit) continue;
    Finishes& finishes = finishes_[number];
    if (finishes.of.size() <= item) finishes.of.resize(item + 1, 0);
    if (++finishes.of[item] == check.finishes_max + 1 && !finishes.first_over) finishes.first_over = record.at;
  }
}

/// Too often is wrong at once. Too seldom is wrong when the time is over; without a time, once nothing is under way.
CheckResult Judge::judge_finishes(const CheckSpec& check, std::size_t number, Items& broken_items) const {
  CheckResult result;
  const Finishes& finishes = finishes_[number];
  std::uint64_t broken = 0;
  std::optional<std::int64_t> first = finishes.first_over;
  for (std::size_t n = 0; n < items_.size(); ++n) {
    if (!judged(check, number, n)) continue;
    const JudgedItem& item = items_[n];
    const std::uint32_t count = n < finishes.of.size() ? finishes.of[n] : 0;
    const bool over = count > check.finishes_max, under = count < check.finishes_min;
    const bool time_left = check.limit >= 0 ? spec_.ends - item.arrived <= check.limit : item.fate == Fate::in_flight;
    if (under && time_left) continue;
    ++result.judged;
    if (!over && !under) continue;
    ++broken;
    add_broken(result, broken_items, n);
    const std::int64_t missed = check.limit >= 0 ? item.arrived + check.limit : spec_.ends;
    if (under && (!first || missed < *first)) first = missed;
  }
  result.broken_for = broken;
  if (first) result.first_at = time_from_nanoseconds(*first);
  result.verdict = result.judged == 0 ? CheckVerdict::not_exercised
                   : broken > 0       ? CheckVerdict::broken
                                      : CheckVerdict::holds;
  return result;
}

}  // namespace premortem
