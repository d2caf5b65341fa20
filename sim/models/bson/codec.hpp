#pragma once
// BSON bytes <-> values, read by libbson; and what MongoDB accepts as a document.
// Written again, a document has the bytes that it was read from, but for the names of arrays' elements, which count for
// nothing. The second length of binary subtype 2 is no part of a value.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

inline constexpr std::size_t document_bytes_max = 16 * 1024 * 1024;  ///< What a user's document may take.
/// ... and what MongoDB takes between its own parts, so that a command can carry a document of full size.
inline constexpr std::size_t internal_bytes_max = document_bytes_max + 16 * 1024;
/// Documents and arrays in each other, the outermost counting as 1. MongoDB takes 100 within a stored document.
inline constexpr int depth_max = 180;
inline constexpr int stored_depth_max = 100;

/// Nothing: the bytes are one whole document, all lengths and texts within it are right, and it is no deeper than
/// `depth`. Else what is wrong and where.
std::optional<std::string> find_fault(std::string_view bytes, int depth = depth_max);

/// REQUIRES: find_fault() finds none.
Value decode(std::string_view bytes);
/// Only the fields with these names, in the document's order: what a filter looks at. REQUIRES: the same.
Value decode_fields(std::string_view bytes, const std::vector<std::string>& names);
/// One field of the outermost document; missing when it is not there. REQUIRES: the same.
Value decode_field(std::string_view bytes, std::string_view name);

/// REQUIRES: a document, without missing values in it, and without a NUL in a field's name or a regular expression,
/// which whoever makes such of strings has to refuse.
std::string encode(const Value& document);
/// Bytes that encode() would give, without making them.
std::size_t encoded_size(const Value& document);
/// As depth_max counts.
int depth(const Value& value);

}  // namespace premortem::bson
