// Values of field tables: comparing, printing, making.

#include <string>

#include "sim/models/broker/field_table.hpp"

namespace premortem {

bool is_integer(const TableValue& value) { return std::string_view("bBsuIil").find(value.type) != std::string::npos; }

namespace {

bool is_number(const TableValue& value) { return is_integer(value) || value.type == 'f' || value.type == 'd'; }

TableValue named(std::string_view name, char type) {
  TableValue field;
  field.name = name;
  field.type = type;
  return field;
}

}  // namespace

bool same_value(const TableValue& left, const TableValue& right) {
  if (is_integer(left) && is_integer(right)) return left.integer == right.integer;
  if (is_number(left) && is_number(right)) {
    const auto of = [](const TableValue& v) { return is_integer(v) ? static_cast<double>(v.integer) : v.number; };
    return of(left) == of(right);
  }
  if (left.type != right.type || left.items.size() != right.items.size()) return false;
  for (std::size_t at = 0; at < left.items.size(); ++at) {
    if (left.type == 'A' && !same_value(left.items[at], right.items[at])) return false;
    if (left.type != 'F') continue;
    const TableValue* other = find_field(right.items, left.items[at].name);
    if (other == nullptr || !same_value(left.items[at], *other)) return false;
  }
  return left.integer == right.integer && left.scale == right.scale && left.text == right.text;
}

std::string_view type_name(const TableValue& value) {
  switch (value.type) {
    case 't':
      return "bool";
    case 'b':
      return "byte";
    case 'B':
      return "unsignedbyte";
    case 's':
      return "short";
    case 'u':
      return "unsignedshort";
    case 'I':
      return "signedint";
    case 'i':
      return "unsignedint";
    case 'l':
      return "long";
    case 'f':
      return "float";
    case 'd':
      return "double";
    case 'D':
      return "decimal";
    case 'S':
      return "longstr";
    case 'A':
      return "array";
    case 'T':
      return "timestamp";
    case 'F':
      return "table";
    case 'x':
      return "binary";
    default:
      return "void";
  }
}

std::string printed(const TableValue& value) {
  if (value.type == 'S' || value.type == 'x') return value.text;
  if (value.type == 't') return value.integer != 0 ? "true" : "false";
  if (value.type == 'f' || value.type == 'd') return std::to_string(value.number);
  if (value.type == 'A' || value.type == 'F') return "[...]";
  return value.type == 'V' ? "undefined" : std::to_string(value.integer);
}

TableValue text_field(std::string_view name, std::string_view text) {
  TableValue field = named(name, 'S');
  field.text = text;
  return field;
}
TableValue integer_field(std::string_view name, std::int64_t value) {
  TableValue field = named(name, 'l');
  field.integer = value;
  return field;
}
TableValue time_field(std::string_view name, std::int64_t seconds) {
  TableValue field = named(name, 'T');
  field.integer = seconds;
  return field;
}
TableValue bool_field(std::string_view name, bool value) {
  TableValue field = named(name, 't');
  field.integer = value ? 1 : 0;
  return field;
}
TableValue array_field(std::string_view name, std::vector<TableValue> items) {
  TableValue field = named(name, 'A');
  field.items = std::move(items);
  return field;
}
TableValue table_field(std::string_view name, FieldTable table) {
  TableValue field = named(name, 'F');
  field.items = std::move(table);
  return field;
}

}  // namespace premortem
