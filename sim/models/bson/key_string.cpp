// Values as bytes that sort as the values do. Where a value may be longer than another that begins alike, its bytes end
// with a mark below everything that could go on, so that no key is the beginning of another and all may be turned
// round. Source of the idea: mongodb/mongo, src/mongo/db/storage/key_string.h; the bytes are our own.
#include <bit>

#include "sim/models/bson/compare.hpp"
#include "sim/models/bson/exact_number.hpp"

namespace premortem::bson {

namespace {

void put_big_endian(std::string& out, std::uint64_t word, int bytes) {
  for (int at = bytes - 1; at >= 0; --at) out.push_back(static_cast<char>(word >> (8 * at) & 0xFF));
}

void turn_round(std::string& out, std::size_t from) {
  for (; from < out.size(); ++from) out[from] = static_cast<char>(~static_cast<unsigned char>(out[from]));
}

// Signed numbers sort as unsigned ones once they are moved up by half of the range.
void put_signed(std::string& out, std::int64_t number) {
  put_big_endian(out, static_cast<std::uint64_t>(number) ^ std::uint64_t{1} << 63, 8);
}

// A NUL within is followed by a byte that the end is not followed by.
void put_ended(std::string& out, std::string_view text) {
  for (std::size_t zero = text.find('\0'); zero != std::string_view::npos; zero = text.find('\0')) {
    out.append(text.substr(0, zero + 1)).push_back('\xFF');
    text.remove_prefix(zero + 1);
  }
  out.append(text).append(2, '\0');
}

// Two digits a byte, 1 to 100; 0 ends them.
void put_digits(std::string& out, const std::string& digits) {
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const int second = at + 1 < digits.size() ? digits[at + 1] - '0' : 0;
    out.push_back(static_cast<char>((digits[at] - '0') * 10 + second + 1));
  }
  out.push_back('\0');
}

void put_number(std::string& out, const Value& value) {
  const ExactNumber number = make_exact(value);
  out.push_back(static_cast<char>(static_cast<int>(number.rank) + 1));
  if (number.rank == ExactNumber::Rank::nan || number.rank == ExactNumber::Rank::zero) return;
  const std::size_t start = out.size();
  put_big_endian(out, std::bit_cast<std::uint64_t>(number.below), 8);  // Doubles above 0 sort as their bits do.
  out.push_back(number.whole ? '\0' : '\1');
  if (!number.whole) {
    put_big_endian(out, static_cast<std::uint64_t>(std::int64_t{number.leading_exponent} + 0x8000), 2);
    put_digits(out, number.digits);
  }
  if (number.rank == ExactNumber::Rank::negative) turn_round(out, start);
}

void put_type_class(std::string& out, const Value& value) { out.push_back(static_cast<char>(type_class(value) + 2)); }

void put_key(std::string& out, const Value& value);

void put_key_of_fields(std::string& out, const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    put_type_class(out, field.value);
    put_ended(out, field.name);
    put_key(out, field.value);
  }
  out.push_back('\0');
}

void put_key_of_elements(std::string& out, const std::vector<Value>& elements) {
  for (const Value& element : elements) {
    put_type_class(out, element);
    put_key(out, element);
  }
  out.push_back('\0');
}

// All but the byte of the class.
void put_key(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::number_double:
    case Type::int32:
    case Type::int64:
    case Type::decimal128:
      return put_number(out, value);
    case Type::boolean:
      out.push_back(value.as_boolean() ? '\1' : '\0');
      return;
    case Type::date:
      return put_signed(out, value.as_int64());
    case Type::timestamp:
      put_big_endian(out, value.timestamp_seconds(), 4);
      return put_big_endian(out, value.timestamp_increment(), 4);
    case Type::string:
    case Type::symbol:
    case Type::code:
      return put_ended(out, value.as_text());
    case Type::object_id:
      out.append(value.as_text());
      return;
    case Type::document:
      return put_key_of_fields(out, value.fields());
    case Type::array:
      return put_key_of_elements(out, value.elements());
    case Type::binary:
      put_big_endian(out, value.as_text().size() + (value.subtype() == 2 ? 4 : 0), 4);
      out.push_back(static_cast<char>(value.subtype()));
      out.append(value.as_text());
      return;
    case Type::regex:
      put_ended(out, value.as_text());
      return put_ended(out, value.regex_options());
    case Type::db_pointer:
      put_big_endian(out, value.as_text().size(), 4);
      out.append(value.as_text()).append(value.regex_options());
      return;
    case Type::code_with_scope:
      put_ended(out, value.as_text());
      return put_key_of_fields(out, value.fields());
    case Type::missing:
    case Type::undefined:
    case Type::null:
    case Type::min_key:
    case Type::max_key:
      return;
  }
}

}  // namespace

std::string key_string(const Value& value) {
  std::string out;
  put_type_class(out, value);
  put_key(out, value);
  return out;
}

std::string key_string(const std::vector<Value>& values, const std::vector<bool>& descending) {
  std::string out;
  for (std::size_t at = 0; at < values.size(); ++at) {
    const std::size_t start = out.size();
    put_type_class(out, values[at]);
    put_key(out, values[at]);
    if (at < descending.size() && descending[at]) turn_round(out, start);
  }
  return out;
}

}  // namespace premortem::bson
