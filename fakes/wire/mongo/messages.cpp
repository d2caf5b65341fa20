#include "fakes/wire/mongo/messages.hpp"

#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

#include <boost/crc.hpp>
#include <cstring>

#include "sim/models/bson/codec.hpp"

namespace premortem::fakes::mongo {

namespace {

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t byte = 0; byte < 4; ++byte)
    word |= std::uint32_t{static_cast<unsigned char>(bytes[at + byte])} << 8 * byte;
  return word;
}

void put_word(std::string& out, std::uint32_t word) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(word >> shift & 0xFF);
}

void put_header(std::string& out, std::size_t length, std::int32_t request, std::int32_t response_to, Opcode opcode) {
  put_word(out, static_cast<std::uint32_t>(length));
  put_word(out, static_cast<std::uint32_t>(request));
  put_word(out, static_cast<std::uint32_t>(response_to));
  put_word(out, static_cast<std::uint32_t>(opcode));
}

/// The BSON document at the front of `bytes`, which it is taken from.
std::optional<std::string_view> take_document(std::string_view& bytes) {
  if (bytes.size() < 5) return std::nullopt;
  const std::uint32_t length = word_at(bytes, 0);
  if (length < 5 || length > bytes.size()) return std::nullopt;
  const std::string_view document = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return document;
}

/// A document with one more element, whose bytes behind the name are given.
void append_element(std::string& document, char type, std::string_view name, std::string_view value) {
  document.pop_back();
  document += type;
  document += name;
  document += '\0';
  document += value;
  document += '\0';
  const auto length = static_cast<std::uint32_t>(document.size());
  for (std::size_t byte = 0; byte < 4; ++byte) document[byte] = static_cast<char>(length >> 8 * byte & 0xFF);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

Header read_header(std::string_view bytes) {
  return {static_cast<std::int32_t>(word_at(bytes, 0)), static_cast<std::int32_t>(word_at(bytes, 4)),
          static_cast<std::int32_t>(word_at(bytes, 8)), static_cast<std::int32_t>(word_at(bytes, 12))};
}

std::optional<Command> read_message(std::string_view header, std::string_view body, std::string& why) {
  const auto wrong = [&](const char* what) {
    why = what;
    return std::nullopt;
  };
  if (body.size() < 5) return wrong("an OP_MSG without sections");
  const std::uint32_t flags = word_at(body, 0);
  constexpr std::uint32_t known = checksum_present | more_to_come;
  if ((flags & 0xFFFF & ~known) != 0) return wrong("an OP_MSG with unknown required flags");
  Command command;
  command.wants_reply = (flags & more_to_come) == 0;
  command.has_checksum = (flags & checksum_present) != 0;
  command.allows_exhaust = (flags & exhaust_allowed) != 0;
  if (command.has_checksum) {
    if (body.size() < 9) return wrong("an OP_MSG without its checksum");
    const std::uint32_t given = word_at(body, body.size() - 4);
    body.remove_suffix(4);
    if (given != crc32c(std::string(header) + std::string(body))) return wrong("an OP_MSG with a wrong checksum");
  }
  std::string_view rest = body.substr(4);
  struct Sequence {
    std::string_view name;
    std::string array;
  };
  std::vector<Sequence> sequences;
  bool has_body = false;
  while (!rest.empty()) {
    const char kind = rest.front();
    rest.remove_prefix(1);
    if (kind == 0) {
      const auto document = take_document(rest);
      if (!document) return wrong("a section of kind 0 that is no document");
      if (has_body) return wrong("two sections of kind 0");
      has_body = true;
      command.document = std::string(*document);
    } else if (kind == 1) {
      if (rest.size() < 5) return wrong("a section of kind 1 that is cut off");
      const std::uint32_t size = word_at(rest, 0);
      if (size < 5 || size > rest.size()) return wrong("a section of kind 1 of a wrong size");
      std::string_view section = rest.substr(4, size - 4);
      rest.remove_prefix(size);
      const std::size_t end = section.find('\0');
      if (end == std::string_view::npos) return wrong("a section of kind 1 without a name");
      Sequence sequence{section.substr(0, end), std::string("\5\0\0\0\0", 5)};
      section.remove_prefix(end + 1);
      std::string elements;
      for (std::size_t number = 0; !section.empty(); ++number) {
        const auto document = take_document(section);
        if (!document) return wrong("a section of kind 1 with something that is no document");
        elements += '\3' + std::to_string(number) + '\0';
        elements += *document;
      }
      sequence.array.clear();
      put_word(sequence.array, static_cast<std::uint32_t>(elements.size() + 5));
      sequence.array += elements + '\0';
      sequences.push_back(std::move(sequence));
    } else {
      return wrong("a section of an unknown kind");
    }
  }
  if (!has_body) return wrong("an OP_MSG without a section of kind 0");
  for (const Sequence& sequence : sequences) append_element(command.document, '\4', sequence.name, sequence.array);
  if (const auto fault = bson::find_fault(command.document)) {
    why = "a command that is no BSON: " + *fault;
    return std::nullopt;
  }
  return command;
}

std::optional<Command> read_query(std::string_view body, std::string& why) {
  const auto wrong = [&](const char* what) {
    why = what;
    return std::nullopt;
  };
  if (body.size() < 5) return wrong("an OP_QUERY that is cut off");
  std::string_view rest = body.substr(4);
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return wrong("an OP_QUERY without a collection");
  const std::string_view collection = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  if (!collection.ends_with(".$cmd")) return wrong("an OP_QUERY on a collection: MongoDB has not had that since 5.1");
  if (rest.size() < 8) return wrong("an OP_QUERY that is cut off");
  rest.remove_prefix(8);
  const auto document = take_document(rest);
  if (!document) return wrong("an OP_QUERY without a document");
  if (const auto fault = bson::find_fault(*document)) {
    why = "a command that is no BSON: " + *fault;
    return std::nullopt;
  }
  Command command;
  command.by_query = true;
  command.document = std::string(*document);
  const bson::Value parsed = bson::decode(command.document);
  if (!parsed.has("$db")) {
    std::string value;
    const std::string_view database = collection.substr(0, collection.size() - 5);
    put_word(value, static_cast<std::uint32_t>(database.size() + 1));
    value += database;
    value += '\0';
    append_element(command.document, '\2', "$db", value);
  }
  return command;
}

std::optional<std::string> decompress(const Header& header, std::string_view body, Compressor& used, std::string& why) {
  const auto wrong = [&](const char* what) {
    why = what;
    return std::nullopt;
  };
  if (body.size() < 9) return wrong("an OP_COMPRESSED that is cut off");
  const auto opcode = static_cast<Opcode>(word_at(body, 0));
  const std::uint32_t size = word_at(body, 4);
  used = static_cast<Compressor>(body[8]);
  body.remove_prefix(9);
  if (size > message_size_max) return wrong("an OP_COMPRESSED of more than 48,000,000 bytes");
  std::string inner(size, '\0');
  bool whole = false;
  switch (used) {
    case Compressor::none:
      whole = body.size() == size;
      if (whole) inner = std::string(body);
      break;
    case Compressor::snappy: {
      std::size_t length = size;
      std::size_t announced = 0;
      whole = snappy_uncompressed_length(body.data(), body.size(), &announced) == SNAPPY_OK && announced == size &&
              snappy_uncompress(body.data(), body.size(), inner.data(), &length) == SNAPPY_OK && length == size;
      break;
    }
    case Compressor::zlib: {
      uLongf length = size;
      whole = ::uncompress(reinterpret_cast<Bytef*>(inner.data()), &length, reinterpret_cast<const Bytef*>(body.data()),
                           static_cast<uLong>(body.size())) == Z_OK &&
              length == size;
      break;
    }
    case Compressor::zstd:
      whole = ZSTD_decompress(inner.data(), size, body.data(), body.size()) == size;
      break;
  }
  if (!whole) return wrong("an OP_COMPRESSED that cannot be read");
  std::string message;
  put_header(message, header_size + inner.size(), header.request, header.response_to, opcode);
  return message + inner;
}

std::string write_message(std::int32_t request, std::int32_t response_to, std::uint32_t flags,
                          std::string_view document, bool with_checksum) {
  std::string out;
  out.reserve(header_size + 9 + document.size());
  put_header(out, header_size + 5 + document.size() + (with_checksum ? 4 : 0), request, response_to, Opcode::message);
  put_word(out, flags | (with_checksum ? checksum_present : 0));
  out += '\0';
  out += document;
  if (with_checksum) put_word(out, crc32c(out));
  return out;
}

std::string write_reply(std::int32_t request, std::int32_t response_to, std::string_view document) {
  std::string out;
  put_header(out, header_size + 20 + document.size(), request, response_to, Opcode::reply);
  put_word(out, 8);  // AwaitCapable
  put_word(out, 0), put_word(out, 0);
  put_word(out, 0);
  put_word(out, 1);
  out += document;
  return out;
}

std::string compress(const std::string& message, Compressor compressor) {
  const std::string_view inner = std::string_view(message).substr(header_size);
  std::string packed;
  switch (compressor) {
    case Compressor::none:
      return message;
    case Compressor::snappy: {
      std::size_t length = snappy_max_compressed_length(inner.size());
      packed.resize(length);
      if (snappy_compress(inner.data(), inner.size(), packed.data(), &length) != SNAPPY_OK) return message;
      packed.resize(length);
      break;
    }
    case Compressor::zlib: {
      uLongf length = compressBound(static_cast<uLong>(inner.size()));
      packed.resize(length);
      if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(inner.data()),
                      static_cast<uLong>(inner.size()), Z_DEFAULT_COMPRESSION) != Z_OK)
        return message;
      packed.resize(length);
      break;
    }
    case Compressor::zstd: {
      packed.resize(ZSTD_compressBound(inner.size()));
      const std::size_t length = ZSTD_compress(packed.data(), packed.size(), inner.data(), inner.size(), 3);
      if (ZSTD_isError(length) != 0) return message;
      packed.resize(length);
      break;
    }
  }
  const Header header = read_header(message);
  std::string out;
  put_header(out, header_size + 9 + packed.size(), header.request, header.response_to, Opcode::compressed);
  put_word(out, static_cast<std::uint32_t>(header.opcode));
  put_word(out, static_cast<std::uint32_t>(inner.size()));
  out += static_cast<char>(compressor);
  return out + packed;
}

}  // namespace premortem::fakes::mongo
