#pragma once
// A workload of random transactions, a pure function of seed and step, against a store alone or beside its reference.

#include <cstdint>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/models/document_store/document_store.hpp"

namespace premortem {

/// What one step did.
struct StepResult {
  enum class Kind : std::uint8_t { began, inserted, replaced, removed, committed, aborted };
  Kind kind = Kind::began;
  TransactionId transaction = 0;
  DocumentId target = 0;
  std::vector<Word> words;  ///< Inserted, replaced.
  WriteResult write;
  bool committed = false;
  bool operator==(const StepResult& o) const {
    return kind == o.kind && transaction == o.transaction && target == o.target && words == o.words &&
           write.outcome == o.write.outcome && write.document == o.write.document && write.blocker == o.write.blocker &&
           committed == o.committed;
  }
};

/// Four sessions and plain clients on about a dozen documents. Copied together with the store it continues identically.
struct RandomTransactions {
  std::uint64_t seed = 0, step = 0;
  std::vector<TransactionId> sessions = std::vector<TransactionId>(4, 0);
  std::uint32_t rows = 0;  ///< Documents ever inserted.

  static DocumentStoreSpec spec() {
    DocumentStoreSpec made;
    made.collections.push_back({3, {{0}}, {1}, {{1, 2}}});
    return made;
  }

  StepResult run(DocumentStore& store) {
    const auto pick = [&](std::uint64_t purpose, std::uint64_t n) {
      return uniform_below(random_bits(seed, purpose, 0, step), n);
    };
    StepResult result;
    const std::uint64_t session = pick(1, 6);  // 4 and 5: outside transactions.
    const std::uint64_t action = pick(2, 16);
    if (session < 4 && (sessions[session] == 0 || !store.open(sessions[session]))) {
      sessions[session] = result.transaction = store.begin(static_cast<std::int64_t>(step), 1000);
      ++step;
      return result;
    }
    const TransactionId in = session < 4 ? sessions[session] : 0;
    result.transaction = in;
    if (session < 4 && action < 3) {
      result.kind = action == 0 ? StepResult::Kind::aborted : StepResult::Kind::committed;
      if (action == 0) store.abort(in);
      if (action != 0) result.committed = store.commit(in);
      sessions[session] = 0;
    } else if (rows < 3 || action == 3) {
      result.kind = StepResult::Kind::inserted;
      result.words = {pick(3, 24), pick(4, 3), 0};
      result.write = store.insert(0, result.words.data(), in);
      if (result.write.outcome == WriteOutcome::ok) ++rows;
    } else {
      write(store, result, in, pick(5, rows), action, pick(6, 24));
    }
    ++step;
    return result;
  }

 private:
  /// Counts up what it reads, and sometimes moves key or state; removes seldom.
  void write(DocumentStore& store, StepResult& result, TransactionId in, std::uint64_t place, std::uint64_t action,
             std::uint64_t value) {
    const std::uint64_t recent = rows > 16 ? rows - 16 : 0;
    result.target = static_cast<DocumentId>(recent + place % (rows - recent));
    const Word* seen = store.read(0, result.target, in);
    result.kind = action == 4 ? StepResult::Kind::removed : StepResult::Kind::replaced;
    if (result.kind == StepResult::Kind::removed) {
      result.write = store.remove(0, result.target, in);
      return;
    }
    result.words = seen == nullptr ? std::vector<Word>{0, 0, 0} : std::vector<Word>(seen, seen + 3);
    if (action == 5) result.words[0] = value;
    if (action == 6) result.words[1] = value % 3;
    if (action >= 7) ++result.words[2];
    result.write = store.replace(0, result.target, result.words.data(), in);
  }
};

}  // namespace premortem
