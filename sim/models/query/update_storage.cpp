// What MongoDB accepts as a stored document.
#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

constexpr int invalid_id_field = 53, not_single_value_field = 54, invalid_db_ref = 55, update_too_large = 17419,
              upsert_too_large = 17420;

void check_reference(bool holds, const std::string& complaint) {
  if (!holds) throw CommandError(invalid_db_ref, complaint);
}

std::string storage_type_text(const bson::Value& value) { return std::string(bson::type_name(value.type())); }

void check_id_field(const bson::Value& id) {
  if (id.is(bson::Type::regex) || id.is_array() || id.is(bson::Type::undefined))
    throw CommandError(invalid_id_field, "The '_id' value cannot be of type " + storage_type_text(id));
  if (!id.is_document()) return;
  for (const bson::Field& field : id.fields()) {
    if (!field.name.empty() && field.name[0] == '$')
      throw CommandError(code::dollar_prefixed_field, "_id fields may not contain '$'-prefixed fields: " + field.name +
                                                          " is not valid for storage.");
  }
}

}  // namespace

void check_dollar_name(const bson::Value& document, std::size_t at) {
  const std::vector<bson::Field>& fields = document.fields();
  const std::string& outermost = fields[at].name;
  const auto precedes = [&](std::size_t field, const std::string& name) {
    return field > 0 && fields[field - 1].name == name;
  };
  if (fields[at].name == "$db") {
    check_reference(fields[at].value.is_string(),
                    "The DBRef $db field must be a String, not a " + storage_type_text(fields[at].value));
    check_reference(precedes(at, "$id"), "Found $db field without a $id before it, which is invalid.");
    --at;
  }
  if (fields[at].name == "$id") {
    check_reference(precedes(at, "$ref"), "Found $id field without a $ref before it, which is invalid.");
    --at;
  }
  if (fields[at].name != "$ref")
    throw CommandError(code::dollar_prefixed_field,
                       "The dollar ($) prefixed field '" + outermost + "' in '" + outermost +
                           "' is not allowed in the context of an update's replacement document. Consider using an "
                           "aggregation pipeline with $replaceWith.");
  check_reference(fields[at].value.is_string(),
                  "The DBRef $ref field must be a String, not a " + storage_type_text(fields[at].value));
  check_reference(at + 1 < fields.size() && fields[at + 1].name == "$id",
                  "The DBRef $ref field must be followed by a $id field");
}

void check_storable(const bson::Value& document, bool inserting) {
  if (const bson::Value* id = document.find("_id")) check_id_field(*id);
  if (bson::depth(document) > bson::stored_depth_max)
    throw CommandError(code::overflow,
                       "Document exceeds maximum nesting depth of " + std::to_string(bson::stored_depth_max));
  if (bson::encoded_size(document) <= bson::document_bytes_max) return;
  const std::string size = std::to_string(bson::document_bytes_max);
  if (inserting) throw CommandError(upsert_too_large, "Document to upsert is larger than " + size);
  throw CommandError(update_too_large, "Resulting document after update is larger than " + size);
}

void move_id_to_front(bson::Value& document) {
  std::vector<bson::Field>& fields = document.fields();
  const auto id = std::ranges::find(fields, "_id", &bson::Field::name);
  if (id != fields.end()) std::rotate(fields.begin(), id, id + 1);
}

bson::Value replace_document(const bson::Value& document, const bson::Value& next) {
  const bson::Value* id = document.find("_id");
  bson::Value replaced = bson::Value::document();
  if (id != nullptr && !next.has("_id")) replaced.append("_id", *id);
  for (const bson::Field& field : next.fields()) replaced.append(field.name, field.value);
  if (const bson::Value* next_id = replaced.find("_id"); next_id != nullptr && id != nullptr) {
    if (next_id->is_array())
      throw CommandError(not_single_value_field,
                         "After applying the update to the document, the (immutable) field '_id' was found to be an "
                         "array or array descendant.");
    if (!bson::equal(*next_id, *id))
      throw CommandError(code::immutable_field,
                         "After applying the update, the (immutable) field '_id' was found to have been altered to " +
                             describe_element("_id", *next_id));
  }
  move_id_to_front(replaced);
  return replaced;
}

}  // namespace premortem::query
