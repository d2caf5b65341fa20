#pragma once
// Where the repository and the built command are. In one file, so that no other object depends on the folder: ccache
// then serves every clone.

#include <string>

namespace premortem::testing {

/// Absolute path of a file, named relative to the repository; of the repository itself without a name.
std::string source_path(const std::string& relative = "");
/// Absolute path of the command premortem under test.
std::string command_path();

}  // namespace premortem::testing
