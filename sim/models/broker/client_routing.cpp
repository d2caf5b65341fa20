// From exchanges to queues, as clients have bound them. RABBIT-001 to RABBIT-004

#include <algorithm>
#include <optional>

#include "sim/models/broker/broker.hpp"
#include "sim/models/broker/field_table.hpp"

namespace premortem {

namespace {

bool begins_with_x(std::string_view name) { return name.substr(0, 2) == "x-"; }

/// `wanted`: the binding's arguments. All or any of them, besides x-match itself, have to be among the headers.
bool headers_match(const FieldTable& wanted, const FieldTable& headers) {
  const TableValue* match = find_field(wanted, "x-match");
  const std::string_view how = match == nullptr ? std::string_view("all") : std::string_view(match->text);
  const bool any = how.substr(0, 3) == "any", with_x = how.find("with-x") != std::string_view::npos;
  for (const TableValue& one : wanted) {
    if (one.name == "x-match" || (!with_x && begins_with_x(one.name))) continue;
    const TableValue* there = find_field(headers, one.name);
    const bool fits = there != nullptr && (one.type == 'V' || same_value(one, *there));
    if (fits == any) return any;
  }
  return !any;
}

void add_once(std::vector<std::uint32_t>& all, std::uint32_t one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

}  // namespace

/// One copy a queue, however many ways lead there; each exchange is asked once, so that circles end.
void Broker::find_client_route(ExchangeId first, const MessageNote& note, std::string_view headers,
                               std::vector<QueueId>& reached) const {
  std::vector<ExchangeId> asked{first};
  std::optional<FieldTable> decoded;
  for (std::size_t at = 0; at < asked.size(); ++at) {
    const ExchangeId number = asked[at];
    const ClientExchange& exchange = client_exchanges_[number];
    bool matched = false;
    const auto follow = [&](std::string_view key) {
      if (exchange.name.empty()) {  // The default exchange: every queue is bound by its name.
        const QueueId queue = find_queue(exchange.vhost, key);
        if (queue == none || queues_[queue].away != 0) return;
        matched = true;
        return add_once(reached, queue);
      }
      if (number < exchanges_away_.size()) {
        const std::size_t before = reached.size();
        find_route(spec_->exchanges[number], key, reached);
        matched = matched || reached.size() != before;
      }
      for (const ClientBinding& binding : exchange.bindings) {
        bool fits = exchange.type == ClientExchange::Type::fanout;
        if (exchange.type == ClientExchange::Type::direct) fits = binding.key == key;
        if (exchange.type == ClientExchange::Type::topic) fits = topic_matches(binding.key, key);
        if (exchange.type == ClientExchange::Type::headers) {
          if (!decoded) decoded = decode_table(headers).value_or(FieldTable{});
          fits = headers_match(decode_table(binding.arguments).value_or(FieldTable{}), *decoded);
        }
        if (!fits || (!binding.to_exchange && queues_[binding.to].away != 0)) continue;
        if (binding.to_exchange && is_exchange_away(binding.to)) continue;
        matched = true;
        add_once(binding.to_exchange ? asked : reached, binding.to);
      }
    };
    follow(note.key);
    for (const std::string& key : note.copies) follow(key);
    if (matched || !exchange.has_alternate) continue;
    const ExchangeId alternate = find_exchange(exchange.vhost, exchange.alternate);
    if (alternate != none && !is_exchange_away(alternate)) add_once(asked, alternate);
  }
}

QueueId Broker::scenario_queue(ExchangeId exchange, std::string_view key, std::string_view headers) const {
  if (of_scenario_ == 0) return none;
  MessageNote note;
  note.key = key;
  std::vector<QueueId> reached;
  find_client_route(exchange, note, headers, reached);
  const auto first =
      std::find_if(reached.begin(), reached.end(), [this](QueueId queue) { return queue < of_scenario_; });
  return first == reached.end() ? none : *first;
}

QueueId Broker::first_queue(ExchangeId exchange, std::string_view key, std::string_view headers) const {
  MessageNote note;
  note.key = key;
  std::vector<QueueId> reached;
  find_client_route(exchange, note, headers, reached);
  return reached.empty() ? none : reached.front();
}

QueueId Broker::first_queue_of(ExchangeId exchange, std::string_view key) const {
  std::vector<QueueId> reached;
  find_route(spec_->exchanges[exchange], key, reached);
  return reached.empty() ? none : reached.front();
}

/// What clients have bound to an exchange of the scenario, for its own publishers.
void Broker::add_bound_queues(ExchangeId exchange, std::string_view key, std::vector<QueueId>& reached) const {
  if (client_exchanges_[exchange].bindings.empty()) return;
  MessageNote note;
  note.key = key;
  find_client_route(exchange, note, {}, reached);
}

PublishOutcome Broker::publish(ExchangeId exchange, const MessageNote& note, std::string_view headers,
                               PayloadId payload, std::int64_t ttl, std::int64_t now) {
  PublishOutcome outcome;
  std::vector<QueueId> reached;
  find_client_route(exchange, note, headers, reached);
  if (reached.empty()) {
    if (exchange < unroutable_.size()) ++unroutable_[exchange];
    effects_.push_back({EffectKind::unroutable, DeathReason::no_route, 0, 0, exchange, nil, payload});
    outcome.unroutable = true;
    return outcome;
  }
  for (const QueueId queue : reached) {
    Arriving arriving{payload, cause_, ttl, DeathReason::none, 0, &note};
    if (ttl >= 0 && limits(queue).ttl < 0) watch_time_of(queue);
    if (enqueue(queue, arriving, {}, now)) {
      ++outcome.copies;
      continue;
    }
    outcome.refused = true;  // One nack from one of them is a nack: RABBIT-006.
    if (!client_queues_[queue].refused_die) continue;
    Message refused;
    refused.payload = payload;
    refused.cause = cause_;
    refused.queue = queue;
    dead_letter(queue, refused, note, {}, DeathReason::length_exceeded, now);
  }
  return outcome;
}

}  // namespace premortem
