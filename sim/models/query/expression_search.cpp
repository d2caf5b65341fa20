// Text looked for in text: $indexOfBytes, $replaceAll, regular expressions.
#include <algorithm>
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/expression_text.hpp"
#include "sim/models/query/regex.hpp"

namespace premortem::query::expressing {

namespace {

std::int64_t search_bound(std::string_view name, const Value& value, std::string_view which) {
  const std::optional<std::int64_t> whole = exact_int32(value);
  if (!whole)
    fail(40096, std::string(name) + " requires an integral " + std::string(which) + " index, found a value of type: " +
                    type_of(value) + ", with value: \"" + bson::to_shell(value) + "\"");
  if (*whole < 0)
    fail(40097, std::string(name) + " requires a nonnegative " + std::string(which) +
                    " index, found: " + std::to_string(*whole));
  return *whole;
}

Value index_in_text(std::string_view name, Arguments& arguments) {
  const Value &text = arguments[0], &token = arguments[1];
  const bool bytes = name == "$indexOfBytes";
  if (text.is_nullish()) return Value::null();
  if (!text.is_string())
    fail(bytes ? 40091 : 40093,
         std::string(name) + " requires a string as the first argument, found: " + type_of(text));
  if (!token.is_string())
    fail(bytes ? 40092 : 40094,
         std::string(name) + " requires a string as the second argument, found: " + type_of(token));
  const std::string& subject = text.as_text();
  const std::int64_t from = arguments.size() > 2 ? search_bound(name, arguments[2], "starting") : 0;
  const std::int64_t to = arguments.size() > 3 ? search_bound(name, arguments[3], "ending") : INT32_MAX;
  const auto place = [&](std::int64_t at) {
    return bytes ? static_cast<std::size_t>(at) : byte_of_character(subject, at, 0);
  };
  const auto characters = std::count_if(subject.begin(), subject.end(), begins_character);
  const std::size_t begin = place(from), end = std::min(place(to), subject.size());
  if (begin > subject.size() || end < begin || (!bytes && from > characters)) return Value::int32(-1);
  const std::size_t found = std::string_view(subject).substr(0, end).find(token.as_text(), begin);
  if (found == std::string::npos) return Value::int32(-1);
  const auto before = subject.begin() + static_cast<std::ptrdiff_t>(found);
  return Value::int32(static_cast<std::int32_t>(bytes ? static_cast<std::ptrdiff_t>(found)
                                                      : std::count_if(subject.begin(), before, begins_character)));
}

Value replace(std::string_view name, Arguments& arguments) {
  constexpr std::array<std::string_view, 3> names{"input", "find", "replacement"};
  bool is_null = false;
  for (std::size_t at = 0; at < 3; ++at) {
    const Value& each = arguments[at];
    is_null = is_null || each.is_nullish();
    if (!each.is_nullish() && !each.is_string())
      fail(51746 - static_cast<int>(at), std::string(name) + " requires that " + in_quotes(names[at]) +
                                             " be a string, found: " + bson::to_shell(each));
  }
  if (is_null) return Value::null();
  const std::string &input = arguments[0].as_text(), &find = arguments[1].as_text(), &by = arguments[2].as_text();
  std::string result;
  Growth growth;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t found = begin > input.size() ? std::string::npos : input.find(find, begin);
    if (found == std::string::npos) break;
    growth.add_bytes(by.size() + 1);
    result.append(input, begin, found - begin).append(by);
    begin = found + find.size();
    if (name == "$replaceOne") break;
    if (find.empty()) {  // Before every byte, and at the end.
      if (found < input.size()) result.push_back(input[found]);
      begin = found + 1;
    }
  }
  if (begin < input.size()) result.append(input, begin);
  return Value::string(std::move(result));
}

Regex compile(std::string_view name, const Arguments& arguments) {
  const Value &pattern = arguments[1], &options = arguments[2];
  const std::string begin(name);
  if (!pattern.is_string() && !pattern.is(Type::regex))
    fail(51105, begin + " needs 'regex' to be of type string or regex");
  if (!options.is_nullish() && !options.is_string()) fail(51106, begin + " needs 'options' to be of type string");
  const std::string own = pattern.is(Type::regex) ? pattern.regex_options() : "";
  if (!own.empty() && options.is_string() && !options.as_text().empty())
    fail(51107, begin + " found regex option(s) specified in both 'regex' and 'option' fields");
  return Regex(pattern.as_text(), own.empty() && options.is_string() ? options.as_text() : own, name);
}

/// `index`: of the match, in characters.
Value describe_match(const std::string& text, const Regex::Groups& groups, std::int64_t index) {
  Value captures = Value::array();
  const auto part = [&](const std::optional<std::pair<std::size_t, std::size_t>>& group) {
    return group ? Value::string(text.substr(group->first, group->second - group->first)) : Value::null();
  };
  for (std::size_t at = 1; at < groups.size(); ++at) captures.push_back(part(groups[at]));
  return bson::doc({{"match", part(groups[0])},
                    {"idx", Value::int32(static_cast<std::int32_t>(index))},
                    {"captures", std::move(captures)}});
}

std::int64_t characters_between(const std::string& text, std::size_t begin, std::size_t end) {
  const auto place = [&](std::size_t at) { return text.begin() + static_cast<std::ptrdiff_t>(at); };
  return std::count_if(place(begin), place(end), begins_character);
}

Value find_all(const std::string& text, const Regex& regex, std::string_view name) {
  Value all = Value::array();
  Growth growth;
  std::int64_t index = 0;
  std::size_t counted = 0;  // Bytes of the text before `index`.
  for (std::size_t from = 0; from <= text.size();) {
    const std::optional<Regex::Groups> groups = regex.find(text, from, from > 0, name);
    if (!groups) break;
    const std::size_t begin = std::max(groups->front()->first, counted);  // \K and a look behind may go back.
    index += characters_between(text, counted, begin);
    counted = begin;
    all.push_back(describe_match(text, *groups, index));
    growth.add(all.elements().back());
    from = std::max(groups->front()->second, from);
    if (groups->front()->first == groups->front()->second)
      from = byte_of_character(text, 1, from) + (from >= text.size());
  }
  return all;
}

Value search_by_regex(std::string_view name, Arguments& arguments) {
  const Value& input = arguments[0];
  const bool is_question = name == "$regexMatch";
  Value nothing = is_question ? Value::boolean(false) : name == "$regexFind" ? Value::null() : Value::array();
  if (!input.is_nullish() && !input.is_string()) fail(51104, std::string(name) + " needs 'input' to be of type string");
  if (arguments[1].is_nullish()) return nothing;
  const Regex regex = compile(name, arguments);
  if (input.is_nullish()) return nothing;
  if (is_question) return Value::boolean(regex.matches(input.as_text(), name));
  if (name == "$regexFindAll") return find_all(input.as_text(), regex, name);
  const std::optional<Regex::Groups> groups = regex.find(input.as_text(), 0, false, name);
  if (!groups) return nothing;
  return describe_match(input.as_text(), *groups, characters_between(input.as_text(), 0, groups->front()->first));
}

const std::array<Operator, 4> searches{{
    {"$indexOfBytes", 2, 4, index_in_text},
    {"$indexOfCP", 2, 4, index_in_text},
    {"$replaceOne", 3, 3, replace, {"input", "find", "replacement"}, 51751, 51750, 51749},
    {"$replaceAll", 3, 3, replace, {"input", "find", "replacement"}, 51751, 51750, 51749},
}};

const std::array<Operator, 3> regexes{{
    {"$regexMatch", 2, 3, search_by_regex, {"input", "regex", "options"}, 51103, 31024, 31022},
    {"$regexFind", 2, 3, search_by_regex, {"input", "regex", "options"}, 51103, 31024, 31022},
    {"$regexFindAll", 2, 3, search_by_regex, {"input", "regex", "options"}, 51103, 31024, 31022},
}};

}  // namespace

std::span<const Operator> string_search_operators() { return searches; }
std::span<const Operator> regex_operators() { return regexes; }

}  // namespace premortem::query::expressing
