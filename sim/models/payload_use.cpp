// How activities hold payloads and lists, and how payloads are made.

#include <algorithm>

#include "sim/models/machine.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

/// Nobody refers to the payload any more; nor does it to anything.
void Machine::throw_away(PayloadId payload) {
  const std::vector<FieldSpec>& fields = model_.shapes[world_.payloads.head(payload).shape].fields;
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const BaseType base = fields[field].type.base;
    const Word word = world_.payloads.words(payload)[field];
    if (base == BaseType::list) release_list(static_cast<ListId>(word));
    if (base == BaseType::object) release_payload(static_cast<PayloadId>(word));
  }
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
}

void Machine::clear_slots(ActivityId self, std::uint8_t first, std::uint8_t last) {
  const std::vector<SlotKind>& kinds = model_.programs[head(self).program].slots;
  const std::size_t end = std::min<std::size_t>(last, kinds.size());
  const Word* const words = locals(self);  // Letting go makes no activity.
  for (std::size_t slot = first; slot < end; ++slot) {
    if (words[slot] != 0) set_slot(self, static_cast<std::uint8_t>(slot), kinds[slot], 0);  // Most hold nothing.
  }
}

PayloadId Machine::build(const BuildSpec& spec, PayloadId hand, ItemId item, const Subject& subject) {
  const PayloadId made = world_.payloads.create(spec.shape, item);
  const std::vector<FieldSpec>& fields = model_.shapes[spec.shape].fields;
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const FieldSource source = spec.fields[field];
    if (source.from == FieldSource::From::nothing) continue;
    Word word = 0;
    if (source.from == FieldSource::From::expression) {
      word = fields[field].type.base == BaseType::list ? evaluate_list(source.index, subject)
                                                       : evaluate(source.index, subject);
    } else if (source.from == FieldSource::From::carried && hand != 0) {
      word = world_.payloads.words(hand)[source.index];
    } else if (source.from == FieldSource::From::item && item != item_none) {
      word = world_.item_words[std::size_t{item} * model_.item_fields + source.index];
    }
    const BaseType base = fields[field].type.base;
    if (base == BaseType::object && word != 0) retain_payload(static_cast<PayloadId>(word));
    if (base == BaseType::list && word != 0 && source.from != FieldSource::From::expression) {
      ++world_.lists[static_cast<ListId>(word)].references;
    }
    world_.payloads.words(made)[field] = word;
  }
  return made;
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
  const std::size_t count = model_.shapes[shape].fields.size();
  for (std::size_t field = 0; field < count; ++field) {
    world_.payloads.words(payload)[field] = words[document_header + field];
  }
  return payload;
}

}  // namespace premortem
