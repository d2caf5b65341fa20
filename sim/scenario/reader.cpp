#include "sim/scenario/reader.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace premortem {

namespace {

/// Counts lines and columns (in code points) while nlohmann_json reads: its document keeps no positions.
struct Cursor {
  const char* at = nullptr;
  Position place{1, 1};
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Cursor* cursor) : at_(at), cursor_(cursor) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') {
      ++cursor_->place.line, cursor_->place.column = 1;
    } else if ((static_cast<unsigned char>(*at_) & 0xC0U) != 0x80U) {
      ++cursor_->place.column;
    }
    cursor_->at = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  Cursor* cursor_;
};

/// The first NUL, or byte that belongs to no character of UTF-8; npos: there is none.
std::size_t first_bad_byte(std::string_view text) {
  const auto byte = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  const auto follows = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned first = byte(at), second = byte(at + 1);
    if (first == 0) return at;
    if (first < 0x80) {
      at += 1;
    } else if (first >= 0xC2 && first < 0xE0 && follows(at + 1)) {
      at += 2;
    } else if ((first & 0xF0U) == 0xE0 && follows(at + 1) && follows(at + 2) && (first != 0xE0 || second >= 0xA0) &&
               (first != 0xED || second < 0xA0)) {
      at += 3;
    } else if (first >= 0xF0 && first < 0xF5 && follows(at + 1) && follows(at + 2) && follows(at + 3) &&
               (first != 0xF0 || second >= 0x90) && (first != 0xF4 || second < 0x90)) {
      at += 4;
    } else {
      return at;
    }
  }
  return std::string_view::npos;
}

Position position_of(std::string_view text, std::size_t byte) {
  Cursor cursor;
  CountingIterator at(text.data(), &cursor);
  for (std::size_t n = 0; n < byte; ++n) ++at;
  return cursor.place;
}

/// Where a token began whose last byte has just been read.
Position began(std::string_view text, const Cursor& cursor, bool is_string, std::size_t raw_length) {
  const char* end = cursor.at;
  const char* first = text.data();
  if (end == nullptr) return {1, 1};
  if (is_string) {  // Back over the closing quote to the opening one.
    const char* at = end - 1;
    for (--at; at > first; --at) {
      if (*at != '"') continue;
      std::size_t backslashes = 0;
      for (const char* before = at - 1; before >= first && *before == '\\'; --before) ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    std::uint32_t columns = 0;
    for (const char* c = at; c < end; ++c) {
      if ((static_cast<unsigned char>(*c) & 0xC0U) != 0x80U) ++columns;
    }
    return {cursor.place.line, cursor.place.column - columns};
  }
  const auto length = static_cast<std::uint32_t>(raw_length);
  return {cursor.place.line, cursor.place.column > length ? cursor.place.column - length : 1};
}

class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  Builder(std::string_view text, Cursor& cursor, Diagnostics& diagnostics)
      : text_(text), cursor_(cursor), diagnostics_(diagnostics) {}

  bool null() {
    Node node;
    return add(node, 4, false);
  }
  bool boolean(bool value) { return add(Node::of_boolean(value, {}), value ? 4 : 5, false); }
  bool number_integer(number_integer_t value) {
    return number(Node::of_integer(value, {}), std::to_string(value).size());
  }
  bool number_unsigned(number_unsigned_t value) {
    if (value > INT64_MAX) return number_float(static_cast<double>(value), std::to_string(value));
    return number(Node::of_integer(static_cast<std::int64_t>(value), {}), std::to_string(value).size());
  }
  bool number_float(number_float_t value, const string_t& written) {
    Node node;
    node.kind = Node::Kind::number;
    node.number = value;
    node.text = written;
    return number(node, written.size());
  }
  bool string(string_t& value) { return add(Node::of_text(value, {}), 0, true); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Node::of_object({})); }
  bool start_array(std::size_t) { return open(Node::of_array({})); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& name) {
    key_ = name;
    key_at_ = began(text_, cursor_, true, 0);
    if (const Node* there = stack_.back()->find(name)) {
      diagnostics_.error(key_at_, "/" + path() + name,
                         "written twice, first in line " + std::to_string(there->key_at.line) + "; remove one");
    }
    return true;
  }
  bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& error) {
    std::string message = error.what();
    const std::size_t colon = message.find("syntax error");
    message = colon == std::string::npos ? message : message.substr(colon);
    const std::size_t last = message.find("; last read");
    std::string advice = "; check quotes, commas and brackets before it";
    if (message.find("ill-formed UTF-8") != std::string::npos || message.find("invalid string") != std::string::npos) {
      advice = "; the file must be UTF-8, with control characters escaped";
    } else if (token.ends_with("}") || token.ends_with("]")) {
      advice = "; a comma before a closing bracket is one too many";
    }
    diagnostics_.error(last_read(), "", message.substr(0, last) + advice);
    return false;
  }

  Node root;

 private:
  /// Where the byte stands that was read last.
  Position last_read() const {
    const Position behind = cursor_.place;
    return {behind.line, behind.column > 1 ? behind.column - 1 : 1};
  }
  // A number is reported when the byte behind it has been read.
  bool number(Node node, std::size_t length) { return add(std::move(node), length + 1, false); }

  bool add(Node node, std::size_t length, bool is_string) {
    node.at = began(text_, cursor_, is_string, length);
    place(std::move(node));
    return true;
  }
  bool open(Node node) {
    if (stack_.size() >= static_cast<std::size_t>(nesting_max)) {
      diagnostics_.error(last_read(), "",
                         "nested deeper than " + std::to_string(nesting_max) +
                             " levels; no scenario needs that, look for a bracket that does not close");
      return false;
    }
    node.at = began(text_, cursor_, false, 1);
    stack_.push_back(place(std::move(node)));
    return true;
  }
  bool close() {
    stack_.pop_back();
    return true;
  }
  Node* place(Node node) {
    if (stack_.empty()) {
      root = std::move(node);
      return &root;
    }
    Node& parent = *stack_.back();
    if (parent.is(Node::Kind::array)) {
      node.key_at = node.at;
      parent.items.push_back(std::move(node));
      return &parent.items.back();
    }
    node.key_at = key_at_;
    parent.members.emplace_back(key_, std::move(node));
    return &parent.members.back().second;
  }
  std::string path() const {
    std::string text;
    for (std::size_t n = 0; n + 1 < stack_.size(); ++n) {
      for (const Node::Member& member : stack_[n]->members) {
        if (&member.second == stack_[n + 1]) text += member.first + "/";
      }
    }
    return text;
  }

  std::string_view text_;
  Cursor& cursor_;
  Diagnostics& diagnostics_;
  std::vector<Node*> stack_;
  std::string key_;
  Position key_at_;
};

}  // namespace

std::optional<Node> read_scenario_text(std::string_view text, Diagnostics& diagnostics) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    diagnostics.error({1, 1}, "", "the file is empty; a scenario begins with { \"premortem\": 1, \"title\": ... }");
    return std::nullopt;
  }
  Cursor cursor;
  Builder builder(text, cursor, diagnostics);
  const bool ok = nlohmann::json::sax_parse(CountingIterator(text.data(), &cursor),
                                            CountingIterator(text.data() + text.size(), &cursor), &builder,
                                            nlohmann::json::input_format_t::json, true, true);
  if (!ok || !diagnostics.ok()) return std::nullopt;
  // The parser reads no further than a NUL byte, and looks at no comment.
  if (const std::size_t bad = first_bad_byte(text); bad != std::string_view::npos) {
    diagnostics.error(position_of(text, bad), "",
                      text[bad] == '\0' ? "a NUL byte; this is no text, or it was cut off and filled up"
                                        : "this is no valid UTF-8; save the file as UTF-8");
    return std::nullopt;
  }
  if (!builder.root.is(Node::Kind::object)) {
    diagnostics.error({1, 1}, "", "a scenario is an object; write { \"premortem\": 1, \"title\": ... }");
    return std::nullopt;
  }
  return std::move(builder.root);
}

std::optional<Node> read_scenario_file(const std::string& path, Diagnostics& diagnostics) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    diagnostics.error({}, "", "there is no such file; check the path");
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    diagnostics.error({}, "", "this is a directory; name a scenario file, or run `premortem test` on the directory");
    return std::nullopt;
  }
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, error) > file_size_max) {
    diagnostics.error({}, "", "the file has more than 16 MB; a scenario is a story, move data into `arrivals`");
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::string text;
  std::array<char, 65536> block;  // Piece by piece: a pipe does not say how much will come, and may never end.
  while (in && text.size() <= file_size_max) {
    in.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.eof() || in.bad()) {
    diagnostics.error({}, "",
                      text.size() > file_size_max ? "the file has more than 16 MB; a scenario is a story"
                                                  : "the file cannot be read; check its permissions");
    return std::nullopt;
  }
  return read_scenario_text(text, diagnostics);
}

}  // namespace premortem
