#pragma once
// A BSON value as a tree: what filters, updates and aggregations compute with. Documents at rest are bytes: codec.hpp.
// Source: bsonspec.org, version 1.1.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace premortem::bson {

/// The type bytes of the specification; `missing` is no BSON type: a field that is not there.
enum class Type : std::uint8_t {
  missing = 0x00,
  number_double = 0x01,
  string = 0x02,
  document = 0x03,
  array = 0x04,
  binary = 0x05,
  undefined = 0x06,
  object_id = 0x07,
  boolean = 0x08,
  date = 0x09,
  null = 0x0A,
  regex = 0x0B,
  db_pointer = 0x0C,
  code = 0x0D,
  symbol = 0x0E,
  code_with_scope = 0x0F,
  int32 = 0x10,
  timestamp = 0x11,
  int64 = 0x12,
  decimal128 = 0x13,
  max_key = 0x7F,
  min_key = 0xFF
};

struct Field;

/// A value of any type. Documents keep the order of their fields, and may have a name twice; then the first counts.
/// Reading a value as a type that it does not have is a mistake of ours and stops the program, but for the accessors
/// that say otherwise.
class Value {
 public:
  Value();  ///< Missing.
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  static Value null();
  static Value undefined();
  static Value boolean(bool value);
  static Value int32(std::int32_t value);
  static Value int64(std::int64_t value);
  static Value number(double value);
  static Value string(std::string text);
  static Value date(std::int64_t milliseconds);  ///< Since 1970, UTC.
  static Value timestamp(std::uint32_t seconds, std::uint32_t increment);
  static Value object_id(std::string_view twelve_bytes);
  static Value binary(std::uint8_t subtype, std::string bytes);
  static Value regex(std::string pattern, std::string options);
  static Value decimal(std::uint64_t high, std::uint64_t low);  ///< IEEE 754-2008 decimal128, binary integer form.
  static Value code(std::string text);
  static Value symbol(std::string text);
  static Value code_with_scope(std::string text, Value scope);
  static Value db_pointer(std::string collection, std::string_view twelve_bytes);
  static Value min_key();
  static Value max_key();
  static Value document();  ///< Empty.
  static Value document(std::vector<Field> fields);
  static Value array();  ///< Empty.
  static Value array(std::vector<Value> elements);

  Type type() const { return type_; }
  bool is(Type type) const { return type_ == type; }
  bool is_missing() const { return type_ == Type::missing; }
  bool is_document() const { return type_ == Type::document; }
  bool is_array() const { return type_ == Type::array; }
  bool is_string() const { return type_ == Type::string; }
  bool is_null() const { return type_ == Type::null; }
  /// Missing, null or undefined.
  bool is_nullish() const { return is_missing() || is_null() || type_ == Type::undefined; }
  /// int32, int64, double or decimal128.
  bool is_number() const;
  bool is_integer() const { return type_ == Type::int32 || type_ == Type::int64; }

  bool as_boolean() const;
  std::int64_t as_int64() const;  ///< Of int32, int64, date (milliseconds).
  double as_double() const;       ///< Of double.
  /// Of string, symbol, code, code_with_scope; of binary its bytes, of object_id its twelve; of regex the pattern; of
  /// db_pointer the collection.
  const std::string& as_text() const;
  const std::string& regex_options() const;  ///< Of regex; of db_pointer the twelve bytes of its id.
  std::uint8_t subtype() const { return subtype_; }
  std::uint32_t timestamp_seconds() const;
  std::uint32_t timestamp_increment() const;
  std::uint64_t decimal_high() const;
  std::uint64_t decimal_low() const;

  /// Of a document; of code_with_scope its scope's.
  const std::vector<Field>& fields() const;
  std::vector<Field>& fields();
  /// Of an array.
  const std::vector<Value>& elements() const;
  std::vector<Value>& elements();

  /// Field of a document; missing when it is not there or this is no document.
  const Value& operator[](std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Null when it is not there or this is no document.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  /// Replaces the field, or appends it. Returns this, so that documents can be written down. REQUIRES: a document.
  Value& set(std::string_view name, Value value);
  /// Appends without looking whether it is there.
  Value& append(std::string_view name, Value value);
  bool erase(std::string_view name);
  void push_back(Value element);

  /// As a condition: false are false, zero of any number type, null, undefined and missing.
  bool truthy() const;
  /// A number as int64 if it is one without a fraction and in range.
  std::optional<std::int64_t> integral() const;

  /// The same type, bytes and order; a NaN equals itself. For MongoDB's equality see compare.hpp.
  bool identical(const Value& other) const;

 private:
  Type type_ = Type::missing;
  std::uint8_t subtype_ = 0;
  std::uint64_t word_ = 0;  ///< Numbers, booleans, dates, timestamps; the low half of a decimal128.
  std::uint64_t high_ = 0;  ///< The high half of a decimal128.
  std::string text_, more_;
  std::vector<Field> fields_;
  std::vector<Value> elements_;
};

struct Field {
  std::string name;
  Value value;
};

/// The name that MongoDB's errors and $type use: "double", "objectId", "missing", ...
std::string_view type_name(Type type);

/// A pair of words for writing documents down: doc({{"a", Value::int32(1)}}).
Value doc(std::vector<Field> fields);
Value arr(std::vector<Value> elements);

}  // namespace premortem::bson
