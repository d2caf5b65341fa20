#pragma once
// What failed conversions say, and numbers read from texts: what the files of conversions share.

#include <cstdint>
#include <string_view>

#include "sim/models/bson/conversions.hpp"

namespace premortem::bson {

Conversion unsupported_conversion(Type from, Type to);
Conversion overflowing_conversion(std::string_view shown);

/// REQUIRES: a target that is a number's type.
Conversion parse_number(const std::string& text, Type target);
Conversion parse_object_id(const std::string& text);

}  // namespace premortem::bson
