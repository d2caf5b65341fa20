// Registers: the order of versions is known where a transaction has seen one before it wrote the next.

#include <algorithm>

#include "sim/checks/isolation/ledger.hpp"

namespace premortem::isolation {

namespace {

struct RegisterRead {
  std::uint32_t key = 0, transaction = 0;
  std::uint64_t value = 0;
};

/// `after` was written by somebody who had read or written `before` last.
struct Succession {
  std::uint32_t key = 0;
  std::uint64_t before = 0, after = 0;
};

bool by_version(const Succession& a, const Succession& b) {
  return std::tie(a.key, a.before, a.after) < std::tie(b.key, b.before, b.after);
}

class Registers {
 public:
  Registers(std::span<const ObservedTransaction> history, std::span<const std::string> keys) : ledger_(history, keys) {}

  Findings check() {
    for (std::uint32_t n = 0; n < ledger_.transactions(); ++n) {
      if (ledger_.counts(n)) enter(n);
    }
    order_beginnings();
    std::sort(successions_.begin(), successions_.end(), by_version);
    for (const Succession& each : successions_) order_writes(each);
    for (const RegisterRead& read : reads_) judge_read(read);
    return ledger_.finish(false);
  }

 private:
  struct Known {
    bool any = false, wrote = false;
    std::uint64_t value = 0;
  };

  void enter(std::uint32_t transaction) {
    std::map<std::uint32_t, Known> keys;
    for (const Operation& operation : ledger_.history()[transaction].operations) {
      Known& known = keys[operation.key];
      if (operation.kind == Operation::Kind::write) {
        if (known.any) successions_.push_back({operation.key, known.value, operation.value});
        if (known.any && !known.wrote) ledger_.updates(operation.key, known.value, transaction, operation.value);
        known.wrote = true;
      } else if (operation.kind == Operation::Kind::read_value) {
        if (known.any && known.value != operation.value) tell_internal(known, operation, transaction);
        if (!known.any || known.value != operation.value) {
          reads_.push_back({operation.key, transaction, operation.value});
        }
      } else {
        continue;
      }
      known.any = true;
      known.value = operation.value;
    }
  }

  void tell_internal(const Known& known, const Operation& read, std::uint32_t transaction) {
    ledger_.add(Anomaly::internal, {transaction},
                Ledger::name(transaction) + " read " + ledger_.key(read.key) + " = " + std::to_string(read.value) +
                    ", but what it did before makes it " + std::to_string(known.value));
  }

  /// The beginning is before every write; it is enough to say so of those that follow no other.
  void order_beginnings() {
    std::vector<std::pair<std::uint32_t, std::uint64_t>> follow;
    for (const Succession& each : successions_) {
      const Written* before = each.before == 0 ? nullptr : ledger_.find(each.key, each.before);
      const bool known = before != nullptr && ledger_.counts(before->transaction);
      if (known) follow.emplace_back(each.key, each.after);
    }
    std::sort(follow.begin(), follow.end());
    successions_.erase(std::remove_if(successions_.begin(), successions_.end(),
                                      [](const Succession& each) { return each.before == 0; }),
                       successions_.end());
    for (const Written& each : ledger_.written()) {
      if (!ledger_.counts(each.transaction)) continue;
      if (!std::binary_search(follow.begin(), follow.end(), std::pair(each.key, each.value))) {
        successions_.push_back({each.key, 0, each.value});
      }
    }
  }

  void order_writes(const Succession& each) {
    if (each.before == 0) return;
    const Written* before = ledger_.find(each.key, each.before);
    const Written* after = ledger_.find(each.key, each.after);
    if (before == nullptr) return;  // Its read is reported.
    if (!ledger_.counts(before->transaction)) return ledger_.dirty_update(*before, *after);
    ledger_.depends({before->transaction, after->transaction, Dependency::Kind::ww, false, false, each.key, each.before,
                     each.after});
  }

  void judge_read(const RegisterRead& read) {
    if (read.value != 0) {
      Written* seen = ledger_.find(read.key, read.value);
      if (seen == nullptr) {
        return ledger_.add(Anomaly::impossible_read, {read.transaction},
                           Ledger::name(read.transaction) + " read " + std::to_string(read.value) + " in " +
                               ledger_.key(read.key) + ", which nobody wrote");
      }
      ledger_.judge_read(*seen, read.transaction);
      if (!ledger_.counts(seen->transaction)) return;
      ledger_.depends(
          {seen->transaction, read.transaction, Dependency::Kind::wr, false, false, read.key, read.value, 0});
    }
    auto next =
        std::lower_bound(successions_.begin(), successions_.end(), Succession{read.key, read.value, 0}, by_version);
    for (; next != successions_.end() && next->key == read.key && next->before == read.value; ++next) {
      ledger_.depends({read.transaction, ledger_.find(read.key, next->after)->transaction, Dependency::Kind::rw, false,
                       false, read.key, read.value, next->after});
    }
  }

  Ledger ledger_;
  std::vector<RegisterRead> reads_;
  std::vector<Succession> successions_;
};

}  // namespace

Findings check_registers(std::span<const ObservedTransaction> history, std::span<const std::string> keys) {
  return Registers(history, keys).check();
}

}  // namespace premortem::isolation
