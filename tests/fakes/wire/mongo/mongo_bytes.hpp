#pragma once
// Messages of MongoDB written by hand, independently of the codec under test: documents are libbson's.

#include <bson/bson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace premortem::testing {

inline std::string little_endian(std::int64_t value, int width = 4) {
  std::string out;
  for (int at = 0; at < width; ++at) out.push_back(static_cast<char>(value >> (8 * at) & 0xff));
  return out;
}

/// BSON of extended JSON.
inline std::string bson_of(const std::string& json) {
  bson_error_t error;
  bson_t* document =
      bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()), static_cast<ssize_t>(json.size()), &error);
  if (document == nullptr) return "no JSON: " + json;
  std::string out(reinterpret_cast<const char*>(bson_get_data(document)), document->len);
  bson_destroy(document);
  return out;
}

/// Relaxed extended JSON of BSON.
inline std::string json_of(std::string_view bytes) {
  bson_t document;
  if (!bson_init_static(&document, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())) return "no BSON";
  char* text = bson_as_relaxed_extended_json(&document, nullptr);
  const std::string out = text == nullptr ? "no BSON" : text;
  bson_free(text);
  return out;
}

inline std::string message(int op_code, int id, std::string_view body, int response_to = 0) {
  return little_endian(static_cast<std::int64_t>(16 + body.size())) + little_endian(id) + little_endian(response_to) +
         little_endian(op_code) + std::string(body);
}
inline std::string body_section(const std::string& json) { return std::string(1, '\0') + bson_of(json); }
inline std::string sequence_section(const std::string& name, const std::vector<std::string>& documents) {
  std::string inside = name + std::string(1, '\0');
  for (const std::string& each : documents) inside += bson_of(each);
  return "\x01" + little_endian(static_cast<std::int64_t>(4 + inside.size())) + inside;
}
inline std::string op_msg(int id, std::string_view sections, std::int64_t flags = 0) {
  return message(2013, id, little_endian(flags) + std::string(sections));
}
inline std::string op_query(int id, const std::string& json, const std::string& collection = "admin.$cmd") {
  return message(
      2004, id,
      little_endian(0) + collection + std::string(1, '\0') + little_endian(0) + little_endian(-1) + bson_of(json));
}

/// "reply to 7: {...}" for each message of the output, with its flags where it has any; independent of the codec.
inline std::vector<std::string> replies_of(std::string_view bytes) {
  std::vector<std::string> out;
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t byte = 4; byte-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + byte]);
    return value;
  };
  while (bytes.size() >= 16 && number(0) >= 16 && number(0) <= bytes.size()) {
    std::string line = "reply to " + std::to_string(number(8));
    if (number(12) == 2013) {
      if (number(16) != 0) line += " flags " + std::to_string(number(16));
      line += ": " + json_of(bytes.substr(21, number(21)));
    } else if (number(12) == 1) {
      line += " by OP_REPLY, flags " + std::to_string(number(16)) + ": " + json_of(bytes.substr(36, number(36)));
    } else {
      line += " of opcode " + std::to_string(number(12));
    }
    out.push_back(line);
    bytes.remove_prefix(number(0));
  }
  if (!bytes.empty()) out.push_back("no message: " + std::string(bytes));
  return out;
}

}  // namespace premortem::testing
