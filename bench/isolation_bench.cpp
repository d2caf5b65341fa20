// The isolation checker on long histories: time shall grow with their length, not with a power of it.

#include <benchmark/benchmark.h>

#include <vector>

#include "sim/checks/isolation/isolation.hpp"
#include "sim/kernel/random.hpp"

namespace {

using namespace premortem;
using namespace premortem::isolation;

/// Of a store that takes snapshots: each transaction reads and writes two of the four keys that are in use just then,
/// and sees everything but the last `behind` transactions; two that overlap write different keys.
class Histories {
 public:
  Histories(std::uint64_t transactions, bool lists) : lists_(lists), now_(keys(transactions)), seen_(now_) {
    for (std::uint64_t n = 0; n < transactions; ++n) add(n);
  }
  std::vector<ObservedTransaction> made;

 private:
  static constexpr std::uint64_t in_use = 4, moves_on_after = 50, behind = 2;
  using Lists = std::vector<std::vector<std::uint64_t>>;
  static Lists keys(std::uint64_t transactions) { return Lists((transactions / moves_on_after + 1) * in_use); }

  void add(std::uint64_t n) {
    ObservedTransaction& transaction = made.emplace_back();
    const auto first = static_cast<std::uint32_t>(n / moves_on_after * in_use);
    const auto written = static_cast<std::uint32_t>(first + n % in_use);
    const auto read = static_cast<std::uint32_t>(first + uniform_below(random_bits(n, 0, 0, 0), in_use));
    see(transaction, read);
    see(transaction, written);
    Operation& operation = transaction.operations.emplace_back();
    operation.kind = lists_ ? Operation::Kind::append : Operation::Kind::write;
    operation.key = written;
    operation.value = n + 1;
    now_[written].push_back(n + 1);
    late_.push_back(written);
    if (late_.size() <= behind) return;
    const std::uint32_t settled = late_[late_.size() - 1 - behind];
    seen_[settled].push_back(now_[settled][seen_[settled].size()]);
  }

  void see(ObservedTransaction& transaction, std::uint32_t key) {
    Operation& operation = transaction.operations.emplace_back();
    operation.kind = lists_ ? Operation::Kind::read_list : Operation::Kind::read_value;
    operation.key = key;
    if (lists_) operation.list = seen_[key];
    if (!lists_ && !seen_[key].empty()) operation.value = seen_[key].back();
  }

  bool lists_;
  Lists now_, seen_;
  std::vector<std::uint32_t> late_;  ///< What each transaction wrote.
};

void check(benchmark::State& state, bool lists) {
  const Histories histories(static_cast<std::uint64_t>(state.range(0)), lists);
  std::size_t found = 0;
  for (auto _ : state) {
    const Findings findings = lists ? check_list_append(histories.made) : check_registers(histories.made);
    found = findings.size();
    for (const Finding& finding : findings) {
      if (!allowed_under_snapshot_isolation(finding.anomaly)) state.SkipWithError(finding.explanation.c_str());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["findings"] = static_cast<double>(found);
}

BENCHMARK_CAPTURE(check, lists, true)->Name("isolation lists/ours")->Arg(1000)->Arg(10'000)->Arg(100'000);
BENCHMARK_CAPTURE(check, registers, false)->Name("isolation registers/ours")->Arg(1000)->Arg(10'000)->Arg(100'000);

}  // namespace
