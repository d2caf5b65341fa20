#include "fakes/pacing/json_messages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fakes/pacing/json_payloads.hpp"

namespace premortem::fakes {

namespace {

using Json = nlohmann::ordered_json;

void put_short_text(std::string& out, const std::string& text) {
  const std::size_t length = std::min<std::size_t>(text.size(), 255);
  out += static_cast<char>(length);
  out.append(text, 0, length);
}

JsonForm form_of(const ServiceOperationSpec& operation) {
  return {operation.shape, &operation.kinds, operation.component};
}

std::string as_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

PayloadId JsonMessages::read(Machine& machine, std::uint32_t number, const BrokerRequest& message) const {
  const QueueExtra& queue = machine.model().queues[number];
  const Json body = Json::parse(message.body, nullptr, false);
  if (!body.is_object()) {
    ++unreadable_;
    return machine.world().payloads.create(queue.shape, item_none);
  }
  return payload_from(machine, {queue.shape, &queue.kinds, queue.component}, body, message.body);
}

void JsonMessages::write(Machine& machine, PayloadId payload, std::string& properties, std::string& body) const {
  World& world = machine.world();
  const PayloadHead& head = world.payloads.head(payload);
  Json fields = Json::object();
  std::string about;
  if (head.item != item_none) {
    const Item& item = world.items[head.item];
    const std::string& kind = machine.model().items[item.kind].name;
    fields["kind"] = kind;
    fields["id"] = item.id;
    about = kind + " " + std::to_string(item.id);
  }
  const Shape& shape = machine.model().shapes[head.shape];
  for (std::size_t n = 0; n < shape.fields.size(); ++n)
    fields[shape.fields[n].name] = json_of_value(machine, shape.fields[n].type, world.payloads.words(payload)[n]);
  body = as_text(fields);
  // Property flags, then content type, delivery mode and message id, in the order of their bits.
  constexpr unsigned content_type = 1U << 15, delivery_mode = 1U << 12, message_id = 1U << 7;
  const unsigned flags = content_type | delivery_mode | (about.empty() ? 0U : message_id);
  properties.clear();
  properties += static_cast<char>(flags >> 8);
  properties += static_cast<char>(flags & 0xFF);
  put_short_text(properties, "application/json");
  properties += static_cast<char>(2);
  if (!about.empty()) put_short_text(properties, about);
}

PayloadId JsonMessages::read_call(Machine& machine, std::uint32_t operation, std::string_view body) const {
  const ServiceOperationSpec& spec = machine.model().service_operations[operation];
  const Json object = Json::parse(body, nullptr, false);
  if (!object.is_object()) return machine.world().payloads.create(spec.shape, item_none);
  return payload_from(machine, form_of(spec), object, body);
}

std::string JsonMessages::objection_to_call(const Machine& machine, std::uint32_t operation, std::string_view body) {
  const ServiceOperationSpec& spec = machine.model().service_operations[operation];
  const Json object = Json::parse(body, nullptr, false);
  if (object.is_discarded())
    return "the body is no JSON; write an object with the fields of the call, {} if there are none";
  if (!object.is_object()) return "the body must be a JSON object with the fields of the call, {} if there are none";
  return objection_to(machine, form_of(spec), spec.name, object);
}

std::string JsonMessages::write_value(Machine& machine, Type type, Word value) const {
  return as_text(json_of_value(machine, type, value));
}

}  // namespace premortem::fakes
