#pragma once
// Checks of our own correctness that stay on in release builds.

#include <stdexcept>
#include <string>

namespace premortem {

/// A bug of premortem itself, never of a scenario. The command exits with 4.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void fail_check(const char* file, int line, const char* condition, const char* text) {
  throw InternalError(std::string(file) + ":" + std::to_string(line) + ": " + text + " (" + condition + ")");
}

}  // namespace premortem

/// Throws InternalError, with the place, unless `condition` holds.
#define PREMORTEM_CHECK(condition, text) \
  ((condition) ? static_cast<void>(0) : ::premortem::fail_check(__FILE__, __LINE__, #condition, text))
