#pragma once
// $convert and its short forms ($toInt, $toString, ...) for all types but between dates and strings, which is a matter
// of time zones and formats.
// Source: mongodb/mongo, src/mongo/db/exec/expression/evaluate_*.cpp (ConversionTable),
// src/mongo/base/parse_number.cpp.

#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

struct Conversion {
  Value value;          ///< Missing when it has failed.
  std::string failure;  ///< MongoDB's text, of an error ConversionFailure (241); empty when there is a value.
};

/// REQUIRES: no missing, null or undefined value, and not from a date to a string or back.
Conversion convert(const Value& value, Type target);

/// A double as $toString writes it: 16 digits, no fraction where it has none, "NaN", "-Infinity".
std::string double_to_string(double number);
/// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);

}  // namespace premortem::bson
