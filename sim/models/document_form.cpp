// Documents of the scenario's collections as BSON, and back: what a real program reads of them and writes to them.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/item_lookup.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

namespace {

using bson::Value;

constexpr std::int64_t form_millisecond = 1'000'000;
constexpr std::int64_t day_ms = 86'400'000;
/// Keys the luck of items that real programs bring.
constexpr std::uint64_t brought_document = 0x646F6375;

/// Dates and instants are BSON dates, durations milliseconds.
Value value_of(const Machine& machine, BaseType type, Word word) {
  switch (type) {
    case BaseType::boolean:
      return Value::boolean(word != 0);
    case BaseType::integer: {
      const std::int64_t number = integer_of(word);
      if (number >= INT32_MIN && number <= INT32_MAX) return Value::int32(static_cast<std::int32_t>(number));
      return Value::int64(number);
    }
    case BaseType::real:
      return Value::number(real_of(word));
    case BaseType::text:
      return Value::string(std::string(machine.text(word)));
    case BaseType::date:
      return Value::date(integer_of(word) * day_ms);
    case BaseType::time:
      return Value::date(integer_of(word) / form_millisecond);
    case BaseType::duration:
      return Value::int64(integer_of(word) / form_millisecond);
    case BaseType::list:
    case BaseType::object:
    case BaseType::nothing:
      break;
  }
  return Value::null();
}

/// Nothing: the value is of another type.
std::optional<Word> word_from(Machine& machine, BaseType type, const Value& value) {
  if (value.is_nullish()) return Word{0};
  switch (type) {
    case BaseType::boolean:
      if (value.is(bson::Type::boolean)) return word_of(value.as_boolean());
      break;
    case BaseType::integer:
      if (const auto whole = value.integral()) return word_of(*whole);
      break;
    case BaseType::real:
      if (value.is(bson::Type::number_double)) {
        const double number = value.as_double();
        if (number - number == 0) return word_of(number + 0.0);  // Neither infinite nor no number.
      } else if (value.is_integer()) {
        return word_of(static_cast<double>(value.as_int64()));
      }
      break;
    case BaseType::text:
      if (value.is_string()) return Word{machine.world().texts.intern(machine.model().texts, value.as_text())};
      break;
    case BaseType::date:
      if (value.is(bson::Type::date)) {
        const std::int64_t at = value.as_int64();
        return word_of(at / day_ms - (at % day_ms < 0 ? 1 : 0));
      }
      break;
    case BaseType::time:
    case BaseType::duration: {
      const bool fits = type == BaseType::time ? value.is(bson::Type::date) : value.is_number();
      const auto whole = value.is(bson::Type::date) ? std::optional(value.as_int64()) : value.integral();
      constexpr std::int64_t most = INT64_MAX / form_millisecond;
      if (fits && whole && -most < *whole && *whole < most) return word_of(*whole * form_millisecond);
      break;
    }
    case BaseType::list:
    case BaseType::object:
    case BaseType::nothing:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::string Machine::body_of_words(std::uint16_t store, std::uint16_t collection, const Word* words,
                                   std::string_view before) {
  if (!world_.stores[store].keeps_bodies()) return {};
  const CollectionInfo& info = model_.stores[store].collections[collection];
  Value document = before.empty() ? bson::doc({{"_id", Value::int64(integer_of(words[0]))}}) : bson::decode(before);
  const std::vector<FieldSpec>& fields = model_.shapes[info.shape].fields;
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const Word word = words[document_header + field];
    Value value = value_of(*this, fields[field].type.base, word);
    const Value* old = document.find(fields[field].name);
    // What means the same to simulated systems stays as its writer wrote it: 7.0 for 7.
    if (old != nullptr && word_from(*this, fields[field].type.base, *old) == word) continue;
    document.set(fields[field].name, std::move(value));
  }
  return bson::encode(document);
}

bool Machine::words_of_document(std::uint16_t store, std::uint16_t collection, DocumentId row,
                                TransactionId transaction, const Value& document, std::vector<Word>& words,
                                Value& why) {
  const CollectionInfo& info = model_.stores[store].collections[collection];
  const std::vector<FieldSpec>& fields = model_.shapes[info.shape].fields;
  words.assign(document_header + fields.size(), 0);
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const Value& given = document[fields[field].name];
    const auto word = word_from(*this, fields[field].type.base, given);
    if (!word) {
      why = bson::doc({{"operatorName", Value::string("type")},
                       {"propertyName", Value::string(fields[field].name)},
                       {"expected", Value::string(name_of(fields[field].type))},
                       {"consideredType", Value::string(std::string(bson::type_name(given.type())))}});
      return false;
    }
    words[document_header + field] = *word;
  }
  if (row != DocumentTable::nil) {  // Its id and its item stay.
    const Word* own = world_.stores[store].read(collection, row, transaction);
    if (own != nullptr) words[0] = own[0], words[1] = own[1];
    return true;
  }
  std::int64_t& next_id = world_.next_document_ids[model_.stores[store].first_collection + collection];
  if (!info.of_items) {
    words[0] = word_of(next_id++);
    return true;
  }
  ItemId item = item_none;
  if (const auto id = document["_id"].integral()) item = item_with_id(world_, info.kind, *id);
  words[0] = item == item_none ? word_of(-next_id++) : word_of(world_.items[item].id);
  words[1] = item == item_none ? item_to_come : Word{item} + 1;
  return true;
}

/// A document of a program's own that has become visible is about a new item, which arrives here: what a transaction
/// inserts and takes back has never been.
std::uint32_t Machine::bring_item(std::uint16_t store, const DocumentStore::Change& change, std::uint32_t cause) {
  const CollectionInfo& info = model_.stores[store].collections[change.collection];
  const Value document = bson::decode(world_.stores[store].body_of(change.after_body));
  std::vector<Word> own;
  for (const FieldSpec& field : model_.items[info.kind].fields)
    own.push_back(word_from(*this, field.type.base, document[field.name]).value_or(0));
  own.resize(std::max<std::size_t>(own.size(), 1), 0);
  const std::uint64_t luck = combine(combine(brought_document, hash_name(bson::encode(document))), world_.items.size());
  const ItemId item = create_item(info.kind, luck, model_.stores[store].component, cause, own.data());
  const Word* const after = world_.stores[store].after(change);
  std::vector<Word> words(after, after + document_header + model_.shapes[info.shape].fields.size());
  words[0] = word_of(world_.items[item].id);
  words[1] = Word{item} + 1;
  world_.stores[store].amend(change.collection, change.document, words.data());
  return kernel().records;
}

}  // namespace premortem
