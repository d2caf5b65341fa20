#include "sim/models/broker/queue_arguments.hpp"

#include <algorithm>

namespace premortem {

namespace {

constexpr std::string_view known_arguments[] = {"x-expires",
                                                "x-message-ttl",
                                                "x-dead-letter-exchange",
                                                "x-dead-letter-routing-key",
                                                "x-dead-letter-strategy",
                                                "x-max-length",
                                                "x-max-length-bytes",
                                                "x-max-priority",
                                                "x-overflow",
                                                "x-queue-mode",
                                                "x-queue-type",
                                                "x-single-active-consumer",
                                                "x-delivery-limit",
                                                "x-quorum-initial-group-size",
                                                "alternate-exchange"};

/// Reads one argument after the other; the first that is wrong ends it.
class ArgumentReader {
 public:
  ArgumentReader(const FieldTable& arguments, std::string_view where) : arguments_(arguments), where_(where) {}

  /// The value, if it is there; refuses what is no integer or lies outside.
  bool number(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t& value) {
    const TableValue* field = find(name);
    if (field == nullptr) return false;
    if (!is_integer(*field)) {
      refuse(name, "\"expected integer, got " + std::string(type_name(*field)) + "\"");
    } else if (field->integer < least) {
      const bool zero = field->integer == 0;
      refuse(name, zero ? "{value_zero,0}" : "{value_negative," + std::to_string(field->integer) + "}");
    } else if (field->integer > most) {
      refuse(name, "{max_value_exceeded," + std::to_string(field->integer) + "}");
    } else {
      value = field->integer;
      return true;
    }
    return false;
  }
  bool text(std::string_view name, std::string& value) {
    const TableValue* field = find(name);
    if (field == nullptr) return false;
    if (field->type != 'S') {
      refuse_type(name, *field);
      return false;
    }
    value = field->text;
    return true;
  }
  bool truth(std::string_view name, bool& value) {
    const TableValue* field = find(name);
    if (field == nullptr) return false;
    if (field->type != 't') {
      refuse(name, "{unacceptable_type," + std::string(type_name(*field)) + "}");
      return false;
    }
    value = field->integer != 0;
    return true;
  }
  /// RabbitMQ has a text of its own for names of exchanges.
  void refuse_type(std::string_view name, const TableValue& field) {
    const std::string type(type_name(field));
    if (name == "x-dead-letter-exchange")
      return refuse_whole(406, "invalid type '" + type + "' for arg '" + std::string(name) + "' in " + where_);
    refuse(name, "{unacceptable_type," + type + "}");
  }
  bool has(std::string_view name) const { return find_field(arguments_, name) != nullptr; }
  void refuse(std::string_view name, const std::string& why) {
    refuse_whole(406, "invalid arg '" + std::string(name) + "' for " + where_ + ": " + why);
  }
  void refuse_whole(std::uint16_t code, std::string text) {
    if (refusal_.code == 0) refusal_ = {code, std::move(text)};
  }
  const Refusal& refusal() const { return refusal_; }

 private:
  const TableValue* find(std::string_view name) const {
    return refusal_.code != 0 ? nullptr : find_field(arguments_, name);
  }

  const FieldTable& arguments_;
  std::string where_;
  Refusal refusal_;
};

void read_overflow(ArgumentReader& reader, ClientQueue& queue) {
  std::string text;
  if (!reader.text("x-overflow", text)) return;
  if (text != "drop-head" && text != "reject-publish" && text != "reject-publish-dlx")
    return reader.refuse("x-overflow", "invalid_overflow");
  queue.refused_die = text == "reject-publish-dlx";
  if (text != "drop-head") queue.limits.overflow = QueueSpec::Overflow::reject_publish;
}

/// Quorum queues: RABBIT-030, RABBIT-038, RABBIT-042.
void read_quorum(ArgumentReader& reader, int version, const std::string& where, ClientQueue& queue) {
  if (!queue.durable && !queue.exclusive) reader.refuse_whole(406, "invalid property 'non-durable' for " + where);
  if (queue.exclusive) reader.refuse_whole(406, "invalid property 'exclusive-owner' for " + where);
  if (queue.auto_delete && version < 4000) reader.refuse_whole(406, "invalid property 'auto-delete' for " + where);
  for (const std::string_view name : {"x-max-priority", "x-queue-mode"}) {
    if (reader.has(name))
      reader.refuse_whole(
          406, "invalid arg '" + std::string(name) + "' for " + where + " of queue type rabbit_quorum_queue");
  }
  if (queue.refused_die) reader.refuse_whole(540, "x-overflow=reject-publish-dlx of a quorum queue");
  queue.limits.delivery_limit = version >= 4000 ? 20 : -1;
  std::int64_t limit = 0, size = 0;
  if (reader.number("x-delivery-limit", -1, INT32_MAX, limit))
    queue.limits.delivery_limit = static_cast<std::int32_t>(limit);
  reader.number("x-quorum-initial-group-size", 1, INT32_MAX, size);
  std::string strategy;
  if (reader.text("x-dead-letter-strategy", strategy) && strategy != "at-most-once") {
    if (strategy == "at-least-once") return reader.refuse_whole(540, "x-dead-letter-strategy=at-least-once");
    reader.refuse("x-dead-letter-strategy", "invalid_dlx_strategy");
  }
}

}  // namespace

Refusal read_queue_arguments(const FieldTable& arguments, int version, std::string_view where_is, ClientQueue& queue) {
  constexpr std::int64_t millisecond = 1'000'000, longest = 315'360'000'000;
  const std::string where(where_is);
  ArgumentReader reader(arguments, where);
  std::string text;
  if (reader.text("x-queue-type", text)) {
    if (text == "stream") reader.refuse_whole(540, "x-queue-type=stream");
    if (text != "classic" && text != "quorum" && text != "stream")
      reader.refuse("x-queue-type", "\"unsupported queue type '" + text + "'\"");
    if (text == "quorum") queue.limits.type = QueueSpec::Type::quorum;
  }
  std::int64_t number = 0;
  if (reader.number("x-expires", 1, longest, number)) queue.expires = number * millisecond;
  if (reader.number("x-message-ttl", 0, longest, number)) queue.limits.ttl = number * millisecond;
  if (reader.number("x-max-length", 0, INT64_MAX, number)) queue.limits.length_max = number;
  if (reader.number("x-max-length-bytes", 0, INT64_MAX, number)) queue.bytes_max = number;
  queue.dead_letters = reader.text("x-dead-letter-exchange", queue.dead_letter_exchange);
  queue.has_dead_letter_key = reader.text("x-dead-letter-routing-key", queue.dead_letter_key);
  if (queue.has_dead_letter_key && !reader.has("x-dead-letter-exchange"))
    reader.refuse("x-dead-letter-routing-key", "routing_key_but_no_dlx_defined");
  if (reader.text("x-queue-mode", text) && text != "default" && text != "lazy")
    reader.refuse("x-queue-mode", "\"unsupported queue mode '" + text + "'\"");  // Else of no effect: RABBIT-049.
  reader.truth("x-single-active-consumer", queue.limits.single_active);
  read_overflow(reader, queue);
  const bool quorum = queue.limits.type == QueueSpec::Type::quorum;
  if (quorum) {
    read_quorum(reader, version, where, queue);
  } else {
    if (reader.number("x-max-priority", 0, 255, number)) queue.priority_max = static_cast<std::uint8_t>(number);
    for (const std::string_view name : {"x-delivery-limit", "x-dead-letter-strategy", "x-quorum-initial-group-size"}) {
      if (reader.has(name))
        reader.refuse_whole(
            406, "invalid arg '" + std::string(name) + "' for " + where + " of queue type rabbit_classic_queue");
    }
  }
  return reader.refusal();
}

std::string inequivalent_argument(const FieldTable& declared, const FieldTable& current, std::string_view where,
                                  bool partly) {
  for (const std::string_view name : known_arguments) {
    const TableValue* wanted = find_field(declared, name);
    const TableValue* there = find_field(current, name);
    if (wanted == nullptr && (partly || there == nullptr)) continue;
    if (wanted != nullptr && there != nullptr && same_value(*wanted, *there)) continue;
    // To say "classic" is to say nothing.
    const TableValue* alone = wanted == nullptr ? there : there == nullptr ? wanted : nullptr;
    if (alone != nullptr && name == "x-queue-type" && alone->text == "classic") continue;
    const auto said = [](const TableValue* value) {
      return value == nullptr ? std::string("none")
                              : "the value '" + printed(*value) + "' of type '" + std::string(type_name(*value)) + "'";
    };
    const std::string both = "inequivalent arg '" + std::string(name) + "' for " + std::string(where) + ": received ";
    if (wanted != nullptr && there != nullptr && type_name(*wanted) == type_name(*there))
      return both + "'" + printed(*wanted) + "' but current is '" + printed(*there) + "'";
    return both + said(wanted) + " but current is " + said(there);
  }
  return {};
}

}  // namespace premortem
