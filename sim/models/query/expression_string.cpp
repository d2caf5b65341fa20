// Text put together and taken apart.
#include <algorithm>
#include <array>
#include <set>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/expression_text.hpp"

namespace premortem::query::expressing {

namespace {

char to_upper(char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter; }
char to_lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }

Value concatenate(std::string_view, Arguments& arguments) {
  std::string text;
  for (const Value& each : arguments) {
    if (each.is_nullish()) return Value::null();
    if (!each.is_string()) fail(16702, "$concat only supports strings, not " + type_of(each));
    text += each.as_text();
  }
  return Value::string(std::move(text));
}

Value change_case(std::string_view name, Arguments& arguments) {
  std::string text = text_for_string_operator(arguments[0]);
  std::transform(text.begin(), text.end(), text.begin(), name == "$toUpper" ? to_upper : to_lower);
  return Value::string(std::move(text));
}

Value compare_ignoring_case(std::string_view, Arguments& arguments) {
  std::string left = text_for_string_operator(arguments[0]), right = text_for_string_operator(arguments[1]);
  std::transform(left.begin(), left.end(), left.begin(), to_upper);
  std::transform(right.begin(), right.end(), right.begin(), to_upper);
  const int order = left.compare(right);
  return Value::int32(order < 0 ? -1 : order > 0 ? 1 : 0);
}

std::int64_t position(const Value& value, std::string_view what) {
  const std::string begin = "$substrBytes:  " + std::string(what);
  if (!value.is_number())
    fail(what == "starting index" ? 16034 : 16035,
         begin + " must be a numeric type (is BSON type " + type_of(value) + ")");
  return whole_part(value);
}

Value substring_by_bytes(std::string_view, Arguments& arguments) {
  const std::string text = text_for_string_operator(arguments[0]);
  const std::int64_t from = position(arguments[1], "starting index"), length = position(arguments[2], "length");
  if (from < 0) fail(50752, "$substrBytes:  starting index must be non-negative (got: " + std::to_string(from) + ")");
  const auto begin = static_cast<std::uint64_t>(from);
  if (begin >= text.size()) return Value::string("");
  if (!begins_character(text[begin]))
    fail(28656, "$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.");
  const std::uint64_t left = text.size() - begin;
  const std::uint64_t count = length < 0 ? left : std::min(left, static_cast<std::uint64_t>(length));
  if (begin + count < text.size() && !begins_character(text[begin + count]))
    fail(28657, "$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.");
  return Value::string(text.substr(begin, count));
}

std::int64_t character_position(const Value& value, std::string_view what, int first_error) {
  const std::string begin = "$substrCP: " + std::string(what);
  if (!value.is_number()) fail(first_error, begin + " must be a numeric type (is BSON type " + type_of(value) + ")");
  const std::optional<std::int64_t> whole = exact_int32(value);
  if (!whole)
    fail(first_error + 1, begin + " cannot be represented as a 32-bit integral value: " + bson::to_shell(value));
  return *whole;
}

Value substring_by_characters(std::string_view, Arguments& arguments) {
  const std::string text = text_for_string_operator(arguments[0]);
  const std::int64_t from = character_position(arguments[1], "starting index", 34450),
                     length = character_position(arguments[2], "length", 34452);
  if (length < 0) fail(34454, "$substrCP: length must be a nonnegative integer.");
  if (from < 0) fail(34455, "$substrCP: the starting index must be nonnegative integer.");
  const std::size_t begin = byte_of_character(text, from, 0);
  return Value::string(text.substr(begin, byte_of_character(text, length, begin) - begin));
}

Value length_of_text(std::string_view name, Arguments& arguments) {
  const Value& text = arguments[0];
  const bool bytes = name == "$strLenBytes";
  if (!text.is_string())
    fail(bytes ? 34473 : 34471, std::string(name) + " requires a string argument, found: " + type_of(text));
  const std::size_t size =
      bytes ? text.as_text().size()
            : static_cast<std::size_t>(std::count_if(text.as_text().begin(), text.as_text().end(), begins_character));
  return Value::int32(static_cast<std::int32_t>(size));
}

Value split(std::string_view, Arguments& arguments) {
  const Value &text = arguments[0], &separator = arguments[1];
  if (text.is_nullish() || separator.is_nullish()) return Value::null();
  if (!text.is_string())
    fail(40085,
         "$split requires an expression that evaluates to a string as a first argument, found: " + type_of(text));
  if (!separator.is_string())
    fail(40086,
         "$split requires an expression that evaluates to a string as a second argument, found: " + type_of(separator));
  if (separator.as_text().empty()) fail(40087, "$split requires a non-empty separator");
  Value parts = Value::array();
  Growth growth;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = text.as_text().find(separator.as_text(), begin);
    parts.push_back(Value::string(text.as_text().substr(begin, end - begin)));
    growth.add(parts.elements().back());
    if (end == std::string::npos) return parts;
    begin = end + separator.as_text().size();
  }
}

std::vector<std::string> characters_of(const std::string& text) {
  std::vector<std::string> characters;
  for (const char byte : text) {
    if (begins_character(byte) || characters.empty()) characters.emplace_back();
    characters.back().push_back(byte);
  }
  return characters;
}

const std::vector<std::string>& white_space() {
  static const std::vector<std::string> characters{std::string(1, '\0'),
                                                   "\t",
                                                   "\n",
                                                   "\v",
                                                   "\f",
                                                   "\r",
                                                   " ",
                                                   "\u00A0",
                                                   "\u1680",
                                                   "\u2000",
                                                   "\u2001",
                                                   "\u2002",
                                                   "\u2003",
                                                   "\u2004",
                                                   "\u2005",
                                                   "\u2006",
                                                   "\u2007",
                                                   "\u2008",
                                                   "\u2009",
                                                   "\u200A"};
  return characters;
}

Value trim(std::string_view name, Arguments& arguments) {
  const Value &input = arguments[0], &characters = arguments[1];
  if (input.is_nullish() || characters.is_null()) return Value::null();
  const auto instead = [&](const Value& value) {
    return " to be a string, got " + bson::to_shell(value) + " (of type " + type_of(value) + ") instead.";
  };
  if (!input.is_string()) fail(50699, std::string(name) + " requires its input" + instead(input));
  if (!characters.is_missing() && !characters.is_string())
    fail(50700, std::string(name) + " requires 'chars'" + instead(characters));
  const std::vector<std::string> own = characters_of(characters.as_text());
  const std::vector<std::string>& all = characters.is_missing() ? white_space() : own;
  const std::set<std::string_view> gone(all.begin(), all.end());
  std::string_view text = input.as_text();
  while (name != "$rtrim" && !text.empty()) {
    std::size_t size = 1;
    while (size < text.size() && !begins_character(text[size])) ++size;
    if (gone.count(text.substr(0, size)) == 0) break;
    text.remove_prefix(size);
  }
  while (name != "$ltrim" && !text.empty()) {
    std::size_t size = 1;
    while (size < text.size() && !begins_character(text[text.size() - size])) ++size;
    if (gone.count(text.substr(text.size() - size)) == 0) break;
    text.remove_suffix(size);
  }
  return Value::string(std::string(text));
}

const std::array<Operator, 13> strings{{
    {"$concat", 0, any_number, concatenate},
    {"$toLower", 1, 1, change_case},
    {"$toUpper", 1, 1, change_case},
    {"$strcasecmp", 2, 2, compare_ignoring_case},
    {"$substr", 3, 3, substring_by_bytes},
    {"$substrBytes", 3, 3, substring_by_bytes},
    {"$substrCP", 3, 3, substring_by_characters},
    {"$strLenBytes", 1, 1, length_of_text},
    {"$strLenCP", 1, 1, length_of_text},
    {"$split", 2, 2, split},
    {"$trim", 1, 2, trim, {"input", "chars"}, 50696, 50694, 50695},
    {"$ltrim", 1, 2, trim, {"input", "chars"}, 50696, 50694, 50695},
    {"$rtrim", 1, 2, trim, {"input", "chars"}, 50696, 50694, 50695},
}};

}  // namespace

std::span<const Operator> string_operators() { return strings; }

}  // namespace premortem::query::expressing
