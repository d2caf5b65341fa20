#include "fakes/pacing/json_payloads.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "fakes/pacing/json_values.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/item_lookup.hpp"
#include "sim/scenario/diagnostic.hpp"

namespace premortem::fakes {

namespace {

using Json = nlohmann::ordered_json;

/// Keys the luck of what real programs bring.
constexpr std::uint64_t brought = 0x62726F75676874;

/// Of whose items the elements of a list with that shape are; null: of none. Only collections have such lists.
const CollectionInfo* collection_of_items(const Model& model, std::uint16_t shape) {
  for (const StoreSpec& store : model.stores) {
    for (const CollectionInfo& collection : store.collections) {
      if (collection.shape == shape) return collection.of_items ? &collection : nullptr;
    }
  }
  return nullptr;
}

/// Which kind of item the object is about; nothing when it is about none, or does not say which.
const std::uint32_t* kind_of(const Model& model, const JsonForm& form, const Json& object) {
  if (form.kinds->size() == 1) return form.kinds->data();
  const auto named = object.find("kind");
  if (named == object.end() || !named->is_string()) return nullptr;
  for (const std::uint32_t& kind : *form.kinds) {
    if (model.items[kind].name == named->get_ref<const std::string&>()) return &kind;
  }
  return nullptr;
}

std::optional<std::int64_t> id_in(const Json& object) {
  const auto id = object.find("id");
  if (id == object.end() || !id->is_number_integer()) return std::nullopt;
  return id->get<std::int64_t>();
}

ItemId item_of(Machine& machine, const JsonForm& form, const Json& object, std::uint64_t luck) {
  const Model& model = machine.model();
  const std::uint32_t* kind = kind_of(model, form, object);
  if (kind == nullptr) return item_none;
  if (const auto id = id_in(object)) {
    const ItemId known = item_with_id(machine.world(), *kind, *id);
    if (known != item_none) return known;
  }
  std::vector<Word> fields;
  fields.reserve(model.items[*kind].fields.size());
  for (const FieldSpec& field : model.items[*kind].fields) {
    const auto given = object.find(field.name);
    fields.push_back(given == object.end() ? 0 : plain_word(machine, field.type.base, *given));
  }
  fields.resize(std::max<std::size_t>(fields.size(), 1), 0);
  return machine.create_item(*kind, luck, form.component, machine.kernel().records, fields.data());
}

Word value_in(Machine& machine, Type type, const Json& value, std::uint64_t luck);

PayloadId filled(Machine& machine, std::uint16_t shape_number, ItemId item, const Json& object, std::uint64_t luck) {
  World& world = machine.world();
  const PayloadId payload = world.payloads.create(shape_number, item);
  world.payloads.head(payload).luck = luck;
  const Shape& shape = machine.model().shapes[shape_number];
  for (std::size_t n = 0; n < shape.fields.size(); ++n) {
    const FieldSpec& field = shape.fields[n];
    const auto given = object.find(field.name);
    if (given != object.end()) {
      const Word word = value_in(machine, field.type, *given, combine(luck, n));
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

/// An element of a list: about the item with its id, and about none where no item has it.
PayloadId element_in(Machine& machine, std::uint16_t shape, const Json& element, std::uint64_t luck) {
  static const Json empty = Json::object();
  const Json& object = element.is_object() ? element : empty;
  const CollectionInfo* const collection = collection_of_items(machine.model(), shape);
  const auto id = id_in(object);
  const ItemId item = collection != nullptr && id ? item_with_id(machine.world(), collection->kind, *id) : item_none;
  return filled(machine, shape, item, object, luck);
}

Word value_in(Machine& machine, Type type, const Json& value, std::uint64_t luck) {
  if (type.base != BaseType::list) return plain_word(machine, type.base, value);
  if (!value.is_array() || value.empty()) return 0;
  const bool of_objects = type.element == BaseType::object;
  const ListId list = machine.world().lists.create(of_objects);
  for (std::size_t n = 0; n < value.size(); ++n) {
    const Word word = of_objects ? Word{element_in(machine, type.shape, value[n], combine(luck, n))}
                                 : plain_word(machine, type.element, value[n]);
    machine.world().lists[list].values.push_back(word);
  }
  return list;
}

std::string objection_to_element(const Machine& machine, std::uint16_t shape, const std::string& place,
                                 const Json& element);

/// `place`: "records", "records[2].start"
std::string objection_to_value(const Machine& machine, Type type, const std::string& place, const Json& value) {
  if (type.base != BaseType::list) {
    const std::string why = plain_objection(type.base, value);
    return why.empty() ? why : place + " " + why;
  }
  if (!value.is_array()) return place + " must be an array";
  for (std::size_t n = 0; n < value.size(); ++n) {
    const std::string element = place + "[" + std::to_string(n) + "]";
    std::string why = type.element == BaseType::object
                          ? objection_to_element(machine, type.shape, element, value[n])
                          : objection_to_value(machine, element_of(type), element, value[n]);
    if (!why.empty()) return why;
  }
  return {};
}

/// The members that are fields of the shape; `others` may stand beside them.
std::string objection_to_fields(const Machine& machine, std::uint16_t shape, const std::string& whose,
                                const std::string& before, const Json& object, const std::vector<std::string>& others) {
  const std::vector<FieldSpec>& fields = machine.model().shapes[shape].fields;
  for (auto member = object.begin(); member != object.end(); ++member) {
    const std::string& name = member.key();
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const FieldSpec& one) { return one.name == name; });
    if (field != fields.end()) {
      std::string why = objection_to_value(machine, field->type, before + name, member.value());
      if (!why.empty()) return why;
      continue;
    }
    if (std::find(others.begin(), others.end(), name) != others.end()) continue;
    std::vector<std::string> known = others;
    for (const FieldSpec& one : fields) known.push_back(one.name);
    return whose + " has no field \"" + before + name + "\"" + did_you_mean(name, known);
  }
  return {};
}

std::string objection_to_element(const Machine& machine, std::uint16_t shape, const std::string& place,
                                 const Json& element) {
  if (!element.is_object()) return place + " must be an object";
  const CollectionInfo* const collection = collection_of_items(machine.model(), shape);
  const std::string& whose = machine.model().shapes[shape].name;
  if (collection == nullptr) return objection_to_fields(machine, shape, whose, place + ".", element, {});
  const std::string& kind = machine.model().items[collection->kind].name;
  const auto named = element.find("kind");
  if (named != element.end() && *named != kind) return place + ".kind must be \"" + kind + "\"";
  if (!element.contains("id")) return place + " says not which " + kind + " it is about; write \"id\"";
  const std::string why = plain_objection(BaseType::integer, element["id"]);
  if (!why.empty()) return place + ".id " + why;
  if (item_with_id(machine.world(), collection->kind, *id_in(element)) == item_none)
    return place + ".id: there is no " + kind + " " + std::to_string(*id_in(element));
  return objection_to_fields(machine, shape, whose, place + ".", element, {"id", "kind"});
}

Json json_of_object(const Machine& machine, std::uint16_t shape_number, Word word) {
  Json fields = Json::object();
  if (word == 0) return fields;
  const World& world = machine.world();
  const auto payload = static_cast<PayloadId>(word);
  const ItemId item = world.payloads.head(payload).item;
  if (item != item_none) fields["id"] = world.items[item].id;
  const Shape& shape = machine.model().shapes[shape_number];
  for (std::size_t n = 0; n < shape.fields.size(); ++n)
    fields[shape.fields[n].name] = json_of_value(machine, shape.fields[n].type, world.payloads.words(payload)[n]);
  return fields;
}

}  // namespace

PayloadId payload_from(Machine& machine, const JsonForm& form, const Json& object, std::string_view text) {
  const std::uint64_t luck = combine(combine(brought, hash_name(text)), std::uint64_t{machine.world().items.size()});
  const ItemId item = item_of(machine, form, object, luck);
  return filled(machine, form.shape, item, object, luck);
}

std::string objection_to(const Machine& machine, const JsonForm& form, const std::string& whose, const Json& object) {
  const Model& model = machine.model();
  std::vector<std::string> others;
  if (!form.kinds->empty()) {
    others = {"id", "kind"};
    std::vector<std::string> kinds;
    for (const std::uint32_t kind : *form.kinds) kinds.push_back(model.items[kind].name);
    std::string all;
    for (const std::string& kind : kinds) all += (all.empty() ? "\"" : " or \"") + kind + "\"";
    const auto is_field = [&](std::string_view name) {
      const std::vector<FieldSpec>& fields = model.shapes[form.shape].fields;
      return std::any_of(fields.begin(), fields.end(), [&](const FieldSpec& one) { return one.name == name; });
    };
    if (object.contains("kind") && !is_field("kind") &&
        (!object["kind"].is_string() ||
         std::find(kinds.begin(), kinds.end(), object["kind"].get_ref<const std::string&>()) == kinds.end()))
      return "kind must be " + all;
    if (object.contains("id") && !is_field("id")) {
      const std::string why = plain_objection(BaseType::integer, object["id"]);
      if (!why.empty()) return "id " + why;
      if (kind_of(model, form, object) == nullptr) return "an id alone could mean several; write \"kind\": " + all;
    }
  }
  return objection_to_fields(machine, form.shape, whose, "", object, others);
}

Json json_of_value(const Machine& machine, Type type, Word word) {
  if (type.base == BaseType::object) return json_of_object(machine, type.shape, word);
  if (type.base != BaseType::list) return plain_json(machine, type.base, word);
  Json all = Json::array();
  if (word == 0) return all;
  for (const Word one : machine.world().lists[static_cast<ListId>(word)].values)
    all.push_back(json_of_value(machine, element_of(type), one));
  return all;
}

}  // namespace premortem::fakes
