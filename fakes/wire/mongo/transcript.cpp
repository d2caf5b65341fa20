#include "fakes/wire/mongo/transcript.hpp"

#include <exception>
#include <utility>

#include "fakes/wire/mongo/compression.hpp"
#include "fakes/wire/mongo/message.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"

namespace premortem::fakes::mongo {

namespace {

constexpr std::size_t longest_message = 64 * 1024 * 1024;
constexpr std::size_t reply_head = header_size + 20;

// Whatever could help to guess a password stays out of files.
void hide_payloads(bson::Value& document) {
  for (const std::string_view name : {"payload", "speculativeAuthenticate"}) {
    if (bson::Value* found = document.find(name)) *found = bson::Value::string("...");
  }
}

std::string document_line(std::string_view bytes) {
  if (const auto fault = bson::find_fault(bytes)) return "broken document: " + *fault;
  bson::Value document = bson::decode(bytes);
  hide_payloads(document);
  return bson::to_shell(document);
}

// A name and its document, behind what was said of the message.
std::string request_line(std::string_view whole, const Header& header, std::uint8_t compressor) {
  Request request;
  std::string line;
  const std::string number =
      header.response_to == 0 ? std::to_string(header.request_id) : "reply to " + std::to_string(header.response_to);
  try {
    read_request(whole, request);
    line = number + " ";
    if (header.response_to == 0) line += std::string(request.name()) + " ";
    line += document_line(request.document);
  } catch (const MessageError& error) {
    line = number + " " + error.what();
    // An answer has no database: what is written down is its only section.
    if (error.code() == 40571) line = number + " " + document_line(request.document);
  }
  if (header.op_code == op::query) line += " op-query";
  if (request.has(flag::checksum)) line += " checksum";
  if (request.has(flag::more_to_come)) line += " more-to-come";
  if (request.has(flag::exhaust_allowed)) line += " exhaust-allowed";
  if (compressor != 0) line += " " + std::string(compressor_name(compressor));
  return line;
}

}  // namespace

std::string Transcript::describe(std::string_view whole) const {
  std::uint8_t compressor = 0;
  std::string plain, line;
  try {
    if (read_header(whole).op_code == op::compressed) {
      plain = decompress_message(whole, longest_message, compressor);
      whole = plain;
    }
    const Header header = read_header(whole);
    if (header.op_code == op::reply && whole.size() > reply_head) {
      line = "reply to " + std::to_string(header.response_to) + " " + document_line(whole.substr(reply_head)) +
             " op-reply";
    } else {
      line = request_line(whole, header, compressor);
    }
  } catch (const MessageError& error) {
    line = error.what();
  }
  line = who_ + " " + line;
  if (line.size() > longest_) line.replace(longest_, std::string::npos, "...");
  return line;
}

void Transcript::feed(std::string_view bytes, const std::function<void(const std::string&)>& line) {
  if (broken_) return;
  kept_ += bytes;
  std::size_t at = 0;
  while (kept_.size() - at >= header_size) {
    const std::string_view rest = std::string_view(kept_).substr(at);
    const std::int32_t length = read_header(rest).length;
    if (length < static_cast<std::int32_t>(header_size) || static_cast<std::size_t>(length) > longest_message) {
      broken_ = true;
      kept_.clear();
      return line(who_ + " no message of MongoDB's");
    }
    if (rest.size() < static_cast<std::size_t>(length)) break;
    line(describe(rest.substr(0, static_cast<std::size_t>(length))));
    at += static_cast<std::size_t>(length);
  }
  kept_.erase(0, at);
}

}  // namespace premortem::fakes::mongo
