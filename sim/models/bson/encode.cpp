// From values to bytes. Written here and not by libbson, whose functions end code at its first NUL.
#include <bit>

#include "sim/kernel/check.hpp"
#include "sim/models/bson/codec.hpp"

namespace premortem::bson {

namespace {

constexpr std::uint8_t old_binary = 2;  // This subtype has its length a second time.

void put_word(std::string& out, std::uint64_t word, int bytes) {
  for (int at = 0; at < bytes; ++at) out.push_back(static_cast<char>(word >> (8 * at) & 0xFF));
}

// Writes the length of what is appended from its own place on, once that is known.
class LengthInFront {
 public:
  explicit LengthInFront(std::string& out) : out_(out), start_(out.size()) { put_word(out, 0, 4); }
  LengthInFront(const LengthInFront&) = delete;
  LengthInFront& operator=(const LengthInFront&) = delete;
  void close() {
    const std::size_t size = out_.size() - start_;
    PREMORTEM_CHECK(size <= 0x7FFFFFFF, "a document's length has 31 bits");
    for (std::size_t at = 0; at < 4; ++at) out_[start_ + at] = static_cast<char>(size >> (8 * at) & 0xFF);
  }

 private:
  std::string& out_;
  std::size_t start_;
};

void put_zero_ended(std::string& out, std::string_view text) {
  PREMORTEM_CHECK(text.find('\0') == std::string_view::npos, "names and regular expressions hold no NUL");
  out.append(text).push_back('\0');
}

void put_text(std::string& out, const std::string& text) {
  put_word(out, text.size() + 1, 4);
  out.append(text).push_back('\0');
}

void put_value(std::string& out, const Value& value);

void put_named(std::string& out, std::string_view name, const Value& value) {
  PREMORTEM_CHECK(!value.is_missing(), "a field that is encoded is there");
  out.push_back(static_cast<char>(value.type()));
  put_zero_ended(out, name);
  put_value(out, value);
}

void put_fields(std::string& out, const std::vector<Field>& fields) {
  LengthInFront length(out);
  for (const Field& field : fields) put_named(out, field.name, field.value);
  out.push_back('\0');
  length.close();
}

void put_elements(std::string& out, const std::vector<Value>& elements) {
  LengthInFront length(out);
  for (std::size_t at = 0; at < elements.size(); ++at) put_named(out, std::to_string(at), elements[at]);
  out.push_back('\0');
  length.close();
}

void put_binary(std::string& out, const Value& value) {
  const std::string& bytes = value.as_text();
  const bool twice = value.subtype() == old_binary;
  put_word(out, bytes.size() + (twice ? 4 : 0), 4);
  out.push_back(static_cast<char>(value.subtype()));
  if (twice) put_word(out, bytes.size(), 4);
  out.append(bytes);
}

void put_value(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::number_double:
      return put_word(out, std::bit_cast<std::uint64_t>(value.as_double()), 8);
    case Type::string:
    case Type::code:
    case Type::symbol:
      return put_text(out, value.as_text());
    case Type::document:
      return put_fields(out, value.fields());
    case Type::array:
      return put_elements(out, value.elements());
    case Type::binary:
      return put_binary(out, value);
    case Type::object_id:
      out.append(value.as_text());
      return;
    case Type::boolean:
      return put_word(out, value.as_boolean() ? 1 : 0, 1);
    case Type::regex:
      put_zero_ended(out, value.as_text());
      return put_zero_ended(out, value.regex_options());
    case Type::db_pointer:
      put_text(out, value.as_text());
      out.append(value.regex_options());
      return;
    case Type::code_with_scope: {
      LengthInFront length(out);
      put_text(out, value.as_text());
      put_fields(out, value.fields());
      return length.close();
    }
    case Type::int32:
      return put_word(out, static_cast<std::uint64_t>(value.as_int64()), 4);
    case Type::date:
    case Type::int64:
      return put_word(out, static_cast<std::uint64_t>(value.as_int64()), 8);
    case Type::timestamp:
      put_word(out, value.timestamp_increment(), 4);
      return put_word(out, value.timestamp_seconds(), 4);
    case Type::decimal128:
      put_word(out, value.decimal_low(), 8);
      return put_word(out, value.decimal_high(), 8);
    case Type::missing:
    case Type::undefined:
    case Type::null:
    case Type::min_key:
    case Type::max_key:
      return;
  }
}

}  // namespace

std::string encode(const Value& document) {
  PREMORTEM_CHECK(document.is_document(), "only documents are encoded");
  std::string out;
  put_fields(out, document.fields());
  return out;
}

}  // namespace premortem::bson
