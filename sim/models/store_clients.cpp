// Real programs at document stores: what they ask happens here, and what they are told leaves from here.

#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/properties.hpp"
#include "sim/models/store_host.hpp"

namespace premortem {

TransactionId StoreHost::begin_transaction() {
  const TransactionId transaction =
      machine_.world_.stores[store_].begin(machine_.now(), machine_.transaction_lifetime(store_));
  cause_ = machine_.record(RecordKind::transaction_began, component(), transaction, 0, cause_);
  machine_.start_reaper(store_, cause_);
  return transaction;
}

bool StoreHost::commit_transaction(TransactionId transaction) {
  if (!machine_.world_.stores[store_].commit(transaction)) return false;
  cause_ = machine_.record(RecordKind::transaction_ended, component(), transaction, 1, cause_);
  written();
  machine_.transaction_over(store_, transaction);
  return true;
}

void StoreHost::abort_transaction(TransactionId transaction) {
  machine_.world_.stores[store_].abort(transaction);
  transaction_undone(transaction);
}

void StoreHost::transaction_undone(TransactionId transaction) {
  cause_ = machine_.record(RecordKind::transaction_ended, component(), transaction, 0, cause_);
  machine_.transaction_over(store_, transaction);
}

std::uint64_t StoreHost::luck() const { return combine(machine_.kernel().seed, combine(cause_, component())); }

/// From now on every document is also kept as BSON, for whoever asks for it.
void Machine::open_stores_to_clients() {
  world_.document_servers.resize(model_.stores.size());
  for (std::size_t number = 0; number < model_.stores.size(); ++number) {
    const StoreSpec& spec = model_.stores[number];
    std::vector<AdoptedCollection> adopted;
    for (std::size_t each = 0; each < spec.collections.size(); ++each) {
      AdoptedCollection& collection = adopted.emplace_back();
      const std::string& whole = spec.collections[each].name;  // "store.records"
      collection.name = whole.substr(whole.find('.') + 1);
      const auto name_of_field = [&](std::uint16_t field) {
        return field < document_header
                   ? std::string("_id")
                   : model_.shapes[spec.collections[each].shape].fields[field - document_header].name;
      };
      for (const std::vector<std::uint16_t>& fields : spec.store.collections[each].unique) {
        std::vector<std::string>& names = collection.unique.emplace_back();
        for (const std::uint16_t field : fields) names.push_back(name_of_field(field));
        if (names == std::vector<std::string>{"_id"}) collection.unique.pop_back();
      }
    }
    world_.stores[number].keep_bodies();
    world_.document_servers[number].adopt(world_.stores[number], spec.database, adopted);
    world_.document_servers[number].limit_transactions(spec.transaction_max);
    if (spec.oplog_max != 0) world_.document_servers[number].keep_oplog(spec.oplog_max);
  }
}

void Machine::ask_store(const BrokerRequest& request, std::uint32_t cause) {
  const std::uint16_t number = request.channel;
  if (number >= world_.document_servers.size()) return;
  DocumentServer& server = world_.document_servers[number];
  switch (request.kind) {
    case BrokerRequest::Kind::store_client:
      server.client_here(request.client, request.text);
      return;
    case BrokerRequest::Kind::store_gone:
      server.client_gone(request.client);
      return watch_clients();
    default:
      break;
  }
  const auto tag = static_cast<std::int32_t>(request.tag);
  const ComponentState& state = world_.components[model_.stores[number].component];
  if (state.up == 0 || state.on == 0) {  // Nobody is there to answer.
    server.events().push_back({request.client, tag, true, false, {}});
    return tell_store_clients(number);
  }
  AnswerOrders orders;
  if (has_rules() && !strike_command(number, request, orders, cause)) {
    tell_store_clients(number);
    return watch_clients();
  }
  if (state.paused != 0) {
    server.handle_later(request.client, tag, !request.no_wait, request.body, orders, now(), INT64_MAX);
    return;
  }
  const std::uint32_t pressure = model_.stores[number].cache_pressure;
  server.strain_cache(pressure != unset && setting(pressure) != 0);
  StoreHost host(*this, number, cause);
  server.handle(world_.stores[number], host, request.client, tag, !request.no_wait, request.body, orders);
  tell_store_clients(number);
  watch_clients();
}

void Machine::tell_store_clients(std::uint16_t store) {
  std::vector<StoreEvent> events;
  events.swap(world_.document_servers[store].events());
  if (sink_ == nullptr) return;
  for (const StoreEvent& event : events) sink_->answered(store, event);
}

/// The server has crashed: what it had in memory is gone, and so is every connection.
void Machine::store_left(std::uint16_t store) {
  if (store >= world_.document_servers.size()) return;
  world_.document_servers[store].forget_memory();
  tell_store_clients(store);
}

}  // namespace premortem
