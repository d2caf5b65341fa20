#pragma once
// Runs a command as a child of ours: what it prints comes line by line, its end once. POSIX.

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;  // Its header takes a second to compile.
}

namespace premortem::fakes {

/// A command that cannot be started; what() names it and says why. The command ends with exit code 2.
class StartError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How a child ended: it returned `code`, or, if `signal` is not 0, that signal killed it.
struct ChildExit {
  int code = 0;
  int signal = 0;
};

/// The child leads a process group of its own, so that what it starts ends with it, and Ctrl-C on the terminal is ours
/// alone. It reads nothing (/dev/null) and inherits no descriptor but its output.
class ChildProcess {
 public:
  enum class Stream { output, error };

  struct Spec {
    std::vector<std::string> command;  ///< The program, looked up in PATH, and its arguments; not empty.
    std::vector<std::pair<std::string, std::string>> environment;  ///< Added to ours; a name set here wins.
    /// One line without its end, in order within its stream (not between the two); pieces of 64 KiB if it is longer.
    std::function<void(Stream stream, std::string_view line)> on_line;
    /// Once, after all output, but at most a second after the end: something that it started may keep its output open.
    std::function<void(ChildExit exit)> on_exit;
  };

  /// Starts at once; throws StartError. `io` must outlive the child. Callbacks may destroy this.
  ChildProcess(boost::asio::io_context& io, Spec spec);
  /// Kills what is left of the group, and waits for the child's end; calls nobody.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int id() const;
  /// Whether on_exit has not been called yet.
  bool runs() const;
  /// Asks the group to end (SIGTERM), and kills it (SIGKILL) after `grace` if the child still runs then.
  void terminate(std::chrono::milliseconds grace);
  /// Sends `number` to the group.
  void signal(int number);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace premortem::fakes
