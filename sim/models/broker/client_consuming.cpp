// What clients consume and fetch, and what they are sent. RABBIT-014, RABBIT-015, RABBIT-026

#include <algorithm>

#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/broker/field_table.hpp"

namespace premortem {

using Told = ClientEvent::Kind;

void BrokerClients::qos(Call& call) {
  ClientChannel& channel = call.channel;
  if (!call.request.global) {
    channel.prefetch = call.request.number;
    return void(tell(call, Told::qos_set));
  }
  if (call.broker.version() >= 4300) return fail(call, 540, "Feature `global_qos` is deprecated.");
  for (const ConsumerId consumer : channel.consumers) {
    const QueueId queue = subscriptions_[consumer].queue;
    if (call.broker.limits(queue).type == QueueSpec::Type::quorum) return fail_global_qos(call, queue);
  }
  if (channel.group == none) {
    channel.group = call.broker.add_prefetch_group(call.request.number);
    for (const ConsumerId consumer : channel.consumers) call.broker.set_group(consumer, channel.group);
  } else {
    call.broker.set_group_limit(channel.group, call.request.number);
  }
  tell(call, Told::qos_set);
  go_on(call);
}

void BrokerClients::fail_global_qos(Call& call, QueueId queue) {
  fail(call, 540, place_of_queue(call, call.broker.queue(queue).name) + " does not support global qos");
}

/// After a limit of the whole channel has got room.
void BrokerClients::go_on(Call& call) {
  if (call.channel.group == none) return;
  for (const ConsumerId consumer : call.channel.consumers) call.broker.wake(subscriptions_[consumer].queue, call.now);
}

void BrokerClients::consume(Call& call) {
  const BrokerRequest& request = call.request;
  std::string tag(request.text);
  if (tag.empty()) tag = "amq.ctag-" + made_up(++made_);
  const std::vector<ConsumerId>& others = call.channel.consumers;
  if ((call.channel.consumes_replies && call.channel.reply_tag == tag) ||
      std::any_of(others.begin(), others.end(), [&](ConsumerId one) { return subscriptions_[one].tag == tag; }))
    return fail(call, 530, "attempt to reuse consumer tag '" + tag + "'");
  if (request.name == "amq.rabbitmq.reply-to") return consume_replies(call, std::move(tag));
  const QueueId queue = existing_queue(call, queue_name(call));
  if (queue == none) return;
  const ClientQueue& known = call.broker.queue(queue);
  const bool quorum = call.broker.limits(queue).type == QueueSpec::Type::quorum;
  if (quorum && call.channel.group != none) return fail_global_qos(call, queue);
  if (known.exclusively_consumed || (request.exclusive && call.broker.consumers_of(queue) != 0))
    return fail(call, 403, place_of_queue(call, known.name) + " in exclusive use");
  if (request.exclusive && call.broker.limits(queue).single_active) {
    return fail(call, 403, place_of_queue(call, known.name) + " in exclusive use");
  }
  const auto arguments = decode_table(request.arguments);
  if (!arguments) return fail(call, 502, "the arguments are no field table");
  std::int64_t priority = 0;
  if (const TableValue* field = find_field(*arguments, "x-priority")) {
    if (!is_integer(*field)) {
      return fail(call, 406,
                  "invalid arg 'x-priority' for " + place_of_queue(call, known.name) + ": \"expected integer, got " +
                      std::string(type_name(*field)) + "\"");
    }
    priority = field->integer;
  }
  const ConsumerId consumer = call.broker.subscribe_client(queue, call.channel.prefetch, request.no_ack,
                                                           static_cast<std::int32_t>(priority), call.channel.group);
  if (subscriptions_.size() <= consumer) subscriptions_.resize(consumer + 1);
  Subscription& made = subscriptions_[consumer];
  made.client = call.connection.client;
  made.channel = call.channel.number;
  made.no_ack = request.no_ack;
  made.exclusive = request.exclusive;
  made.queue = queue;
  made.prefetch = call.channel.prefetch;
  made.priority = static_cast<std::int32_t>(priority);
  made.tag = tag;
  made.arguments = request.arguments;
  call.channel.consumers.push_back(consumer);
  if (request.exclusive) call.broker.set_exclusively_consumed(queue, true);
  if (!request.no_wait) tell(call, Told::consuming).text = std::move(tag);
  call.broker.go_on(consumer, call.now);
}

void BrokerClients::consume_replies(Call& call, std::string tag) {
  if (!call.request.no_ack) return fail(call, 406, "reply consumer cannot acknowledge");
  if (call.channel.consumes_replies) return fail(call, 406, "reply consumer already set");
  call.channel.consumes_replies = true;
  call.channel.reply_tag = tag;
  call.channel.reply_token = "g1" + made_up(++made_);
  if (!call.request.no_wait) tell(call, Told::consuming).text = std::move(tag);
}

void BrokerClients::cancel(Call& call) {
  const std::string tag(call.request.text);
  ClientChannel& channel = call.channel;
  if (channel.consumes_replies && channel.reply_tag == tag) channel.consumes_replies = false;
  const auto known = std::find_if(channel.consumers.begin(), channel.consumers.end(),
                                  [&](ConsumerId one) { return subscriptions_[one].tag == tag; });
  QueueId queue = none;
  if (known != channel.consumers.end()) {
    queue = subscriptions_[*known].queue;
    const ConsumerId consumer = *known;
    deliver(call.broker, consumer, call.now);  // What has been sent is on its way.
    end_subscription(call.broker, channel, consumer, call.now);
  }
  if (!call.request.no_wait) tell(call, Told::cancelled).text = tag;  // Unknown ones, too.
  if (queue != none) after_consumer(call.broker, queue, call.now);
}

void BrokerClients::end_subscription(Broker& broker, ClientChannel& channel, ConsumerId consumer, std::int64_t now) {
  Subscription& ended = subscriptions_[consumer];
  if (ended.exclusive) broker.set_exclusively_consumed(ended.queue, false);
  channel.consumers.erase(std::find(channel.consumers.begin(), channel.consumers.end(), consumer));
  ended = Subscription{};
  broker.retire(consumer, now);
}

void BrokerClients::after_consumer(Broker& broker, QueueId queue, std::int64_t now) {
  const ClientQueue& known = broker.queue(queue);
  if (!known.there) return;
  if (known.auto_delete && known.has_consumed && broker.consumers_of(queue) == 0) return end_queue(broker, queue, now);
  broker.wake(queue, now);
}

void BrokerClients::get(Call& call) {
  const QueueId queue = existing_queue(call, queue_name(call));
  if (queue == none) return;
  const auto delivery = call.broker.get(queue, call.request.no_ack, call.now);
  if (!delivery) return void(tell(call, Told::got_nothing));
  call.broker.expire(queue, call.now);  // What comes to the head now and is over does not count. RABBIT-045
  ClientEvent& event = tell(call, Told::got);
  event.tag = call.channel.next_tag++;
  event.count = static_cast<std::uint32_t>(call.broker.ready(queue));
  fill(event, call.broker, *delivery, queue);
  if (!call.request.no_ack) add_unacked(call.channel, {event.tag, call.now, delivery->message, none, 0, 0});
}

void BrokerClients::deliver(Broker& broker, ConsumerId consumer, std::int64_t now) {
  if (!owns(consumer)) return;
  const Subscription& subscription = subscriptions_[consumer];
  ClientChannel* const channel = channel_of(subscription.client, subscription.channel);
  if (channel == nullptr) return;
  while (const auto delivery = broker.receive(consumer)) {
    ClientEvent& event = events_.emplace_back();
    event.kind = Told::delivered;
    event.client = subscription.client;
    event.channel = subscription.channel;
    event.text = subscription.tag;
    event.tag = channel->next_tag++;
    fill(event, broker, *delivery, subscription.queue);
    if (!delivery->settled) add_unacked(*channel, {event.tag, now, delivery->message, consumer, 0, 0});
  }
}

}  // namespace premortem
