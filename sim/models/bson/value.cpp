#include "sim/models/bson/value.hpp"

#include <bit>

#include "sim/kernel/check.hpp"

namespace premortem::bson {

namespace {
const Value missing_value;
}  // namespace

Value::Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value Value::null() {
  Value value;
  value.type_ = Type::null;
  return value;
}
Value Value::undefined() {
  Value value;
  value.type_ = Type::undefined;
  return value;
}
Value Value::boolean(bool boolean) {
  Value value;
  value.type_ = Type::boolean;
  value.word_ = boolean ? 1 : 0;
  return value;
}
Value Value::int32(std::int32_t number) {
  Value value;
  value.type_ = Type::int32;
  value.word_ = static_cast<std::uint64_t>(std::int64_t{number});
  return value;
}
Value Value::int64(std::int64_t number) {
  Value value;
  value.type_ = Type::int64;
  value.word_ = static_cast<std::uint64_t>(number);
  return value;
}
Value Value::number(double number) {
  Value value;
  value.type_ = Type::number_double;
  value.word_ = std::bit_cast<std::uint64_t>(number);
  return value;
}
Value Value::string(std::string text) {
  Value value;
  value.type_ = Type::string;
  value.text_ = std::move(text);
  return value;
}
Value Value::date(std::int64_t milliseconds) {
  Value value = int64(milliseconds);
  value.type_ = Type::date;
  return value;
}
Value Value::timestamp(std::uint32_t seconds, std::uint32_t increment) {
  Value value;
  value.type_ = Type::timestamp;
  value.word_ = std::uint64_t{seconds} << 32 | increment;
  return value;
}
Value Value::object_id(std::string_view twelve_bytes) {
  PREMORTEM_CHECK(twelve_bytes.size() == 12, "an object id has twelve bytes");
  Value value = string(std::string(twelve_bytes));
  value.type_ = Type::object_id;
  return value;
}
Value Value::binary(std::uint8_t subtype, std::string bytes) {
  Value value = string(std::move(bytes));
  value.type_ = Type::binary;
  value.subtype_ = subtype;
  return value;
}
Value Value::regex(std::string pattern, std::string options) {
  Value value = string(std::move(pattern));
  value.type_ = Type::regex;
  value.more_ = std::move(options);
  return value;
}
Value Value::decimal(std::uint64_t high, std::uint64_t low) {
  Value value;
  value.type_ = Type::decimal128;
  value.word_ = low;
  value.high_ = high;
  return value;
}
Value Value::code(std::string text) {
  Value value = string(std::move(text));
  value.type_ = Type::code;
  return value;
}
Value Value::symbol(std::string text) {
  Value value = string(std::move(text));
  value.type_ = Type::symbol;
  return value;
}
Value Value::code_with_scope(std::string text, Value scope) {
  Value value = string(std::move(text));
  value.type_ = Type::code_with_scope;
  value.fields_ = std::move(scope.fields());
  return value;
}
Value Value::db_pointer(std::string collection, std::string_view twelve_bytes) {
  PREMORTEM_CHECK(twelve_bytes.size() == 12, "an object id has twelve bytes");
  Value value = string(std::move(collection));
  value.type_ = Type::db_pointer;
  value.more_ = std::string(twelve_bytes);
  return value;
}
Value Value::min_key() {
  Value value;
  value.type_ = Type::min_key;
  return value;
}
Value Value::max_key() {
  Value value;
  value.type_ = Type::max_key;
  return value;
}
Value Value::document() {
  Value value;
  value.type_ = Type::document;
  return value;
}
Value Value::document(std::vector<Field> fields) {
  Value value = document();
  value.fields_ = std::move(fields);
  return value;
}
Value Value::array() {
  Value value;
  value.type_ = Type::array;
  return value;
}
Value Value::array(std::vector<Value> elements) {
  Value value = array();
  value.elements_ = std::move(elements);
  return value;
}

bool Value::is_number() const { return is_integer() || type_ == Type::number_double || type_ == Type::decimal128; }
bool Value::as_boolean() const {
  PREMORTEM_CHECK(type_ == Type::boolean, "a boolean is read as one");
  return word_ != 0;
}
std::int64_t Value::as_int64() const {
  PREMORTEM_CHECK(is_integer() || type_ == Type::date, "an integer or a date is read as one");
  return static_cast<std::int64_t>(word_);
}
double Value::as_double() const {
  PREMORTEM_CHECK(type_ == Type::number_double, "a double is read as one");
  return std::bit_cast<double>(word_);
}
const std::string& Value::as_text() const { return text_; }
const std::string& Value::regex_options() const { return more_; }
std::uint32_t Value::timestamp_seconds() const { return static_cast<std::uint32_t>(word_ >> 32); }
std::uint32_t Value::timestamp_increment() const { return static_cast<std::uint32_t>(word_); }
std::uint64_t Value::decimal_high() const { return high_; }
std::uint64_t Value::decimal_low() const { return word_; }

const std::vector<Field>& Value::fields() const { return fields_; }
std::vector<Field>& Value::fields() { return fields_; }
const std::vector<Value>& Value::elements() const { return elements_; }
std::vector<Value>& Value::elements() { return elements_; }

const Value* Value::find(std::string_view name) const {
  if (type_ != Type::document) return nullptr;
  for (const Field& field : fields_) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}
Value* Value::find(std::string_view name) { return const_cast<Value*>(static_cast<const Value*>(this)->find(name)); }
const Value& Value::operator[](std::string_view name) const {
  const Value* found = find(name);
  return found == nullptr ? missing_value : *found;
}

Value& Value::set(std::string_view name, Value value) {
  if (Value* found = find(name)) {
    *found = std::move(value);
    return *this;
  }
  return append(name, std::move(value));
}
Value& Value::append(std::string_view name, Value value) {
  PREMORTEM_CHECK(type_ == Type::document, "only a document takes fields");
  fields_.push_back({std::string(name), std::move(value)});
  return *this;
}
bool Value::erase(std::string_view name) {
  for (std::size_t at = 0; at < fields_.size(); ++at) {
    if (fields_[at].name != name) continue;
    fields_.erase(fields_.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
  }
  return false;
}
void Value::push_back(Value element) {
  PREMORTEM_CHECK(type_ == Type::array, "only an array takes elements");
  elements_.push_back(std::move(element));
}

bool Value::truthy() const {
  switch (type_) {
    case Type::missing:
    case Type::null:
    case Type::undefined:
      return false;
    case Type::boolean:
    case Type::int32:
    case Type::int64:
      return word_ != 0;
    case Type::number_double:
      return as_double() != 0;
    case Type::decimal128: {  // Zero has a coefficient of zero, or one that is none: more than 34 digits.
      const bool special = (high_ >> 58 & 0x1F) >= 0x1E;
      const bool large_form = (high_ >> 61 & 3) == 3;
      return special || (!large_form && ((high_ & 0x1FFFFFFFFFFFFULL) != 0 || word_ != 0));
    }
    default:
      return true;
  }
}

std::optional<std::int64_t> Value::integral() const {
  if (is_integer()) return as_int64();
  if (type_ != Type::number_double) return {};
  const double number = as_double();
  if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0)) return {};
  const auto whole = static_cast<std::int64_t>(number);
  if (static_cast<double>(whole) != number) return {};
  return whole;
}

bool Value::identical(const Value& other) const {
  if (type_ != other.type_ || subtype_ != other.subtype_ || word_ != other.word_ || high_ != other.high_) return false;
  if (text_ != other.text_ || more_ != other.more_ || fields_.size() != other.fields_.size() ||
      elements_.size() != other.elements_.size())
    return false;
  for (std::size_t at = 0; at < fields_.size(); ++at) {
    if (fields_[at].name != other.fields_[at].name || !fields_[at].value.identical(other.fields_[at].value))
      return false;
  }
  for (std::size_t at = 0; at < elements_.size(); ++at) {
    if (!elements_[at].identical(other.elements_[at])) return false;
  }
  return true;
}

std::string_view type_name(Type type) {
  switch (type) {
    case Type::missing:
      return "missing";
    case Type::number_double:
      return "double";
    case Type::string:
      return "string";
    case Type::document:
      return "object";
    case Type::array:
      return "array";
    case Type::binary:
      return "binData";
    case Type::undefined:
      return "undefined";
    case Type::object_id:
      return "objectId";
    case Type::boolean:
      return "bool";
    case Type::date:
      return "date";
    case Type::null:
      return "null";
    case Type::regex:
      return "regex";
    case Type::db_pointer:
      return "dbPointer";
    case Type::code:
      return "javascript";
    case Type::symbol:
      return "symbol";
    case Type::code_with_scope:
      return "javascriptWithScope";
    case Type::int32:
      return "int";
    case Type::timestamp:
      return "timestamp";
    case Type::int64:
      return "long";
    case Type::decimal128:
      return "decimal";
    case Type::max_key:
      return "maxKey";
    case Type::min_key:
      return "minKey";
  }
  return "missing";
}

Value doc(std::vector<Field> fields) { return Value::document(std::move(fields)); }
Value arr(std::vector<Value> elements) { return Value::array(std::move(elements)); }

}  // namespace premortem::bson
