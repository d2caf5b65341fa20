#pragma once
// Writes runs while others are under way, so that an interrupt or a kill keeps what has ended.

#include <chrono>
#include <mutex>
#include <vector>

#include "sim/compare/run_store.hpp"

namespace premortem {

/// Safe to use from several threads. Keeps nothing back for longer than it takes to say so: a batch is written when it
/// is large, or when the last one is half a second old.
class StoreWriter {
 public:
  /// `store` may be null: then nothing is kept and nothing found. It must outlive the writer.
  explicit StoreWriter(RunStore* store) : store_(store) {}

  std::optional<RunResult> find(const RunKey& key);
  void keep(const RunResult& run);
  /// Writes what is left. Call it at the end: a destructor could not say what went wrong.
  void flush();

 private:
  void write();

  static constexpr std::size_t batch_max = 64;
  static constexpr std::chrono::milliseconds age_max{500};

  RunStore* store_;
  std::mutex guard_;
  std::vector<RunResult> batch_;
  std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

}  // namespace premortem
