#pragma once
// Runs on disk: one SQLite file, a run is found again by all that decides what it is.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/compare/run_result.hpp"

struct sqlite3;

namespace premortem {

/// The file cannot be used; the message names it and says what to do.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a run is a function of, beside the program that runs it.
struct RunKey {
  std::string scenario_hash;  ///< Covers strategy, assumptions and sets; they are named for people.
  std::string strategy;
  std::vector<std::string> assumptions, sets;
  std::uint64_t seed = 0;
};

/// How often one goal of a scenario was reached, over all runs that could have.
struct GoalCount {
  std::string kind, name;
  std::uint64_t runs = 0, reached = 0;

  bool operator==(const GoalCount&) const = default;
};

/// Schema: docs/run-store.md. Several processes may read and write at once; a run is there whole or not at all.
class RunStore {
 public:
  /// Opens the file, or makes it. `program` says which build the runs are of: those of another one stay, and are never
  /// found, as they might end differently. Throws StoreError, and then has changed nothing.
  RunStore(const std::string& path, const std::string& program);
  ~RunStore();
  RunStore(const RunStore&) = delete;
  RunStore& operator=(const RunStore&) = delete;

  /// Written whole or not at all. A run that is there already is left as it is.
  void put(const RunResult& run);
  /// All of them in one transaction.
  void put_all(const std::vector<RunResult>& runs);
  std::optional<RunResult> find(const RunKey& key);
  /// Adds to what is known of the goals of a scenario, by its title, under a strategy. Runs that are put add theirs by
  /// themselves; this is for executions that are not kept one by one.
  void add_goals(const std::string& title, const std::string& strategy, const std::vector<GoalCount>& counts);
  /// Over all strategies, programs and versions of the scenario of that title; by kind and name.
  std::vector<GoalCount> goals(const std::string& title);
  /// Runs of all programs.
  std::uint64_t count();

 private:
  void open();
  void check_schema();
  void execute(const char* sql);

  std::string path_, program_;
  sqlite3* database_ = nullptr;
};

}  // namespace premortem
