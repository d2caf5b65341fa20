// Work items: who holds them, how they finish, and what is written about it.

#include "sim/kernel/append.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

ItemId Machine::create_item(std::uint32_t kind, std::uint64_t luck, std::uint32_t where, std::uint32_t cause,
                            const Word* fields) {
  const auto number = static_cast<ItemId>(world_.items.size());
  Item& item = world_.items.emplace_back();
  item.id = world_.next_ids[kind]++;
  item.arrived = now();
  item.luck = luck;
  item.kind = kind;
  item.is_held = 1;
  world_.items_of_kind[kind].push_back(number);
  append(world_.item_words, model_.item_fields, Word{0});
  Word* words = world_.item_words.data() + std::size_t{number} * model_.item_fields;
  const std::size_t count = model_.items[kind].fields.size();
  for (std::size_t field = 0; field < count; ++field) words[field] = fields[field];
  const std::uint32_t arrived = record(RecordKind::arrived, where, number, kind, cause);
  for (std::size_t field = 0; field < count; ++field) {
    record(RecordKind::field, static_cast<std::uint32_t>(field), number, words[field], arrived);
  }
  Subject subject;
  subject.element = words;
  subject.element_item = number;
  subject.element_id = item.id;
  for (std::size_t member = 0; member < model_.members.size(); ++member) {
    const MemberSpec& spec = model_.members[member];
    if (spec.kind != kind) continue;
    if (spec.where == unset || evaluate(spec.where, subject) != 0)
      record(RecordKind::member, where, number, spec.check, arrived);
  }
  touch(number);
  return number;
}

void Machine::touch(ItemId item) {
  if (world_.items[item].touched != 0) return;
  world_.items[item].touched = 1;
  world_.touched.push_back(item);
}

void Machine::dead_letter(ItemId item, std::uint64_t reason, std::uint32_t cause, std::uint32_t who) {
  if (item == item_none) return;
  ++world_.items[item].dead;
  record(RecordKind::dead_lettered, who, item, reason, cause);
}

void Machine::revive(ItemId item, std::uint32_t cause, std::uint32_t who) {
  if (item == item_none) return;
  --world_.items[item].dead;
  record(RecordKind::revived, who, item, 0, cause);
}

void Machine::finish_item(ActivityId self, ItemId number, std::uint32_t outcome) {
  if (number == item_none) return;
  Item& item = world_.items[number];
  if (item.finished++ == 0) {
    item.finished_at = now();
    item.outcome = outcome;
  }
  record_of(self, RecordKind::finished, number, outcome);
  touch(number);
}

bool Machine::is_held(ItemId number) {
  const Item& item = world_.items[number];
  if (item.holders != 0) return true;
  const ItemKind& kind = model_.items[item.kind];
  if (kind.held_while == unset) return false;
  Subject subject;
  subject.element = world_.item_words.data() + std::size_t{number} * model_.item_fields;
  subject.element_item = number;
  subject.element_id = item.id;
  return evaluate(kind.held_while, subject) != 0;
}

/// A document changed: items that only their `held-while` holds may be held no longer, or again.
void Machine::touch_held_by_documents() {
  for (std::uint32_t kind = 0; kind < model_.items.size(); ++kind) {
    if (!model_.items[kind].held_while_reads_documents) continue;
    for (const ItemId number : world_.items_of_kind[kind]) {
      if (world_.items[number].finished == 0 && world_.items[number].holders == 0) touch(number);
    }
  }
}

void Machine::settle_items() {
  if (world_.systems_changed != 0) {
    world_.systems_changed = 0;
    for (ItemId number = 0; number < world_.items.size(); ++number) {
      const Item& item = world_.items[number];
      if (item.finished == 0 && item.holders == 0) touch(number);
    }
  }
  for (std::size_t i = 0; i < world_.touched.size(); ++i) {
    const ItemId number = world_.touched[i];
    world_.items[number].touched = 0;
    if (world_.items[number].finished != 0) continue;
    const bool held = is_held(number);
    Item& item = world_.items[number];
    if (held == (item.is_held != 0)) continue;
    item.is_held = held ? 1 : 0;
    record(held ? RecordKind::held : RecordKind::released, 0, number, 0, kernel().records);
  }
  if (!model_.probes.empty()) look_at_probes(true);
  world_.touched.clear();
}

}  // namespace premortem
