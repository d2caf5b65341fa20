// What clients publish: routing, returns, confirms. RABBIT-002 to RABBIT-007

#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/broker/field_table.hpp"
#include "sim/models/broker/message_properties.hpp"

namespace premortem {

using Told = ClientEvent::Kind;

namespace {

constexpr std::string_view reply_queue = "amq.rabbitmq.reply-to";

/// Nothing: it is no whole number of milliseconds.
std::optional<std::int64_t> milliseconds(std::string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  return value;
}

/// Further routing keys from a header: an array of texts. False: it is something else.
bool add_keys(std::string_view headers, std::string_view name, std::vector<std::string>& keys) {
  const std::optional<TableValue> field = find_field(headers, name);
  if (!field) return true;
  if (field->type != 'A') return false;
  for (const TableValue& key : field->items) {
    if (key.type == 'S') keys.push_back(key.text);
  }
  return true;
}

std::string text_of(const FieldTable& line, std::string_view name) {
  const TableValue* field = find_field(line, name);
  return field == nullptr ? std::string() : field->text;
}

/// x-death as a client has sent it, so that its counts go on.
std::vector<ClientDeath> deaths_of(std::string_view headers) {
  std::vector<ClientDeath> deaths;
  const std::optional<TableValue> lines = find_field(headers, "x-death");
  if (!lines || lines->type != 'A') return deaths;
  for (const TableValue& line : lines->items) {
    const std::string reason = text_of(line.items, "reason");
    ClientDeath death;
    for (const DeathReason known :
         {DeathReason::rejected, DeathReason::expired, DeathReason::length_exceeded, DeathReason::delivery_limit}) {
      if (reason == death_name(known)) death.reason = known;
    }
    if (line.type != 'F' || death.reason == DeathReason::none) continue;
    death.queue = text_of(line.items, "queue");
    death.exchange = text_of(line.items, "exchange");
    death.expiration = text_of(line.items, "original-expiration");
    if (const TableValue* count = find_field(line.items, "count"); count != nullptr && count->integer > 0)
      death.count = static_cast<std::uint64_t>(count->integer);
    if (const TableValue* time = find_field(line.items, "time")) death.time = time->integer;
    if (const TableValue* keys = find_field(line.items, "routing-keys")) {
      for (const TableValue& key : keys->items) death.keys.push_back(key.text);
    }
    deaths.push_back(std::move(death));
  }
  return deaths;
}

}  // namespace

/// False: a property is wrong, and the channel is closed.
bool BrokerClients::read_note(Call& call, MessageNote& note, std::string_view& headers, std::int64_t& ttl) {
  const BrokerRequest& request = call.request;
  const MessageProperties properties = read_properties(request.properties);
  if (!properties.good) return fail(call, 502, "the properties end before they should"), false;
  if (properties.has_user && properties.user != call.connection.user) {
    fail(call, 406,
         "user_id property set to '" + std::string(properties.user) + "' but authenticated user was '" +
             call.connection.user + "'");
    return false;
  }
  if (properties.has_expiration) {
    const auto lives = milliseconds(properties.expiration);
    if (!lives) {
      const std::string text(properties.expiration);
      const bool negative = text.size() > 1 && text[0] == '-' && milliseconds(text.substr(1)).has_value();
      fail(call, 406,
           "invalid expiration '" + text + "': " + (negative ? "{value_negative," + text + "}" : "no_integer"));
      return false;
    }
    ttl = *lives * 1'000'000;
    note.expiration = properties.expiration;
  }
  if (properties.has_reply_to && properties.reply_to == reply_queue) {
    if (!call.channel.consumes_replies) {
      fail(call, 406, "fast reply consumer does not exist");
      return false;
    }
    note.reply_to = std::string(reply_queue) + "." + call.channel.reply_token;
  }
  note.exchange = request.exchange;
  note.key = request.key;
  note.size = static_cast<std::uint32_t>(request.body.size());
  note.priority = properties.priority;
  note.has_priority = properties.has_priority;
  note.persistent = properties.delivery_mode == 2;
  if (!properties.has_headers) return true;
  headers = properties.headers;
  if (call.broker.version() < 4000) note.deaths = deaths_of(headers);  // From 4.0 on nobody believes them: RABBIT-055.
  bool good = add_keys(headers, "CC", note.copies);
  note.visible = static_cast<std::uint32_t>(note.copies.size());
  good = add_keys(headers, "BCC", note.copies) && good;
  if (!good) fail(call, 406, "unexpected 'CC' or 'BCC' header: it has to be an array");
  return good;
}

void BrokerClients::publish(Call& call) {
  const BrokerRequest& request = call.request;
  const ExchangeId exchange = existing_exchange(call, request.exchange);
  if (exchange == none) return;  // RABBIT-004
  const ClientExchange& known = call.broker.exchange(exchange);
  if (known.internal) return fail(call, 403, "cannot publish to internal " + place_of_exchange(call, request.exchange));
  MessageNote note;
  std::string_view headers;
  std::int64_t ttl = -1;
  if (!read_note(call, note, headers, ttl)) return;
  if (call.channel.mode == ClientChannel::Mode::transacts) {
    call.broker.effects().push_back({EffectKind::kept, DeathReason::none, 0, 0, 0, 0, call.payload});
    call.channel.held_publishes.push_back(
        {std::move(note), std::string(headers), ttl, call.payload, request.mandatory});
    return;
  }
  const bool confirms = call.channel.mode == ClientChannel::Mode::confirms;
  const std::uint64_t confirm = confirms ? call.channel.next_confirm++ : 0;
  put(call, exchange, note, headers, ttl, call.payload, request.mandatory, confirm);
}

/// A return comes before the confirm: RABBIT-003.
void BrokerClients::put(Call& call, ExchangeId exchange, const MessageNote& note, std::string_view headers,
                        std::int64_t ttl, PayloadId payload, bool mandatory, std::uint64_t confirm) {
  PublishOutcome outcome;
  if (!note.exchange.empty() || !reply_directly(note, payload))
    outcome = call.broker.publish(exchange, note, headers, payload, ttl, call.now);
  if (outcome.unroutable && mandatory) {
    ClientEvent& event = tell(call, Told::returned);
    event.code = 312;
    event.text = "NO_ROUTE";
    event.exchange = note.exchange;
    event.key = note.key;
    event.payload = payload;
  }
  if (confirm == 0) return;
  tell(call, outcome.refused ? Told::nacked : Told::acked).tag = confirm;
}

/// Direct reply-to: past all queues, to whoever consumes under that token. Nobody: it is no route.
bool BrokerClients::reply_directly(const MessageNote& note, PayloadId payload) {
  if (note.key.size() <= reply_queue.size() + 1 || note.key.rfind(reply_queue, 0) != 0) return false;
  const std::string_view token = std::string_view(note.key).substr(reply_queue.size() + 1);
  for (ClientConnection& connection : connections_) {
    for (ClientChannel& channel : connection.channels) {
      if (channel.broken || !channel.consumes_replies || channel.reply_token != token) continue;
      ClientEvent& event = events_.emplace_back();
      event.kind = Told::delivered;
      event.client = connection.client;
      event.channel = channel.number;
      event.text = channel.reply_tag;
      event.tag = channel.next_tag++;
      event.key = note.key;
      event.payload = payload;
      event.reply_to = note.reply_to;
      return true;
    }
  }
  return false;
}

void BrokerClients::declare_reply_queue(Call& call) {
  const std::string name(call.request.name);
  const bool bare = name.size() == reply_queue.size();
  const bool there = bare || finds_reply_token(std::string_view(name).substr(reply_queue.size() + 1));
  if (!there) return fail(call, 404, "no " + place_of_queue(call, name));
  if (call.request.no_wait) return;
  ClientEvent& event = tell(call, Told::queue_declared);
  event.text = name;
  event.consumers = 1;
}

bool BrokerClients::finds_reply_token(std::string_view token) const {
  for (const ClientConnection& connection : connections_) {
    for (const ClientChannel& channel : connection.channels) {
      if (!channel.broken && channel.consumes_replies && channel.reply_token == token) return true;
    }
  }
  return false;
}

}  // namespace premortem
