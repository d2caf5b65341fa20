#include "sim/models/query/update_path.hpp"

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem::query {

namespace {

constexpr std::size_t array_padding_max = 1'500'000;  // Of one array at once: MongoDB's kMaxPaddingAllowed.
constexpr int cannot_backfill_array = 34, result_too_large = 17419;

void pad_array(bson::Value& array, std::size_t index, std::size_t& padding) {
  const std::size_t size = array.elements().size();
  if (index <= size) return;
  if (index - size > array_padding_max)
    throw CommandError(cannot_backfill_array,
                       "can't backfill more than " + std::to_string(array_padding_max) + " elements");
  // A null takes its type, its index in digits and their end. What can not be stored must not fill our memory either.
  padding += (index - size) * (2 + std::to_string(size).size());
  if (padding > bson::document_bytes_max)
    throw CommandError(result_too_large,
                       "Resulting document after update is larger than " + std::to_string(bson::document_bytes_max));
  array.elements().resize(index, bson::Value::null());
}

}  // namespace

UpdatePath split_path(std::string_view dotted) {
  UpdatePath parts;
  for (std::size_t begin = 0;;) {
    const std::size_t dot = dotted.find('.', begin);
    parts.emplace_back(dotted.substr(begin, dot == std::string_view::npos ? dot : dot - begin));
    if (dot == std::string_view::npos) return parts;
    begin = dot + 1;
  }
}

std::string join_path(const UpdatePath& path) {
  std::string dotted;
  for (const std::string& part : path) {
    if (&part != path.data()) dotted += '.';
    dotted += part;
  }
  return dotted;
}

std::optional<std::size_t> array_index(std::string_view name) {
  if (name.empty() || name.size() > 10) return {};
  std::size_t index = 0;
  for (const char digit : name) {
    if (digit < '0' || digit > '9') return {};
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  if (index > 0xFFFFFFFFU) return {};
  return index;
}

PathEnd follow_path(bson::Value& document, const UpdatePath& path) {
  PathEnd end{&document, 0};
  for (const std::string& part : path) {
    bson::Value* next = nullptr;
    if (end.value->is_document()) {
      next = end.value->find(part);
    } else if (end.value->is_array()) {
      const std::optional<std::size_t> index = array_index(part);
      if (index && *index < end.value->elements().size()) next = &end.value->elements()[*index];
    }
    if (next == nullptr) return end;
    end = {next, end.taken + 1};
  }
  return end;
}

bson::Value* find_path(bson::Value& document, const UpdatePath& path) {
  const PathEnd end = follow_path(document, path);
  return end.taken == path.size() ? end.value : nullptr;
}

void create_path(const PathEnd& end, const UpdatePath& path, bson::Value value, std::size_t& padding) {
  const std::string& name = path[end.taken];
  const bool in_array = end.value->is_array();
  const std::optional<std::size_t> index = in_array ? array_index(name) : std::nullopt;
  if (!end.value->is_document() && !index)
    throw CommandError(code::path_not_viable,
                       "Cannot create field '" + name + "' in element {" + describe_end(end, path) + "}");
  for (std::size_t at = path.size() - 1; at > end.taken; --at) {
    bson::Value outer = bson::Value::document();
    outer.append(path[at], std::move(value));
    value = std::move(outer);
  }
  if (!in_array) {
    end.value->append(name, std::move(value));
    return;
  }
  pad_array(*end.value, *index, padding);
  end.value->push_back(std::move(value));
}

std::string describe_element(std::string_view name, const bson::Value& value) {
  return std::string(name) + ": " + bson::to_shell(value);
}

std::string describe_id(const bson::Value& document) {
  const bson::Value* id = document.find("_id");
  return id == nullptr ? "no id" : describe_element("_id", *id);
}

std::string describe_end(const PathEnd& end, const UpdatePath& path) {
  return end.taken == 0 ? bson::to_shell(*end.value) : describe_element(path[end.taken - 1], *end.value);
}

void throw_not_viable(const PathEnd& end, const UpdatePath& path) {
  throw CommandError(code::path_not_viable, "Cannot use the part (" + path[end.taken] + ") of (" + join_path(path) +
                                                ") to traverse the element ({" + describe_end(end, path) + "})");
}

}  // namespace premortem::query
