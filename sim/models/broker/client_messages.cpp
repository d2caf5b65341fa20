// What messages carry for clients, and how they die with it. RABBIT-043, RABBIT-044, RABBIT-050 to RABBIT-054

#include <algorithm>

#include "sim/models/broker/broker.hpp"

namespace premortem {

namespace {

/// Newest first; one line a queue and reason. Lines know where the message came from when it died so first.
void add_death(std::vector<ClientDeath>& deaths, ClientDeath death) {
  const auto known = std::find_if(deaths.begin(), deaths.end(), [&](const ClientDeath& other) {
    return other.queue == death.queue && other.reason == death.reason;
  });
  if (known != deaths.end()) {
    death = std::move(*known);
    deaths.erase(known);
  } else {
    death.first = deaths.empty();
  }
  ++death.count;
  deaths.insert(deaths.begin(), std::move(death));
}

/// RABBIT-054, by name: the number may belong to another queue now.
bool is_cycle(const std::vector<ClientDeath>& deaths, std::string_view target) {
  for (const ClientDeath& death : deaths) {
    if (death.reason == DeathReason::rejected) return false;
    if (death.queue == target) return true;
  }
  return false;
}

}  // namespace

MessageNote& Broker::note_of(MessageId message) {
  if (notes_.size() <= message) notes_.resize(messages_.size());
  return notes_[message];
}

MessageNote Broker::note(MessageId message) const {
  MessageNote note = message < notes_.size() ? notes_[message] : MessageNote{};
  // A worker of the scenario has put it there by the queue's own name.
  if (note.exchange.empty() && note.key.empty()) note.key = client_queues_[messages_[message].queue].name;
  return note;
}

void Broker::count_bytes(const Message& message, MessageId number, bool more) {
  const std::uint64_t size = notes_[number].size;
  std::uint64_t& bytes = client_queues_[message.queue].bytes;
  bytes = more ? bytes + size : bytes - size;
}

bool Broker::is_full(QueueId queue, const Arriving& arriving) const {
  const std::int64_t most = limits(queue).length_max;
  if (most >= 0 && queues_[queue].ready >= static_cast<std::uint64_t>(most)) return true;
  if (queue < of_scenario_ || client_queues_[queue].bytes_max < 0) return false;
  const std::uint64_t size = arriving.note == nullptr ? 0 : arriving.note->size;
  return client_queues_[queue].bytes + size > static_cast<std::uint64_t>(client_queues_[queue].bytes_max);
}

bool Broker::is_too_full(QueueId queue) const {
  if (queues_[queue].first == nil) return false;
  const std::int64_t most = limits(queue).length_max;
  if (most >= 0 && queues_[queue].ready > static_cast<std::uint64_t>(most)) return true;
  if (queue < of_scenario_ || client_queues_[queue].bytes_max < 0) return false;
  return client_queues_[queue].bytes > static_cast<std::uint64_t>(client_queues_[queue].bytes_max);
}

/// What goes into the order before the sequence number: the higher the priority, the smaller. RABBIT-043
std::uint64_t Broker::rank(QueueId number, const Arriving& arriving) const {
  const ClientQueue& queue = client_queues_[number];
  const bool strict_quorum = limits(number).type == QueueSpec::Type::quorum && version() >= 4300;
  if (queue.priority_max == 0 && !strict_quorum) return 0;
  const std::uint8_t most = strict_quorum ? 31 : queue.priority_max;
  std::uint8_t priority = strict_quorum ? 4 : 0;
  if (arriving.note != nullptr && arriving.note->has_priority) priority = std::min(arriving.note->priority, most);
  return static_cast<std::uint64_t>(most - priority) << 55;
}

void Broker::die_for_clients(MessageId number, DeathReason reason, std::int64_t now) {
  const Message message = messages_[number];
  MessageNote carried = note(number);
  std::vector<Death> deaths = std::move(deaths_[number]);
  free_message(number);
  dead_letter(message.queue, message, std::move(carried), std::move(deaths), reason, now);
  effects_.push_back({EffectKind::left, DeathReason::none, 0, message.queue, 0, nil, message.payload});
}

/// Through the queue's dead-letter exchange, with all that x-death says. At most once: RABBIT-051, RABBIT-052.
void Broker::dead_letter(QueueId from, const Message& message, MessageNote carried, std::vector<Death> deaths,
                         DeathReason reason, std::int64_t now) {
  const ClientQueue& queue = client_queues_[from];
  ClientDeath death;
  death.queue = queue.name;
  death.exchange = carried.exchange;
  death.expiration = carried.expiration;
  death.keys.push_back(carried.key);
  death.keys.insert(death.keys.end(), carried.copies.begin(), carried.copies.begin() + carried.visible);
  death.time = now / 1'000'000'000;
  death.reason = reason;
  add_death(carried.deaths, std::move(death));
  add_death(deaths, from, reason);
  const auto lost = [&](DeathReason why) {
    effects_.push_back({EffectKind::dropped, why, 0, from, 0, nil, message.payload});
  };
  const ExchangeId exchange = queue.dead_letters ? find_exchange(queue.vhost, queue.dead_letter_exchange) : none;
  if (exchange == none || is_exchange_away(exchange)) return lost(reason);
  if (!carried.expiration.empty()) carried.without_expiration = true;
  carried.expiration.clear();
  carried.exchange = queue.dead_letter_exchange;
  if (queue.has_dead_letter_key) {
    carried.key = queue.dead_letter_key;
    carried.copies.clear();
    carried.visible = 0;
  }
  std::vector<QueueId> reached;
  find_client_route(exchange, carried, {}, reached);
  const bool found = !reached.empty();
  std::erase_if(reached, [&](QueueId to) { return is_cycle(carried.deaths, client_queues_[to].name); });
  if (reached.empty()) return lost(found ? DeathReason::cycle : reason);
  for (const QueueId to : reached)
    enqueue(to, {message.payload, message.cause, -1, reason, from, &carried}, deaths, now);
}

}  // namespace premortem
