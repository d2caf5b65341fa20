// Fault rules on real clients: what they make of one request or one delivery, and its carrying out.

#include <algorithm>
#include <utility>

#include "sim/kernel/check.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/broker/message_properties.hpp"
#include "sim/models/broker/request_names.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {

using Kind = BrokerRequest::Kind;
using Do = RuleSpec::Do;
using When = RuleSpec::When;

/// So often one rule may send deliveries back at one instant.
constexpr std::uint64_t redeliveries_max = 1'000;

bool settles(Kind kind) { return kind == Kind::ack || kind == Kind::nack || kind == Kind::reject; }

/// What comes unasked is no answer to anything.
bool is_answer(const ClientEvent& event, const BrokerRequest& request) {
  if (event.client != request.client || event.channel != request.channel) return false;
  return event.kind != ClientEvent::Kind::delivered && event.kind != ClientEvent::Kind::cancelled_by_us;
}

std::string client_name(const ClientConnection* connection, ClientId client) {
  return connection == nullptr || connection->name.empty() ? "client " + std::to_string(client) : connection->name;
}

}  // namespace

/// Notes in `orders` what the rule has in mind. False: it means nothing for such a request.
bool Machine::give_order(const RuleSpec& rule, const BrokerRequest& request, std::uint64_t luck, RuleOrders& orders,
                         std::uint32_t number) {
  const bool after = rule.when == When::after, opens = request.kind == Kind::connect;
  const bool confirms = world_.clients.is_confirming(request.client, request.channel);
  const bool is_answered = request.kind == Kind::publish ? confirms : !settles(request.kind) && !request.no_wait;
  const auto later = [](std::int64_t& length, std::int64_t more) {
    length = length > INT64_MAX - more ? INT64_MAX : length + more;
  };
  switch (rule.act) {
    case Do::observe:
      return true;
    case Do::error:
      if (orders.error != RuleOrders::no_rule) return false;  // It can fail once only.
      if (rule.code < 311 || rule.code > 541) return false;   // MongoDB's, and no broker says it.
      orders.error = number;
      orders.fails_after = after;
      return true;
    case Do::nack:
      if (request.kind != Kind::publish || !confirms) return false;
      (after ? orders.nacks_after : orders.nacks) = true;
      return true;
    case Do::drop:
      if (opens || (after && !is_answered)) return false;
      (after ? orders.drops_answer : orders.drops) = true;
      return true;
    case Do::delay:
      if (opens || (after && !is_answered)) return false;
      later(after ? orders.wait_after : orders.wait, rule_length(rule, luck));
      return true;
    case Do::duplicate:
      return orders.doubles = request.kind == Kind::publish;
    case Do::close:
      (after ? orders.cuts_after : orders.cuts) = true;
      return true;
    case Do::stall:
      if (opens) return false;
      later(after ? orders.stall_after : orders.stall, rule_length(rule, luck));
      return true;
    case Do::redeliver:
      return orders.redelivers = settles(request.kind);
  }
  return false;
}

RuleOrders Machine::orders_for(const BrokerRequest& request, PayloadId payload, std::uint32_t cause) {
  RuleOrders orders;
  Command command;
  command.name = command_of(request.kind);
  const ClientConnection* const connection = world_.clients.find_connection(request.client);
  const bool begins = request.kind == Kind::connect;
  if (command.name.empty() || request.kind == Kind::disconnect || (connection == nullptr) != begins) return orders;
  if ((begins ? request.text : std::string_view(connection->name)) == management_connection) return orders;
  command.protocol = "amqp";
  command.exchange = request.exchange;
  command.key = request.key;
  command.item = payload == 0 ? item_none : world_.payloads.head(payload).item;
  command.luck = cause;
  QueueId queue = Broker::none;
  MessageNote note;
  if (settles(request.kind)) {
    if (const UnackedDelivery* one = world_.clients.unacked_delivery(request.client, request.channel, request.tag)) {
      queue = world_.broker.queue_of(one->message);
      note = world_.broker.note(one->message);
      command.exchange = note.exchange;
      command.key = note.key;
      command.attempt = world_.broker.returns_of(one->message) + 1;
      command.item = world_.payloads.head(world_.broker.payload(one->message)).item;
    }
  } else if (request.kind == Kind::publish) {
    const ExchangeId exchange = world_.broker.find_exchange(connection->vhost, request.exchange);
    if (exchange != Broker::none)
      queue = world_.broker.first_queue(exchange, request.key, read_properties(request.properties).headers);
  } else if (connection != nullptr) {
    queue = world_.broker.find_queue(connection->vhost, request.name);
  }
  const bool names_queue = request.kind >= Kind::declare_queue && request.kind <= Kind::delete_queue;
  const bool takes_from_queue = request.kind == Kind::consume || request.kind == Kind::get;
  command.queue = queue != Broker::none             ? std::string_view(world_.broker.queue(queue).name)
                  : names_queue || takes_from_queue ? request.name
                                                    : std::string_view();
  if (request.kind >= Kind::declare_exchange && request.kind <= Kind::unbind_exchange && command.exchange.empty())
    command.exchange = request.name;
  const std::uint32_t who = queue == Broker::none ? client_component() : component_of_queue(queue);
  command.system = model_.components[who].name;
  const std::string client = connection == nullptr && !request.text.empty() ? std::string(request.text)
                                                                            : client_name(connection, request.client);
  command.client = client;
  std::vector<std::uint32_t> chosen;
  PREMORTEM_CHECK(interposer_ != nullptr, "a World with rules runs on a Machine that knows who decides on them");
  interposer_->choose_rules(*this, command, chosen);
  for (const std::uint32_t number : chosen) {
    const std::uint64_t luck = combine(command.luck, number);
    rule_struck(number, give_order(rule(number), request, luck, orders, number), who, command.item, cause);
  }
  return orders;
}

void Machine::ask_broker(const BrokerRequest& request, PayloadId payload, std::uint32_t cause, std::int64_t arrived) {
  if (!world_.held.empty()) {
    HeldTraffic* const held = held_traffic(request.client);
    const bool for_ever = held != nullptr && held->requests_until == INT64_MAX;
    if (request.kind == Kind::disconnect && (request.requeue || for_ever)) {
      drop_held(request.client, cause);
    } else if (held != nullptr && held->requests_until != 0) {
      return hold_back(request, payload, {}, cause, arrived);
    }
  }
  RuleOrders orders;
  if (has_rules()) orders = orders_for(request, payload, cause);
  if (orders.wait > 0 || orders.stall > 0) {
    const std::int64_t length = std::max(orders.wait, orders.stall);
    if (length > now() - arrived) return hold_back(request, payload, orders, cause, arrived);
    orders.wait = orders.stall = 0;  // It has waited for as long behind another.
  }
  carry_out(request, payload, orders, cause);
}

void Machine::carry_out(const BrokerRequest& request, PayloadId payload, const RuleOrders& orders,
                        std::uint32_t cause) {
  world_.broker.set_cause(cause);
  ask_or_strike(request, payload, orders);
  const bool is_gone = world_.clients.find_connection(request.client) == nullptr;
  if (is_gone && !world_.held.empty()) drop_held(request.client, cause);  // Nobody is there to hear it.
  if (is_gone) {
    tell_clients(cause);
    return drain_broker(cause);
  }
  if (orders.wait_after > 0) hold_events(request.client, orders.wait_after);
  if (orders.stall_after > 0) {
    hold_events(request.client, orders.stall_after);
    HeldTraffic& held = hold_traffic(request.client);
    held.requests_until = std::max(held.requests_until, held.events_until);
    watch_clients();
  }
  tell_clients(cause);
  drain_broker(cause);
}

void Machine::ask_or_strike(const BrokerRequest& request, PayloadId payload, const RuleOrders& orders) {
  BrokerClients& clients = world_.clients;
  if (orders.cuts) {
    if (request.kind == Kind::connect) clients.handle(world_.broker, request, payload, now());
    return clients.cut(world_.broker, request.client, now());
  }
  if (orders.error != RuleOrders::no_rule && !orders.fails_after) {
    if (request.kind == Kind::connect) clients.handle(world_.broker, request, payload, now());
    const RuleSpec& wrong = rule(orders.error);
    return clients.fail_by_rule(world_.broker, request, wrong.code, wrong.text, now());
  }
  if (orders.nacks) return clients.refuse_publish(request);
  if (orders.drops) return clients.swallow(request);
  BrokerRequest carried = request;
  if (orders.redelivers) {
    carried.kind = Kind::nack;
    carried.requeue = true;
  }
  clients.handle(world_.broker, carried, payload, now());
  if (orders.doubles) clients.publish_again(world_.broker, request, payload, now());
  strike_answers(request, orders);
}

void Machine::strike_answers(const BrokerRequest& request, const RuleOrders& orders) {
  std::vector<ClientEvent>& events = world_.clients.events();
  if (orders.nacks_after) {
    for (ClientEvent& event : events) {
      if (event.kind == ClientEvent::Kind::acked && is_answer(event, request)) event.kind = ClientEvent::Kind::nacked;
    }
  }
  const bool breaks_off = orders.cuts_after || (orders.error != RuleOrders::no_rule && orders.fails_after);
  if (orders.drops_answer || breaks_off) {
    std::erase_if(events, [&](const ClientEvent& event) { return is_answer(event, request); });
  }
  if (orders.error != RuleOrders::no_rule && orders.fails_after) {
    const RuleSpec& wrong = rule(orders.error);
    world_.clients.fail_by_rule(world_.broker, request, wrong.code, wrong.text, now());
  }
  if (orders.cuts_after) world_.clients.cut(world_.broker, request.client, now());
}

bool Machine::strike_delivery(const ClientEvent& event, std::uint32_t cause) {
  Command command;
  command.protocol = "amqp";
  command.name = "basic.deliver";
  command.exchange = event.exchange;
  command.key = event.key;
  command.item = world_.payloads.head(event.payload).item;
  command.luck = combine(combine(event.client, event.channel), event.tag);
  const ClientConnection* const connection = world_.clients.find_connection(event.client);
  const UnackedDelivery* const unacked = world_.clients.unacked_delivery(event.client, event.channel, event.tag);
  std::uint32_t who = client_component();
  if (unacked != nullptr) {
    const QueueId queue = world_.broker.queue_of(unacked->message);
    command.queue = world_.broker.queue(queue).name;
    command.attempt = world_.broker.returns_of(unacked->message) + 1;
    who = component_of_queue(queue);
  }
  command.system = model_.components[who].name;
  const std::string client = client_name(connection, event.client);
  command.client = client;
  std::vector<std::uint32_t> chosen;
  PREMORTEM_CHECK(interposer_ != nullptr, "a World with rules runs on a Machine that knows who decides on them");
  interposer_->choose_rules(*this, command, chosen);
  bool is_told = true;
  for (const std::uint32_t number : chosen) {
    const RuleSpec& rule = this->rule(number);
    const bool after = rule.when == When::after;
    const auto order = [&](DeliveryOrder::Kind kind) {
      delivery_orders_.push_back({kind, event.client, event.channel, event.tag, number});
      is_told = is_told && after;
    };
    bool means_something = true;
    switch (rule.act) {
      case Do::observe:
        break;
      case Do::error:
        order(DeliveryOrder::Kind::fail);
        break;
      case Do::close:
        order(DeliveryOrder::Kind::cut);
        break;
      case Do::drop:
        is_told = false;
        world_.clients.leave_untold(event.client, event.channel, event.tag);
        break;
      case Do::redeliver:
        // A rule that sends every delivery back would never let an instant end.
        means_something = unacked != nullptr && ++turns_ <= redeliveries_max;
        if (means_something) order(DeliveryOrder::Kind::give_back);
        break;
      case Do::delay:
        hold_events(event.client, rule_length(rule, combine(command.luck, number)));
        break;
      case Do::stall: {
        hold_events(event.client, rule_length(rule, combine(command.luck, number)));
        HeldTraffic& held = hold_traffic(event.client);
        held.requests_until = std::max(held.requests_until, held.events_until);
        break;
      }
      case Do::nack:
      case Do::duplicate:
        means_something = false;
        break;
    }
    rule_struck(number, means_something, who, command.item, cause);
  }
  return is_told;
}

void Machine::carry_out_delivery_orders(std::uint32_t cause) {
  const std::vector<DeliveryOrder> orders = std::exchange(delivery_orders_, {});
  for (const DeliveryOrder& order : orders) {
    BrokerRequest request;
    request.client = order.client;
    request.channel = order.channel;
    request.tag = order.tag;
    if (order.kind == DeliveryOrder::Kind::cut) {
      world_.clients.cut(world_.broker, order.client, now());
      drop_held(order.client, cause);
    } else if (order.kind == DeliveryOrder::Kind::fail) {
      request.kind = Kind::count_of_kinds;  // Nothing that the client asked.
      world_.clients.fail_by_rule(world_.broker, request, rule(order.rule).code, rule(order.rule).text, now());
    } else if (world_.clients.unacked_delivery(order.client, order.channel, order.tag) != nullptr) {
      request.kind = Kind::nack;
      request.requeue = true;
      world_.clients.handle(world_.broker, request, 0, now());
    }
    tell_clients(cause);
    drain_broker(cause);
  }
}

}  // namespace premortem
