#pragma once
// MongoDB's messages <-> commands as BSON. Sources: the OP_MSG and OP_COMPRESSED specifications of MongoDB's drivers.

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace premortem::fakes::mongo {

inline constexpr std::size_t header_size = 16;

namespace op {
inline constexpr std::int32_t reply = 1, update = 2001, insert = 2002, query = 2004, get_more = 2005, remove = 2006,
                              kill_cursors = 2007, compressed = 2012, msg = 2013;
}
namespace flag {
inline constexpr std::uint32_t checksum = 1, more_to_come = 2, exhaust_allowed = 1U << 16;
}

struct Header {
  std::int32_t length = 0, request_id = 0, response_to = 0, op_code = 0;
};
/// REQUIRES: header_size bytes are there.
Header read_header(std::string_view bytes);
void put_header(std::string& out, const Header& header);

/// Why a message is no command. The server answers it, or hangs up where what follows could not be understood either.
class MessageError : public std::runtime_error {
 public:
  MessageError(int code, const std::string& what, bool is_fatal = false)
      : std::runtime_error(what), code_(code), is_fatal_(is_fatal) {}
  int code() const { return code_; }
  bool is_fatal() const { return is_fatal_; }

 private:
  int code_;
  bool is_fatal_;
};

/// What a stranger may send: a handshake is a few hundred bytes, and a document of 16 MB takes a hundred times as much
/// when it is decoded.
inline constexpr std::size_t handshake_bytes_max = 64 * 1024;
/// Throws MessageError.
void check_handshake_size(std::string_view document);

/// A whole message that asks for something.
struct Request {
  Header header;
  std::uint32_t flags = 0;        ///< Of OP_MSG; 0 for OP_QUERY.
  std::uint8_t compressor = 0;    ///< Of the message it came in; 0: none.
  std::string_view collection;    ///< Of OP_QUERY: "admin.$cmd".
  std::string_view document;      ///< One BSON document with `$db`. In the message, or in `made`.
  std::string made;               ///< What had to be put together.
  std::string_view name() const;  ///< Of the command: the document's first field; empty if it has none.

  bool has(std::uint32_t wanted) const { return (flags & wanted) != 0; }
};

/// Fills all but the compressor. `whole`: the message with its header, which must outlive the request. `request` has
/// its header and flags also after a MessageError.
void read_request(std::string_view whole, Request& request);

/// Appends the answer to a request, in kind: OP_MSG, with a checksum if it had one, or OP_REPLY, compressed if it was.
void put_answer(std::string& out, const Request& request, std::int32_t id, std::string_view document,
                bool more_to_come = false);
/// OP_REPLY that says by its flag that the query has failed.
void put_query_failure(std::string& out, const Request& request, std::int32_t id, std::string_view document);

/// CRC-32C, Castagnoli's.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace premortem::fakes::mongo
