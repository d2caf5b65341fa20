#pragma once
// Values as text and back: what string(), int() and double() do.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/models/expression/type.hpp"

namespace premortem {

/// "true", "42", "0.1" (shortest that reads back the same), "2021-08-04", "2021-08-04T13:00:00Z" (UTC, with a fraction
/// if there is one), "20 h 39 min". For those base types only; texts, lists and objects have none.
std::string text_form(BaseType type, Word value);

/// The whole text as a decimal integer; nothing if it is not one or does not fit.
std::optional<std::int64_t> integer_from_text(std::string_view text);
/// The whole text as a finite decimal number; nothing if it is not one.
std::optional<double> real_from_text(std::string_view text);

/// Number of code points of a UTF-8 text; bytes that continue nothing count as none.
std::int64_t code_points(std::string_view text);

}  // namespace premortem
