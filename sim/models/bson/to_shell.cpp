// Source: mongodb/mongo, BSONElement::toString and BSONObj::toString, which shorten long texts in errors.
#include <charconv>

#include "sim/models/bson/compare.hpp"
#include "sim/models/bson/decimal.hpp"

namespace premortem::bson {

namespace {

void put_hex(std::string& out, std::string_view bytes, const char* digits) {
  for (const char byte : bytes) {
    const auto number = static_cast<unsigned char>(byte);
    out.push_back(digits[number >> 4]);
    out.push_back(digits[number & 0xF]);
  }
}
void put_lower_hex(std::string& out, std::string_view bytes) { put_hex(out, bytes, "0123456789abcdef"); }

// Sixteen digits as printf's %.16g; what then does not look like a double gets a fraction, even "1e+20" and "inf".
void put_nice_double(std::string& out, double number) {
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::general, 16);
  const std::string_view text(buffer, static_cast<std::size_t>(result.ptr - buffer));
  out.append(text);
  if (text.find_first_of(".EN") == std::string_view::npos) out.append(".0");
}

void put_uuid(std::string& out, std::string_view bytes) {
  out.append("UUID(\"");
  constexpr std::size_t groups[] = {4, 2, 2, 2, 6};
  for (const std::size_t group : groups) {
    if (group != 4) out.push_back('-');
    put_lower_hex(out, bytes.substr(0, group));
    bytes.remove_prefix(group);
  }
  out.append("\")");
}

void put_binary_for_shell(std::string& out, const Value& value) {
  const std::string_view bytes = value.as_text();
  if (value.subtype() == 4 && bytes.size() == 16) return put_uuid(out, bytes);
  out.append("BinData(").append(std::to_string(value.subtype())).append(", ");
  put_hex(out, bytes.size() > 80 ? bytes.substr(0, 70) : bytes, "0123456789ABCDEF");
  out.append(bytes.size() > 80 ? "...)" : ")");
}

void put_quoted(std::string& out, const std::string& text) {
  out.push_back('"');
  if (text.size() >= 160) {
    out.append(text, 0, 150).append("...\"");
  } else {
    out.append(text).push_back('"');
  }
}

// From here on MongoDB writes dots.
constexpr int shown_depth_max = 100;

void put_for_shell(std::string& out, const Value& value, int depth);

void put_fields_for_shell(std::string& out, const std::vector<Field>& fields, int depth) {
  if (fields.empty()) {
    out.append("{}");
    return;
  }
  for (const Field& field : fields) {
    out.append(&field == &fields.front() ? "{ " : ", ");
    if (depth <= shown_depth_max) out.append(field.name).append(": ");
    put_for_shell(out, field.value, depth);
  }
  out.append(" }");
}

void put_elements_for_shell(std::string& out, const std::vector<Value>& elements, int depth) {
  if (elements.empty()) {
    out.append("[]");
    return;
  }
  for (const Value& element : elements) {
    out.append(&element == &elements.front() ? "[ " : ", ");
    put_for_shell(out, element, depth);
  }
  out.append(" ]");
}

void put_rare_for_shell(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::regex:
      out.append("/").append(value.as_text()).append("/").append(value.regex_options());
      return;
    case Type::db_pointer:
      out.append("DBRef('").append(value.as_text()).append("',");
      put_lower_hex(out, value.regex_options());
      out.append(")");
      return;
    case Type::code:
      out.append(value.as_text(), 0, value.as_text().size() >= 80 ? 70 : std::string::npos);
      if (value.as_text().size() >= 80) out.append("...");
      return;
    case Type::code_with_scope:
      out.append("CodeWScope( ").append(value.as_text()).append(", ");
      put_fields_for_shell(out, value.fields(), 0);
      out.append(")");
      return;
    case Type::timestamp:
      out.append("Timestamp(").append(std::to_string(value.timestamp_seconds())).append(", ");
      out.append(std::to_string(value.timestamp_increment())).append(")");
      return;
    case Type::min_key:
      out.append("MinKey");
      return;
    case Type::max_key:
      out.append("MaxKey");
      return;
    default:
      out.append(value.is_null() ? "null" : value.is_missing() ? "EOO" : "undefined");
  }
}

void put_for_shell(std::string& out, const Value& value, int depth) {
  if (depth > shown_depth_max) {
    out.append("...");
    return;
  }
  switch (value.type()) {
    case Type::number_double:
      return put_nice_double(out, value.as_double());
    case Type::int32:
    case Type::int64:
      out.append(std::to_string(value.as_int64()));
      return;
    case Type::decimal128:
      out.append(decimal_to_string(value));
      return;
    case Type::string:
    case Type::symbol:
      return put_quoted(out, value.as_text());
    case Type::document:
      return put_fields_for_shell(out, value.fields(), depth + 1);
    case Type::array:
      return put_elements_for_shell(out, value.elements(), depth + 1);
    case Type::binary:
      return put_binary_for_shell(out, value);
    case Type::object_id:
      out.append("ObjectId('");
      put_lower_hex(out, value.as_text());
      out.append("')");
      return;
    case Type::boolean:
      out.append(value.as_boolean() ? "true" : "false");
      return;
    case Type::date:
      out.append("new Date(").append(std::to_string(value.as_int64())).append(")");
      return;
    default:
      return put_rare_for_shell(out, value);
  }
}

}  // namespace

std::string to_shell(const Value& value) {
  std::string out;
  put_for_shell(out, value, -1);  // A document's own fields are at depth 0.
  return out;
}

}  // namespace premortem::bson
