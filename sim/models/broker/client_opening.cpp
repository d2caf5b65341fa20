// The scenario's own queues and exchanges as clients see them.

#include "sim/models/broker/broker.hpp"
#include "sim/models/broker/field_table.hpp"

namespace premortem {

namespace {

ClientQueue seen_by_clients(const QueueSpec& spec, const BrokerSpec& broker) {
  ClientQueue queue;
  queue.name = spec.name;
  queue.of_scenario = queue.durable = true;
  const bool quorum = spec.type == QueueSpec::Type::quorum;
  FieldTable arguments{text_field("x-queue-type", quorum ? "quorum" : "classic")};
  const auto number = [&](std::string_view name, std::int64_t value) {
    if (value >= 0) arguments.push_back(integer_field(name, value));
  };
  number("x-message-ttl", spec.ttl < 0 ? -1 : spec.ttl / 1'000'000);
  number("x-max-length", spec.length_max);
  number("x-delivery-limit", spec.delivery_limit);
  if (spec.length_max >= 0) {
    const bool refuses = spec.overflow == QueueSpec::Overflow::reject_publish;
    arguments.push_back(text_field("x-overflow", refuses ? "reject-publish" : "drop-head"));
  }
  if (spec.single_active) arguments.push_back(bool_field("x-single-active-consumer", true));
  if (spec.dead_letter >= 0) {
    queue.dead_letters = queue.has_dead_letter_key = true;
    queue.dead_letter_key = broker.queues[static_cast<std::size_t>(spec.dead_letter)].name;
    arguments.push_back(text_field("x-dead-letter-exchange", ""));
    arguments.push_back(text_field("x-dead-letter-routing-key", queue.dead_letter_key));
  }
  queue.arguments = encode_table(arguments);
  return queue;
}

ClientExchange seen_by_clients(const ExchangeSpec& spec, const BrokerSpec& broker) {
  ClientExchange exchange;
  exchange.name = spec.name;
  exchange.of_scenario = exchange.durable = true;
  exchange.type = static_cast<ClientExchange::Type>(spec.type);
  if (spec.alternate >= 0) {
    exchange.has_alternate = true;
    exchange.alternate = broker.exchanges[static_cast<std::size_t>(spec.alternate)].name;
    exchange.arguments = encode_table({text_field("alternate-exchange", exchange.alternate)});
  }
  return exchange;
}

}  // namespace

void Broker::open_to_clients() {
  if (is_open_to_clients()) return;
  vhosts_.push_back({"/", true});
  if (spec_ != nullptr) {
    for (const ExchangeSpec& exchange : spec_->exchanges) add_exchange(seen_by_clients(exchange, *spec_));
    for (const QueueSpec& queue : spec_->queues) {
      client_queues_.push_back(seen_by_clients(queue, *spec_));
      client_queues_.back().there = true;
      add_queue_name(static_cast<QueueId>(client_queues_.size() - 1));
    }
  }
  add_predeclared(0);
}

}  // namespace premortem
