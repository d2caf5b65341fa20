#include "sim/models/broker/message_properties.hpp"

#include <cstddef>

namespace premortem {

namespace {

/// Takes off the front; nothing more after the first that is not there whole.
struct Bytes {
  std::string_view rest;
  bool good = true;

  std::string_view take(std::size_t size) {
    good = good && size <= rest.size();
    if (!good) return {};
    const std::string_view taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  }
  std::size_t number(std::size_t size) {
    std::size_t value = 0;
    for (const char byte : take(size)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
};

}  // namespace

MessageProperties read_properties(std::string_view all) {
  MessageProperties read;
  if (all.empty()) return read;
  Bytes bytes{all};
  const std::size_t flags = bytes.number(2);
  for (std::size_t more = flags; bytes.good && (more & 1) != 0;) more = bytes.number(2);
  const auto has = [flags](unsigned bit) { return (flags >> bit & 1) != 0; };
  const auto short_text = [&](unsigned bit) { return has(bit) ? bytes.take(bytes.number(1)) : std::string_view(); };
  short_text(15);  // content_type
  short_text(14);  // content_encoding
  read.has_headers = has(13);
  if (read.has_headers) read.headers = bytes.take(bytes.number(4));
  if (has(12)) read.delivery_mode = static_cast<std::uint8_t>(bytes.number(1));
  read.has_priority = has(11);
  if (read.has_priority) read.priority = static_cast<std::uint8_t>(bytes.number(1));
  short_text(10);  // correlation_id
  read.has_reply_to = has(9);
  read.reply_to = short_text(9);
  read.has_expiration = has(8);
  read.expiration = short_text(8);
  short_text(7);              // message_id
  if (has(6)) bytes.take(8);  // timestamp
  short_text(5);              // type
  read.has_user = has(4);
  read.user = short_text(4);
  read.good = bytes.good;
  return read;
}

}  // namespace premortem
