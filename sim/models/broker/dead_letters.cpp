// How messages die, and where they go then: RABBIT-045, RABBIT-050 to RABBIT-054.

#include <algorithm>

#include "sim/models/broker/broker.hpp"

namespace premortem {

void add_death(std::vector<Death>& deaths, QueueId queue, DeathReason reason) {
  Death death{queue, reason, {}, 0};
  const auto known = std::find_if(deaths.begin(), deaths.end(),
                                  [&](const Death& d) { return d.queue == queue && d.reason == reason; });
  if (known != deaths.end()) {
    death = *known;
    deaths.erase(known);
  }
  ++death.count;
  deaths.insert(deaths.begin(), death);
}

namespace {

/// It would come into a queue in which it died before, and since then nobody has rejected it: RABBIT-054.
bool is_cycle(const std::vector<Death>& deaths, QueueId target) {
  for (const Death& death : deaths) {
    if (death.reason == DeathReason::rejected) return false;
    if (death.queue == target) return true;
  }
  return false;
}

}  // namespace

void Broker::die(MessageId number, DeathReason reason, std::int64_t now) {
  if (messages_[number].state == State::ready) unlink(number);
  if (is_open_to_clients()) return die_for_clients(number, reason, now);
  const Message message = messages_[number];
  const std::int32_t target = limits(message.queue).dead_letter;
  const auto to = static_cast<QueueId>(target);
  std::vector<Death> deaths = std::move(deaths_[number]);
  add_death(deaths, message.queue, reason);
  free_message(number);
  const bool cycle = target >= 0 && is_cycle(deaths, to);
  if (target < 0 || cycle || queues_[to].away != 0) {  // At most once: RABBIT-051, RABBIT-052.
    effects_.push_back(
        {EffectKind::dropped, cycle ? DeathReason::cycle : reason, 0, message.queue, 0, nil, message.payload});
  } else {
    enqueue(to, {message.payload, message.cause, -1, reason, message.queue, nullptr}, std::move(deaths), now);
  }
  effects_.push_back({EffectKind::left, DeathReason::none, 0, message.queue, 0, nil, message.payload});
}

std::int64_t Broker::next_expiry(QueueId queue) const {
  const std::uint32_t first = queues_[queue].first;
  return first == nil ? INT64_MAX : messages_[first].expires;
}

/// Only at the head: what has expired behind it stays and counts. RABBIT-045
void Broker::expire(QueueId queue, std::int64_t now) {
  while (queues_[queue].first != nil && messages_[queues_[queue].first].expires <= now) {
    die(queues_[queue].first, DeathReason::expired, now);
  }
}

PublishOutcome Broker::move(MessageId number, QueueId to, std::int64_t now) {
  const QueueSpec& target = limits(to);
  PublishOutcome outcome;
  outcome.unroutable = queues_[to].away != 0;
  outcome.refused = target.overflow == QueueSpec::Overflow::reject_publish && target.length_max >= 0 &&
                    queues_[to].ready >= static_cast<std::uint64_t>(target.length_max);
  if (outcome.unroutable || outcome.refused) return outcome;  // A shovel waits for the confirm before it acknowledges.
  unlink(number);
  const Message message = messages_[number];
  std::vector<Death> deaths = std::move(deaths_[number]);  // Its headers travel with it: LISTEN-006.
  const MessageNote carried = is_open_to_clients() ? note(number) : MessageNote{};
  free_message(number);
  enqueue(to, {message.payload, message.cause, -1, DeathReason::none, 0, is_open_to_clients() ? &carried : nullptr},
          std::move(deaths), now);
  outcome.copies = 1;
  effects_.push_back({EffectKind::left, DeathReason::none, 0, message.queue, 0, nil, message.payload});
  dispatch(message.queue, now);
  return outcome;
}

}  // namespace premortem
