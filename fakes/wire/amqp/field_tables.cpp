#include "fakes/wire/amqp/field_tables.hpp"

#include "fakes/wire/amqp/bytes.hpp"

namespace premortem::fakes::amqp {

namespace {

// The value of a type, from the front of `reader`. False: no such type.
bool take_value(Reader& reader, char type, std::string_view& value) {
  switch (type) {
    case 't':
    case 'b':
    case 'B':
      value = reader.bytes(1);
      return true;
    case 's':
    case 'u':
      value = reader.bytes(2);
      return true;
    case 'I':
    case 'i':
    case 'f':
      value = reader.bytes(4);
      return true;
    case 'D':
      value = reader.bytes(5);
      return true;
    case 'l':
    case 'd':
    case 'T':
      value = reader.bytes(8);
      return true;
    case 'S':
    case 'x':
    case 'A':
    case 'F':
      value = reader.long_text();
      return true;
    case 'V':
      value = {};
      return true;
    default:
      return false;
  }
}

std::optional<Field> take(std::string_view& from, bool named) {
  if (from.empty()) return std::nullopt;
  Reader reader{from};
  Field field;
  if (named) field.name = reader.short_text();
  field.type = static_cast<char>(reader.number(1));
  if (!reader.ok || !take_value(reader, field.type, field.value) || !reader.ok) return std::nullopt;
  field.whole = from.substr(0, from.size() - reader.rest.size());
  from = reader.rest;
  return field;
}

bool is_sound(std::string_view fields, bool named, int depth_left) {
  if (depth_left == 0) return false;
  while (const std::optional<Field> field = take(fields, named)) {
    if (field->type == 'F' && !is_sound(field->value, true, depth_left - 1)) return false;
    if (field->type == 'A' && !is_sound(field->value, false, depth_left - 1)) return false;
  }
  return fields.empty();
}

void put_name(std::string& out, std::string_view name, char type) {
  put_short_text(out, name);
  out.push_back(type);
}

}  // namespace

std::optional<Field> next_field(std::string_view& table) { return take(table, true); }
std::optional<Field> next_element(std::string_view& array) { return take(array, false); }

bool is_table(std::string_view table) { return table.empty() || is_sound(table, true, 64); }

std::optional<Field> find_field(std::string_view table, std::string_view name) {
  while (std::optional<Field> field = next_field(table)) {
    if (field->name == name) return field;
  }
  return std::nullopt;
}

void put_field_text(std::string& out, std::string_view name, std::string_view text) {
  put_name(out, name, 'S');
  put_long_text(out, text);
}
void put_field_bool(std::string& out, std::string_view name, bool value) {
  put_name(out, name, 't');
  out.push_back(value ? 1 : 0);
}
void put_field_long(std::string& out, std::string_view name, std::int64_t value) {
  put_name(out, name, 'l');
  put_number(out, static_cast<std::uint64_t>(value), 8);
}
void put_field_table(std::string& out, std::string_view name, std::string_view table) {
  put_name(out, name, 'F');
  put_long_text(out, table);
}

}  // namespace premortem::fakes::amqp
