#pragma once
// Golden files: what a user sees, word for word. PREMORTEM_UPDATE_GOLDEN=1 writes them anew; read the difference in
// review.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/paths.hpp"

namespace premortem::testing {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// What tests/golden/NAME holds. When asked to update, writes `actual` there first.
inline std::string golden(const std::string& name, const std::string& actual) {
  const std::string path = source_path("tests/golden/" + name);
  const char* update = std::getenv("PREMORTEM_UPDATE_GOLDEN");
  if (update != nullptr && *update == '1') std::ofstream(path, std::ios::binary) << actual;
  return read_file(path);
}

}  // namespace premortem::testing
