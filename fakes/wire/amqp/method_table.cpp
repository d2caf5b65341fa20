#include "fakes/wire/amqp/method_table.hpp"

namespace premortem::fakes::amqp {

namespace {

using enum Type;

// Names and order of protocols.md, A.2, and of the specification that RabbitMQ generates its own codec from.
constexpr Argument reserved_1{"", u16}, queue{"queue", short_text}, exchange{"exchange", short_text},
    routing_key{"routing-key", short_text}, no_wait{"no-wait", bit}, arguments{"arguments", table},
    passive{"passive", bit}, durable{"durable", bit}, auto_delete{"auto-delete", bit}, exclusive{"exclusive", bit},
    consumer_tag{"consumer-tag", short_text}, delivery_tag{"delivery-tag", u64}, redelivered{"redelivered", bit},
    multiple{"multiple", bit}, requeue{"requeue", bit}, message_count{"message-count", u32},
    consumer_count{"consumer-count", u32}, no_ack{"no-ack", bit}, no_local{"no-local", bit},
    if_unused{"if-unused", bit}, if_empty{"if-empty", bit}, destination{"destination", short_text},
    source{"source", short_text}, active{"active", bit}, reply_code{"reply-code", u16},
    reply_text{"reply-text", short_text}, class_id{"class-id", u16}, method_id{"method-id", u16},
    channel_max{"channel-max", u16}, frame_max{"frame-max", u32}, heartbeat{"heartbeat", u16};

constexpr Method row(std::uint16_t class_of, std::uint16_t method_of, std::string_view name,
                     std::initializer_list<Argument> list = {}, bool has_content = false) {
  Method method{class_of, method_of, name, has_content, 0, {}};
  for (const Argument& argument : list) method.arguments[method.count++] = argument;
  return method;
}
constexpr bool with_content = true;

constexpr Method rows[] = {
    row(10, 10, "connection.start",
        {{"version-major", octet},
         {"version-minor", octet},
         {"server-properties", table},
         {"mechanisms", long_text},
         {"locales", long_text}}),
    row(10, 11, "connection.start-ok",
        {{"client-properties", table}, {"mechanism", short_text}, {"response", long_text}, {"locale", short_text}}),
    row(10, 20, "connection.secure", {{"challenge", long_text}}),
    row(10, 21, "connection.secure-ok", {{"response", long_text}}),
    row(10, 30, "connection.tune", {channel_max, frame_max, heartbeat}),
    row(10, 31, "connection.tune-ok", {channel_max, frame_max, heartbeat}),
    row(10, 40, "connection.open", {{"virtual-host", short_text}, {"", short_text}, {"", bit}}),
    row(10, 41, "connection.open-ok", {{"", short_text}}),
    row(10, 50, "connection.close", {reply_code, reply_text, class_id, method_id}),
    row(10, 51, "connection.close-ok"),
    row(10, 60, "connection.blocked", {{"reason", short_text}}),
    row(10, 61, "connection.unblocked"),
    row(10, 70, "connection.update-secret", {{"new-secret", long_text}, {"reason", short_text}}),
    row(10, 71, "connection.update-secret-ok"),
    row(20, 10, "channel.open", {{"", short_text}}),
    row(20, 11, "channel.open-ok", {{"", long_text}}),
    row(20, 20, "channel.flow", {active}),
    row(20, 21, "channel.flow-ok", {active}),
    row(20, 40, "channel.close", {reply_code, reply_text, class_id, method_id}),
    row(20, 41, "channel.close-ok"),
    row(30, 10, "access.request", {{"realm", short_text}, exclusive, passive, active, {"write", bit}, {"read", bit}}),
    row(30, 11, "access.request-ok", {{"ticket", u16}}),
    row(40, 10, "exchange.declare",
        {reserved_1,
         exchange,
         {"type", short_text},
         passive,
         durable,
         auto_delete,
         {"internal", bit},
         no_wait,
         arguments}),
    row(40, 11, "exchange.declare-ok"),
    row(40, 20, "exchange.delete", {reserved_1, exchange, if_unused, no_wait}),
    row(40, 21, "exchange.delete-ok"),
    row(40, 30, "exchange.bind", {reserved_1, destination, source, routing_key, no_wait, arguments}),
    row(40, 31, "exchange.bind-ok"),
    row(40, 40, "exchange.unbind", {reserved_1, destination, source, routing_key, no_wait, arguments}),
    row(40, 51, "exchange.unbind-ok"),
    row(50, 10, "queue.declare", {reserved_1, queue, passive, durable, exclusive, auto_delete, no_wait, arguments}),
    row(50, 11, "queue.declare-ok", {queue, message_count, consumer_count}),
    row(50, 20, "queue.bind", {reserved_1, queue, exchange, routing_key, no_wait, arguments}),
    row(50, 21, "queue.bind-ok"),
    row(50, 30, "queue.purge", {reserved_1, queue, no_wait}),
    row(50, 31, "queue.purge-ok", {message_count}),
    row(50, 40, "queue.delete", {reserved_1, queue, if_unused, if_empty, no_wait}),
    row(50, 41, "queue.delete-ok", {message_count}),
    row(50, 50, "queue.unbind", {reserved_1, queue, exchange, routing_key, arguments}),
    row(50, 51, "queue.unbind-ok"),
    row(60, 10, "basic.qos", {{"prefetch-size", u32}, {"prefetch-count", u16}, {"global", bit}}),
    row(60, 11, "basic.qos-ok"),
    row(60, 20, "basic.consume", {reserved_1, queue, consumer_tag, no_local, no_ack, exclusive, no_wait, arguments}),
    row(60, 21, "basic.consume-ok", {consumer_tag}),
    row(60, 30, "basic.cancel", {consumer_tag, no_wait}),
    row(60, 31, "basic.cancel-ok", {consumer_tag}),
    row(60, 40, "basic.publish", {reserved_1, exchange, routing_key, {"mandatory", bit}, {"immediate", bit}},
        with_content),
    row(60, 50, "basic.return", {reply_code, reply_text, exchange, routing_key}, with_content),
    row(60, 60, "basic.deliver", {consumer_tag, delivery_tag, redelivered, exchange, routing_key}, with_content),
    row(60, 70, "basic.get", {reserved_1, queue, no_ack}),
    row(60, 71, "basic.get-ok", {delivery_tag, redelivered, exchange, routing_key, message_count}, with_content),
    row(60, 72, "basic.get-empty", {{"", short_text}}),
    row(60, 80, "basic.ack", {delivery_tag, multiple}),
    row(60, 90, "basic.reject", {delivery_tag, requeue}),
    row(60, 100, "basic.recover-async", {requeue}),
    row(60, 110, "basic.recover", {requeue}),
    row(60, 111, "basic.recover-ok"),
    row(60, 120, "basic.nack", {delivery_tag, multiple, requeue}),
    row(85, 10, "confirm.select", {no_wait}),
    row(85, 11, "confirm.select-ok"),
    row(90, 10, "tx.select"),
    row(90, 11, "tx.select-ok"),
    row(90, 20, "tx.commit"),
    row(90, 21, "tx.commit-ok"),
    row(90, 30, "tx.rollback"),
    row(90, 31, "tx.rollback-ok"),
};

constexpr std::uint32_t class_end = 91, method_end = 121;
constexpr std::uint8_t none = 255;

// Where the row of each pair of ids stands: one load instead of a search for every method that arrives.
constexpr auto positions = [] {
  std::array<std::uint8_t, class_end * method_end> table{};
  table.fill(none);
  std::uint8_t at = 0;
  for (const Method& method : rows) table[method.class_id * method_end + method.method_id] = at++;
  return table;
}();

constexpr Argument properties[] = {
    {"content-type", short_text}, {"content-encoding", short_text},
    {"headers", table},           {"delivery-mode", octet},
    {"priority", octet},          {"correlation-id", short_text},
    {"reply-to", short_text},     {"expiration", short_text},
    {"message-id", short_text},   {"timestamp", timestamp},
    {"type", short_text},         {"user-id", short_text},
    {"app-id", short_text},       {"cluster-id", short_text},
};

}  // namespace

std::span<const Method> methods() { return rows; }

const Method* find_method(std::uint32_t class_of, std::uint32_t method_of) {
  if (class_of >= class_end || method_of >= method_end) return nullptr;
  const std::uint8_t at = positions[class_of * method_end + method_of];
  return at == none ? nullptr : &rows[at];
}

std::span<const Argument> basic_properties() { return properties; }

std::string_view reply_name(std::uint16_t code) {
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
    case 541:
      return "INTERNAL_ERROR";
    default:
      return {};
  }
}

}  // namespace premortem::fakes::amqp
