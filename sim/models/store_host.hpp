#pragma once
// The World as a document server sees it.

#include "sim/models/document_server/server_host.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

/// For one call of one store's server; whatever it brings about is caused by one record.
class StoreHost final : public ServerHost {
 public:
  StoreHost(Machine& machine, std::uint16_t store, std::uint32_t cause)
      : machine_(machine), store_(store), cause_(cause) {}

  std::int64_t now() const override { return machine_.now(); }
  TransactionId begin_transaction() override;
  bool commit_transaction(TransactionId transaction) override;
  void abort_transaction(TransactionId transaction) override;
  void transaction_undone(TransactionId transaction) override;
  void written() override { cause_ = machine_.drain_changes_of(store_, cause_); }
  bool words_of(std::uint16_t collection, DocumentId row, TransactionId transaction, const bson::Value& document,
                std::vector<Word>& words, bson::Value& why) override {
    return machine_.words_of_document(store_, collection, row, transaction, document, words, why);
  }
  std::int64_t replication_lag() const override { return machine_.lag_of(store_); }
  void step_down(std::int64_t lasts, bool orderly) override { machine_.step_down(store_, lasts, orderly, cause_); }
  std::uint64_t luck() const override;

 private:
  std::uint16_t component() const { return machine_.model_.stores[store_].component; }

  Machine& machine_;
  std::uint16_t store_;
  std::uint32_t cause_;
};

}  // namespace premortem
