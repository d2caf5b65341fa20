// premortem schema: the language itself, for editors.

#include <iostream>

#include "cli/common.hpp"

namespace premortem::cli {

void add_language(CLI::App&, int&) {}

}  // namespace premortem::cli
