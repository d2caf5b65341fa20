#pragma once
// What change streams tell of an update. MONGO-067

#include <string>
#include <vector>

#include "sim/models/bson/value.hpp"

namespace premortem {

/// {updatedFields, removedFields, truncatedArrays} of an update of `before` to `after`. With the dotted paths that its
/// operators worked on, those of them that changed: each with its value now, or with the outermost value that was made
/// for it. Without any, whatever differs, as of an update by a pipeline.
bson::Value describe_update(const bson::Value& before, const bson::Value& after,
                            const std::vector<std::string>& touched);

}  // namespace premortem
