// How activities hold payloads and lists, and how payloads are made.

#include <algorithm>

#include "sim/models/machine.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

namespace {
/// Keeps the draws on behalf of a document apart from those on behalf of a message.
constexpr std::uint64_t document_luck = 0x646F63;
}  // namespace

/// Nobody refers to the payload any more; nor does it to anything.
void Machine::throw_away(PayloadId payload) {
  // A scenario without shapes has messages too, once real clients publish: they have no fields.
  const std::size_t number = world_.payloads.head(payload).shape;
  const Shape* const shape = number < model_.shapes.size() ? &model_.shapes[number] : nullptr;
  for (std::size_t field = 0; shape != nullptr && !shape->plain && field < shape->fields.size(); ++field) {
    const BaseType base = shape->fields[field].type.base;
    const Word word = world_.payloads.words(payload)[field];
    if (base == BaseType::list) release_list(static_cast<ListId>(word));
    if (base == BaseType::object) release_payload(static_cast<PayloadId>(word));
  }
  if (!world_.contents.empty()) world_.contents.forget(payload);
  world_.payloads.recycle(payload);
}

void Machine::release_list(ListId list) {
  if (list == 0 || --world_.lists[list].references != 0) return;
  if (world_.lists[list].holds_payloads) {
    for (std::size_t i = 0; i < world_.lists[list].values.size(); ++i) {
      release_payload(static_cast<PayloadId>(world_.lists[list].values[i]));
    }
  }
  world_.lists.recycle(list);
}

void Machine::set_slot(ActivityId self, std::uint8_t slot, SlotKind kind, Word value) {
  const Word old = locals(self)[slot];
  locals(self)[slot] = value;
  if (kind == SlotKind::payload) release_payload(static_cast<PayloadId>(old));
  if (kind == SlotKind::list) release_list(static_cast<ListId>(old));
  if (kind == SlotKind::held && old != 0) {
    let_go(world_.payloads.head(static_cast<PayloadId>(old)).item);
    release_payload(static_cast<PayloadId>(old));
  }
}

void Machine::clear_slots(ActivityId self, std::uint8_t first, std::uint8_t last) {
  const std::vector<SlotKind>& kinds = model_.programs[head(self).program].slots;
  const std::size_t end = std::min<std::size_t>(last, kinds.size());
  Word* const words = locals(self);  // Letting go makes no activity.
  for (std::size_t slot = first; slot < end; ++slot) {
    const Word held = words[slot];
    if (held == 0) continue;  // As most do.
    words[slot] = 0;
    if (kinds[slot] == SlotKind::payload) release_payload(static_cast<PayloadId>(held));
    if (kinds[slot] == SlotKind::list) release_list(static_cast<ListId>(held));
  }
}

PayloadId Machine::build(const BuildSpec& spec, PayloadId hand, ItemId item, const Subject& subject) {
  const PayloadId made = world_.payloads.create(spec.shape, item);
  const Shape& shape = model_.shapes[spec.shape];
  const std::size_t count = spec.fields.size();
  const FieldSource* const sources = spec.fields.data();
  for (std::size_t field = 0; field < count; ++field) {
    const FieldSource source = sources[field];
    switch (source.from) {
      case FieldSource::From::nothing:
        break;
      case FieldSource::From::expression:
        if (!shape.plain && shape.fields[field].type.base == BaseType::list) {
          const ListId list = evaluate_list(source.index, subject);
          world_.payloads.words(made)[field] = list;
        } else {
          const Word word = evaluate(source.index, subject);
          world_.payloads.words(made)[field] = word;
        }
        break;
      case FieldSource::From::carried:
        if (hand != 0) world_.payloads.words(made)[field] = world_.payloads.words(hand)[source.index];
        break;
      case FieldSource::From::item:
        if (item == item_none) break;
        world_.payloads.words(made)[field] = world_.item_words[std::size_t{item} * model_.item_fields + source.index];
        break;
    }
  }
  if (!shape.plain) retain_fields(spec, made);
  return made;
}

/// What the fields refer to has one more reference now. A list that an expression gave belongs to the payload already.
void Machine::retain_fields(const BuildSpec& spec, PayloadId made) {
  const std::vector<FieldSpec>& fields = model_.shapes[spec.shape].fields;
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const BaseType base = fields[field].type.base;
    const Word word = world_.payloads.words(made)[field];
    if (word == 0) continue;
    if (base == BaseType::object) retain_payload(static_cast<PayloadId>(word));
    if (base == BaseType::list && spec.fields[field].from != FieldSource::From::expression)
      ++world_.lists[static_cast<ListId>(word)].references;
  }
}

std::uint64_t Machine::luck_of_payload(PayloadId payload) const {
  const PayloadHead& head = world_.payloads.head(payload);
  return head.item == item_none ? head.luck : world_.items[head.item].luck;
}

PayloadId Machine::payload_of_document(std::uint16_t store, std::uint16_t collection, DocumentId document,
                                       TransactionId transaction, std::uint16_t shape) {
  const Word* words = world_.stores[store].read(collection, document, transaction);
  const ItemId item = words[1] == 0 ? item_none : static_cast<ItemId>(words[1] - 1);
  const PayloadId payload = world_.payloads.create(shape, item);
  PayloadHead& made = world_.payloads.head(payload);
  made.collection = collection;
  made.document = document + 1;
  made.revision = world_.stores[store].revision(collection, document, transaction);
  made.luck = combine(document_luck, words[0]);
  const std::size_t count = model_.shapes[shape].fields.size();
  for (std::size_t field = 0; field < count; ++field) {
    world_.payloads.words(payload)[field] = words[document_header + field];
  }
  return payload;
}

}  // namespace premortem
