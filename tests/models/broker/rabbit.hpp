#pragma once
// A broker by itself, as a story writes it: messages are letters, time is a number that the story sets.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/models/broker/broker.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

inline QueueSpec classic() { return {}; }
inline QueueSpec quorum(std::int32_t delivery_limit = 20) {
  QueueSpec queue;
  queue.type = QueueSpec::Type::quorum;
  queue.delivery_limit = delivery_limit;
  return queue;
}
inline QueueSpec dead_lettering_to(std::int32_t target, QueueSpec queue = {}) {
  queue.dead_letter = target;
  return queue;
}

class Rabbit {
 public:
  explicit Rabbit(std::vector<QueueSpec> queues, int version = 4000, std::vector<ExchangeSpec> exchanges = {})
      : broker(std::make_shared<const BrokerSpec>(BrokerSpec{std::move(queues), std::move(exchanges), version})) {}

  void publish(const std::string& letters, QueueId queue = 0, std::int64_t ttl = -1) {
    for (const char letter : letters) broker.publish_to_queue(queue, static_cast<PayloadId>(letter), 0, now, ttl);
  }
  PublishOutcome route(char letter, const std::string& key, ExchangeId exchange = 0) {
    return broker.publish(exchange, key, static_cast<PayloadId>(letter), 0, now);
  }
  ConsumerId consumer(std::uint32_t prefetch = 0, QueueId queue = 0, bool automatic_ack = false,
                      std::int32_t priority = 0) {
    const ConsumerId made = broker.subscribe(queue, prefetch, automatic_ack, priority);
    broker.go_on(made, now);
    return made;
  }
  Delivery take(ConsumerId consumer) {
    const auto delivery = broker.receive(consumer);
    REQUIRE(delivery);
    return *delivery;
  }
  /// Begins everything that has been sent to it: the letters, and `last` is the newest of them.
  std::string takes(ConsumerId consumer) {
    std::string letters;
    while (const auto delivery = broker.receive(consumer)) {
      letters += static_cast<char>(delivery->payload);
      held.push_back(delivery->message);
    }
    return letters;
  }
  std::string lies(QueueId queue = 0) const {
    std::string letters;
    for (const MessageId message : broker.peek(queue)) letters += static_cast<char>(broker.payload(message));
    return letters;
  }
  /// What died, was dropped or found no queue since it was last asked: "A rejected 0->1", "B dropped expired".
  std::vector<std::string> ends() {
    static const char* const reasons[] = {"none",     "rejected", "expired", "maxlen",         "delivery_limit",
                                          "no_route", "refused",  "cycle",   "connection_lost"};
    std::vector<std::string> lines;
    for (const Effect& effect : broker.effects()) {
      const std::string letter(1, static_cast<char>(effect.payload));
      const std::string reason = reasons[static_cast<std::size_t>(effect.reason)];
      if (effect.kind == EffectKind::enqueued && effect.reason != DeathReason::none)
        lines.push_back(letter + " " + reason + " " + std::to_string(effect.from) + "->" +
                        std::to_string(effect.queue));
      if (effect.kind == EffectKind::dropped) lines.push_back(letter + " dropped " + reason);
      if (effect.kind == EffectKind::unroutable) lines.push_back(letter + " unroutable");
    }
    broker.effects().clear();
    return lines;
  }

  Broker broker;
  std::int64_t now = 0;
  std::vector<MessageId> held;  ///< What takes() has begun, in order.
};

using Lines = std::vector<std::string>;

}  // namespace premortem::testing
