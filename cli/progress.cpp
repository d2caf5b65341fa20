#include "cli/progress.hpp"

#include <unistd.h>

#include <iostream>

namespace premortem::cli {

Progress::Progress() : to_person_(isatty(STDERR_FILENO) != 0), next_(std::chrono::steady_clock::now()) {}

void Progress::tell(const std::string& line) {
  if (!to_person_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  const std::size_t rest = shown_ > line.size() ? shown_ - line.size() : 0;
  std::cerr << "\r" << line << std::string(rest, ' ') << std::flush;
  shown_ = line.size();
}

void Progress::end() {
  if (shown_ > 0) std::cerr << "\r" << std::string(shown_, ' ') << "\r" << std::flush;
  shown_ = 0;
}

}  // namespace premortem::cli
