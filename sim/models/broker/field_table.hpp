#pragma once
// Field tables of AMQP 0-9-1 as RabbitMQ writes them: protocols.md, A.1. Between bytes and plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace premortem {

/// A value with its type's letter, and its name if it stands in a table.
struct TableValue {
  std::string name = {};
  char type = 'V';
  std::int64_t integer = 0;            ///< t b B s u I i l T; of D the digits.
  double number = 0;                   ///< f d
  std::uint8_t scale = 0;              ///< Of D: digits behind the point.
  std::string text = {};               ///< S x
  std::vector<TableValue> items = {};  ///< A, and F by name.
};
using FieldTable = std::vector<TableValue>;

/// `bytes`: a table without its length. Nothing: it is damaged, has unknown types, or nests deeper than 32.
std::optional<FieldTable> decode_table(std::string_view bytes);
/// The same, without the length.
std::string encode_table(const FieldTable& table);

const TableValue* find_field(const FieldTable& table, std::string_view name);
/// Looks for one name without decoding the rest; nothing: it is not there, or the table is damaged before it.
std::optional<TableValue> find_field(std::string_view bytes, std::string_view name);

bool is_integer(const TableValue& value);
/// Numbers by value, whatever their types; the rest by type and content.
bool same_value(const TableValue& left, const TableValue& right);
/// As RabbitMQ's error texts name it: "longstr", "byte", "signedint".
std::string_view type_name(const TableValue& value);
/// As its error texts print it.
std::string printed(const TableValue& value);

TableValue text_field(std::string_view name, std::string_view text);
TableValue integer_field(std::string_view name, std::int64_t value);
TableValue time_field(std::string_view name, std::int64_t seconds);
TableValue bool_field(std::string_view name, bool value);
TableValue array_field(std::string_view name, std::vector<TableValue> items);
TableValue table_field(std::string_view name, FieldTable table);

}  // namespace premortem
