// Runs everything and prints the Performance table: ours against the better of the bounds, in one run.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "bench/memory.hpp"

namespace {

class Table : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const std::string name = run.benchmark_name();
      const std::size_t first = name.find('/'), second = name.find('/', first + 1);
      const auto items = run.counters.find("items_per_second");
      if (items == run.counters.end()) continue;
      const double ns = 1e9 / items->second;
      if (name.starts_with("incident/")) {
        incidents_.push_back({name.substr(9), items->second, run.counters.at("events")});
        continue;
      }
      const std::string row =
          name.substr(0, first) + (second == std::string::npos ? "" : " " + name.substr(second + 1));
      const std::string kind = name.substr(first + 1, second - first - 1);
      if (rows_.find(row) == rows_.end()) order_.push_back(row);
      Row& entry = rows_[row];
      if (kind == "ours") {
        entry.ours = ns;
      } else if (entry.bound == 0 || ns < entry.bound) {
        entry.bound = ns;
      }
    }
  }

  void print() const {
    std::printf("\nCPU time in nanoseconds an event (an execution for the last row), this run\n\n");
    std::printf("| workload | bound | ours | ratio | aim |\n|---|--:|--:|--:|--:|\n");
    for (const std::string& row : order_) {
      const Row& entry = rows_.at(row);
      const char* aim = row.ends_with(" 1") && row.starts_with("hold") ? "2.5" : "2";
      if (entry.bound == 0) {
        std::printf("| %s | – | %.1f | – | – |\n", row.c_str(), entry.ours);
      } else {
        std::printf("| %s | %.1f | %.1f | %.2f | %s |\n", row.c_str(), entry.bound, entry.ours,
                    entry.ours / entry.bound, aim);
      }
    }
    std::printf("\n| incident | events a run | runs per core-second | aim |\n|---|--:|--:|--:|\n");
    for (const Incident& incident : incidents_) {
      const bool whole = incident.name.find("whole") != std::string::npos;
      const bool searched = incident.name.starts_with("explore");
      const char* aim = searched ? (incident.name.ends_with("a small world") ? "200000" : "–")
                        : whole  ? "–"
                        : incident.name.find("small") != std::string::npos ? "300000"
                                                                           : "2000";
      std::printf("| %s | %.0f | %.0f | %s |\n", incident.name.c_str(), incident.events, incident.per_second, aim);
    }
  }

 private:
  struct Row {
    double bound = 0, ours = 0;
  };
  struct Incident {
    std::string name;
    double per_second, events;
  };
  std::map<std::string, Row> rows_;
  std::vector<std::string> order_;
  std::vector<Incident> incidents_;
};

}  // namespace

int main(int argc, char* argv[]) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Table table;
  benchmark::RunSpecifiedBenchmarks(&table);
  table.print();
  bench::print_memory();
  return 0;
}
