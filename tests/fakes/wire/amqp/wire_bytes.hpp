#pragma once
// Frames of AMQP written by hand, independently of the codec under test.

#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::testing {

/// A string that may hold NUL: bytes("\0\x01") has two.
template <std::size_t Size>
std::string bytes(const char (&text)[Size]) {
  return std::string(text, Size - 1);
}

inline std::string big_endian(std::uint64_t value, int width) {
  std::string out;
  for (int at = width - 1; at >= 0; --at) out.push_back(static_cast<char>(value >> (8 * at) & 0xff));
  return out;
}
inline std::string short_text(std::string_view text) {
  return std::string(1, static_cast<char>(text.size())) + std::string(text);
}
inline std::string long_text(std::string_view text) { return big_endian(text.size(), 4) + std::string(text); }

inline std::string frame(int type, int channel, std::string_view payload) {
  return big_endian(static_cast<std::uint64_t>(type), 1) + big_endian(static_cast<std::uint64_t>(channel), 2) +
         long_text(payload) + "\xCE";
}
inline std::string method(int channel, int class_id, int method_id, std::string_view arguments = {}) {
  return frame(1, channel,
               big_endian(static_cast<std::uint64_t>(class_id), 2) +
                   big_endian(static_cast<std::uint64_t>(method_id), 2) + std::string(arguments));
}
/// A content header of class basic with no properties, or with flags and properties as they are given.
inline std::string header(int channel, std::uint64_t size, std::string_view properties = std::string_view("\0\0", 2)) {
  return frame(2, channel, big_endian(60, 2) + big_endian(0, 2) + big_endian(size, 8) + std::string(properties));
}
inline std::string publish(int channel, std::string_view exchange, std::string_view key, int bits = 0) {
  return method(channel, 60, 40,
                big_endian(0, 2) + short_text(exchange) + short_text(key) + std::string(1, static_cast<char>(bits)));
}

}  // namespace premortem::testing
