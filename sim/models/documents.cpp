// Steps on document stores. The store keeps versions and decides conflicts; here filters are evaluated and waits are
// made.

#include <algorithm>

#include "sim/models/document_store/reaper.hpp"
#include "sim/models/document_store/write_conflict_backoff.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/indexed_field.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/properties.hpp"
#include "sim/models/store_host.hpp"

namespace premortem {

TransactionId Machine::transaction_of(ActivityId self, std::uint16_t store) const {
  const Activity& activity = world_.kernel.activities[self];
  for (std::uint16_t number = activity.scope; number != 0; number = model_.scopes[number].parent) {
    const ScopeSpec& scope = model_.scopes[number];
    if (scope.kind == ScopeSpec::Kind::transaction && scope.store == store) {
      return static_cast<TransactionId>(world_.kernel.activities.locals(self)[scope.transaction_slot]);
    }
  }
  return 0;
}

std::optional<std::uint32_t> Machine::refused_by(std::uint16_t store, TransactionId transaction) const {
  const ComponentState& state = world_.components[model_.stores[store].component];
  if (state.up == 0 || state.on == 0) return error::unavailable;
  // Also a find, and an update that would match nothing, hear of it: MONGO-024, MONGO-084.
  if (transaction != 0 && !world_.stores[store].open(transaction)) return error::transaction_expired;
  return std::nullopt;
}

std::optional<Flow> Machine::kept_out(ActivityId self, std::uint16_t store, TransactionId transaction) {
  if (world_.components[model_.stores[store].component].paused != 0)
    return block_and_repeat(self, store_is_paused + store);
  if (const auto refusal = refused_by(store, transaction)) return raise(self, *refusal);
  if (const auto out = await_primary(self, store)) return out;
  if (!is_evicted(store, transaction)) return std::nullopt;
  world_.stores[store].abort(transaction);
  record_of(self, RecordKind::transaction_ended, transaction, 0);
  transaction_over(store, transaction);
  return raise(self, error::write_conflict);
}

Flow Machine::do_begin_transaction(ActivityId self, Instruction i) {
  if (const auto out = await_primary(self, static_cast<std::uint16_t>(i.small))) return *out;
  const TransactionId transaction = world_.stores[i.small].begin(now(), transaction_lifetime(i.small));
  locals(self)[i.slot] = transaction;
  record_of(self, RecordKind::transaction_began, transaction, 0);
  start_reaper(i.small, head(self).cause);
  return Flow::next;
}

/// ns; a store that no scenario describes has the server's own limit: MONGO-024.
std::int64_t Machine::transaction_lifetime(std::uint16_t store) const {
  const std::uint32_t lifetime = model_.stores[store].lifetime;
  return lifetime == unset ? 60'000'000'000 : integer_of(setting(lifetime));
}

void Machine::start_reaper(std::uint16_t store, std::uint32_t cause) {
  if (world_.reapers[store] != 0) return;  // The reaper sleeps while there is nothing to reap.
  world_.reapers[store] = 1;
  const ActivityId reaper = start_activity(kernel(), model_.stores[store].reaper);
  head(reaper).program = no_program;  // So that a crash of the store spares it: it is there when the store is back.
  head(reaper).component = model_.stores[store].component;
  head(reaper).cause = cause;
}

Flow Machine::do_commit_transaction(ActivityId self, Instruction i) {
  const auto transaction = static_cast<TransactionId>(locals(self)[i.slot]);
  if (const auto out = kept_out(self, i.small, 0)) return *out;
  locals(self)[i.slot] = 0;
  if (transaction == 0) return Flow::next;  // The driver tries a commit again that has happened: MONGO-027.
  if (!world_.stores[i.small].commit(transaction)) return raise(self, error::transaction_expired);
  record_of(self, RecordKind::transaction_ended, transaction, 1);
  drain_changes(i.small, self);
  transaction_over(i.small, transaction);
  return Flow::next;
}

/// Plain writers that waited for it try again at their next turn of the server's back-off: MONGO-012, MONGO-015.
void Machine::transaction_over(std::uint16_t store, TransactionId transaction) {
  std::vector<TransactionWaiter>& waiters = world_.transaction_waiters;
  std::size_t kept = 0;
  for (const TransactionWaiter& waiter : waiters) {
    if (waiter.store != store || waiter.transaction != transaction) {
      waiters[kept++] = waiter;
    } else if (head(waiter.activity).alive != 0 && head(waiter.activity).waiting == Waiting::model) {
      kernel().forget_wake(waiter.activity);
      kernel().wake_at(waiter.activity, retry_at_or_after(waiter.since, now()));
    }
  }
  waiters.resize(kept);
  if (store < world_.document_servers.size()) {
    StoreHost host(*this, store, kernel().records);
    world_.document_servers[store].transaction_over(world_.stores[store], host, transaction);
    watch_clients();
  }
}

Flow Machine::wait_for_transaction(ActivityId self, std::uint16_t store, TransactionId blocker, std::int64_t since) {
  TransactionWaiter waiter;
  waiter.store = store;
  waiter.transaction = blocker;
  waiter.activity = self;
  waiter.since = since;
  world_.transaction_waiters.push_back(waiter);
  return block_and_repeat(self, store);
}

Flow Machine::do_reap_transactions(ActivityId self, Instruction i) {
  DocumentStore& store = world_.stores[i.operand];
  for (const TransactionId transaction : store.expired(now())) {
    store.abort(transaction);
    record_of(self, RecordKind::transaction_ended, transaction, 0);
    transaction_over(static_cast<std::uint16_t>(i.operand), transaction);
  }
  if (store.open_transactions() == 0) {
    world_.reapers[i.operand] = 0;
    return Flow::next;  // The next instruction ends it.
  }
  --head(self).counter;
  return sleep(self, reaper_period(transaction_lifetime(static_cast<std::uint16_t>(i.operand))));
}

namespace {
void look_at_document(Subject& subject, const Word* words) {
  subject.element = words;
  subject.element_id = integer_of(words[0]);
  subject.element_item = words[1] == 0 ? item_none : static_cast<ItemId>(words[1] - 1);
}
}  // namespace

Subject Machine::subject_of_document(ActivityId self, const Word* words) const {
  Subject subject = subject_of(self);
  look_at_document(subject, words);
  return subject;
}

void Machine::select(const Selection& selection, ActivityId self, TransactionId transaction,
                     std::vector<DocumentId>& found) {
  DocumentStore& store = world_.stores[selection.store];
  const auto limit = selection.limit == unset ? UINT64_MAX : setting(selection.limit);
  const auto passed_over = static_cast<std::uint64_t>(
      selection.offset == unset ? 0
                                : std::max<std::int64_t>(0, integer_of(evaluate(selection.offset, subject_of(self)))));
  const std::uint64_t enough =
      selection.sort >= 0 || limit > UINT64_MAX - passed_over ? UINT64_MAX : limit + passed_over;
  if (limit == 0) return;
  const auto where = selection.where == unset ? unset : static_cast<std::uint32_t>(setting(selection.where));
  Subject subject = subject_of(self);
  std::vector<FieldValue>& wanted = scratch_equalities_;
  wanted.clear();
  bool all_said = where == unset;  // Nothing of the condition is left to look at.
  if (where != unset) {
    const Expression& condition = model_.expressions[where];
    all_said = condition.is_equalities;
    for (const EqualityHint& hint : condition.equality_hints) {
      if (const auto field = indexed_field(hint)) {
        wanted.push_back({*field, evaluate_part(hint.value, subject)});
      } else {
        all_said = false;
      }
    }
    std::sort(wanted.begin(), wanted.end(), [](FieldValue x, FieldValue y) { return x.field < y.field; });
  }
  const auto visit = [&](DocumentId document, const Word* words) {
    if (!all_said) {
      look_at_document(subject, words);
      if (evaluate(where, subject) == 0) return true;
    }
    found.push_back(document);
    return found.size() < enough;
  };
  if (wanted.empty()) {
    store.scan(selection.collection, transaction, visit);
  } else {
    store.scan_equal(selection.collection, wanted, transaction, visit);
  }
  if (selection.sort >= 0) {
    const auto field = static_cast<std::uint16_t>(selection.sort + document_header);
    const BaseType base = model_.shapes[selection.shape].fields[static_cast<std::size_t>(selection.sort)].type.base;
    std::stable_sort(found.begin(), found.end(), [&](DocumentId left, DocumentId right) {
      const Word x = store.read(selection.collection, left, transaction)[field];
      const Word y = store.read(selection.collection, right, transaction)[field];
      return base == BaseType::text ? text(x) < text(y) : integer_of(x) < integer_of(y);
    });
  }
  if (passed_over > 0) {
    const std::size_t gone = std::min<std::size_t>(passed_over, found.size());
    found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(gone));
  }
  if (found.size() > limit) found.resize(limit);
}

Flow Machine::do_find(ActivityId self, Instruction i) {
  const FindSpec& find = model_.finds[i.operand];
  const TransactionId transaction = transaction_of(self, find.select.store);
  if (const auto out = kept_out(self, find.select.store, transaction)) return *out;
  std::vector<DocumentId>& found = scratch_documents_;
  found.clear();
  select(find.select, self, transaction, found);
  if (find.one) {
    if (found.empty()) return raise(self, error::not_found);
    if (!find.keeps_result) return Flow::next;
    set_slot(self, find.result_slot, SlotKind::payload,
             payload_of_document(find.select.store, find.select.collection, found[0], transaction, find.select.shape));
    return Flow::next;
  }
  if (!find.keeps_result) return Flow::next;
  const ListId list = world_.lists.create(true);
  for (const DocumentId document : found) {
    const PayloadId payload =
        payload_of_document(find.select.store, find.select.collection, document, transaction, find.select.shape);
    world_.lists[list].values.push_back(payload);
  }
  set_slot(self, find.result_slot, SlotKind::list, list);
  return Flow::next;
}

/// The new document stands in scratch_words_ until the store has taken it.
WriteResult Machine::insert_document(ActivityId self, const WriteSpec& write, TransactionId transaction) {
  const StoreSpec& store = model_.stores[write.select.store];
  const CollectionInfo& collection = store.collections[write.select.collection];
  const auto hand = static_cast<PayloadId>(write.hand_is_payload ? locals(self)[write.select.hand_slot] : 0);
  const ItemId item = collection.of_items && hand != 0 ? world_.payloads.head(hand).item : item_none;
  const std::size_t count = model_.shapes[collection.shape].fields.size();
  std::vector<Word>& words = scratch_words_;
  words.assign(document_header + count, 0);
  std::int64_t& next_id = world_.next_document_ids[store.first_collection + write.select.collection];
  words[0] = item == item_none ? word_of(next_id) : word_of(world_.items[item].id);
  words[1] = item == item_none ? 0 : item + 1;
  const auto assign = [&](std::uint32_t number) {
    if (number == unset) return;
    const Assignments& changes = model_.assignments[number];
    for (std::size_t change = 0; change < changes.fields.size(); ++change) {
      const Word word = evaluate(changes.expressions[change], subject_of_document(self, words.data()));
      words[changes.fields[change]] = word;
    }
  };
  assign(write.insert_assignments);
  if (write.build != unset) {
    const BuildSpec& build = model_.builds[write.build];
    for (std::size_t field = 0; field < count; ++field) {
      const FieldSource& source = build.fields[field];
      if (source.from == FieldSource::From::expression) {
        words[document_header + field] = evaluate(source.index, subject_of_document(self, words.data()));
      } else if (source.from == FieldSource::From::carried && hand != 0) {
        words[document_header + field] = world_.payloads.words(hand)[source.index];
      } else if (source.from == FieldSource::From::item && item != item_none) {
        words[document_header + field] = world_.item_words[std::size_t{item} * model_.item_fields + source.index];
      }
    }
  }
  assign(write.assignments);
  const std::string body = body_of_words(write.select.store, write.select.collection, words.data(), {});
  const WriteResult result =
      world_.stores[write.select.store].insert(write.select.collection, words.data(), transaction, body);
  if (result.outcome == WriteOutcome::ok && item == item_none) ++next_id;
  return result;
}

WriteResult Machine::change_document(ActivityId self, const WriteSpec& write, DocumentId document,
                                     TransactionId transaction, const std::uint64_t* read_revision, bool& matched) {
  DocumentStore& store = world_.stores[write.select.store];
  const Word* seen = store.read(write.select.collection, document, transaction);
  matched = seen != nullptr;
  if (matched && write.select.where != unset) {  // MONGO-019: looked at again directly before the write.
    matched = evaluate_setting(write.select.where, subject_of_document(self, seen)) != 0;
  }
  if (!matched) return {WriteOutcome::ok, document, 0};
  std::vector<Word>& words = scratch_words_;
  const std::size_t count =
      document_header +
      model_.shapes[model_.stores[write.select.store].collections[write.select.collection].shape].fields.size();
  words.assign(seen, seen + count);
  const Assignments& changes = model_.assignments[write.assignments];
  std::vector<Word>& values = scratch_values_;
  values.clear();
  for (const std::uint16_t expression : changes.expressions) {  // All read the document as it was.
    values.push_back(evaluate(expression, subject_of_document(self, words.data())));
  }
  for (std::size_t change = 0; change < changes.fields.size(); ++change) words[changes.fields[change]] = values[change];
  std::optional<std::uint64_t> revision;
  if (read_revision != nullptr) revision = *read_revision;
  const std::string body = body_of_words(write.select.store, write.select.collection, words.data(),
                                         store.body(write.select.collection, document, transaction));
  return store.replace(write.select.collection, document, words.data(), transaction, revision, body);
}

WriteResult Machine::remove_document(ActivityId self, const WriteSpec& write, DocumentId document,
                                     TransactionId transaction, bool& matched) {
  DocumentStore& store = world_.stores[write.select.store];
  const Word* seen = store.read(write.select.collection, document, transaction);
  matched = seen != nullptr;
  if (matched && write.select.where != unset) {  // MONGO-019: for a delete as for an update.
    matched = evaluate_setting(write.select.where, subject_of_document(self, seen)) != 0;
  }
  return matched ? store.remove(write.select.collection, document, transaction)
                 : WriteResult{WriteOutcome::ok, document, 0};
}

Flow Machine::write_outcome(ActivityId self, const WriteSpec& write, WriteResult result) {
  switch (result.outcome) {
    case WriteOutcome::ok:
    case WriteOutcome::not_found:
      locals(self)[write.since_slot] = 0;
      return Flow::next;
    case WriteOutcome::write_conflict:
    case WriteOutcome::duplicate_key:
      // The store has undone the whole transaction by now, whatever the handler makes of the error: MONGO-010,
      // MONGO-046.
      if (const TransactionId undone = transaction_of(self, write.select.store); undone != 0) {
        record_of(self, RecordKind::transaction_ended, undone, 0);
        transaction_over(write.select.store, undone);
      }
      return raise(self, result.outcome == WriteOutcome::write_conflict ? error::write_conflict : error::duplicate_key);
    case WriteOutcome::no_such_transaction:
      return raise(self, error::transaction_expired);
    case WriteOutcome::must_wait: {
      if (locals(self)[write.since_slot] == 0) locals(self)[write.since_slot] = word_of(now() + 1);
      const std::int64_t since = integer_of(locals(self)[write.since_slot]) - 1;
      return wait_for_transaction(self, write.select.store, result.blocker, since);
    }
  }
  return Flow::next;
}

Flow Machine::do_insert(ActivityId self, Instruction i) {
  const WriteSpec& write = model_.writes[i.operand];
  const TransactionId transaction = transaction_of(self, write.select.store);
  if (const auto out = kept_out(self, write.select.store, transaction)) return *out;
  const WriteResult result = insert_document(self, write, transaction);
  if (result.outcome == WriteOutcome::ok) drain_changes(write.select.store, self);
  return write_outcome(self, write, result);
}

Flow Machine::do_update(ActivityId self, Instruction i) {
  return write_documents(self, model_.writes[i.operand], false);
}
Flow Machine::do_claim(ActivityId self, Instruction i) { return write_documents(self, model_.writes[i.operand], true); }
Flow Machine::do_remove(ActivityId self, Instruction i) {
  return write_documents(self, model_.writes[i.operand], false);
}

/// update, delete and find-and-modify: one document after the other, each atomically. What is still to be written
/// stands in the pending list: documents, or what an earlier step read.
Flow Machine::write_documents(ActivityId self, const WriteSpec& write, bool claiming) {
  const std::uint16_t store = write.select.store;
  const TransactionId transaction = transaction_of(self, store);
  if (refused_by(store, transaction)) set_slot(self, write.pending_slot, SlotKind::list, 0);
  if (const auto out = kept_out(self, store, transaction)) return *out;
  auto pending = static_cast<ListId>(locals(self)[write.pending_slot]);
  if (pending == 0) {
    std::vector<DocumentId>& found = scratch_documents_;
    found.clear();
    pending = world_.lists.create(false);
    locals(self)[write.pending_slot] = pending;
    locals(self)[write.index_slot] = 0;
    if (!write.of_result) {
      Selection every = write.select;
      if (claiming) every.limit = unset;  // A candidate may be gone by the time it is claimed: take the next.
      select(every, self, transaction, found);
      for (const DocumentId document : found) world_.lists[pending].values.push_back(document);
    } else if (write.source_is_list) {
      const auto source = static_cast<ListId>(locals(self)[write.source_slot]);
      if (source != 0) world_.lists[pending].values = world_.lists[source].values;
    } else if (locals(self)[write.source_slot] != 0) {
      world_.lists[pending].values.push_back(locals(self)[write.source_slot]);
    }
    if (write.keeps_result) set_slot(self, write.result_slot, SlotKind::list, world_.lists.create(true));
  }
  const std::uint64_t limit = claiming && write.select.limit != unset ? setting(write.select.limit) : UINT64_MAX;
  std::uint64_t written = 0;
  if (write.keeps_result) written = world_.lists[static_cast<ListId>(locals(self)[write.result_slot])].values.size();
  while (locals(self)[write.index_slot] < world_.lists[pending].values.size() && written < limit) {
    const Word next = world_.lists[pending].values[locals(self)[write.index_slot]];
    DocumentId document = static_cast<DocumentId>(next);
    const std::uint64_t* revision = nullptr;
    std::uint64_t read_revision = 0;
    if (write.of_result) {
      const PayloadHead& read = world_.payloads.head(static_cast<PayloadId>(next));
      document = read.document - 1;
      read_revision = read.revision;
      if (transaction != 0) revision = &read_revision;
    }
    bool matched = true;
    const WriteResult result = write.removes ? remove_document(self, write, document, transaction, matched)
                                             : change_document(self, write, document, transaction, revision, matched);
    if (result.outcome != WriteOutcome::ok && result.outcome != WriteOutcome::not_found) {
      if (result.outcome != WriteOutcome::must_wait) set_slot(self, write.pending_slot, SlotKind::list, 0);
      return write_outcome(self, write, result);
    }
    locals(self)[write.since_slot] = 0;
    ++locals(self)[write.index_slot];
    if (!matched) continue;
    ++written;
    if (transaction == 0) drain_changes(store, self);
    if (write.keeps_result) {
      const PayloadId payload =
          payload_of_document(store, write.select.collection, document, transaction, write.select.shape);
      world_.lists[static_cast<ListId>(locals(self)[write.result_slot])].values.push_back(payload);
    }
  }
  const bool nothing_there = world_.lists[pending].values.empty();
  if (nothing_there && write.upsert) {
    const WriteResult result = insert_document(self, write, transaction);
    if (result.outcome == WriteOutcome::duplicate_key && transaction == 0 && write.select.where != unset &&
        locals(self)[write.index_slot] == 0) {
      // MONGO-048: the server tries once more as an update; if the filter still matches nothing, the error stands.
      set_slot(self, write.pending_slot, SlotKind::list, 0);
      std::vector<DocumentId>& found = scratch_documents_;
      found.clear();
      select(write.select, self, transaction, found);
      if (!found.empty()) return write_documents(self, write, claiming);
    }
    if (result.outcome != WriteOutcome::ok) {
      set_slot(self, write.pending_slot, SlotKind::list, 0);
      return write_outcome(self, write, result);
    }
    if (transaction == 0) drain_changes(store, self);
    if (write.keeps_result) {
      const PayloadId payload =
          payload_of_document(store, write.select.collection, result.document, transaction, write.select.shape);
      world_.lists[static_cast<ListId>(locals(self)[write.result_slot])].values.push_back(payload);
    }
  }
  set_slot(self, write.pending_slot, SlotKind::list, 0);
  return Flow::next;
}

/// What a commit or a plain write made visible goes into the history.
void Machine::drain_changes(std::uint16_t store, ActivityId self) {
  head(self).cause = drain_changes_of(store, head(self).cause);
}

/// Returns the last record of it. What real programs keep in collections of their own is no part of the scenario's
/// history: what they asked for is.
std::uint32_t Machine::drain_changes_of(std::uint16_t store, std::uint32_t cause) {
  const StoreSpec& spec = model_.stores[store];
  world_.stores[store].reach_majority_at(now() + lag_of(store));
  world_.stores[store].advance_majority(now());
  if (store < world_.document_servers.size()) {
    world_.document_servers[store].note_changes(world_.stores[store], now(), now() + lag_of(store));
    watch_clients();
  }
  for (const DocumentStore::Change& change : world_.stores[store].changes()) {
    if (change.collection >= spec.collections.size()) continue;
    if (change.kind == DocumentStore::Change::Kind::inserted && world_.stores[store].after(change)[1] == item_to_come)
      bring_item(store, change, cause);
    const RecordKind kind = change.kind == DocumentStore::Change::Kind::inserted   ? RecordKind::inserted
                            : change.kind == DocumentStore::Change::Kind::replaced ? RecordKind::updated
                                                                                   : RecordKind::removed;
    cause = record(kind, spec.component, change.document, spec.first_collection + change.collection, cause);
    if (change.kind != DocumentStore::Change::Kind::replaced) continue;
    for (std::size_t watch = 0; watch < model_.watches.size(); ++watch) {
      const WatchSpec& watched = model_.watches[watch];
      if (watched.store != store || watched.collection != change.collection) continue;
      const Word before = world_.stores[store].before(change)[watched.field];
      const Word after = world_.stores[store].after(change)[watched.field];
      if (before == after) continue;
      record(RecordKind::changed, static_cast<std::uint32_t>(watch), before << 32 | (after & 0xFFFFFFFF),
             change.document, cause);
    }
  }
  world_.stores[store].clear_changes();
  world_.documents_changed = 1;
  return cause;
}

}  // namespace premortem
