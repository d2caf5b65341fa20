// What a majority of the replica set has, and going back to that. MONGO-060, MONGO-061

#include <algorithm>
#include <string>
#include <vector>

#include "sim/kernel/check.hpp"
#include "sim/models/document_store/document_store.hpp"

namespace premortem {

void DocumentStore::reach_majority_at(std::int64_t due) {
  if (replicated_ == 0) return;
  if (!lagging_.empty()) due = std::max(due, lagging_.back().due);
  if (!lagging_.empty() && lagging_.back().due == due) {
    lagging_.back().commit = commits_;
  } else if (commits_ > (lagging_.empty() ? majority_ : lagging_.back().commit)) {
    lagging_.push_back({commits_, due});
  }
}

void DocumentStore::advance_majority(std::int64_t now) {
  std::size_t reached = 0;
  while (reached < lagging_.size() && lagging_[reached].due <= now) majority_ = lagging_[reached++].commit;
  if (reached == 0) return;
  lagging_.erase(lagging_.begin(), lagging_.begin() + static_cast<std::ptrdiff_t>(reached));
  collect_garbage();
}

/// Version by version, below all checks: the whole is a state that has been before, so no key is broken by it.
std::uint64_t DocumentStore::roll_back() {
  PREMORTEM_CHECK(replicated_ != 0 && transactions_.empty(), "only a replica set without open transactions rolls back");
  std::uint64_t changed = 0;
  const std::uint64_t commit = commits_ + 1;
  for (std::size_t number = 0; number < tables_.size(); ++number) {
    DocumentTable& table = tables_[number];
    DocumentId next = nil;
    for (DocumentId row = table.first_row(); row != nil; row = next) {
      next = table.next_row(row);  // A row that nobody can see any more is no longer in this order.
      if (table.version(table.newest(row)).commit <= majority_) continue;
      const VersionId kept = table.visible(row, 0, majority_);
      const bool is_there = kept != nil && table.version(kept).removed == 0;
      const bool was_there = table.version(table.newest(row)).removed == 0;
      if (!is_there && !was_there) continue;
      const std::vector<Word> words =
          is_there ? std::vector<Word>(table.words(kept), table.words(kept) + table.width()) : std::vector<Word>();
      const std::string body(is_there ? table.body(kept) : std::string_view());
      publish(static_cast<std::uint16_t>(number), table.push(row, is_there ? words.data() : nullptr, body), commit);
      ++changed;
    }
  }
  if (changed > 0) commits_ = commit;
  lagging_.clear();
  majority_ = commits_;
  collect_garbage();
  return changed;
}

}  // namespace premortem
