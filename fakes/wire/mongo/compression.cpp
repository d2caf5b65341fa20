#include "fakes/wire/mongo/compression.hpp"

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include "fakes/wire/mongo/message.hpp"
#include "fakes/wire/mongo/wire_numbers.hpp"

namespace premortem::fakes::mongo {

namespace {

constexpr std::uint8_t snappy_id = 1, zlib_id = 2, zstd_id = 3;
constexpr std::size_t compressed_header_size = header_size + 9;

std::string compress_bytes(std::string_view plain, std::uint8_t compressor) {
  std::string packed;
  if (compressor == snappy_id) {
    snappy::Compress(plain.data(), plain.size(), &packed);
  } else if (compressor == zlib_id) {
    uLongf size = compressBound(static_cast<uLong>(plain.size()));
    packed.resize(size);
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
              static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);
    packed.resize(size);
  } else {
    packed.resize(ZSTD_compressBound(plain.size()));
    packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), ZSTD_CLEVEL_DEFAULT));
  }
  return packed;
}

// Whether they are exactly as many bytes as `plain` is long.
bool decompress_bytes(std::string_view packed, std::uint8_t compressor, char* plain, std::size_t size) {
  if (compressor == snappy_id) {
    std::size_t says = 0;
    return snappy::GetUncompressedLength(packed.data(), packed.size(), &says) && says == size &&
           snappy::RawUncompress(packed.data(), packed.size(), plain);
  }
  if (compressor == zlib_id) {
    uLongf got = static_cast<uLongf>(size);
    return uncompress(reinterpret_cast<Bytef*>(plain), &got, reinterpret_cast<const Bytef*>(packed.data()),
                      static_cast<uLong>(packed.size())) == Z_OK &&
           got == size;
  }
  return ZSTD_decompress(plain, size, packed.data(), packed.size()) == size;
}

[[noreturn]] void refuse(const std::string& why) { throw MessageError(2, why, true); }

}  // namespace

std::uint8_t compressor_id(std::string_view name) {
  return name == "snappy" ? snappy_id : name == "zlib" ? zlib_id : name == "zstd" ? zstd_id : std::uint8_t{0};
}

std::string_view compressor_name(std::uint8_t id) {
  return id == snappy_id ? "snappy" : id == zlib_id ? "zlib" : id == zstd_id ? "zstd" : "";
}

std::string compress_message(std::string_view plain, std::uint8_t compressor) {
  const Header header = read_header(plain);
  const std::string packed = compress_bytes(plain.substr(header_size), compressor);
  std::string out;
  put_header(out, {static_cast<std::int32_t>(compressed_header_size + packed.size()), header.request_id,
                   header.response_to, op::compressed});
  put_int32(out, header.op_code);
  put_int32(out, static_cast<std::int32_t>(plain.size() - header_size));
  out.push_back(static_cast<char>(compressor));
  return out + packed;
}

std::string decompress_message(std::string_view whole, std::size_t max, std::uint8_t& compressor) {
  if (whole.size() < compressed_header_size) refuse("OP_COMPRESSED is cut off");
  const Header header = read_header(whole);
  const std::int32_t op_code = int32_at(whole, header_size);
  const std::int32_t size = int32_at(whole, header_size + 4);
  compressor = static_cast<std::uint8_t>(whole[header_size + 8]);
  if (op_code == op::compressed) refuse("OP_COMPRESSED in OP_COMPRESSED");
  if (compressor_name(compressor).empty()) refuse("compressor " + std::to_string(compressor) + " is unknown");
  if (size < 0 || static_cast<std::size_t>(size) + header_size > max) refuse("decompressed message would be too large");
  std::string plain;
  put_header(plain, {static_cast<std::int32_t>(header_size) + size, header.request_id, header.response_to, op_code});
  plain.resize(header_size + static_cast<std::size_t>(size));
  if (!decompress_bytes(whole.substr(compressed_header_size), compressor, plain.data() + header_size,
                        static_cast<std::size_t>(size))) {
    refuse("OP_COMPRESSED cannot be decompressed");
  }
  return plain;
}

}  // namespace premortem::fakes::mongo
