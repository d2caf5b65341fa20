#pragma once
// A run as rows of the store's tables, and back.

#include <optional>
#include <string>

#include "sim/compare/run_store.hpp"
#include "sim/compare/statement.hpp"

namespace premortem {

/// Writes runs inside a transaction of the caller's; throws StoreError.
class RunRows {
 public:
  explicit RunRows(sqlite3* database);

  /// A run that is there already is left as it is.
  void write(const RunResult& run, const std::string& program);
  /// Adds to what is there.
  void add_goal(const std::string& title, const std::string& strategy, const GoalCount& count);

 private:
  void write_fates(std::int64_t id, const RunResult& run);
  void write_checks(std::int64_t id, const RunResult& run);

  sqlite3* database_;
  Statement runs_, items_, fates_, checks_, measures_, notes_, goals_;
};

/// Nothing when it is not there.
std::optional<RunResult> read_run(sqlite3* database, const RunKey& key, const std::string& program);

}  // namespace premortem
