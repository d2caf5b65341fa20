#include "fakes/wire/mongo/message.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <utility>
#include <vector>

#include "fakes/wire/mongo/compression.hpp"
#include "fakes/wire/mongo/wire_numbers.hpp"
#include "sim/models/bson/codec.hpp"

namespace premortem::fakes::mongo {

namespace {

constexpr int invalid_bson = 22, bson_too_large = 10334;

struct Sequence {
  std::string_view name;
  std::vector<std::string_view> documents;
};

[[noreturn]] void bad_object(const std::string& why) {
  throw MessageError(invalid_bson, "Client Error: bad object in message: " + why);
}

/// A name is right if a field could have it.
bool could_be_name(std::string_view text) {
  std::string document;
  put_uint32(document, static_cast<std::uint32_t>(text.size() + 7));
  document.append("\x0a").append(text).append(2, '\0');
  return !bson::find_fault(document);
}

std::string_view take_text(std::string_view& bytes) {
  const std::size_t end = bytes.find('\0');
  if (end == std::string_view::npos) bad_object("a name does not end");
  const std::string_view text = bytes.substr(0, end);
  if (!could_be_name(text)) bad_object("a name is not UTF-8");
  bytes.remove_prefix(end + 1);
  return text;
}

std::string_view take_document(std::string_view& bytes) {
  if (bytes.size() < 4) bad_object("it is cut off");
  const std::uint32_t size = uint32_at(bytes, 0);
  if (size < 5 || size > bytes.size()) bad_object("its length is wrong");
  // As values it takes many times as much, so this comes before anything is made of it.
  if (size > bson::internal_bytes_max)
    throw MessageError(bson_too_large, "BSONObj size: " + std::to_string(size) +
                                           " is invalid. Size must be between 0 and " +
                                           std::to_string(bson::internal_bytes_max) + "(16MB)");
  const std::string_view document = bytes.substr(0, size);
  if (const std::optional<std::string> fault = bson::find_fault(document)) bad_object(*fault);
  bytes.remove_prefix(size);
  return document;
}

Sequence take_sequence(std::string_view& bytes) {
  if (bytes.size() < 4) bad_object("a document sequence is cut off");
  const std::uint32_t size = uint32_at(bytes, 0);
  if (size < 5 || size > bytes.size()) bad_object("the length of a document sequence is wrong");
  std::string_view inside = bytes.substr(4, size - 4);
  bytes.remove_prefix(size);
  Sequence sequence;
  sequence.name = take_text(inside);
  while (!inside.empty()) sequence.documents.push_back(take_document(inside));
  return sequence;
}

void append_array(std::string& document, const Sequence& sequence) {
  document.push_back('\x04');
  document.append(sequence.name).push_back('\0');
  const std::size_t start = document.size();
  put_uint32(document, 0);
  std::size_t index = 0;
  for (const std::string_view each : sequence.documents) {
    document.push_back('\x03');
    document.append(std::to_string(index++)).push_back('\0');
    document.append(each);
  }
  document.push_back('\0');
  set_uint32(document, start, static_cast<std::uint32_t>(document.size() - start));
}

void check_checksum(std::string_view whole) {
  const std::size_t end = whole.size() - 4;
  if (crc32c(whole.substr(0, end)) != uint32_at(whole, end)) {
    throw MessageError(-1, "OP_MSG checksum does not match contents", true);
  }
}

void read_msg(std::string_view whole, Request& request) {
  std::string_view rest = whole.substr(header_size);
  if (rest.size() < 4) throw MessageError(invalid_bson, "OP_MSG without flags", true);
  request.flags = uint32_at(rest, 0);
  rest.remove_prefix(4);
  if ((request.flags & 0xffff & ~(flag::checksum | flag::more_to_come)) != 0) {
    throw MessageError(223, "Message contains illegal flags value: Ob" + std::bitset<32>(request.flags).to_string(),
                       true);
  }
  if (request.has(flag::checksum)) {
    if (rest.size() < 4) throw MessageError(invalid_bson, "OP_MSG without its checksum", true);
    rest.remove_suffix(4);
    check_checksum(whole);  // Before all else: what was damaged on its way is nobody's mistake but the network's.
  }
  bool has_body = false;
  std::vector<Sequence> sequences;
  while (!rest.empty()) {
    const int kind = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    if (kind == 0) {
      if (std::exchange(has_body, true)) throw MessageError(40430, "Multiple body sections in message");
      request.document = take_document(rest);
    } else if (kind == 1) {
      if (sequences.size() == 2) throw MessageError(233, "Too many document sequences in OP_MSG", true);
      Sequence sequence = take_sequence(rest);
      const auto is_same = [&](const Sequence& other) { return other.name == sequence.name; };
      if (std::ranges::any_of(sequences, is_same)) {
        throw MessageError(40431, "Duplicate document sequence: " + std::string(sequence.name));
      }
      sequences.push_back(std::move(sequence));
    } else {
      throw MessageError(40432, "Unknown section kind " + std::to_string(kind));
    }
  }
  if (!has_body) throw MessageError(40587, "OP_MSG messages must have a body");
  for (const Sequence& sequence : sequences) {
    if (!bson::decode_field(request.document, sequence.name).is_missing()) {
      throw MessageError(40433, "Duplicate field between body and document sequence " + std::string(sequence.name));
    }
  }
  if (!bson::decode_field(request.document, "$db").is_string()) {
    throw MessageError(40571, "OP_MSG requests require a $db argument");
  }
  if (sequences.empty()) return;
  request.made.reserve(whole.size() + 64);
  request.made.assign(request.document.substr(0, request.document.size() - 1));
  for (const Sequence& sequence : sequences) append_array(request.made, sequence);
  request.made.push_back('\0');
  set_uint32(request.made, 0, static_cast<std::uint32_t>(request.made.size()));
  request.document = request.made;
}

// A command as the only document of a query, perhaps in `$query`, and the database in the collection's name.
void read_query(std::string_view whole, Request& request) {
  std::string_view rest = whole.substr(header_size);
  if (rest.size() < 4) throw MessageError(invalid_bson, "OP_QUERY without flags", true);
  rest.remove_prefix(4);
  request.collection = take_text(rest);
  if (rest.size() < 8) throw MessageError(invalid_bson, "OP_QUERY is cut off", true);
  rest.remove_prefix(8);
  request.document = take_document(rest);
  const std::size_t dot = request.collection.find('.');
  if (dot == std::string_view::npos || request.collection.substr(dot) != ".$cmd") return;
  check_handshake_size(request.document);  // All that may come in this way.
  bson::Value command = bson::decode(request.document);
  if (request.name() == "$query" || request.name() == "query") {
    bson::Value inner = command.fields().front().value;
    if (inner.is_document()) command = std::move(inner);
  }
  command.set("$db", bson::Value::string(std::string(request.collection.substr(0, dot))));
  request.made = bson::encode(command);
  request.document = request.made;
}

constexpr std::array<std::uint32_t, 256> castagnoli = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ ((rest & 1) != 0 ? 0x82F63B78U : 0U);
    table[byte] = rest;
  }
  return table;
}();

void put_reply(std::string& out, std::uint32_t flags, std::string_view document) {
  put_uint32(out, flags);
  out.append(8, '\0');  // No cursor.
  put_int32(out, 0);
  put_int32(out, 1);  // One document.
  out.append(document);
}

// Gives the message that begins at `start` its length, and compresses it if the request was.
void finish(std::string& out, std::size_t start, const Request& request, bool has_checksum) {
  const std::size_t checksum_size = has_checksum ? 4 : 0;
  set_uint32(out, start, static_cast<std::uint32_t>(out.size() - start + checksum_size));
  if (has_checksum) put_uint32(out, crc32c(std::string_view(out).substr(start)));
  if (request.compressor == 0) return;
  const std::string plain = out.substr(start);
  out.resize(start);
  out += compress_message(plain, request.compressor);
}

}  // namespace

Header read_header(std::string_view bytes) {
  return {int32_at(bytes, 0), int32_at(bytes, 4), int32_at(bytes, 8), int32_at(bytes, 12)};
}

void put_header(std::string& out, const Header& header) {
  put_int32(out, header.length);
  put_int32(out, header.request_id);
  put_int32(out, header.response_to);
  put_int32(out, header.op_code);
}

std::string_view Request::name() const {
  if (document.size() <= 5) return {};
  return document.substr(5, document.find('\0', 5) - 5);
}

void check_handshake_size(std::string_view document) {
  if (document.size() > handshake_bytes_max)
    throw MessageError(bson_too_large, "BSONObj size: " + std::to_string(document.size()) +
                                           " is invalid. Before authentication, and in a handshake, size must be "
                                           "between 0 and " +
                                           std::to_string(handshake_bytes_max));
}

void read_request(std::string_view whole, Request& request) {
  request.header = read_header(whole);
  if (request.header.op_code == op::msg) return read_msg(whole, request);
  if (request.header.op_code == op::query) return read_query(whole, request);
  throw MessageError(0, "opcode " + std::to_string(request.header.op_code) + " is not supported", true);
}

void put_answer(std::string& out, const Request& request, std::int32_t id, std::string_view document,
                bool more_to_come) {
  const std::size_t start = out.size();
  if (request.header.op_code != op::msg) {
    put_header(out, {0, id, request.header.request_id, op::reply});
    put_reply(out, 8, document);  // AwaitCapable, as the server has set it ever since.
    return finish(out, start, request, false);
  }
  const bool has_checksum = request.has(flag::checksum);
  put_header(out, {0, id, request.header.request_id, op::msg});
  put_uint32(out, (has_checksum ? flag::checksum : 0) | (more_to_come ? flag::more_to_come : 0));
  out.push_back('\0');  // One section, of kind 0.
  out.append(document);
  finish(out, start, request, has_checksum);
}

void put_query_failure(std::string& out, const Request& request, std::int32_t id, std::string_view document) {
  const std::size_t start = out.size();
  put_header(out, {0, id, request.header.request_id, op::reply});
  put_reply(out, 2, document);  // QueryFailure.
  finish(out, start, request, false);
}

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const char byte : bytes) sum = sum >> 8 ^ castagnoli[(sum ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~sum;
}

}  // namespace premortem::fakes::mongo
