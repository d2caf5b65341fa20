#pragma once
// What libFuzzer feeds with bytes; see targets.hpp.

#include <string_view>

namespace premortem::testing {

/// Bytes of a MongoDB client, received at once and byte by byte: both must be answered alike, by whole messages.
void fuzz_mongo_message(std::string_view bytes);

}  // namespace premortem::testing
