#pragma once
// MongoDB's messages as bytes: OP_MSG, OP_QUERY for the handshake, OP_REPLY, OP_COMPRESSED. Little-endian.
// Source: MongoDB specifications, OP_MSG; protocols.md, B.1.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace premortem::fakes::mongo {

inline constexpr std::size_t header_size = 16;
inline constexpr std::uint32_t message_size_max = 48'000'000;

enum class Opcode : std::int32_t { reply = 1, query = 2004, compressed = 2012, message = 2013 };
enum class Compressor : std::uint8_t { none = 0, snappy = 1, zlib = 2, zstd = 3 };

struct Header {
  std::int32_t length = 0, request = 0, response_to = 0, opcode = 0;
};
/// REQUIRES: header_size bytes.
Header read_header(std::string_view bytes);

inline constexpr std::uint32_t checksum_present = 1, more_to_come = 2, exhaust_allowed = 1U << 16;

/// A message as the session works on it.
struct Command {
  std::string document;  ///< BSON: sections of kind 1 stand in it as arrays; with $db.
  bool wants_reply = true;
  bool has_checksum = false;
  bool allows_exhaust = false;
  bool by_query = false;  ///< OP_QUERY: to be answered with OP_REPLY.
};
/// Of the body behind the header of an OP_MSG (`header` and `body` together are checked against the checksum). Nothing,
/// and `why`: the message breaks the protocol.
std::optional<Command> read_message(std::string_view header, std::string_view body, std::string& why);
/// Of an OP_QUERY on a collection $cmd.
std::optional<Command> read_query(std::string_view body, std::string& why);
/// Of an OP_COMPRESSED: the message within, with a header of its own. `used`: how.
std::optional<std::string> decompress(const Header& header, std::string_view body, Compressor& used, std::string& why);

std::string write_message(std::int32_t request, std::int32_t response_to, std::uint32_t flags,
                          std::string_view document, bool with_checksum);
std::string write_reply(std::int32_t request, std::int32_t response_to, std::string_view document);
/// The message wrapped; as it is where the compressor cannot be used.
std::string compress(const std::string& message, Compressor compressor);

std::uint32_t crc32c(std::string_view bytes);

}  // namespace premortem::fakes::mongo
