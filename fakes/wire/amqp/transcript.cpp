#include "fakes/wire/amqp/transcript.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/codec.hpp"
#include "fakes/wire/amqp/field_tables.hpp"

namespace premortem::fakes::amqp {

namespace {

constexpr int depth_max = 64;

std::string fields_text(std::string_view table, bool named, int depth_left);

std::int64_t signed_number(std::string_view bytes) {
  Reader reader{bytes};
  const std::size_t unused = 64 - 8 * bytes.size();
  return static_cast<std::int64_t>(reader.number(bytes.size()) << unused) >> unused;
}
std::uint64_t unsigned_number(std::string_view bytes) {
  Reader reader{bytes};
  return reader.number(bytes.size());
}

// The shortest text that reads back as the same number.
std::string shortest(auto number) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  return std::string(text, end.ptr);
}

std::string value_text(const Field& field, int depth_left) {
  const std::string_view value = field.value;
  switch (field.type) {
    case 't':
      return value.front() != '\0' ? "true" : "false";
    case 'b':
      return "i8 " + std::to_string(signed_number(value));
    case 'B':
      return "u8 " + std::to_string(unsigned_number(value));
    case 's':
      return "i16 " + std::to_string(signed_number(value));
    case 'u':
      return "u16 " + std::to_string(unsigned_number(value));
    case 'I':
      return "i32 " + std::to_string(signed_number(value));
    case 'i':
      return "u32 " + std::to_string(unsigned_number(value));
    case 'l':
      return "i64 " + std::to_string(signed_number(value));
    case 'T':
      return "timestamp " + std::to_string(unsigned_number(value));
    case 'f':
      return "float " + shortest(std::bit_cast<float>(static_cast<std::uint32_t>(unsigned_number(value))));
    case 'd':
      return "double " + shortest(std::bit_cast<double>(unsigned_number(value)));
    case 'D':
      return "decimal " + std::to_string(unsigned_number(value.substr(1))) + "e-" +
             std::to_string(unsigned_number(value.substr(0, 1)));
    case 'S':
      return text_or_hex(value);
    case 'x':
      return "bytes " + text_or_hex(value);
    case 'A':
      return "[" + fields_text(value, false, depth_left) + "]";
    case 'F':
      return "{" + fields_text(value, true, depth_left) + "}";
    default:
      return "void";
  }
}

std::string fields_text(std::string_view table, bool named, int depth_left) {
  if (depth_left == 0) return "nested too deep";
  std::string out;
  while (!table.empty()) {
    if (!out.empty()) out += ", ";
    const std::optional<Field> field = named ? next_field(table) : next_element(table);
    if (!field) return out + "malformed " + text_or_hex(table);
    if (named) out += text_or_hex(field->name) + ":";
    out += value_text(*field, depth_left - 1);
  }
  return out;
}

std::string argument_text(const Argument& argument, const Value& value) {
  switch (argument.type) {
    case Type::bit:
      return value.number != 0 ? "true" : "false";
    case Type::short_text:
    case Type::long_text:
      return text_or_hex(value.text);
    case Type::table:
      return table_text(value.text);
    default:
      return std::to_string(value.number);
  }
}

std::string arguments_text(const Method& method, std::string_view bytes) {
  MethodCall call;
  if (!decode_arguments(method, bytes, call)) return " malformed arguments " + text_or_hex(bytes);
  std::string out;
  for (std::size_t at = 0; at < method.count; ++at) {
    const Argument& argument = method.arguments[at];
    if (argument.name.empty()) continue;
    out += " " + std::string(argument.name) + "=" + argument_text(argument, call.values[at]);
  }
  return out;
}

std::string header_text(std::string_view payload) {
  ContentHeader header;
  Properties properties;
  if (!decode_header(payload, header) || !decode_properties(header.properties, properties)) {
    return " malformed " + text_or_hex(payload);
  }
  std::string out = " size=" + std::to_string(header.body_size);
  for (std::size_t at = 0; at < Properties::count; ++at) {
    if (properties.raw[at].empty()) continue;
    const Argument& property = basic_properties()[at];
    Reader reader{properties.raw[at]};
    Value value;
    switch (property.type) {
      case Type::short_text:
        value = Value(reader.short_text());
        break;
      case Type::table:
        value = Value(reader.long_text());
        break;
      default:
        value = Value(reader.number(reader.rest.size()));
    }
    out += " " + std::string(property.name) + "=" + argument_text(property, value);
  }
  return out;
}

}  // namespace

std::string text_or_hex(std::string_view bytes) {
  if (std::ranges::all_of(bytes, [](char each) { return each >= ' ' && each <= '~'; })) {
    return "'" + std::string(bytes) + "'";
  }
  std::string out = std::to_string(bytes.size()) + " bytes ";
  for (const char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(byte) & 15]);
  }
  return out;
}

std::string table_text(std::string_view table) { return "{" + fields_text(table, true, depth_max) + "}"; }

std::string Transcript::describe(const Frame& frame) const {
  const std::string channel = " channel=" + std::to_string(frame.channel);
  if (frame.type == Frame::heartbeat) return "heartbeat";
  if (frame.type == Frame::header) return "header" + channel + header_text(frame.payload);
  if (frame.type == Frame::body) return "body" + channel + " " + text_or_hex(frame.payload);
  Reader reader{frame.payload};
  const std::uint64_t ids = reader.number(4);
  if (frame.type != Frame::method || !reader.ok) {
    return "frame of type " + std::to_string(frame.type) + channel + " " + text_or_hex(frame.payload);
  }
  const Method* method = find_method(static_cast<std::uint32_t>(ids));
  if (method == nullptr) {
    return "unknown method " + std::to_string(ids >> 16) + "." + std::to_string(ids & 0xffff) + channel;
  }
  return std::string(method->name) + channel + arguments_text(*method, reader.rest);
}

// A client begins with a header that is no frame; so does a server that refuses another one.
bool Transcript::take_protocol_header(std::string_view& bytes, const std::function<void(const std::string&)>& line) {
  constexpr std::size_t size = 8;
  if (beginning_.empty() && !bytes.empty() && bytes.front() != 'A') return true;
  const std::size_t more = std::min(size - beginning_.size(), bytes.size());
  beginning_.append(bytes.substr(0, more));
  bytes.remove_prefix(more);
  if (beginning_.size() < size) return false;
  line(who_ + " protocol header " + beginning_.substr(0, 4) + " " + text_or_hex(beginning_.substr(4)));
  return true;
}

void Transcript::feed(std::string_view bytes, const std::function<void(const std::string&)>& line) {
  if (broken_ || bytes.empty()) return;
  if (!started_) started_ = take_protocol_header(bytes, line);
  if (!started_) return;
  frames_.feed(bytes);
  Frame frame;
  for (;;) {
    const FrameReader::Outcome outcome = frames_.next(frame);
    if (outcome == FrameReader::Outcome::incomplete) return;
    if (outcome == FrameReader::Outcome::frame) {
      line(who_ + " " + describe(frame));
      continue;
    }
    broken_ = true;
    return line(who_ + " no AMQP from here on: a frame of type " + std::to_string(frame.type) + ", size " +
                std::to_string(frame.size));
  }
}

}  // namespace premortem::fakes::amqp
