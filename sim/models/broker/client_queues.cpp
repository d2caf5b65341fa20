// What clients do with queues.

#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/broker/queue_arguments.hpp"

namespace premortem {

using Told = ClientEvent::Kind;

std::string BrokerClients::place_of_queue(const Call& call, std::string_view name) const {
  return queue_place(call.broker, call.connection.vhost, name);
}

/// The queue that a request means: an empty name is the last declared on this channel.
std::string_view BrokerClients::queue_name(Call& call) {
  return call.request.name.empty() ? std::string_view(call.channel.last_queue) : call.request.name;
}

/// It is there, and this client may use it; else the channel is closed.
QueueId BrokerClients::existing_queue(Call& call, std::string_view name) {
  if (name.empty()) {
    fail(call, 404, "no previously declared queue");
    return none;
  }
  const QueueId queue = call.broker.find_queue(call.connection.vhost, name);
  if (queue == none) {
    fail(call, 404, "no " + place_of_queue(call, name));
    return none;
  }
  if (call.broker.is_away(queue)) {
    fail(call, 404,
         "home node 'rabbit@premortem' of durable " + place_of_queue(call, name) + " is down or inaccessible");
    return none;
  }
  if (call.broker.queue(queue).owner == 0 || call.broker.queue(queue).owner == call.connection.client) return queue;
  fail_locked(call, name);
  return none;
}

void BrokerClients::fail_locked(Call& call, std::string_view name) {
  fail(call, 405,
       "cannot obtain exclusive access to locked " + place_of_queue(call, name) +
           ". It could be originally declared on another connection or the exclusive property value does "
           "not match that of the original declaration.");
}

bool BrokerClients::same_queue(Call& call, QueueId queue) {
  const BrokerRequest& request = call.request;
  const ClientQueue& known = call.broker.queue(queue);
  const std::string where = place_of_queue(call, known.name);
  const auto differs = [&](const std::string& what, bool received, bool current) {
    if (received == current) return false;
    fail(call, 406,
         "inequivalent arg '" + what + "' for " + where + ": received '" + std::string(truth(received)) +
             "' but current is '" + std::string(truth(current)) + "'");
    return true;
  };
  if (request.exclusive != known.exclusive) {
    fail_locked(call, known.name);
    return false;
  }
  if (differs("durable", request.durable && !request.exclusive, known.durable) ||
      differs("auto_delete", request.auto_delete, known.auto_delete)) {
    return false;
  }
  std::string other =
      inequivalent_argument(decode_table(request.arguments).value_or(FieldTable{}),
                            decode_table(known.arguments).value_or(FieldTable{}), where, known.of_scenario);
  if (other.empty()) return true;
  fail(call, 406, std::move(other));
  return false;
}

void BrokerClients::tell_declared(Call& call, QueueId queue) {
  const std::string& name = call.broker.queue(queue).name;
  call.channel.last_queue = name;
  if (call.broker.consumers_of(queue) == 0) call.broker.set_unused_since(queue, call.now);
  if (call.request.no_wait) return;
  ClientEvent& event = tell(call, Told::queue_declared);
  event.text = name;
  event.count = static_cast<std::uint32_t>(call.broker.ready(queue));
  event.consumers = call.broker.consumers_of(queue);
}

void BrokerClients::declare_queue(Call& call) {
  const BrokerRequest& request = call.request;
  if (request.name.rfind("amq.rabbitmq.reply-to", 0) == 0) return declare_reply_queue(call);
  if (request.passive) {
    const QueueId there = existing_queue(call, queue_name(call));
    if (there != none) tell_declared(call, there);
    return;
  }
  std::string name(request.name);
  if (name.rfind("amq.", 0) == 0) return fail(call, 403, "queue name '" + name + "' contains reserved prefix 'amq.*'");
  if (name.empty()) name = "amq.gen-" + made_up(++made_);
  if (call.broker.find_queue(call.connection.vhost, name) != none) {
    const QueueId there = existing_queue(call, name);
    if (there != none && same_queue(call, there)) tell_declared(call, there);
    return;
  }
  const int version = call.broker.version();
  if (version >= 4300 && !request.durable && !request.exclusive) {  // RABBIT-062
    return fail(call, 541,
                "Feature `transient_nonexcl_queues` is deprecated.\nIts use is not permitted per the configuration "
                "(overriding the default, which is permitted):\n");
  }
  const auto arguments = decode_table(request.arguments);
  if (!arguments) return fail(call, 502, "the arguments are no field table");
  ClientQueue made;
  made.durable = request.durable && !request.exclusive;
  made.exclusive = request.exclusive;
  made.auto_delete = request.auto_delete;
  Refusal refusal = read_queue_arguments(*arguments, version, place_of_queue(call, name), made);
  if (refusal.code != 0) return fail(call, refusal.code, std::move(refusal.text));
  made.name = std::move(name);
  made.arguments = request.arguments;
  made.vhost = call.connection.vhost;
  made.owner = request.exclusive ? call.connection.client : 0;
  tell_declared(call, call.broker.add_queue(std::move(made), call.now));
}

void BrokerClients::bind_queue(Call& call, bool binds) {
  const BrokerRequest& request = call.request;
  const std::string_view name = queue_name(call);
  if (!binds && !name.empty() && call.broker.find_queue(call.connection.vhost, name) == none) {
    if (!request.no_wait) tell(call, Told::queue_unbound);  // What is not there is not bound either.
    return;
  }
  const QueueId queue = existing_queue(call, name);
  if (queue == none) return;
  if (request.exchange.empty()) return fail(call, 403, "operation not permitted on the default exchange");
  const ExchangeId from = existing_exchange(call, request.exchange);
  if (from == none) return;
  // Without both names, the key is the queue's own.
  const bool by_name = request.name.empty() && request.key.empty();
  ClientBinding binding{queue, false, by_name ? call.broker.queue(queue).name : std::string(request.key),
                        std::string(request.arguments)};
  if (binds && call.broker.exchange(from).type == ClientExchange::Type::headers) {
    if (std::string bad = bad_match(request.arguments); !bad.empty()) return fail(call, 406, std::move(bad));
  }
  if (binds) {
    call.broker.bind(from, std::move(binding));
  } else {
    call.broker.unbind(from, binding);
  }
  if (!request.no_wait) tell(call, binds ? Told::queue_bound : Told::queue_unbound);
}

void BrokerClients::purge_queue(Call& call) {
  const QueueId queue = existing_queue(call, queue_name(call));
  if (queue == none) return;
  const std::uint32_t gone = call.broker.purge(queue);
  if (!call.request.no_wait) tell(call, Told::queue_purged).count = gone;
}

void BrokerClients::delete_queue(Call& call) {
  const std::string name(queue_name(call));
  std::uint32_t gone = 0;
  if (call.broker.find_queue(call.connection.vhost, name) != none) {
    const QueueId queue = existing_queue(call, name);
    if (queue == none) return;
    if (call.broker.queue(queue).of_scenario)
      return fail(call, 403, place_of_queue(call, name) + " belongs to the scenario and cannot be deleted");
    if (call.request.if_unused && call.broker.consumers_of(queue) != 0)
      return fail(call, 406, place_of_queue(call, name) + " in use");
    if (call.request.if_empty && call.broker.ready(queue) != 0)
      return fail(call, 406, place_of_queue(call, name) + " not empty");
    gone = static_cast<std::uint32_t>(call.broker.ready(queue));
    end_queue(call.broker, queue, call.now);
  }
  if (!call.request.no_wait) tell(call, Told::queue_deleted).count = gone;
}

}  // namespace premortem
