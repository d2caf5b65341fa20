#pragma once
// Runs on disk: one SQLite file, a run is found again by scenario hash, strategy, assumptions and seed.

#include <memory>
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

/// Schema: docs/run-store.md. Every run is written in one transaction; several processes may write at once.
class RunStore {
 public:
  /// Opens the file, or makes it. Throws StoreError; never overwrites what it does not understand.
  explicit RunStore(const std::string& path);
  ~RunStore();
  RunStore(const RunStore&) = delete;
  RunStore& operator=(const RunStore&) = delete;

  /// Written whole or not at all. A run that is there already is left as it is.
  void put(const RunResult& run);
  void put_all(const std::vector<RunResult>& runs);
  std::optional<RunResult> find(const std::string& scenario_hash, const std::string& strategy,
                                const std::vector<std::string>& assumptions, std::uint64_t seed);
  std::uint64_t count();

 private:
  void put_one(const RunResult& run);
  void execute(const char* sql);

  std::string path_;
  sqlite3* database_ = nullptr;
};

}  // namespace premortem
