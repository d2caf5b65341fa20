#include "sim/scenario/compile/name_scope.hpp"

#include "sim/models/properties.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem {

namespace {

struct PropertyName {
  std::string_view name;
  Property property;
  Type type;
  bool reads_clock;
};
constexpr PropertyName property_names[] = {{"id", Property::id, types::integer, false},
                                           {"kind", Property::kind, types::text, false},
                                           {"arrived", Property::arrived, types::time, false},
                                           {"age", Property::age, types::duration, true},
                                           {"finished", Property::finished, types::boolean, false},
                                           {"outcome", Property::outcome, types::text, false},
                                           {"held", Property::held, types::boolean, false},
                                           {"mark", Property::mark, types::text, false}};

struct ObservableName {
  std::string_view name;
  Observable observable;
  Type type;
  std::string_view kinds;
};
constexpr ObservableName observable_names[] = {{"on", Observable::on, types::boolean, ""},
                                               {"up", Observable::up, types::boolean, ""},
                                               {"paused", Observable::paused, types::boolean, ""},
                                               {"crashes", Observable::crashes, types::integer, ""},
                                               {"ready", Observable::ready, types::integer, "queue"},
                                               {"unacked", Observable::unacked, types::integer, "queue"},
                                               {"oldest", Observable::oldest, types::duration, "queue"},
                                               {"unroutable", Observable::unroutable, types::integer, "exchange"},
                                               {"length", Observable::length, types::integer, "log"},
                                               {"busy", Observable::busy, types::integer, "service|consumer"},
                                               {"lag", Observable::lag, types::integer, "stream"},
                                               {"position", Observable::position, types::integer, "stream"},
                                               {"running", Observable::running, types::integer, "job"},
                                               {"last-end", Observable::last_end, types::time, "job"},
                                               {"fired", Observable::fired, types::boolean, "monitor"}};

constexpr std::string_view kind_names[] = {"queue",    "exchange", "log",   "documents", "service",
                                           "consumer", "stream",   "job",   "toggles",   "monitor",
                                           "arrivals", "timeline", "broker"};

bool fits(std::string_view kinds, ComponentKind kind) {
  return kinds.empty() ||
         ("|" + std::string(kinds) + "|").find("|" + std::string(kind_names[static_cast<std::size_t>(kind)]) + "|") !=
             std::string::npos;
}

}  // namespace

const std::vector<FieldSpec>* NameScope::element_specs() const {
  if (!element) return nullptr;
  if (element->kind == Element::Kind::item) return &compiler_.model_.items[element->shape].fields;
  return &compiler_.model_.shapes[element->shape].fields;
}

std::optional<Symbol> NameScope::property(std::string_view name, Source source, std::uint32_t b) const {
  for (const PropertyName& known : property_names) {
    if (known.name == name) {
      return Symbol{source, static_cast<std::uint16_t>(known.property), b, known.type, known.reads_clock};
    }
  }
  return std::nullopt;
}

std::optional<Symbol> NameScope::name(std::string_view name) const {
  if (name == "it" && hand) {
    return Symbol{Source::it_property, static_cast<std::uint16_t>(Property::self), hand->slot, hand->type, false};
  }
  if (const std::vector<FieldSpec>* specs = element_specs()) {
    for (std::size_t n = 0; n < specs->size(); ++n) {
      if ((*specs)[n].name != name) continue;
      if (element->kind == Element::Kind::message) {
        return Symbol{Source::it_field, static_cast<std::uint16_t>(n), hand->slot, (*specs)[n].type, false};
      }
      const auto offset = element->kind == Element::Kind::document ? document_header : std::uint16_t{0};
      return Symbol{Source::element_field, static_cast<std::uint16_t>(n + offset), 0, (*specs)[n].type, false};
    }
    const bool message = element->kind == Element::Kind::message;
    const Source source = message ? Source::it_property : Source::element_property;
    if (const auto found = property(name, source, message ? hand->slot : 0)) return found;
  }
  const auto result = results.find(name);
  if (result != results.end()) return Symbol{Source::local, 0, result->second.slot, result->second.type, false};
  return std::nullopt;
}

std::optional<PathSymbol> NameScope::path(const std::vector<std::string>& names) const {
  if (names[0] == "it" && hand && names.size() > 1) {
    if (hand->type.base == BaseType::object) {
      const std::vector<FieldSpec>& fields = compiler_.model_.shapes[hand->type.shape].fields;
      for (std::size_t n = 0; n < fields.size(); ++n) {
        if (fields[n].name == names[1]) {
          return PathSymbol{{Source::it_field, static_cast<std::uint16_t>(n), hand->slot, fields[n].type, false}, 2};
        }
      }
      if (names[1] == "attempt" && hand->attempt_slot) {
        return PathSymbol{{Source::it_property, static_cast<std::uint16_t>(Property::attempt), *hand->attempt_slot,
                           types::integer, false},
                          2};
      }
      if (names[1] == "redelivered" && hand->redelivered_slot) {
        return PathSymbol{{Source::it_property, static_cast<std::uint16_t>(Property::redelivered),
                           *hand->redelivered_slot, types::boolean, false},
                          2};
      }
      if (names[1] == "deaths" && hand->deaths_slot) {
        return PathSymbol{{Source::it_property, static_cast<std::uint16_t>(Property::deaths), *hand->deaths_slot,
                           types::integer, false},
                          2};
      }
      if (const auto found = property(names[1], Source::it_property, hand->slot)) return PathSymbol{*found, 2};
    }
    return std::nullopt;
  }
  if (name(names[0])) return std::nullopt;
  if (names[0] == "lists" && names.size() > 1) {
    const auto list = compiler_.lists_.find(names[1]);
    if (list == compiler_.lists_.end()) return std::nullopt;
    return PathSymbol{
        {Source::list_constant, 0, list->second, list_of(compiler_.model_.lists[list->second].element), false}, 2};
  }
  const auto list = compiler_.lists_.find(names[0]);
  if (list != compiler_.lists_.end()) {
    return PathSymbol{
        {Source::list_constant, 0, list->second, list_of(compiler_.model_.lists[list->second].element), false}, 1};
  }
  const std::uint32_t component = compiler_.component_of(names[0]);
  if (component == unset || names.size() < 2) return std::nullopt;
  std::string address = names[0];
  std::optional<PathSymbol> best;
  for (std::size_t n = 1; n < names.size(); ++n) {
    address += "." + names[n];
    const auto setting = compiler_.settings_.find(address);
    if (setting == compiler_.settings_.end()) continue;
    const SettingSpec& spec = compiler_.model_.settings[setting->second];
    if (spec.kind != SettingSpec::Kind::scalar && spec.kind != SettingSpec::Kind::list) continue;
    best = PathSymbol{{Source::setting, 0, setting->second, spec.type, false}, n + 1};
  }
  if (best) return best;
  for (const ObservableName& known : observable_names) {
    std::string spelled(known.name);
    if (spelled == "last-end") spelled = "last_end";
    if (spelled == names[1] && fits(known.kinds, compiler_.model_.components[component].kind)) {
      const bool clock = known.observable == Observable::oldest;
      return PathSymbol{
          {Source::observable, static_cast<std::uint16_t>(known.observable), component, known.type, clock}, 2};
    }
  }
  return std::nullopt;
}

std::optional<FieldSymbol> NameScope::field(std::uint16_t shape, std::string_view name) const {
  const std::vector<FieldSpec>& fields = compiler_.model_.shapes[shape].fields;
  for (std::size_t n = 0; n < fields.size(); ++n) {
    if (fields[n].name == name) return FieldSymbol{static_cast<std::uint16_t>(n), fields[n].type};
  }
  return std::nullopt;
}

std::optional<SetInfo> NameScope::set(std::string_view dotted) const {
  auto inner = std::make_shared<NameScope>(compiler_);
  inner->hand = hand;
  inner->results = results;
  const auto kind = compiler_.item_kinds_.find(dotted);
  if (kind != compiler_.item_kinds_.end()) {
    inner->element = Element{Element::Kind::item, static_cast<std::uint16_t>(kind->second), std::string(dotted)};
    return SetInfo{static_cast<std::uint16_t>(kind->second), inner};
  }
  if (const Compiler::CollectionEntry* entry = compiler_.collection(dotted)) {
    inner->element = Element{Element::Kind::document, entry->shape, entry->name};
    return SetInfo{static_cast<std::uint16_t>(set_is_collection | entry->number), inner};
  }
  return std::nullopt;
}

FieldNames NameScope::element_fields() const {
  FieldNames names;
  if (const std::vector<FieldSpec>* specs = element_specs()) {
    names.of = element->name;
    for (const FieldSpec& spec : *specs) names.names.push_back(spec.name);
  }
  return names;
}

FieldNames NameScope::fields_of(std::uint16_t shape) const {
  FieldNames names{compiler_.model_.shapes[shape].name, {}};
  for (const FieldSpec& spec : compiler_.model_.shapes[shape].fields) names.names.push_back(spec.name);
  return names;
}

std::vector<std::string> NameScope::candidates() const {
  std::vector<std::string> all;
  if (hand) {
    all.emplace_back("it");
    if (hand->type.base == BaseType::object) {
      for (const FieldSpec& field : compiler_.model_.shapes[hand->type.shape].fields) all.push_back("it." + field.name);
      for (const PropertyName& known : property_names) all.push_back("it." + std::string(known.name));
    }
  }
  for (const auto& [name, result] : results) all.push_back(name);
  if (element) {
    for (const std::string& field : element_fields().names) all.push_back(field);
    for (const PropertyName& known : property_names) all.emplace_back(known.name);
  }
  for (const auto& [name, number] : compiler_.lists_) all.push_back("lists." + name);
  for (const auto& [address, number] : compiler_.settings_) {
    if (address.find('[') == std::string::npos) all.push_back(address);
  }
  for (const auto& [name, number] : compiler_.components_) {
    for (const ObservableName& known : observable_names) {
      if (fits(known.kinds, compiler_.model_.components[number].kind))
        all.push_back(name + "." + std::string(known.name));
    }
  }
  return all;
}

std::vector<std::string> NameScope::set_candidates() const {
  std::vector<std::string> all;
  for (const auto& [name, number] : compiler_.item_kinds_) all.push_back(name);
  for (const Compiler::CollectionEntry& entry : compiler_.collections_) all.push_back(entry.name);
  return all;
}

std::optional<std::string> NameScope::objection(const std::vector<std::string>& names) const {
  if (results.find(names[0]) == results.end() && later_results.find(names[0]) != later_results.end() &&
      !name(names[0])) {
    return "\"" + names[0] + "\" is used before a step names it with \"as\"";
  }
  return std::nullopt;
}

std::optional<std::int64_t> NameScope::time_literal(std::string_view text, std::string& error) const {
  const auto spec = parse_time(text, compiler_.clock_.zone, Node::no_day, error);
  if (!spec) return std::nullopt;
  if (spec->kind != TimeSpec::Kind::absolute || spec->low != spec->high) {
    error = "\"" + std::string(text) + "\" is no instant; write a date and a time";
    return std::nullopt;
  }
  return spec->low;
}

}  // namespace premortem
