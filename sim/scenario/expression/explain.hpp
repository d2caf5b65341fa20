#pragma once
// An expression as English, for `premortem explain`.

#include <string>
#include <string_view>

namespace premortem {

/// "state is 'TO_EXPORT' and deanery is the command's deanery" for `state == 'TO_EXPORT' && deanery == it.deanery`,
/// where `it` names the thing in hand ("command"; empty: "it"). Parentheses stay where English would leave a doubt.
/// Text that is no expression comes back as it is.
std::string explain_expression(std::string_view text, std::string_view it = {});

}  // namespace premortem
