#pragma once
// OP_COMPRESSED: a message in a message, by the libraries of the three compressors.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes::mongo {

/// 1 snappy, 2 zlib, 3 zstd; 0: we do not know it.
std::uint8_t compressor_id(std::string_view name);
std::string_view compressor_name(std::uint8_t id);

/// `plain`: a whole message with its header. The result keeps its numbers. REQUIRES: a compressor that we know.
std::string compress_message(std::string_view plain, std::uint8_t compressor);
/// The message within `whole`, with a header of its own, and what had compressed it. Throws a fatal MessageError for
/// what is cut off, of an unknown compressor, larger than `max` or not of the size that it says.
std::string decompress_message(std::string_view whole, std::size_t max, std::uint8_t& compressor);

}  // namespace premortem::fakes::mongo
