#pragma once
// What a partial index may be limited to.

#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem {

/// The first part of a partialFilterExpression that MongoDB does not support there, as its error shows it: negations,
/// patterns, and what looks into arrays; empty: all is supported. `filter` is one that can be parsed.
std::string unsupported_in_partial_index(const bson::Value& filter);

}  // namespace premortem
