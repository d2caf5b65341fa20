#pragma once
// Base64 as RFC 4648 has it, over Boost's iterators.

#include <string>
#include <string_view>

namespace premortem::fakes {

std::string to_base64(std::string_view bytes);
/// Throws std::runtime_error when it is none.
std::string from_base64(std::string_view text);

}  // namespace premortem::fakes
