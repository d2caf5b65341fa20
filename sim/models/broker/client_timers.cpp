// What happens to clients and their queues without being asked. RABBIT-045, RABBIT-047, RABBIT-048

#include <algorithm>

#include "sim/models/broker/broker_clients.hpp"

namespace premortem {

using Kind = BrokerRequest::Kind;

namespace {

/// When an unused queue goes; INT64_MAX: it does not.
std::int64_t end_of(const Broker& broker, QueueId number) {
  const ClientQueue& queue = broker.queue(number);
  const bool unused = queue.expires >= 0 && broker.consumers_of(number) == 0;
  return unused ? queue.unused_since + queue.expires : INT64_MAX;
}

}  // namespace

/// When that channel's oldest delivery is overdue.
std::int64_t BrokerClients::overdue_at(const Broker& broker, const ClientChannel& channel) const {
  if (channel.first >= channel.unacked.size() || timeout_ <= 0) return INT64_MAX;
  for (std::size_t at = channel.first; at < channel.unacked.size(); ++at) {
    const UnackedDelivery& one = channel.unacked[at];
    if (one.settled != 0 || one.gone != 0) continue;
    const bool quorum = broker.limits(broker.queue_of(one.message)).type == QueueSpec::Type::quorum;
    if (quorum || broker.version() < 4300) return one.since + timeout_;
  }
  return INT64_MAX;
}

std::int64_t BrokerClients::next_timer(const Broker& broker) const {
  std::int64_t next = INT64_MAX;
  for (const QueueId queue : broker.timed_queues()) {
    if (!broker.queue(queue).there) continue;
    next = std::min({next, broker.next_expiry(queue), end_of(broker, queue)});
  }
  return unacked_ == 0 ? next : std::min(next, overdue_from_);
}

void BrokerClients::advance(Broker& broker, std::int64_t now) {
  for (const QueueId queue : std::vector<QueueId>(broker.timed_queues())) {
    if (!broker.queue(queue).there) continue;
    if (broker.next_expiry(queue) <= now) broker.expire(queue, now);
    if (end_of(broker, queue) <= now) end_queue(broker, queue, now);
  }
  if (now < overdue_from_) return;
  for (ClientConnection& connection : connections_) {
    for (ClientChannel& channel : connection.channels) {
      if (channel.broken || overdue_at(broker, channel) > now) continue;
      fail_channel(broker, connection, channel, 406,
                   "delivery acknowledgement on channel " + std::to_string(channel.number) +
                       " timed out. Timeout value used: " + std::to_string(timeout_ / 1'000'000) +
                       " ms. This timeout value can be configured, see consumers doc guide to learn more",
                   Kind::count_of_kinds, now);
    }
  }
  overdue_from_ = INT64_MAX;
  for (const ClientConnection& connection : connections_) {
    for (const ClientChannel& channel : connection.channels)
      overdue_from_ = std::min(overdue_from_, overdue_at(broker, channel));
  }
}

}  // namespace premortem
