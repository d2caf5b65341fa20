#pragma once
// How far a long command is: one line on stderr, for people only.

#include <chrono>
#include <string>

namespace premortem::cli {

/// Shows nothing unless stderr is a terminal, and no more than ten lines a second, each over the one before.
class Progress {
 public:
  Progress();
  ~Progress() { end(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tell(const std::string& line);
  /// Makes room for the result. Called by itself at the latest in the end.
  void end();

 private:
  bool to_person_;
  std::chrono::steady_clock::time_point next_;
  std::size_t shown_ = 0;  ///< Characters of the line that stands there.
};

}  // namespace premortem::cli
