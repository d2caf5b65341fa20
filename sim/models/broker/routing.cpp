// From exchanges to queues.

#include <algorithm>

#include "sim/models/broker/broker.hpp"

namespace premortem {

PublishOutcome Broker::publish_to_queue(QueueId queue, PayloadId payload, std::uint32_t cause, std::int64_t now,
                                        std::int64_t ttl) {
  return put(queue, {payload, cause, ttl, DeathReason::none, 0, nullptr}, now);
}

PublishOutcome Broker::put(QueueId queue, const Arriving& arriving, std::int64_t now) {
  PublishOutcome outcome;
  if (queues_[queue].away != 0) {  // The default exchange has no binding for it.
    effects_.push_back({EffectKind::dropped, DeathReason::no_route, 0, queue, 0, nil, arriving.payload});
    outcome.unroutable = true;
  } else if (enqueue(queue, arriving, {}, now)) {
    outcome.copies = 1;
  } else {
    outcome.refused = true;
  }
  return outcome;
}

/// One copy a queue, however many bindings match: RABBIT-001.
void Broker::find_route(const ExchangeSpec& exchange, std::string_view key, std::vector<QueueId>& reached) const {
  for (const ExchangeSpec::Binding& binding : exchange.bindings) {
    const bool fits =
        exchange.type == ExchangeSpec::Type::fanout ||
        (exchange.type == ExchangeSpec::Type::topic ? topic_matches(binding.pattern, key) : binding.pattern == key);
    if (!fits || queues_[binding.queue].away != 0) continue;
    if (std::find(reached.begin(), reached.end(), binding.queue) == reached.end()) reached.push_back(binding.queue);
  }
}

PublishOutcome Broker::publish(ExchangeId number, std::string_view key, PayloadId payload, std::uint32_t cause,
                               std::int64_t now, std::int64_t ttl) {
  PublishOutcome outcome;
  const auto nobody = [&](bool missing) {
    ++unroutable_[number];
    effects_.push_back({EffectKind::unroutable, DeathReason::no_route, 0, 0, number, nil, payload});
    outcome.missing = missing;
    outcome.unroutable = true;
    return outcome;
  };
  if (exchanges_away_[number] != 0) return nobody(true);
  std::vector<QueueId> reached;
  MessageNote note;
  if (is_open_to_clients()) {
    note.exchange = client_exchanges_[number].name;
    note.key = key;
    add_bound_queues(number, key, reached);
  }
  find_route(spec_->exchanges[number], key, reached);
  while (reached.empty() && spec_->exchanges[number].alternate >= 0) {
    const auto alternate = static_cast<ExchangeId>(spec_->exchanges[number].alternate);
    if (exchanges_away_[alternate] != 0) break;
    number = alternate;
    find_route(spec_->exchanges[number], key, reached);
    if (is_open_to_clients()) add_bound_queues(number, key, reached);
  }
  if (reached.empty()) return nobody(false);
  for (const QueueId queue : reached) {
    const MessageNote* carried = is_open_to_clients() ? &note : nullptr;
    const PublishOutcome one = put(queue, {payload, cause, ttl, DeathReason::none, 0, carried}, now);
    outcome.copies += one.copies;
    outcome.refused = outcome.refused || one.refused;  // One nack from one of them is a nack: RABBIT-006.
  }
  return outcome;
}

void Broker::set_queue_there(QueueId queue, bool there, std::int64_t now) {
  queues_[queue].away = there ? 0 : 1;
  dispatch(queue, now);
}

bool topic_matches(std::string_view pattern, std::string_view key) {
  const auto head = [](std::string_view text) { return text.substr(0, text.find('.')); };
  const auto tail = [](std::string_view text) {
    const std::size_t dot = text.find('.');
    return dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  };
  if (pattern.empty()) return key.empty();
  if (head(pattern) == "#") {
    if (tail(pattern).empty()) return true;
    for (std::string_view rest = key;; rest = tail(rest)) {
      if (topic_matches(tail(pattern), rest)) return true;
      if (rest.empty()) return false;
    }
  }
  if (key.empty() || (head(pattern) != "*" && head(pattern) != head(key))) return false;
  return topic_matches(tail(pattern), tail(key)) || (tail(pattern) == "#" && tail(key).empty());
}

}  // namespace premortem
