#pragma once
// Reads a source tree and says where it breaks the rules of rules.hpp.

#include <filesystem>
#include <string>
#include <vector>

namespace premortem::architecture {

struct Report {
  std::vector<std::string>
      problems;   ///< "file:line: error: what is wrong; what to write instead", ordered by file and line.
  int files = 0;  ///< Source files that were read.
};

/// Checks every source file below `root`, and that the house knows every folder. Throws when a file cannot be read.
Report check_tree(const std::filesystem::path& root);

}  // namespace premortem::architecture
