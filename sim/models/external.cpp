// Real programs: what they ask of the broker happens here, and what the broker tells them leaves from here.

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/broker/message_properties.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/store_host.hpp"

namespace premortem {

namespace {

/// Bodies are long: eight bytes at a time, in an order of our own on every processor.
std::uint64_t mix(std::uint64_t so_far, std::string_view text) {
  so_far = mix64(so_far ^ text.size()) + 0x9E3779B97F4A7C15ULL;
  for (std::size_t at = 0; at < text.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t byte = at; byte < text.size() && byte < at + 8; ++byte)
      word |= std::uint64_t{static_cast<unsigned char>(text[byte])} << 8 * (byte - at);
    so_far = mix64(so_far ^ word) + 0x9E3779B97F4A7C15ULL;
  }
  return so_far;
}

/// A command to a document store without what a driver draws by chance or takes from elsewhere: the id of its session,
/// the cluster time that it has heard of. The same program says the same otherwise.
std::uint64_t mixed_command(const BrokerRequest& request) {
  bson::Value command = bson::decode(request.body);
  command.erase("lsid");
  command.erase("$clusterTime");
  return mix(request.no_wait ? 1 : 0, bson::encode(command));
}

/// Everything that the request says, as one number: two sessions that differ in a byte have different digests.
std::uint64_t mixed(const BrokerRequest& request) {
  if (request.kind == BrokerRequest::Kind::store_command) return mixed_command(request);
  const bool flags[] = {request.passive,   request.durable,   request.exclusive, request.auto_delete, request.internal,
                        request.no_wait,   request.if_unused, request.if_empty,  request.no_local,    request.no_ack,
                        request.mandatory, request.multiple,  request.requeue,   request.global};
  std::uint64_t bits = 0;
  for (const bool flag : flags) bits = bits << 1 | (flag ? 1U : 0U);
  std::uint64_t all = combine(combine(bits, request.number), request.tag);
  for (const std::string_view text : {request.vhost, request.name, request.exchange, request.key, request.text,
                                      request.arguments, request.properties, request.body})
    all = mix(all, text);
  return all;
}

}  // namespace

void Machine::request(const BrokerRequest& request) {
  PREMORTEM_CHECK(model_.clients_component != no_component, "a Model that real clients may ask is made for serving");
  turns_ = 0;  // However much a client asks at one instant: it is no circle of ours.
  const std::uint64_t a = std::uint64_t{request.client} << 32 | std::uint64_t{request.channel} << 16 |
                          static_cast<std::uint64_t>(request.kind);
  const std::uint32_t asked = record(RecordKind::asked, client_component(), a, mixed(request), kernel().records);
  if (request.kind == BrokerRequest::Kind::exited) {  // As what it plays would: in good order, or not.
    const bool in_order = request.number == 0 && request.text.empty();
    record(in_order ? RecordKind::stopped : RecordKind::crashed, client_component(), 0, 0, asked);
    after_event();
    return;
  }
  if (request.kind == BrokerRequest::Kind::add_rule || request.kind == BrokerRequest::Kind::remove_rule) {
    change_rules(request);
    return;
  }
  if (request.kind == BrokerRequest::Kind::call_service) {
    ask_service(request, asked);
    after_event();
    return;
  }
  if (request.kind >= BrokerRequest::Kind::store_client) {
    ask_store(request, asked);
    after_event();
    return;
  }
  const PayloadId payload = request.kind == BrokerRequest::Kind::publish ? take_in(request) : 0;
  const ItemId item = payload == 0 ? item_none : world_.payloads.head(payload).item;
  hold(item);  // So that it is never nobody's between two hands.
  ask_broker(request, payload, asked, now());
  if (payload != 0) release_payload(payload);
  let_go(item);
  after_event();
}

/// What a client publishes, as a payload: for a queue of the scenario with the fields that its readers know.
PayloadId Machine::take_in(const BrokerRequest& message) {
  const std::uint32_t queue = scenario_queue(message);
  const PayloadId payload =
      queue != unset && form_ != nullptr ? form_->read(*this, queue, message) : world_.payloads.create(0, item_none);
  world_.contents.put(payload, message.properties, message.body);
  return payload;
}

std::uint32_t Machine::scenario_queue(const BrokerRequest& message) const {
  const ClientConnection* const connection = world_.clients.find_connection(message.client);
  if (connection == nullptr || model_.queues.empty()) return unset;
  const ExchangeId exchange = world_.broker.find_exchange(connection->vhost, message.exchange);
  if (exchange == Broker::none) return unset;
  const QueueId queue =
      world_.broker.scenario_queue(exchange, message.key, read_properties(message.properties).headers);
  return queue == Broker::none ? unset : queue;
}

void Machine::tell_clients(std::uint32_t cause) {
  std::vector<ClientEvent>& told = world_.clients.events();
  if (told.empty()) return;
  std::vector<ClientEvent> events;
  events.swap(told);
  for (const ClientEvent& event : events) {
    const bool handed = event.kind == ClientEvent::Kind::delivered || event.kind == ClientEvent::Kind::got;
    if (handed && has_rules() && event.kind == ClientEvent::Kind::delivered && !strike_delivery(event, cause)) continue;
    if (handed) {
      const ItemId item = world_.payloads.head(event.payload).item;
      record(RecordKind::delivered, client_component(), item, event.delivery_count, cause);
    }
    tell_client(event);
  }
  events.clear();
  if (told.empty()) events.swap(told);  // Its room is used again.
}

void Machine::tell_client(const ClientEvent& event) {
  if (!world_.held.empty()) {
    HeldTraffic* const held = held_traffic(event.client);
    if (held != nullptr && held->events_until != 0) {
      if (event.payload != 0) retain_payload(event.payload);
      held->events.push_back(event);
      return;
    }
  }
  if (sink_ == nullptr) return;
  if (event.payload == 0) return sink_->told(event, {}, {});
  if (const Content* content = world_.contents.of(event.payload))
    return sink_->told(event, content->properties, content->body);
  std::string properties, body;
  if (form_ != nullptr) form_->write(*this, event.payload, properties, body);
  sink_->told(event, properties, body);
}

std::int64_t Machine::next_for_clients() const {
  std::int64_t next = std::min(world_.clients.next_timer(world_.broker), next_release());
  for (const LateReply& late : world_.late_replies) next = std::min(next, late.due);
  for (std::size_t store = 0; store < world_.document_servers.size(); ++store) {
    if (running(model_.stores[store].component)) next = std::min(next, world_.document_servers[store].next_timer());
  }
  return next;
}

/// The timer is only ever put forward here: what is due later than it waits for is seen when it wakes.
void Machine::watch_clients() {
  const std::int64_t next = next_for_clients();
  ExpiryWatch& watch = world_.clients_timer;
  if (next >= watch.due) return;
  watch.due = next;
  if (watch.activity == no_activity) {
    watch.activity = start_driver(model_.clients_entry, model_.clients_component, no_program);
  } else {
    kernel().signal(watch.activity);
  }
}

Flow Machine::do_advance_clients(ActivityId self, Instruction) {
  ExpiryWatch& watch = world_.clients_timer;
  watch.due = INT64_MIN;  // Nothing that happens meanwhile wakes it.
  world_.clients.advance(world_.broker, now());
  tell_clients(kernel().records);
  drain_broker(kernel().records);
  release_held();
  release_replies();
  for (std::size_t store = 0; store < world_.document_servers.size(); ++store) {
    const auto number = static_cast<std::uint16_t>(store);
    if (!running(model_.stores[number].component)) continue;  // It goes on when that does.
    StoreHost host(*this, number, kernel().records);
    world_.document_servers[store].advance(world_.stores[store], host);
    tell_store_clients(number);
  }
  watch.due = next_for_clients();
  if (watch.due == INT64_MAX) return block_and_repeat(self, clients_wait);
  --head(self).counter;
  return sleep(self, std::max<std::int64_t>(watch.due - now(), 1));
}

}  // namespace premortem
