#pragma once
// Little-endian numbers, as MongoDB's messages have them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes::mongo {

/// REQUIRES: four bytes are there.
inline std::uint32_t uint32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t byte = 4; byte-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + byte]);
  return value;
}
inline std::int32_t int32_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::int32_t>(uint32_at(bytes, at));
}
inline void put_uint32(std::string& out, std::uint32_t value) {
  for (int byte = 0; byte < 4; ++byte) out.push_back(static_cast<char>(value >> (8 * byte) & 0xff));
}
inline void put_int32(std::string& out, std::int32_t value) { put_uint32(out, static_cast<std::uint32_t>(value)); }
inline void set_uint32(std::string& out, std::size_t at, std::uint32_t value) {
  for (std::size_t byte = 0; byte < 4; ++byte) out[at + byte] = static_cast<char>(value >> (8 * byte) & 0xff);
}

}  // namespace premortem::fakes::mongo
