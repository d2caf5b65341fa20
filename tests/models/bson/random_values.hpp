#pragma once
// BSON values by luck: of all types, and often near each other, where mistakes are.

#include <bit>
#include <string>

#include "sim/models/bson/decimal_bits.hpp"
#include "sim/models/bson/value.hpp"

namespace premortem::testing {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : state_(seed) {}

  /// Source: Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
  std::uint64_t word() {
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15ULL;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBULL;
    return mixed ^ mixed >> 31;
  }
  std::uint64_t below(std::uint64_t limit) { return word() % limit; }
  int between(int least, int most) {
    return least + static_cast<int>(below(static_cast<std::uint64_t>(most - least) + 1));
  }

  std::string text(std::uint64_t length_max, bool with_zeros = true) {
    std::string out;
    for (std::uint64_t left = below(length_max + 1); left > 0; --left) {
      const char letters[] = {'a', 'b', with_zeros && with_zeros_ ? '\0' : 'c', '\1', '~'};
      out.push_back(letters[below(5)]);
    }
    return out;
  }
  std::string twelve_bytes() {
    std::string out(12, 'x');
    out[below(12)] = static_cast<char>(below(256));
    return out;
  }

  bson::Value decimal() {
    bson::DecimalParts parts;
    parts.negative = below(2) == 0;
    if (below(12) == 0) parts.kind = below(2) == 0 ? bson::DecimalParts::Kind::infinity : bson::DecimalParts::Kind::nan;
    const bson::Coefficient high = word(), low = word();
    parts.coefficient = below(3) == 0 ? below(20) : (high << 64 | low) >> below(128);
    while (parts.coefficient > bson::decimal_coefficient_max) parts.coefficient /= 10;
    parts.exponent = below(4) == 0 ? between(bson::decimal_exponent_min, bson::decimal_exponent_max) : between(-20, 5);
    return bson::put_together(parts);
  }
  bson::Value number() {
    const std::int64_t edges[] = {0,
                                  1,
                                  -1,
                                  9007199254740992,
                                  9007199254740993,
                                  -9007199254740993,
                                  INT64_MAX,
                                  INT64_MIN,
                                  9223372036854774784,
                                  4611686018427387905};
    switch (below(8)) {
      case 0:
        return bson::Value::int32(static_cast<std::int32_t>(word()));
      case 1:
        return bson::Value::int32(between(-3, 3));
      case 2:
        return bson::Value::int64(static_cast<std::int64_t>(word()) >> below(64));
      case 3:
        return bson::Value::int64(edges[below(10)]);
      case 4:
        return bson::Value::number(std::bit_cast<double>(word()));
      case 5:
        return bson::Value::number(static_cast<double>(edges[below(10)]));
      case 6:
        return bson::Value::number(static_cast<double>(edges[below(10)]) / 10);
      default:
        return decimal();
    }
  }

  bson::Value value(int depth) {
    using bson::Value;
    switch (below(depth > 0 ? 22 : 19)) {
      case 0:
        return Value::string(text(4));
      case 1:
        return Value::symbol(text(4));
      case 2:
        return Value::boolean(below(2) == 0);
      case 3:
        return Value::date(static_cast<std::int64_t>(word()) >> below(64));
      // One draw a statement: the order in which arguments are made is the compiler's.
      case 4: {
        const auto seconds = static_cast<std::uint32_t>(below(3));
        return Value::timestamp(seconds, static_cast<std::uint32_t>(word()));
      }
      case 5:
        return Value::object_id(twelve_bytes());
      case 6: {
        const auto subtype = static_cast<std::uint8_t>(below(2) == 0 ? below(6) : 128);
        return Value::binary(subtype, text(5));
      }
      case 7: {
        const std::string pattern = text(3, false);
        return Value::regex(pattern, below(2) == 0 ? "" : "im");
      }
      case 8:
        return Value::code(text(3));
      case 9: {
        const std::string collection = text(3);
        return Value::db_pointer(collection, twelve_bytes());
      }
      case 10:
        return Value::null();
      case 11:
        return Value::undefined();
      case 12:
        return below(2) == 0 ? Value::min_key() : Value::max_key();
      case 19:
        return document(depth - 1);
      case 20: {
        Value array = Value::array();
        for (std::uint64_t left = below(4); left > 0; --left) array.push_back(value(depth - 1));
        return array;
      }
      case 21: {
        const std::string code = text(3);
        return Value::code_with_scope(code, document(depth - 1));
      }
      default:
        return number();
    }
  }
  bson::Value document(int depth) {
    bson::Value document = bson::Value::document();
    for (std::uint64_t left = below(4); left > 0; --left) {
      const std::string name = text(2, false);
      document.append(name, value(depth));
    }
    return document;
  }
  /// libbson's functions take the texts of some types only up to their first NUL.
  bson::Value document_for_libbson(int depth) {
    with_zeros_ = false;
    bson::Value made = document(depth);
    with_zeros_ = true;
    return made;
  }

 private:
  std::uint64_t state_;
  bool with_zeros_ = true;
};

}  // namespace premortem::testing
