#pragma once
// Field tables as they go over the wire: walked, never turned into values of their own. RabbitMQ's types, which differ
// from the specification's: protocols.md, A.1. All tables here are without the length that stands before them.

#include <optional>
#include <string>
#include <string_view>

namespace premortem::fakes::amqp {

/// One entry of a table. `value`: the bytes behind the type; of texts, arrays and tables without their length.
struct Field {
  std::string_view name;
  char type = 'V';
  std::string_view value;
  std::string_view whole;  ///< The entry as it stands: name, type, value.
};

/// Takes the first entry off `table`; none at its end or where it is malformed: then `table` is not empty.
std::optional<Field> next_field(std::string_view& table);
/// Takes the first element off an array; its name is empty.
std::optional<Field> next_element(std::string_view& array);

/// Whether it is a whole table of known types, nested no deeper than 64 levels.
bool is_table(std::string_view table);
/// The first entry of that name.
std::optional<Field> find_field(std::string_view table, std::string_view name);

/// Appends entries.
void put_field_text(std::string& out, std::string_view name, std::string_view text);
void put_field_bool(std::string& out, std::string_view name, bool value);
void put_field_long(std::string& out, std::string_view name, std::int64_t value);
void put_field_table(std::string& out, std::string_view name, std::string_view table);

}  // namespace premortem::fakes::amqp
