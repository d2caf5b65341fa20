#pragma once
// Numbers of any type as whole numbers: what $mod, $size and the bitwise operators look at.

#include <cstdint>
#include <optional>
#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem::query {

struct WholeNumber {
  std::int64_t value = 0;
  bool exact = true;  ///< Nothing was cut off behind the point.
};

/// The number cut off behind its point. Nothing: it is none, is not finite, or does not fit in 64 bits.
std::optional<WholeNumber> truncated(const bson::Value& value);
bool is_nan_number(const bson::Value& value);
/// ±infinity of either type.
bool is_infinite_number(const bson::Value& value);

/// MongoDB's reading of an integer argument. `name`: of the argument, for the text. Throws CommandError 9.
std::int64_t parse_integer(const std::string& name, const bson::Value& value);
std::int64_t parse_non_negative_integer(const std::string& name, const bson::Value& value);
/// ... which also fits in 31 bits.
std::int32_t parse_non_negative_int32(const std::string& name, const bson::Value& value);

}  // namespace premortem::query
