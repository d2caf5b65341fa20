// What a judge has seen, as a digest: a search merges runs whose Worlds and judges are the same.

#include "sim/checks/judge.hpp"

namespace premortem {

namespace {

void add(Digest& digest, std::int64_t value) { digest.add(static_cast<std::uint64_t>(value)); }
void add(Digest& digest, const std::optional<std::int64_t>& value) {
  digest.add(value ? 1 : 0);
  add(digest, value.value_or(0));
}
template <class T>
void add_all(Digest& digest, const std::vector<T>& values) {
  digest.add(values.size());
  for (const T& value : values) digest.add(static_cast<std::uint64_t>(value));
}

}  // namespace

void Judge::add_to(Digest& digest) const {
  digest.add(items_.size());
  for (const JudgedItem& item : items_) {
    digest.add(std::uint64_t{item.kind} << 32 | item.finished);
    digest.add(std::uint64_t{item.remains} << 1 | (item.right ? 1 : 0));
    digest.add(item.outcome);
    add(digest, item.arrived), add(digest, item.finished_at), add(digest, item.released_at), add(digest, item.id);
  }
  for (const std::vector<std::uint64_t>& words : item_fields_) add_all(digest, words);
  for (const std::vector<bool>& members : members_) {
    digest.add(members.size());
    for (const bool member : members) digest.add(member ? 1 : 0);
  }
  add_all(digest, finish_order_);
  for (const Observed& observed : observed_) {
    digest.add(observed.asked), digest.add(observed.broken), digest.add(observed.fulfilled);
    add(digest, observed.first_broken);
    add_all(digest, observed.items);
  }
  for (const Changes& changes : changes_) {
    digest.add(changes.seen), digest.add(changes.wrong);
    add(digest, changes.first);
  }
  add_all(digest, next_ids_);
  add_all(digest, notices_);
  for (const Finishes& finishes : finishes_) {
    add_all(digest, finishes.of);
    add(digest, finishes.first_over);
  }
  digest.add(operator_steps_);
}

}  // namespace premortem
