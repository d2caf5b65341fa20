#pragma once
// The order of BSON values across types, as MongoDB sorts, compares and keeps unique.
// Source: MongoDB manual, "Comparison/Sort Order"; numbers compare by value whatever their type.

#include <string>
#include <string_view>

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

/// < 0, 0, > 0. Total: NaN equals NaN and is below every other number; -0 equals 0; a long equals a double of the same
/// value, exactly; strings are compared byte by byte. Missing counts as undefined, below null.
int compare(const Value& left, const Value& right);
inline bool equal(const Value& left, const Value& right) { return compare(left, right) == 0; }
/// Values of one class are comparable by $lt and its like: all numbers are one class, strings and symbols another.
/// Number of the class, in the order of sorting.
int type_class(const Value& value);

/// Bytes whose order by memcmp is compare()'s; equal values, and only those, have the same. A prefix of nothing else.
std::string key_string(const Value& value);
/// Of a compound key; `descending` by position (shorter: ascending), whose bytes are turned round.
std::string key_string(const std::vector<Value>& values, const std::vector<bool>& descending = {});

/// As MongoDB's errors print a value: { _id: 1, name: "x" }, ObjectId('...'), new Date(0). Long texts are cut and what
/// is nested more than 100 times is left out, as there.
std::string to_shell(const Value& value);

}  // namespace premortem::bson
