// The run store as a library: what is kept, what is found again, and that its documentation is true.

#include "sim/compare/run_store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "sim/compare/campaign.hpp"
#include "sim/scenario/load.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

using Names = std::vector<std::string>;
using Rows = std::vector<std::vector<std::string>>;

class StoreFile {
 public:
  StoreFile() : path_((std::filesystem::temp_directory_path() / "premortem-store-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder can be made");
  }
  ~StoreFile() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StoreFile(const StoreFile&) = delete;
  StoreFile& operator=(const StoreFile&) = delete;
  std::string path() const { return path_ + "/runs.sqlite"; }

 private:
  std::string path_;
};

Rows asked(const std::string& path, const std::string& query) {
  sqlite3* database = nullptr;
  Rows rows;
  char* error = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  const auto take = [](void* into, int count, char** values, char**) {
    auto& row = static_cast<Rows*>(into)->emplace_back();
    for (int n = 0; n < count; ++n) row.emplace_back(values[n] == nullptr ? "NULL" : values[n]);
    return 0;
  };
  const int code = sqlite3_exec(database, query.c_str(), take, &rows, &error);
  INFO(query << (error == nullptr ? "" : error));
  REQUIRE(code == SQLITE_OK);
  sqlite3_close(database);
  return rows;
}

RunResult sample() {
  RunResult run;
  run.title = "Ærlig | \"øl\"\nog å";
  run.file = "a b.jsonc";
  run.scenario_hash = "0123456789abcdef0123456789abcdef";
  run.strategy = "as-happened";
  run.assumptions = {"reading=a\nb", "x=[1, 2]"};
  run.sets = {"exporter.workers=1"};
  run.seed = UINT64_MAX;
  run.digest = "d";
  run.events = 7;
  run.zone = "Europe/Oslo";
  run.zone_rules = "r";
  run.verdict = RunVerdict::different;
  FateCounts second, first;
  second.item = "å";  // Sorted before its neighbour by name, but not in the scenario.
  second.arrived = 3;
  second.of = {1, 0, 0, 0, 0, 0, 0, 2};
  first.item = "z";
  run.fates = {first, second};
  CheckResult check;
  check.name = "one";
  check.verdict = CheckVerdict::broken;
  check.broken_for = 2;
  check.judged = 3;
  check.first_at = time_from_nanoseconds(1'600'000'000'000'000'001);
  check.examples = {"å 1", "å \"2\"\n"};
  check.expected = "holds";
  run.checks = {check, CheckResult{}};
  run.measures = {{"å.time-to-done.p50", Measure::Unit::duration, 5}, {"detection", Measure::Unit::duration, {}}};
  run.notes = {"said", "twice"};
  return run;
}

RunKey key_of(const RunResult& run) { return {run.scenario_hash, run.strategy, run.assumptions, run.sets, run.seed}; }

std::vector<std::shared_ptr<const CompiledScenario>> scenarios(const std::vector<Variant>& variants) {
  const std::string file = testing::source_path("tests/golden/reports/every-fate.jsonc");
  Diagnostics diagnostics;
  const auto loaded = load_scenario(file, diagnostics);
  REQUIRE(loaded);
  std::vector<std::shared_ptr<const CompiledScenario>> all;
  for (const Variant& variant : variants) {
    all.push_back(compile_variant(*loaded, variant, diagnostics));
    INFO(diagnostics.format(file));
    REQUIRE(all.back());
  }
  return all;
}

/// Columns of each table as docs/run-store.md gives them: "name TYPE".
std::map<std::string, Names> documented_columns(const std::string& text) {
  std::map<std::string, Names> tables;
  std::istringstream lines(text.substr(0, text.find("\n## Queries")));
  std::string table;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("### ")) table = line.substr(4);
    if (table.empty() || !line.starts_with("| ") || line.starts_with("| column ")) continue;
    std::istringstream cells(line.substr(2));
    std::string name, bar, type;
    cells >> name >> bar >> type;
    tables[table].push_back(name + " " + type);
  }
  return tables;
}

Names documented_queries(const std::string& text) {
  Names queries;
  for (std::size_t from = text.find("```sql\n"); from != std::string::npos; from = text.find("```sql\n", from)) {
    const std::size_t end = text.find("```", from + 7);
    queries.push_back(text.substr(from + 7, end - from - 7));
    from = end;
  }
  return queries;
}

}  // namespace

TEST_CASE("a run comes back from the store as it went in, whatever its names hold", "[store]") {
  const StoreFile file;
  RunStore store(file.path(), "this");
  const RunResult run = sample();
  store.put(run);
  const auto found = store.find(key_of(run));
  REQUIRE(found);
  CHECK(*found == run);
  RunResult again = run;
  again.digest = "another";
  store.put(again);  // It is there already.
  CHECK(store.count() == 1);
  CHECK(store.find(key_of(run))->digest == "d");
}

TEST_CASE("a run is found only by all that decides what it is", "[store]") {
  const StoreFile file;
  const RunResult run = sample();
  RunStore(file.path(), "this").put(run);
  RunStore store(file.path(), "this");
  const auto found_with = [&](auto change) {
    RunKey key = key_of(run);
    change(key);
    return store.find(key).has_value();
  };
  CHECK(found_with([](RunKey&) {}));
  CHECK(!found_with([](RunKey& key) { key.scenario_hash[0] = 'f'; }));
  CHECK(!found_with([](RunKey& key) { key.strategy = "b"; }));
  CHECK(!found_with([](RunKey& key) { key.assumptions.pop_back(); }));
  CHECK(!found_with([](RunKey& key) { key.sets.clear(); }));
  CHECK(!found_with([](RunKey& key) { key.seed = 1; }));
  CHECK(!RunStore(file.path(), "another build").find(key_of(run)));
}

TEST_CASE("the scenario's hash covers strategy, assumptions and sets", "[store]") {
  const auto all = scenarios({{},
                              {"no-coffee", {}, {}},
                              {"as-happened", {{"cellar-key", "found"}}, {}},
                              {"as-happened", {}, {{"clerk.workers", "5"}}},
                              {"as-happened", {}, {{"clerk.workers", "7"}}},
                              {}});
  for (std::size_t a = 0; a < all.size(); ++a) {
    for (std::size_t b = a + 1; b < all.size(); ++b) {
      const bool same = a == 0 && b + 1 == all.size();
      CHECK((all[a]->scenario_hash == all[b]->scenario_hash) == same);
    }
  }
  CHECK(all[3]->sets == Names{"clerk.workers=5"});
}

TEST_CASE("stopped after any number of runs, a campaign goes on from the store to the same result", "[store]") {
  const auto all = scenarios({{}, {"no-coffee", {}, {}}, {"hopeful", {}, {}}});
  CampaignOptions options;
  options.runs = 4;
  const CampaignResult whole = run_campaign(all, options);
  for (const std::uint64_t stop_after : {1U, 2U, 3U, 7U, 11U}) {
    const StoreFile file;
    RunStore store(file.path(), "this");
    std::atomic<bool> stop{false};
    options.store = &store;
    options.stop = &stop;
    options.progress = [&](std::uint64_t done, std::uint64_t) { stop = stop || done == stop_after; };
    const CampaignResult part = run_campaign(all, options);
    CHECK(part.stopped);
    CHECK(part.computed == stop_after);
    CHECK(store.count() == stop_after);
    CHECK(part.runs[0].size() == stop_after / 3);
    options.stop = nullptr;
    options.progress = nullptr;
    const CampaignResult rest = run_campaign(all, options);
    CHECK(rest.from_store == stop_after);
    CHECK(rest.computed == 12 - stop_after);
    CHECK(rest.runs == whole.runs);
  }
}

TEST_CASE("how many runs there were, and why no more, is said aloud", "[campaign]") {
  const auto all = scenarios({{}, {"no-coffee", {}, {}}});
  CampaignOptions options;
  options.runs_max = 40;
  CHECK(run_campaign(all, options).comparison.stopping ==
        "40 runs of each strategy, the most that were allowed: some interval of a fate is still wider than ±1 item; "
        "looked at after 10, 20 and 40");
  options.by = {"letter.lost", "detection"};
  CHECK(run_campaign(all, options).comparison.stopping ==
        "10 runs of each strategy: every interval of a fate in \"by\" is within ±1 item; looked at after 10");
  options.runs = 1;
  CHECK(run_campaign(all, options).comparison.stopping == "1 run of each strategy, as asked");
}

TEST_CASE("docs/run-store.md gives the tables as they are, and its queries find something", "[store]") {
  const StoreFile file;
  const auto all = scenarios({{}, {"no-coffee", {}, {}}, {"hopeful", {}, {}}});
  const auto assumed = scenarios({{"as-happened", {{"cellar-key", "found"}}, {}}});
  CampaignOptions options;
  options.runs = 2;
  RunStore store(file.path(), "this");
  options.store = &store;
  run_campaign(all, options);
  run_campaign(assumed, options);
  const std::string text = testing::read_file(testing::source_path("docs/run-store.md"));
  std::map<std::string, Names> tables;
  for (const auto& table : asked(file.path(), "SELECT name FROM sqlite_master WHERE type = 'table'")) {
    for (const auto& column : asked(file.path(), "SELECT name, type FROM pragma_table_info('" + table[0] + "')"))
      tables[table[0]].push_back(column[0] + " " + column[1]);
  }
  CHECK(documented_columns(text) == tables);
  const Names queries = documented_queries(text);
  CHECK(queries.size() == 5);
  for (const std::string& query : queries) {
    INFO(query);
    CHECK(!asked(file.path(), query).empty());
  }
  CHECK(asked(file.path(), queries[2]).at(5) == std::vector<std::string>{"1", "letter", "-2"});
}
