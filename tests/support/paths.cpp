#include "tests/support/paths.hpp"

namespace premortem::testing {

std::string source_path(const std::string& relative) {
  std::string path = PREMORTEM_SOURCE_DIR;
  if (!relative.empty()) path += '/';
  path += relative;
  return path;
}

std::string command_path() { return PREMORTEM_COMMAND; }

}  // namespace premortem::testing
