// Document stores: collections, their indexes, what they hold at first.

#include <algorithm>

#include "sim/models/properties.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/compiler.hpp"
#include "sim/scenario/compile/name_scope.hpp"

namespace premortem {

void Compiler::compile_stores(const Node& systems) {
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    if (model_.components[component].kind != ComponentKind::documents) continue;
    const std::uint32_t number = model_.components[component].number;
    StoreSpec& store = model_.stores[number];
    store.component = static_cast<std::uint16_t>(component);
    const Node* const database = member.second.find("database");
    store.database = database == nullptr ? member.first : database->text;
    store.first_collection = static_cast<std::uint32_t>(model_.collections.size());
    store.lifetime = duration_setting(member.second, "lifetime", member.first, 60 * one_second);
    if (member.second.find("lag") != nullptr) store.lag = duration_setting(member.second, "lag", member.first, 0);
    store.store.replicated = store.lag != unset;
    if (const Node* concern = member.second.find("write-concern")) {
      store.write_concern =
          word_setting(member.second, "write-concern", member.first, static_cast<Word>(WriteConcern::majority));
      if (store.lag == unset)
        error(*concern, "/systems/" + member.first + "/write-concern",
              "without a \"lag\" there is no majority to wait for; write \"lag\", too, or remove it");
    }
    if (member.second.find("cache-pressure") != nullptr)
      store.cache_pressure = boolean_setting(member.second, "cache-pressure", member.first, false);
    if (const Node* most = member.second.find("transaction-max"))
      store.transaction_max = static_cast<std::uint64_t>(most->integer);
    if (const Node* most = member.second.find("oplog-max")) {
      if (most->integer == 0)
        error(*most, "/systems/" + member.first + "/oplog-max", "a store without an oplog is none; write 1 or more");
      store.oplog_max = static_cast<std::uint64_t>(most->integer);
    }
    if (const Node* users = member.second.find("users")) {
      for (const Node::Member& user : users->members) {
        if (!user.second.is(Node::Kind::text) || user.second.text.empty() || user.first.empty())
          error(user.second, "/systems/" + member.first + "/users/" + user.first,
                "a user has a name and one password: \"app\": \"secret\"");
        store.users.emplace_back(user.first, user.second.text);
      }
    }
    const bool takes = member.second.find("takes") != nullptr;
    std::uint32_t takes_setting = unset;
    if (takes) takes_setting = range_setting(member.second.find("takes"), member.first + ".takes", Unit::duration, 0);
    if (takes || !model_.components[component].on || disturbed(member.first)) {
      for (const char* name : {"find", "insert", "update", "delete", "commit"}) {
        operation(member.first + "." + name, static_cast<std::uint16_t>(component), OperationSpec::Kind::document,
                  takes_setting);
      }
    }
    const Node* collections = member.second.find("collections");
    for (const Node::Member& entry : collections->members) {
      const std::string name = member.first + "." + entry.first;
      CollectionInfo info;
      info.name = name;
      if (const Node* of = entry.second.find("of")) {
        info.of_items = true;
        const Node& first = of->is(Node::Kind::array) && !of->items.empty() ? of->items.front() : *of;
        info.kind = item_kind(first, "/systems/" + member.first + "/collections/" + entry.first + "/of").value_or(0);
      }
      info.shape = shape_for(entry.second, name, "/systems/" + member.first + "/collections/" + entry.first);
      CollectionSpec spec;
      const std::vector<FieldSpec> fields = model_.shapes[info.shape].fields;
      spec.fields = static_cast<std::uint16_t>(fields.size() + document_header);
      const auto field_at = [&](const Node& field) -> std::int32_t {
        if (field.text == "id") return 0;
        std::vector<std::string> names = {"id"};
        for (std::size_t n = 0; n < fields.size(); ++n) {
          names.push_back(fields[n].name);
          if (fields[n].name == field.text) return static_cast<std::int32_t>(n + document_header);
        }
        error(field, "/systems/" + member.first + "/collections/" + entry.first,
              name + " has no field \"" + field.text + "\"" + did_you_mean(field.text, names));
        return -1;
      };
      if (const Node* unique = entry.second.find("unique")) {
        std::vector<std::uint16_t> key;
        const std::vector<Node> names = unique->is(Node::Kind::array) ? unique->items : std::vector<Node>{*unique};
        for (const Node& field : names) {
          const std::int32_t at = field_at(field);
          if (at >= 0) key.push_back(static_cast<std::uint16_t>(at));
        }
        if (!key.empty()) spec.unique.push_back(key);
      }
      if (const Node* holds = entry.second.find("holds")) {
        for (const Node& document : holds->items) {
          std::vector<Word> words(fields.size(), 0);
          for (const Node::Member& value : document.members) {
            Node field = Node::of_text(value.first, value.second.key_at);
            const std::int32_t at = field_at(field);
            if (at == 0)
              error(field, "/systems/" + member.first + "/collections/" + entry.first + "/holds",
                    "ids are given out as documents come; remove \"id\"");
            if (at < document_header) continue;
            const Type type = fields[static_cast<std::size_t>(at - document_header)].type;
            Word word = 0;
            if (type == types::text && value.second.is(Node::Kind::text)) {
              word = intern(value.second.text);
            } else if (type == types::date && parse_date(value.second.text)) {
              word = word_of(*parse_date(value.second.text));
            } else if (type == types::boolean && value.second.is(Node::Kind::boolean)) {
              word = word_of(value.second.boolean);
            } else if (type == types::integer && value.second.is(Node::Kind::integer)) {
              word = word_of(value.second.integer);
            } else {
              error(value.second, "/systems/" + member.first + "/collections/" + entry.first + "/holds",
                    "\"" + value.first + "\" must be " + article_name_of(type));
            }
            words[static_cast<std::size_t>(at - document_header)] = word;
          }
          info.holds.push_back(words);
        }
      }
      CollectionEntry known{name,
                            static_cast<std::uint16_t>(number),
                            static_cast<std::uint16_t>(store.collections.size()),
                            info.shape,
                            static_cast<std::uint16_t>(model_.collections.size()),
                            info.of_items};
      collections_.push_back(known);
      model_.collections.push_back({known.store, known.collection});
      store.collections.push_back(info);
      store.store.collections.push_back(spec);
    }
  }
  if (!scenario_.serving || !model_.stores.empty()) return;
  // Programs that are served may want a store though the scenario has none: it belongs to them.
  StoreSpec own;
  own.component = model_.clients_component;
  model_.stores.push_back(own);
}

}  // namespace premortem
