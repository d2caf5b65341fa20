// The store's promise, judged from outside: by what the clients of random transactions have read.

#include <map>
#include <set>
#include <string>

#include "tests/models/document_store/observed_transactions.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

namespace {

using isolation::Anomaly;
using isolation::Finding;
using isolation::Findings;

const std::vector<std::string> key_names{"v", "w", "x", "y", "z"};
constexpr std::uint64_t histories = 10'000;

Findings judge(Workload workload, const ObservedRun& run) {
  return workload == Workload::lists ? isolation::check_list_append(run.history(), key_names)
                                     : isolation::check_registers(run.history(), key_names);
}

using Shown = std::vector<std::string>;

struct Survey {
  Shown shown;                  ///< Anomalies, with how many histories show each.
  std::string first_forbidden;  ///< Seed and explanation.
  std::uint64_t transactions = 0, conflicts = 0, waits = 0;
};

Survey survey(Workload workload, bool first_updater_wins) {
  Survey made;
  std::map<Anomaly, std::uint64_t> shown;
  for (std::uint64_t seed = 1; seed <= histories; ++seed) {
    const ObservedRun run(workload, seed, first_updater_wins);
    made.transactions += run.history().size();
    made.conflicts += run.conflicts();
    made.waits += run.waits();
    std::set<Anomaly> here;
    for (const Finding& finding : judge(workload, run)) {
      here.insert(finding.anomaly);
      if (allowed_under_snapshot_isolation(finding.anomaly) || !made.first_forbidden.empty()) continue;
      made.first_forbidden = "seed " + std::to_string(seed) + ": " + finding.explanation;
    }
    for (const Anomaly each : here) ++shown[each];
  }
  for (const auto& each : shown) {
    made.shown.push_back(std::string(name_of(each.first)) + ": " + std::to_string(each.second));
  }
  return made;
}

std::string lost_update_of(Workload workload, std::uint64_t seed) {
  const ObservedRun run(workload, seed, false);
  for (const Finding& finding : judge(workload, run)) {
    if (finding.anomaly == Anomaly::lost_update) return finding.explanation;
  }
  return "none";
}

}  // namespace

TEST_CASE("MONGO-001, MONGO-002, MONGO-003: 10,000 seeded histories of lists show write skew and nothing else",
          "[document_store][isolation]") {
  const Survey lists = survey(Workload::lists, true);
  CHECK(lists.first_forbidden == "");
  CHECK(lists.shown == Shown{"write skew (G2-item): 2539"});
  CHECK(lists.transactions == 159'835);
  CHECK(lists.conflicts == 59'081);
  CHECK(lists.waits == 4'715);
}

TEST_CASE("MONGO-001, MONGO-002, MONGO-003: 10,000 seeded histories of registers show write skew and nothing else",
          "[document_store][isolation]") {
  const Survey registers = survey(Workload::registers, true);
  CHECK(registers.first_forbidden == "");
  CHECK(registers.shown == Shown{"write skew (G2-item): 1573"});
  CHECK(registers.transactions == 159'835);
  CHECK(registers.conflicts == 58'616);
  CHECK(registers.waits == 4'732);
}

TEST_CASE("MONGO-003: where the last committer wins, updates are lost, and the cycle says which",
          "[document_store][isolation]") {
  // A list that loses appends is none, so that every proof which rests on lists appears with it.
  const Survey lists = survey(Workload::lists, false);
  CHECK(lists.conflicts == 0);
  CHECK(lists.waits == 0);
  CHECK(lists.shown == Shown{"incompatible order: 9030", "dirty write (G0): 2031",
                             "circular information flow (G1c): 1934", "lost update: 5033", "read skew (G-single): 7582",
                             "long fork (G-nonadjacent): 126", "write skew (G2-item): 8413"});
  CHECK(lost_update_of(Workload::lists, 1) ==
        "lost update: T10 -> T13 -> T10: T13 appended 20, which nobody read, to x after T10's 16 [ww]; "
        "T13 read x up to 9, before T10 appended 16 [rw]");

  const Survey registers = survey(Workload::registers, false);  // Here nothing else is wrong: it still takes snapshots.
  CHECK(registers.conflicts == 0);
  CHECK(registers.shown == Shown{"lost update: 2667", "write skew (G2-item): 4625"});
  CHECK(registers.first_forbidden ==
        "seed 1: lost update: all of them read x as it was in the beginning and then T3 wrote 3, T5 wrote 7");
}

}  // namespace premortem
