// The last committer wins: writes that wait outside the versions and are written over what is newest at their commit.

#include <algorithm>
#include <utility>

#include "sim/models/document_store/document_store.hpp"

namespace premortem {

const DocumentStore::Aside* DocumentStore::aside(std::uint16_t collection, DocumentId document,
                                                 TransactionId transaction) const {
  if (transaction == 0) return nullptr;
  for (const Aside& each : asides_) {
    if (each.writer == transaction && each.collection == collection && each.document == document) return &each;
  }
  return nullptr;
}

void DocumentStore::put_aside(std::uint16_t collection, DocumentId document, const Word* fields, TransactionId writer) {
  Aside* own = const_cast<Aside*>(aside(collection, document, writer));
  if (own == nullptr) {
    own = &asides_.emplace_back();
    own->writer = writer;
    own->collection = collection;
    own->document = document;
  }
  own->removed = fields == nullptr ? 1 : 0;
  if (fields != nullptr) own->words.assign(fields, fields + tables_[collection].width());
}

std::vector<DocumentStore::Aside> DocumentStore::take_asides(TransactionId writer) {
  std::vector<Aside> taken, left;
  for (Aside& each : asides_) (each.writer == writer ? taken : left).push_back(std::move(each));
  asides_ = std::move(left);
  return taken;
}

void DocumentStore::apply(const std::vector<Aside>& asides, std::uint64_t commit) {
  for (const Aside& each : asides) {
    DocumentTable& table = tables_[each.collection];
    const VersionId newest = table.newest(each.document);
    if (newest == nil || table.version(newest).removed != 0) continue;  // Nothing is written above a removed version.
    publish(each.collection, table.push(each.document, each.removed != 0 ? nullptr : each.words.data()), commit);
  }
}

}  // namespace premortem
