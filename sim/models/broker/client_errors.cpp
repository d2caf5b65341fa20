// How channels and connections end. Codes and texts: protocols.md, A.4.

#include <algorithm>

#include "sim/models/broker/broker_clients.hpp"

namespace premortem {

namespace {

std::string_view name_of(std::uint16_t code) {
  switch (code) {
    case 311:
      return "CONTENT_TOO_LARGE";
    case 312:
      return "NO_ROUTE";
    case 313:
      return "NO_CONSUMERS";
    case 320:
      return "CONNECTION_FORCED";
    case 402:
      return "INVALID_PATH";
    case 403:
      return "ACCESS_REFUSED";
    case 404:
      return "NOT_FOUND";
    case 405:
      return "RESOURCE_LOCKED";
    case 406:
      return "PRECONDITION_FAILED";
    case 501:
      return "FRAME_ERROR";
    case 502:
      return "SYNTAX_ERROR";
    case 503:
      return "COMMAND_INVALID";
    case 504:
      return "CHANNEL_ERROR";
    case 505:
      return "UNEXPECTED_FRAME";
    case 506:
      return "RESOURCE_ERROR";
    case 530:
      return "NOT_ALLOWED";
    case 540:
      return "NOT_IMPLEMENTED";
    default:
      return "INTERNAL_ERROR";
  }
}

}  // namespace

void BrokerClients::fail(Call& call, std::uint16_t code, std::string text) {
  if (code >= 403 && code <= 406)
    return fail_channel(call.broker, call.connection, call.channel, code, std::move(text), call.request.kind, call.now);
  fail_connection(call.broker, call.connection, code, std::move(text), call.request.kind, call.now);
}

void BrokerClients::fail_channel(Broker& broker, ClientConnection& connection, ClientChannel& channel,
                                 std::uint16_t code, std::string text, BrokerRequest::Kind request, std::int64_t now) {
  ClientEvent& event = events_.emplace_back();
  event.kind = ClientEvent::Kind::channel_error;
  event.client = connection.client;
  event.channel = channel.number;
  event.code = code;
  event.request = request;
  event.text = std::move(text.insert(0, std::string(name_of(code)) + " - "));
  close_channel(broker, connection, channel, Returned::released, now);
  channel.broken = true;
}

void BrokerClients::fail_connection(Broker& broker, ClientConnection& connection, std::uint16_t code, std::string text,
                                    BrokerRequest::Kind request, std::int64_t now) {
  ClientEvent& event = events_.emplace_back();
  event.kind = ClientEvent::Kind::connection_error;
  event.client = connection.client;
  event.code = code;
  event.request = request;
  event.text = std::move(text.insert(0, std::string(name_of(code)) + " - "));
  close_connection(broker, connection, Returned::released, now);
  connection.broken = true;
}

/// Consumers first, so that what comes back goes to others, and all of it before any of it is sent again.
void BrokerClients::close_channel(Broker& broker, ClientConnection&, ClientChannel& channel, Returned how,
                                  std::int64_t now) {
  drop_transaction(broker, channel);
  std::vector<QueueId> queues;
  while (!channel.consumers.empty()) {
    queues.push_back(subscriptions_[channel.consumers.back()].queue);
    end_subscription(broker, channel, channel.consumers.back(), now);
  }
  std::vector<MessageId> back;
  for (std::size_t at = channel.first; at < channel.unacked.size(); ++at) {
    const UnackedDelivery& delivery = channel.unacked[at];
    if (delivery.settled != 0) continue;
    --unacked_;
    if (delivery.gone == 0) back.push_back(delivery.message);
  }
  channel.unacked.clear();
  channel.first = 0;
  broker.requeue_all(std::move(back), how, now);
  if (channel.group != none) broker.remove_group(channel.group);
  channel.group = none;
  channel.consumes_replies = false;
  for (const QueueId queue : queues) after_consumer(broker, queue, now);
}

void BrokerClients::close_connection(Broker& broker, ClientConnection& connection, Returned how, std::int64_t now) {
  for (ClientChannel& channel : connection.channels) {
    if (!channel.broken) close_channel(broker, connection, channel, how, now);
    channel.broken = true;
  }
  // What was exclusive to it goes with it.
  for (QueueId queue = 0; queue < broker.queues().size(); ++queue) {
    const ClientQueue& known = broker.queue(queue);
    if (known.there && known.exclusive && known.owner == connection.client) end_queue(broker, queue, now);
  }
}

}  // namespace premortem
