#pragma once
// Documents of tests, written down: extended JSON by libbson, with the quotes that a reader does not need left out.

#include <string>
#include <string_view>

#include "sim/models/bson/value.hpp"

namespace premortem::testing {

/// json("{_id: 1, name: 'x', n: {$numberLong: '5'}, d: 1.0, list: [null]}"): a value of any kind. 1 is an int32 (int64
/// if it does not fit), 1.0 a double; names and texts may also stand in double quotes. {$type: 'int'}, {$regex: 'x',
/// $options: 'i'} are documents, as queries have them; a value of that type is {$regularExpression: {pattern: 'x',
/// options: 'i'}}. Throws std::invalid_argument.
bson::Value json(std::string_view text);

/// The same the other way, exact in types, so that it is what a test compares: "{a: 1, d: 1.0, n: {$numberLong: '5'}}".
/// "missing" for a missing value.
std::string text(const bson::Value& value);

}  // namespace premortem::testing
