// What is wrong with bytes that a client has sent as a document.
#include <bson/bson.h>

#include "sim/models/bson/codec.hpp"

namespace premortem::bson {

namespace {

using Fault = std::optional<std::string>;

std::uint32_t length_before(const void* data, std::size_t distance) {
  const auto* bytes = static_cast<const unsigned char*>(data) - distance;
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

Fault fault_of_text(const char* text, std::size_t size) {
  if (!bson_utf8_validate(text, size, true)) return "text is not UTF-8";
  return {};
}

// A text with its length in front; libbson has seen to it that the length stays within the document.
Fault fault_of_counted_text(const char* text, std::uint32_t size) {
  if (text == nullptr || length_before(text, 4) != size + 1 || text[size] != '\0') return "length of a text is wrong";
  return fault_of_text(text, size);
}

Fault fault_of_document(const std::uint8_t* data, std::size_t size, int depth);

Fault fault_of_code_with_scope(const bson_iter_t& at, int depth) {
  std::uint32_t text_size = 0, scope_size = 0;
  const std::uint8_t* scope = nullptr;
  const char* text = bson_iter_codewscope(&at, &text_size, &scope_size, &scope);
  if (text == nullptr || scope == nullptr) return "code with scope is cut short";
  if (std::uint64_t{length_before(text, 8)} != 8 + std::uint64_t{text_size} + 1 + scope_size)
    return "length of code with scope is wrong";
  if (Fault fault = fault_of_counted_text(text, text_size)) return fault;
  return fault_of_document(scope, scope_size, depth - 1);
}

Fault fault_of_regex(const bson_iter_t& at) {
  const char* options = nullptr;
  const std::string_view pattern = bson_iter_regex(&at, &options);
  if (Fault fault = fault_of_text(pattern.data(), pattern.size())) return fault;
  return fault_of_text(options, std::string_view(options).size());
}

Fault fault_of_value(const bson_iter_t& at, int depth) {
  std::uint32_t size = 0;
  const std::uint8_t* data = nullptr;
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_UTF8: {
      const char* text = bson_iter_utf8(&at, &size);
      return fault_of_counted_text(text, size);
    }
    case BSON_TYPE_CODE: {
      const char* text = bson_iter_code(&at, &size);
      return fault_of_counted_text(text, size);
    }
    case BSON_TYPE_SYMBOL: {
      const char* text = bson_iter_symbol(&at, &size);
      return fault_of_counted_text(text, size);
    }
    case BSON_TYPE_DBPOINTER: {
      const char* collection = nullptr;
      bson_iter_dbpointer(&at, &size, &collection, nullptr);
      return fault_of_counted_text(collection, size);
    }
    case BSON_TYPE_DOCUMENT:
      bson_iter_document(&at, &size, &data);
      return fault_of_document(data, size, depth - 1);
    case BSON_TYPE_ARRAY:
      bson_iter_array(&at, &size, &data);
      return fault_of_document(data, size, depth - 1);
    case BSON_TYPE_CODEWSCOPE:
      return fault_of_code_with_scope(at, depth);
    case BSON_TYPE_REGEX:
      return fault_of_regex(at);
    default:
      return {};
  }
}

Fault fault_of_document(const std::uint8_t* data, std::size_t size, int depth) {
  if (depth < 1) return "documents are nested too deeply";
  bson_iter_t at;
  if (data == nullptr || !bson_iter_init_from_data(&at, data, size)) return "length of a document is wrong";
  while (bson_iter_next(&at)) {
    const std::string_view name(bson_iter_key(&at), bson_iter_key_len(&at));
    Fault fault = fault_of_text(name.data(), name.size());
    if (fault) return "name of a field: " + *fault;
    fault = fault_of_value(at, depth);
    if (fault) return "field '" + std::string(name) + "': " + *fault;
  }
  if (at.err_off != 0) return "value is cut short or of no known type, at byte " + std::to_string(at.err_off);
  return {};
}

}  // namespace

std::optional<std::string> find_fault(std::string_view bytes, int depth) {
  return fault_of_document(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), depth);
}

}  // namespace premortem::bson
