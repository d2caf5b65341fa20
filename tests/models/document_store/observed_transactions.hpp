#pragma once
// Random concurrent transactions on a document store, and what their clients have seen of them.

#include <cstdint>
#include <vector>

#include "sim/checks/isolation/isolation.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/document_store/document_store.hpp"

namespace premortem {

/// What a key holds.
enum class Workload : std::uint8_t { lists, registers };

/// 2 to 8 processes take turns by luck, operation by operation, on 2 to 5 keys, until 10 to 20 transactions and plain
/// operations are over; then one more transaction reads every key. A pure function of the seed. A document is a key and
/// a word: a register's value, or the number of a list, which the driver keeps.
class ObservedRun {
 public:
  ObservedRun(Workload workload, std::uint64_t seed, bool first_updater_wins = true);

  /// By place as they began.
  const std::vector<isolation::ObservedTransaction>& history() const { return history_; }
  std::uint64_t conflicts() const { return conflicts_; }
  std::uint64_t waits() const { return waits_; }

 private:
  struct Process {
    bool busy = false, plain = false, aborts = false;
    TransactionId transaction = 0;
    TransactionId waits_for = 0;
    std::size_t observed = 0;  ///< Place in the history.
    std::uint64_t left = 0;    ///< Operations to come.
    isolation::Operation pending;
  };

  std::uint64_t pick(std::uint64_t n) { return uniform_below(random_bits(seed_, 0, 0, draws_++), n); }
  void run(std::uint64_t processes, std::uint64_t transactions);
  void begin(Process& process, std::uint32_t number);
  void choose(Process& process);
  void operate(Process& process);
  void end(Process& process, isolation::Status status);
  Word read(std::uint32_t key, TransactionId transaction);
  WriteResult write(const isolation::Operation& operation, TransactionId transaction);
  void read_everything();
  void see(isolation::Operation& operation, TransactionId transaction);

  Workload workload_;
  std::uint64_t seed_, draws_ = 0;
  std::int64_t now_ = 0;
  std::uint32_t keys_ = 0;
  std::uint64_t last_value_ = 0, conflicts_ = 0, waits_ = 0;
  DocumentStore store_;
  std::vector<std::vector<std::uint64_t>> lists_ = {{}};  ///< By number, those of undone writes included.
  std::vector<isolation::ObservedTransaction> history_;
};

}  // namespace premortem
