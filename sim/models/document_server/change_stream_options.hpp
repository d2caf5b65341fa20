#pragma once
// What a change stream may be asked for. MONGO-065, MONGO-067

#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem {

/// The options of a stage {$changeStream: given}, without those that are null, which MongoDB takes for left out. Throws
/// query::CommandError with the server's own code if one is unknown, of another type, without meaning, contradicts
/// another one, or may not be had of that namespace; `collection` is empty for a whole database or cluster.
bson::Value change_stream_options(const bson::Value& given, const std::string& database, const std::string& collection);

}  // namespace premortem
