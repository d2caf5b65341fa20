#include "fakes/pacing/json_messages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/kernel/random.hpp"
#include "sim/models/expression/text_form.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/expression/utc_time.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::fakes {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t second = 1'000'000'000;
/// Keys the luck of items that real programs bring.
constexpr std::uint64_t brought = 0x62726F75676874;

/// The item of that kind with that id; item_none: there is none.
ItemId item_with_id(const World& world, std::uint32_t kind, std::int64_t id) {
  for (const ItemId item : world.items_of_kind[kind]) {
    if (world.items[item].id == id) return item;
  }
  return item_none;
}

std::int64_t whole_seconds(const Json& value) {
  // Beyond some three hundred years an instant is out of range, and so is a fraction of a second in a double.
  constexpr std::int64_t most = INT64_MAX / second;
  if (value.is_number_integer()) return std::clamp<std::int64_t>(value.get<std::int64_t>(), -most, most) * second;
  const double seconds = value.get<double>();
  return seconds > -9e9 && seconds < 9e9 ? static_cast<std::int64_t>(seconds * 1e6) * 1000 : 0;
}

/// "2021-08-04T13:00:00Z", to the second; 1970 for anything else.
std::int64_t instant_from(std::string text) {
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z') return 0;
  text[10] = ' ';
  return expression_syntax::utc_time(text.substr(0, 19) + " UTC").value_or(0);
}

Word word_from(Machine& machine, BaseType type, const Json& value) {
  switch (type) {
    case BaseType::boolean:
      return value.is_boolean() ? word_of(value.get<bool>()) : 0;
    case BaseType::integer:
      return value.is_number_integer() ? word_of(value.get<std::int64_t>()) : 0;
    case BaseType::real:
      return value.is_number() ? word_of(value.get<double>() + 0.0) : 0;
    case BaseType::text:
      return value.is_string()
                 ? Word{machine.world().texts.intern(machine.model().texts, value.get_ref<const std::string&>())}
                 : 0;
    case BaseType::date:
      return value.is_string() ? word_of(parse_date(value.get_ref<const std::string&>()).value_or(0)) : 0;
    case BaseType::time:
      if (value.is_number()) return word_of(whole_seconds(value));
      return value.is_string() ? word_of(instant_from(value.get_ref<const std::string&>())) : 0;
    case BaseType::duration: {
      if (value.is_number()) return word_of(whole_seconds(value));
      const auto length = value.is_string() ? parse_duration(value.get_ref<const std::string&>()) : std::nullopt;
      return length ? word_of(std::int64_t{length->count()}) : 0;
    }
    case BaseType::list:
    case BaseType::object:
    case BaseType::nothing:
      return 0;
  }
  return 0;
}

Json json_of(const Machine& machine, Type type, Word word) {
  switch (type.base) {
    case BaseType::boolean:
      return word != 0;
    case BaseType::integer:
      return integer_of(word);
    case BaseType::real:
      return real_of(word);
    case BaseType::text:
      return std::string(machine.text(word));
    case BaseType::date:
    case BaseType::time:
    case BaseType::duration:
      return text_form(type.base, word);
    default:
      return nullptr;
  }
}

/// One field of a payload; lists element by element, objects with their own fields.
Json json_of_field(Machine& machine, Type type, Word word) {
  World& world = machine.world();
  const auto object = [&](std::uint16_t shape, Word payload) {
    Json fields = Json::object();
    if (payload == 0) return fields;
    const PayloadHead& head = world.payloads.head(static_cast<PayloadId>(payload));
    if (head.item != item_none) fields["id"] = world.items[head.item].id;
    const Shape& known = machine.model().shapes[shape];
    for (std::size_t n = 0; n < known.fields.size(); ++n)
      fields[known.fields[n].name] =
          json_of(machine, known.fields[n].type, world.payloads.words(static_cast<PayloadId>(payload))[n]);
    return fields;
  };
  if (type.base == BaseType::object) return object(type.shape, word);
  if (type.base != BaseType::list) return json_of(machine, type, word);
  Json all = Json::array();
  if (word == 0) return all;
  const Type element = element_of(type);
  for (const Word one : world.lists[static_cast<ListId>(word)].values)
    all.push_back(element.base == BaseType::object ? object(element.shape, one) : json_of(machine, element, one));
  return all;
}

/// Which kind of item the message is about; nothing when the queue carries none, or the message does not say which.
const std::uint32_t* kind_of(const Model& model, const QueueExtra& queue, const Json& body) {
  if (queue.kinds.size() == 1) return queue.kinds.data();
  const auto named = body.find("kind");
  if (named == body.end() || !named->is_string()) return nullptr;
  for (const std::uint32_t& kind : queue.kinds) {
    if (model.items[kind].name == named->get_ref<const std::string&>()) return &kind;
  }
  return nullptr;
}

ItemId item_of(Machine& machine, const QueueExtra& queue, const Json& body, std::uint64_t luck) {
  const Model& model = machine.model();
  const std::uint32_t* kind = kind_of(model, queue, body);
  if (kind == nullptr) return item_none;
  const auto id = body.find("id");
  if (id != body.end() && id->is_number_integer()) {
    const ItemId known = item_with_id(machine.world(), *kind, id->get<std::int64_t>());
    if (known != item_none) return known;
  }
  std::vector<Word> fields;
  fields.reserve(model.items[*kind].fields.size());
  for (const FieldSpec& field : model.items[*kind].fields) {
    const auto given = body.find(field.name);
    fields.push_back(given == body.end() ? 0 : word_from(machine, field.type.base, *given));
  }
  fields.resize(std::max<std::size_t>(fields.size(), 1), 0);
  return machine.create_item(*kind, luck, queue.component, machine.kernel().records, fields.data());
}

void put_short_text(std::string& out, const std::string& text) {
  const std::size_t length = std::min<std::size_t>(text.size(), 255);
  out += static_cast<char>(length);
  out.append(text, 0, length);
}

}  // namespace

PayloadId JsonMessages::read(Machine& machine, std::uint32_t number, const BrokerRequest& message) const {
  const QueueExtra& queue = machine.model().queues[number];
  const Json body = Json::parse(message.body, nullptr, false);
  World& world = machine.world();
  if (!body.is_object()) {
    ++unreadable_;
    return world.payloads.create(queue.shape, item_none);
  }
  const std::uint64_t luck = combine(combine(brought, hash_name(message.body)), std::uint64_t{world.items.size()});
  const ItemId item = item_of(machine, queue, body, luck);
  const PayloadId payload = world.payloads.create(queue.shape, item);
  world.payloads.head(payload).luck = luck;
  const Shape& shape = machine.model().shapes[queue.shape];
  for (std::size_t n = 0; n < shape.fields.size(); ++n) {
    const FieldSpec& field = shape.fields[n];
    const auto given = body.find(field.name);
    if (given != body.end()) {
      const Word word = word_from(machine, field.type.base, *given);
      world.payloads.words(payload)[n] = word;
    } else if (item != item_none) {
      const std::vector<FieldSpec>& known = machine.model().items[world.items[item].kind].fields;
      const auto same =
          std::find_if(known.begin(), known.end(), [&](const FieldSpec& one) { return one.name == field.name; });
      if (same != known.end())
        world.payloads.words(payload)[n] = world.item_words[std::size_t{item} * machine.model().item_fields +
                                                            static_cast<std::size_t>(same - known.begin())];
    }
  }
  return payload;
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
    fields[shape.fields[n].name] = json_of_field(machine, shape.fields[n].type, world.payloads.words(payload)[n]);
  body = fields.dump(-1, ' ', false, Json::error_handler_t::replace);
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

}  // namespace premortem::fakes
