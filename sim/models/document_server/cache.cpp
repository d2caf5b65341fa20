// The engine's cache: what it does to transactions that no other writer competes with. MONGO-005, MONGO-036
// Source: wiredtiger, transactions_api.dox; mongodb/mongo, wiredtiger_util.cpp.

#include "sim/models/document_server/command_run.hpp"

namespace premortem {

namespace code = query::code;

void CommandRun::refuse_conflict() {
  ++server_.counters_.write_conflicts;
  refuse(code::write_conflict,
         "WriteConflict error: this operation conflicted with another operation. Please retry your operation or "
         "multi-document transaction.");
}

/// Under pressure whoever pins the oldest snapshot is rolled back at its next statement, a read as well as a write.
void CommandRun::check_cache() {
  if (server_.strained_ != 0 && !starts_transaction_ && transaction_ != 0 && store_.oldest_open() == transaction_)
    refuse_conflict();
}

/// A transaction must fit: one that does not never will, so this is no error to try again after.
void CommandRun::count_dirty(std::size_t bytes) {
  ServerSession* own = in_transaction_ ? session() : nullptr;
  if (own == nullptr) return;
  own->dirty += bytes;
  if (own->dirty > server_.transaction_bytes_max_)
    refuse(code::too_large_for_cache, "-31800: transaction is too large and will not fit in the storage engine cache");
}

/// The fail point of MongoDB's own tests: the write meets a conflict with nobody.
bool CommandRun::is_given_back() {
  if (!fail_point_strikes("WTWriteConflictException")) return false;
  if (in_transaction_) refuse_conflict();
  return true;
}

}  // namespace premortem
