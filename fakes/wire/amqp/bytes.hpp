#pragma once
// Big-endian numbers and AMQP's two kinds of text, in and out of bytes. Nothing here reads past the end.

#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes::amqp {

/// Reads from the front of `rest`. Once something was missing, `ok` is false and everything reads as nothing.
struct Reader {
  std::string_view rest;
  bool ok = true;

  std::string_view bytes(std::size_t count) {
    if (count > rest.size()) {
      ok = false;
      rest = {};
      return {};
    }
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const char byte : bytes(width)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  std::string_view short_text() { return bytes(static_cast<std::size_t>(number(1))); }
  std::string_view long_text() { return bytes(static_cast<std::size_t>(number(4))); }
  bool done() const { return ok && rest.empty(); }
};

inline void put_number(std::string& out, std::uint64_t value, std::size_t width) {
  char bytes[8];
  for (std::size_t at = width; at-- > 0; value >>= 8) bytes[at] = static_cast<char>(value & 0xff);
  out.append(bytes, width);
}
/// Overwrites `width` bytes at `at`, which must be there.
inline void set_number(std::string& out, std::size_t at, std::uint64_t value, std::size_t width) {
  for (std::size_t byte = width; byte-- > 0; value >>= 8) out[at + byte] = static_cast<char>(value & 0xff);
}
/// Cut off after 255 bytes, which is what fits.
inline void put_short_text(std::string& out, std::string_view text) {
  text = text.substr(0, 255);
  out.push_back(static_cast<char>(text.size()));
  out.append(text);
}
inline void put_long_text(std::string& out, std::string_view text) {
  put_number(out, text.size(), 4);
  out.append(text);
}

}  // namespace premortem::fakes::amqp
