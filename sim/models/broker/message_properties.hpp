#pragma once
// What of a message's properties the broker itself reads.

#include <cstdint>
#include <string_view>

namespace premortem {

struct MessageProperties {
  bool good = true;  ///< False: the bytes end before they should; the rest is not filled.
  bool has_headers = false, has_priority = false, has_expiration = false, has_reply_to = false, has_user = false;
  std::uint8_t delivery_mode = 1;  ///< 2: persistent.
  std::uint8_t priority = 0;
  std::string_view headers;  ///< A field table without its length.
  std::string_view expiration, reply_to, user;
};

/// `bytes`: property flags and properties as they go over the wire. None at all are no properties.
MessageProperties read_properties(std::string_view bytes);

}  // namespace premortem
