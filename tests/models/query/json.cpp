#include "tests/models/query/json.hpp"

#include <bson/bson.h>

#include <stdexcept>

#include "sim/models/bson/codec.hpp"

namespace premortem::testing {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '.';
}

/// The text from `at`, which is a quote, to the quote that ends it; `at` is moved behind it.
std::string_view quoted_part(std::string_view text, std::size_t& at) {
  const char quote = text[at++];
  const std::size_t begin = at;
  while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
  if (at >= text.size()) throw std::invalid_argument("a text without an end: " + std::string(text));
  return text.substr(begin, at++ - begin);
}

/// Names that libbson takes for older forms of a binary or a regular expression; here they are operators of queries.
constexpr std::string_view operator_mark = "\\u0001";
bool is_operator_name(std::string_view name) { return name == "$type" || name == "$regex" || name == "$options"; }

/// A quoted name or text, which is a name if `rest`, what follows, begins with a colon.
std::string quote(std::string_view text, std::string_view rest) {
  const std::size_t next = rest.find_first_not_of(' ');
  const bool is_name = next != std::string_view::npos && rest[next] == ':';
  std::string out = "\"";
  if (is_name && is_operator_name(text)) out += operator_mark;
  return out + std::string(text) + '"';
}

void remove_marks(bson::Value& value) {
  for (bson::Field& field : value.fields()) {
    if (field.name.starts_with('\x01')) field.name.erase(0, 1);
    remove_marks(field.value);
  }
  for (bson::Value& element : value.elements()) remove_marks(element);
}

std::string strict_json(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\'') {
      std::string inside;
      for (const char c : quoted_part(text, at)) inside += c == '"' ? std::string("\\\"") : std::string(1, c);
      out += quote(inside, text.substr(at));
    } else if (text[at] == '"') {
      const std::string_view inside = quoted_part(text, at);
      out += quote(inside, text.substr(at));
    } else if (is_name_character(text[at])) {
      std::size_t end = at;
      while (end < text.size() && is_name_character(text[end])) ++end;
      const std::string_view word = text.substr(at, end - at), rest = text.substr(end);
      const std::size_t next = rest.find_first_not_of(' ');
      const bool is_name = next != std::string_view::npos && rest[next] == ':';
      out += is_name ? quote(word, rest) : std::string(word);
      at = end;
    } else {
      out += text[at++];
    }
  }
  return out;
}

/// Canonical extended JSON with fewer quotes and spaces.
std::string relaxed_text(std::string_view canonical) {
  std::string out;
  for (std::size_t at = 0; at < canonical.size();) {
    const char c = canonical[at];
    if (c == '"') {
      const std::string_view word = quoted_part(canonical, at);
      bool plain = !word.empty() && canonical.substr(at, 2) == " :";
      for (const char letter : word) plain = plain && is_name_character(letter);
      if (plain) {
        out += word;
        continue;
      }
      out += '\'';
      for (std::size_t i = 0; i < word.size(); ++i) {
        if (word.substr(i, 2) == "\\\"") ++i;
        out += word[i];
      }
      out += '\'';
    } else {
      if (c != ' ') out += c;
      if (c == ',' || c == ':') out += ' ';
      ++at;
    }
  }
  return out;
}

/// {$numberInt: '5'} to 5.
void unwrap_numbers(std::string& text, std::string_view wrapper) {
  for (std::size_t at = text.find(wrapper); at != std::string::npos; at = text.find(wrapper, at)) {
    const std::size_t end = text.find("'}", at);
    const std::string number = text.substr(at + wrapper.size(), end - at - wrapper.size());
    if (number.find_first_of("IN") != std::string::npos) {  // Infinity and NaN have no other form.
      at = end;
      continue;
    }
    text.replace(at, end + 2 - at, number);
  }
}

}  // namespace

bson::Value json(std::string_view text) {
  const std::string whole = "{\"value\": " + strict_json(text) + "}";
  bson_error_t error;
  bson_t* parsed = bson_new_from_json(reinterpret_cast<const std::uint8_t*>(whole.data()),
                                      static_cast<ssize_t>(whole.size()), &error);
  if (parsed == nullptr) throw std::invalid_argument(std::string(error.message) + ": " + whole);
  const std::string bytes(reinterpret_cast<const char*>(bson_get_data(parsed)), parsed->len);
  bson_destroy(parsed);
  bson::Value value = bson::decode(bytes)["value"];
  remove_marks(value);
  return value;
}

std::string text(const bson::Value& value) {
  if (value.is_missing()) return "missing";
  const std::string bytes = bson::encode(bson::doc({{"value", value}}));
  bson_t view;
  if (!bson_init_static(&view, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()))
    throw std::invalid_argument("no document");
  char* canonical = bson_as_canonical_extended_json(&view, nullptr);
  if (canonical == nullptr) throw std::invalid_argument("a document that is no JSON");
  std::string out = relaxed_text(canonical);
  bson_free(canonical);
  unwrap_numbers(out, "{$numberInt: '");
  unwrap_numbers(out, "{$numberDouble: '");
  return out.substr(8, out.size() - 9);  // Without "{value: " and "}".
}

}  // namespace premortem::testing
