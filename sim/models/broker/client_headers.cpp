// What the broker adds to a message on its way to a client. RABBIT-053

#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/broker/field_table.hpp"

namespace premortem {

std::string_view death_name(DeathReason reason) {
  switch (reason) {
    case DeathReason::rejected:
      return "rejected";
    case DeathReason::expired:
      return "expired";
    case DeathReason::length_exceeded:
      return "maxlen";
    default:
      return "delivery_limit";
  }
}

namespace {

FieldTable line_of(const ClientDeath& death) {
  FieldTable line;
  line.push_back(integer_field("count", static_cast<std::int64_t>(death.count)));
  line.push_back(text_field("reason", death_name(death.reason)));
  line.push_back(text_field("queue", death.queue));
  line.push_back(time_field("time", death.time));
  line.push_back(text_field("exchange", death.exchange));
  std::vector<TableValue> keys;
  for (const std::string& key : death.keys) keys.push_back(text_field("", key));
  line.push_back(array_field("routing-keys", std::move(keys)));
  if (!death.expiration.empty()) line.push_back(text_field("original-expiration", death.expiration));
  return line;
}

void add_one(FieldTable& headers, const std::string& which, const ClientDeath& death) {
  headers.push_back(text_field("x-" + which + "-death-exchange", death.exchange));
  headers.push_back(text_field("x-" + which + "-death-queue", death.queue));
  headers.push_back(text_field("x-" + which + "-death-reason", death_name(death.reason)));
}

/// `with_last`: from 4.0 on.
std::string death_headers(const std::vector<ClientDeath>& deaths, bool with_last) {
  FieldTable headers;
  std::vector<TableValue> lines;
  lines.reserve(deaths.size());
  for (const ClientDeath& death : deaths) lines.push_back(table_field("", line_of(death)));
  headers.push_back(array_field("x-death", std::move(lines)));
  for (const ClientDeath& death : deaths) {
    if (death.first) add_one(headers, "first", death);
  }
  if (with_last) add_one(headers, "last", deaths.front());
  return encode_table(headers);
}

}  // namespace

void BrokerClients::fill(ClientEvent& event, const Broker& broker, const Delivery& delivery, QueueId queue) const {
  const MessageNote& note = delivery.settled ? broker.last_note() : broker.note(delivery.message);
  event.payload = delivery.payload;
  event.redelivered = delivery.redelivered;
  event.exchange = note.exchange;
  event.key = note.key;
  event.reply_to = note.reply_to;
  event.without_expiration = note.without_expiration;
  event.without_bcc = note.copies.size() > note.visible;
  if (broker.limits(queue).type == QueueSpec::Type::quorum) {
    event.delivery_count = delivery.delivery_count;
    // A consumer learns of it with the first return; basic.get always. Seen with 3.10.8.
    event.has_delivery_count = delivery.delivery_count != 0 || event.kind == ClientEvent::Kind::got;
  }
  if (!note.deaths.empty()) event.added_headers = death_headers(note.deaths, broker.version() >= 4000);
}

}  // namespace premortem
