#pragma once
// Commands that people copy.

#include <string>

namespace premortem {

/// One word for a shell, quoted where it must be, and no control character in it: the line is printed.
std::string shell_word(const std::string& text);

}  // namespace premortem
