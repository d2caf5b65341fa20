#include "fakes/wire/amqp/error_texts.hpp"

#include <algorithm>

#include "fakes/wire/amqp/method_table.hpp"

namespace premortem::fakes::amqp {

namespace {

// What Erlang's ~p takes for text: Latin-1 without control characters other than those with an escape.
bool is_printable(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return (byte >= 8 && byte <= 13) || byte == 27 || (byte >= 32 && byte < 127) || byte >= 160;
}

void put_escaped(std::string& out, char character) {
  constexpr std::string_view plain = "\b\t\n\v\f\r\x1b\"\\", escaped = "btnvfre\"\\";
  const std::size_t at = plain.find(character);
  if (at == std::string_view::npos) {
    out.push_back(character);
  } else {
    out.push_back('\\');
    out.push_back(escaped[at]);
  }
}

}  // namespace

std::string erlang_binary(std::string_view bytes) {
  std::string out = "<<";
  if (!bytes.empty() && std::ranges::all_of(bytes, is_printable)) {
    out.push_back('"');
    for (const char character : bytes) put_escaped(out, character);
    out.push_back('"');
  } else {
    for (const char byte : bytes) {
      if (out.size() > 2) out.push_back(',');
      out += std::to_string(static_cast<unsigned char>(byte));
    }
  }
  return out + ">>";
}

std::string frame_text(const Frame& frame) {
  constexpr std::size_t shown = 16;
  return "type " + std::to_string(frame.type) + (frame.payload.size() > shown ? ", first 16" : ", all") +
         " octets = " + erlang_binary(frame.payload.substr(0, shown));
}

std::string reply_text(std::uint16_t code, std::string_view text) {
  const std::string_view name = reply_name(code);
  std::string out(text);
  if (!text.starts_with(name)) out.insert(0, std::string(name) + " - ");
  constexpr std::size_t max = 255;
  if (out.size() > max) out = out.substr(0, max - 3) + "...";
  return out;
}

}  // namespace premortem::fakes::amqp
