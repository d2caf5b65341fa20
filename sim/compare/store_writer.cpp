#include "sim/compare/store_writer.hpp"

namespace premortem {

std::optional<RunResult> StoreWriter::find(const RunKey& key) {
  if (store_ == nullptr) return std::nullopt;
  const std::lock_guard lock(guard_);
  return store_->find(key);
}

void StoreWriter::keep(const RunResult& run) {
  if (store_ == nullptr) return;
  const std::lock_guard lock(guard_);
  batch_.push_back(run);
  if (batch_.size() >= batch_max || std::chrono::steady_clock::now() - written_ >= age_max) write();
}

void StoreWriter::flush() {
  if (store_ == nullptr) return;
  const std::lock_guard lock(guard_);
  write();
}

void StoreWriter::write() {
  if (!batch_.empty()) store_->put_all(batch_);
  batch_.clear();
  written_ = std::chrono::steady_clock::now();
}

}  // namespace premortem
