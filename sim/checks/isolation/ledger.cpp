#include "sim/checks/isolation/ledger.hpp"

#include <algorithm>

#include "sim/checks/isolation/explain.hpp"
#include "sim/kernel/check.hpp"

namespace premortem::isolation {

namespace {

using OperationKind = Operation::Kind;

bool is_write(const Operation& operation) {
  return operation.kind == OperationKind::append || operation.kind == OperationKind::write;
}

bool by_key_and_value(const Written& a, const Written& b) {
  return std::tie(a.key, a.value) < std::tie(b.key, b.value);
}

}  // namespace

Ledger::Ledger(std::span<const ObservedTransaction> history, std::span<const std::string> keys)
    : history_(history), keys_(keys), counts_(history.size(), 0) {
  PREMORTEM_CHECK(history.size() < UINT32_MAX / 4, "transactions are numbered with 32 bits");
  enter_writes();
  decide_who_counts();
}

void Ledger::enter_writes() {
  for (std::uint32_t n = 0; n < history_.size(); ++n) {
    std::map<std::uint32_t, std::size_t> last;  // By key: the place of its last write.
    for (const Operation& operation : history_[n].operations) {
      if (!is_write(operation)) continue;
      PREMORTEM_CHECK(operation.value != 0, "0 stands for the beginning, so nobody writes it");
      const auto [before, first] = last.try_emplace(operation.key, written_.size());
      if (!first) written_[before->second].followed_by = operation.value;
      before->second = written_.size();
      written_.push_back({operation.key, n, operation.value, 0, false, false});
    }
  }
  std::sort(written_.begin(), written_.end(), by_key_and_value);
  for (std::size_t n = 1; n < written_.size(); ++n) {
    PREMORTEM_CHECK(by_key_and_value(written_[n - 1], written_[n]), "nobody writes one value twice to a key");
  }
}

Written* Ledger::find(std::uint32_t key, std::uint64_t value) {
  Written wanted;
  wanted.key = key;
  wanted.value = value;
  const auto at = std::lower_bound(written_.begin(), written_.end(), wanted, by_key_and_value);
  return at != written_.end() && at->key == key && at->value == value ? &*at : nullptr;
}

/// One that counts makes those count whose writes it has read, and so on.
void Ledger::decide_who_counts() {
  bool any_unknown = false;
  std::vector<std::uint32_t> to_look_at;
  for (std::uint32_t n = 0; n < history_.size(); ++n) {
    any_unknown = any_unknown || history_[n].status == Status::unknown;
    if (history_[n].status != Status::committed) continue;
    counts_[n] = 1;
    to_look_at.push_back(n);
  }
  if (!any_unknown) return;
  const auto saw = [&](std::uint32_t key, std::uint64_t value) {
    const Written* seen = find(key, value);
    if (seen == nullptr || counts(seen->transaction) || history_[seen->transaction].status == Status::aborted) return;
    counts_[seen->transaction] = 1;
    to_look_at.push_back(seen->transaction);
  };
  while (!to_look_at.empty()) {
    const std::uint32_t next = to_look_at.back();
    to_look_at.pop_back();
    for (const Operation& operation : history_[next].operations) {
      if (operation.kind == OperationKind::read_value) saw(operation.key, operation.value);
      for (const std::uint64_t value : operation.list) saw(operation.key, value);
    }
  }
}

void Ledger::updates(std::uint32_t key, std::uint64_t version, std::uint32_t transaction, std::uint64_t wrote) {
  if (!updated_.try_emplace({key, transaction}, version).second) return;
  updates_[{key, version}].push_back({transaction, wrote});
}

void Ledger::judge_read(Written& seen, std::uint32_t reader) {
  if (seen.transaction == reader) return;
  if (history_[seen.transaction].status == Status::aborted) return aborted_read(seen, reader);
  if (seen.followed_by == 0) return;
  add(Anomaly::intermediate_read, {reader, seen.transaction},
      name(reader) + " read " + name(seen.transaction) + "'s " + std::to_string(seen.value) + " in " + key(seen.key) +
          ", but " + name(seen.transaction) + " went on to " + std::to_string(seen.followed_by) + " there");
}

/// Once for each write: in a list that keeps it every later read would say it again.
void Ledger::aborted_read(Written& seen, std::uint32_t reader) {
  if (seen.told || seen.transaction == reader) return;
  seen.told = true;
  add(Anomaly::aborted_read, {reader, seen.transaction},
      name(reader) + " read " + name(seen.transaction) + "'s " + std::to_string(seen.value) + " in " + key(seen.key) +
          ", but " + name(seen.transaction) + " aborted");
}

void Ledger::dirty_update(const Written& undone, const Written& upon) {
  add(Anomaly::dirty_update, {upon.transaction, undone.transaction},
      name(upon.transaction) + " wrote " + std::to_string(upon.value) + " to " + key(upon.key) + " upon " +
          name(undone.transaction) + "'s " + std::to_string(undone.value) + ", but " + name(undone.transaction) +
          " aborted");
}

void Ledger::add(Anomaly anomaly, std::vector<std::uint32_t> transactions, const std::string& what) {
  std::string explanation(name_of(anomaly));
  explanation += ": " + what;
  findings_.push_back({anomaly, std::move(transactions), std::move(explanation)});
}

std::string Ledger::key(std::uint32_t number) const {
  return number < keys_.size() ? keys_[number] : "key " + std::to_string(number);
}

void Ledger::mark_lost() {
  const auto version_of = [&](std::uint32_t key, std::uint32_t transaction) {
    const auto at = updated_.find({key, transaction});
    return at == updated_.end() ? UINT64_MAX : at->second;
  };
  for (Dependency& each : dependencies_) {
    const std::uint64_t version = version_of(each.key, each.from);
    each.lost = each.kind == Dependency::Kind::rw && version != UINT64_MAX && version == version_of(each.key, each.to);
  }
}

/// Whichever of them came second, it did not see the first.
void Ledger::add_lost(bool lists) {
  for (const auto& [version, updates] : updates_) {
    if (updates.size() < 2 || lost_by_cycle_.count(version) != 0) continue;
    std::vector<std::uint32_t> transactions;
    std::string wrote;
    for (const Update& update : updates) {
      transactions.push_back(update.transaction);
      wrote += (wrote.empty() ? "" : ", ") + name(update.transaction) + " wrote " + std::to_string(update.wrote);
    }
    add(Anomaly::lost_update, transactions,
        "all of them read " + read_as(key(version.first), version.second, lists) + " and then " + wrote);
  }
}

Findings Ledger::finish(bool lists) {
  mark_lost();
  for (const Cycle& cycle : find_cycles(transactions(), std::move(dependencies_))) {
    std::vector<std::uint32_t> transactions;
    for (const Dependency& step : cycle.steps) {
      transactions.push_back(step.from);
      const bool same_version = cycle.anomaly == Anomaly::lost_update && step.lost;
      if (same_version) lost_by_cycle_[{step.key, updated_.at({step.key, step.from})}] = true;
    }
    add(cycle.anomaly, std::move(transactions), explain(cycle, *this, lists));
  }
  add_lost(lists);
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    const std::size_t left = a.transactions.size(), right = b.transactions.size();
    return std::tie(left, a.anomaly, a.transactions) < std::tie(right, b.anomaly, b.transactions);
  });
  return std::move(findings_);
}

}  // namespace premortem::isolation
