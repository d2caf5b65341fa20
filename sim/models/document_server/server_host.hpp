#pragma once
// What a document server needs of the World around it. The Machine is it; tests have one of their own.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/models/bson/value.hpp"
#include "sim/models/document_store/document_types.hpp"

namespace premortem {

class ServerHost {
 public:
  virtual ~ServerHost() = default;
  /// Simulated time, ns since 1970.
  virtual std::int64_t now() const = 0;
  /// Opens a transaction in the store; its snapshot is taken here, and a reaper watches its lifetime.
  virtual TransactionId begin_transaction() = 0;
  /// False: there was none any more. What it has made visible has been told to everybody.
  virtual bool commit_transaction(TransactionId transaction) = 0;
  virtual void abort_transaction(TransactionId transaction) = 0;
  /// The store has undone it already: whoever waits for it is to hear of it.
  virtual void transaction_undone(TransactionId transaction) = 0;
  /// A plain write has changed the store: what it made visible is to be told.
  virtual void written() = 0;
  /// The words of a document of a scenario's collection. False: it breaks what the scenario says of its fields, and
  /// `why` says how. `row`: of the document that it takes the place of; nil for a new one.
  virtual bool words_of(std::uint16_t collection, DocumentId row, TransactionId transaction,
                        const bson::Value& document, std::vector<Word>& words, bson::Value& why) = 0;
  /// ns until a majority of the replica set has what is written now; without others, none.
  virtual std::int64_t replication_lag() const { return 0; }
  /// Gives up being primary for that long, ns. Orderly: the others have everything first.
  virtual void step_down(std::int64_t lasts, bool orderly) = 0;
  /// 64 bits for draws that this command makes.
  virtual std::uint64_t luck() const = 0;
};

}  // namespace premortem
