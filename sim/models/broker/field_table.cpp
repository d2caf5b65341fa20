#include "sim/models/broker/field_table.hpp"

#include <algorithm>
#include <bit>

namespace premortem {

namespace {

constexpr int depth_max = 32;

/// Takes big-endian values off the front; after the first that is not there whole, everything fails.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool good() const { return good_; }
  bool more() const { return good_ && !bytes_.empty(); }

  std::uint64_t unsigned_of(std::size_t size) {
    std::uint64_t value = 0;
    for (const char byte : take(size)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  std::int64_t signed_of(std::size_t size) {
    const std::size_t shift = 64 - 8 * size;
    return static_cast<std::int64_t>(unsigned_of(size) << shift) >> shift;
  }
  std::string_view take(std::uint64_t size) {
    good_ = good_ && size <= bytes_.size();
    if (!good_) return {};
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view short_text() { return take(unsigned_of(1)); }
  std::string_view long_text() { return take(unsigned_of(4)); }
  void fail() { good_ = false; }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

void read_value(Reader& reader, TableValue& value, int depth);

void read_table(Reader& reader, FieldTable& table, int depth) {
  if (depth > depth_max) reader.fail();
  while (reader.more()) {
    TableValue& field = table.emplace_back();
    field.name = reader.short_text();
    read_value(reader, field, depth);
  }
}

void read_value(Reader& reader, TableValue& value, int depth) {
  value.type = static_cast<char>(reader.unsigned_of(1));
  switch (value.type) {
    case 't':
      value.integer = reader.unsigned_of(1) != 0 ? 1 : 0;
      break;
    case 'b':
      value.integer = reader.signed_of(1);
      break;
    case 'B':
      value.integer = static_cast<std::int64_t>(reader.unsigned_of(1));
      break;
    case 's':
      value.integer = reader.signed_of(2);
      break;
    case 'u':
      value.integer = static_cast<std::int64_t>(reader.unsigned_of(2));
      break;
    case 'I':
      value.integer = reader.signed_of(4);
      break;
    case 'i':
      value.integer = static_cast<std::int64_t>(reader.unsigned_of(4));
      break;
    case 'l':
    case 'T':
      value.integer = reader.signed_of(8);
      break;
    case 'f':
      value.number = std::bit_cast<float>(static_cast<std::uint32_t>(reader.unsigned_of(4)));
      break;
    case 'd':
      value.number = std::bit_cast<double>(reader.unsigned_of(8));
      break;
    case 'D':
      value.scale = static_cast<std::uint8_t>(reader.unsigned_of(1));
      value.integer = static_cast<std::int64_t>(reader.unsigned_of(4));
      break;
    case 'S':
    case 'x':
      value.text = reader.long_text();
      break;
    case 'A':
    case 'F': {
      Reader inner(reader.long_text());
      if (value.type == 'F') read_table(inner, value.items, depth + 1);
      if (depth + 1 > depth_max) inner.fail();
      while (value.type == 'A' && inner.more()) read_value(inner, value.items.emplace_back(), depth + 1);
      if (!inner.good()) reader.fail();
      break;
    }
    case 'V':
      break;
    default:
      reader.fail();
  }
}

void write_unsigned(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t at = size; at > 0; --at) out += static_cast<char>(value >> (8 * (at - 1)) & 0xFF);
}

void write_long(std::string& out, std::string_view text) {
  write_unsigned(out, text.size(), 4);
  out += text;
}

void write_value(std::string& out, const TableValue& value) {
  out += value.type;
  const auto bits = static_cast<std::uint64_t>(value.integer);
  switch (value.type) {
    case 't':
    case 'b':
    case 'B':
      return write_unsigned(out, bits, 1);
    case 's':
    case 'u':
      return write_unsigned(out, bits, 2);
    case 'I':
    case 'i':
      return write_unsigned(out, bits, 4);
    case 'l':
    case 'T':
      return write_unsigned(out, bits, 8);
    case 'f':
      return write_unsigned(out, std::bit_cast<std::uint32_t>(static_cast<float>(value.number)), 4);
    case 'd':
      return write_unsigned(out, std::bit_cast<std::uint64_t>(value.number), 8);
    case 'D':
      write_unsigned(out, value.scale, 1);
      return write_unsigned(out, bits, 4);
    case 'S':
    case 'x':
      return write_long(out, value.text);
    case 'F':
      return write_long(out, encode_table(value.items));
    case 'A': {
      std::string inner;
      for (const TableValue& item : value.items) write_value(inner, item);
      return write_long(out, inner);
    }
    default:
      return;
  }
}

}  // namespace

std::optional<FieldTable> decode_table(std::string_view bytes) {
  Reader reader(bytes);
  FieldTable table;
  read_table(reader, table, 1);
  if (!reader.good()) return std::nullopt;
  return table;
}

std::string encode_table(const FieldTable& table) {
  std::string out;
  for (const TableValue& field : table) {
    const std::string_view name = std::string_view(field.name).substr(0, 255);
    write_unsigned(out, name.size(), 1);
    out += name;
    write_value(out, field);
  }
  return out;
}

const TableValue* find_field(const FieldTable& table, std::string_view name) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const TableValue& f) { return f.name == name; });
  return at == table.end() ? nullptr : &*at;
}

std::optional<TableValue> find_field(std::string_view bytes, std::string_view name) {
  Reader reader(bytes);
  while (reader.more()) {
    TableValue field;
    const std::string_view found = reader.short_text();
    read_value(reader, field, 1);
    if (!reader.good()) break;
    if (found != name) continue;
    field.name = found;
    return field;
  }
  return std::nullopt;
}

}  // namespace premortem
