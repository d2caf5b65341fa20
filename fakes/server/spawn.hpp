#pragma once
// Starting a process with its output in pipes. Internal to ChildProcess.

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace premortem::fakes {

struct Spawned {
  pid_t process = 0;  ///< Also the number of its group.
  int output = -1;    ///< Where its standard output can be read; the caller closes it.
  int error = -1;     ///< The same for its standard error.
};

/// Throws StartError.
Spawned spawn(const std::vector<std::string>& command,
              const std::vector<std::pair<std::string, std::string>>& environment);

}  // namespace premortem::fakes
