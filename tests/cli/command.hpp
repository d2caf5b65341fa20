#pragma once
// The real command, as a shell would start it, in a folder of its own.

#include <sys/types.h>

#include <string>
#include <vector>

namespace premortem::testing {

/// A fresh folder, removed with everything in it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// Names of what is in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

struct Outcome {
  int code = -1;   ///< Exit code; -1 when a signal ended it.
  int signal = 0;  ///< Which one.
  std::string out, err;
};

/// A program under way.
class Child {
 public:
  /// `command` is looked up in PATH. Fails the test when it cannot be started.
  Child(const std::vector<std::string>& command, const std::string& folder);
  /// Kills what still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal(int number) const;
  bool running();
  /// Its end; fails the test, and kills the child, after two minutes.
  Outcome wait();
  std::string err_so_far() const;

 private:
  bool reap(int options);

  pid_t pid_ = -1;
  int status_ = 0;
  Folder output_;  ///< Files, not pipes: a child that writes a lot never waits for us.
};

/// premortem with these arguments, from beginning to end, in `folder`.
Outcome run_command(const std::vector<std::string>& arguments, const std::string& folder);
/// premortem with arguments as a shell reads them.
Outcome run_line(const std::string& arguments, const std::string& folder);
/// A line of bash, with the command as $PREMORTEM.
Outcome shell(const std::string& line, const std::string& folder);

/// The scenario that shows every fate and verdict.
std::string every_fate();

}  // namespace premortem::testing
