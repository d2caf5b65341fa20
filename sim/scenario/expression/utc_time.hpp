#pragma once
// Times as they are written inside time('...') where no zone is in force.

#include <cstdint>
#include <optional>
#include <string_view>

namespace premortem::expression_syntax {

/// "2021-08-02 13:00 UTC", with seconds "13:00:05" -> nanoseconds since 1970; nothing if it is none.
std::optional<std::int64_t> utc_time(std::string_view text);

}  // namespace premortem::expression_syntax
