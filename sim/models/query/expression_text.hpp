#pragma once
// What operators about text and about positions share.

#include <cstdint>
#include <optional>
#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem::query::expressing {

/// As $toLower and $substr take what is no string: numbers and dates become text, nothing becomes "". Throws.
std::string text_for_string_operator(const bson::Value& value);
/// A number without its fraction, held within int64.
std::int64_t whole_part(const bson::Value& number);
/// Nothing unless it is a whole number of 64 bits, of any type.
std::optional<std::int64_t> exact_integer(const bson::Value& number);
/// Nothing unless it is a whole number of 32 bits.
std::optional<std::int64_t> exact_int32(const bson::Value& number);
/// Where the character this many behind byte `from` begins; the end if there are not so many.
std::size_t byte_of_character(const std::string& text, std::int64_t count, std::size_t from);

}  // namespace premortem::query::expressing
