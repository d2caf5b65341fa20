#pragma once
// Snapshot isolation as one would write it down: whole copies of the state, maps, no versions, no indexes.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sim/models/document_store/document_store.hpp"

namespace premortem {

/// One collection of three fields, the first of them unique.
class ReferenceStore {
 public:
  using Words = std::array<Word, 3>;
  using State = std::map<DocumentId, Words>;

  void begin(TransactionId id) { open_[id] = {committed_, {}, commits_}; }
  bool open(TransactionId id) const { return open_.count(id) != 0; }

  /// What a reader sees.
  State view(TransactionId reader) const {
    if (reader == 0) return committed_;
    State seen = open_.at(reader).snapshot;
    overlay(seen, open_.at(reader).writes);
    return seen;
  }
  const State& committed() const { return committed_; }

  WriteResult insert(const Words& words, TransactionId id) {
    if (id != 0 && !open(id)) return {WriteOutcome::no_such_transaction, 0, 0};
    const WriteResult refused = check_key(words, UINT32_MAX, id);
    if (refused.outcome != WriteOutcome::ok) return refused;
    const DocumentId document = rows_++;
    put(document, words, id);
    return {WriteOutcome::ok, document, 0};
  }
  /// No words: removes.
  WriteResult write(DocumentId document, const std::optional<Words>& words, TransactionId id) {
    if (id != 0 && !open(id)) return {WriteOutcome::no_such_transaction, document, 0};
    const State seen = view(id);
    if (seen.count(document) == 0) return {WriteOutcome::not_found, document, 0};
    if (words && seen.at(document) == *words) return {WriteOutcome::ok, document, 0};
    for (const auto& [other, transaction] : open_) {
      if (other != id && transaction.writes.count(document) != 0) return refuse(id, document, other);
    }
    if (id != 0 && changed_[document] > open_[id].began) return refuse(id, document, 0);
    if (words) {
      const WriteResult refused = check_key(*words, document, id);
      if (refused.outcome != WriteOutcome::ok) return refused;
    }
    put(document, words, id);
    return {WriteOutcome::ok, document, 0};
  }
  bool commit(TransactionId id) {
    if (!open(id)) return false;
    const Writes writes = open_[id].writes;
    open_.erase(id);
    ++commits_;
    for (const auto& [document, words] : writes) changed_[document] = commits_;
    overlay(committed_, writes);
    return true;
  }
  void abort(TransactionId id) { open_.erase(id); }

 private:
  using Writes = std::map<DocumentId, std::optional<Words>>;
  struct Transaction {
    State snapshot;
    Writes writes;
    std::uint64_t began = 0;
  };

  static void overlay(State& state, const Writes& writes) {
    for (const auto& [document, words] : writes) {
      state.erase(document);
      if (words) state[document] = *words;
    }
  }
  void put(DocumentId document, const std::optional<Words>& words, TransactionId id) {
    if (id != 0) {
      open_[id].writes[document] = words;
      return;
    }
    overlay(committed_, {{document, words}});
    changed_[document] = ++commits_;
  }
  WriteResult refuse(TransactionId id, DocumentId document, TransactionId holder) {
    if (id == 0) return {WriteOutcome::must_wait, document, holder};
    abort(id);
    return {WriteOutcome::write_conflict, document, 0};
  }
  WriteResult check_key(const Words& words, DocumentId own, TransactionId id) {
    const auto has = [&](const State& state, DocumentId document) {
      return state.count(document) != 0 && state.at(document)[0] == words[0];
    };
    const State seen = view(id);
    State newest = committed_;
    if (id != 0) overlay(newest, open_[id].writes);
    for (DocumentId document = 0; document < rows_; ++document) {
      if (document == own) continue;
      for (const auto& [other, transaction] : open_) {
        const auto write = transaction.writes.find(document);
        if (other == id || write == transaction.writes.end()) continue;
        const bool would_have = write->second && (*write->second)[0] == words[0];
        if (would_have != has(committed_, document)) return refuse(id, document, other);
      }
      if (has(newest, document) != has(seen, document)) return refuse(id, document, 0);
      if (!has(seen, document)) continue;
      if (id != 0) abort(id);
      return {WriteOutcome::duplicate_key, document, 0};
    }
    return {};
  }

  State committed_;
  std::map<TransactionId, Transaction> open_;
  std::map<DocumentId, std::uint64_t> changed_;
  std::uint64_t commits_ = 0;
  DocumentId rows_ = 0;
};

}  // namespace premortem
