// posix_spawn rather than fork: it copies no page tables and reports why a program cannot be started.

#include "fakes/server/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "fakes/server/child_process.hpp"

namespace premortem::fakes {

namespace {

/// Both ends, closed unless taken.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw StartError(std::string("no pipe for a command's output: ") + std::strerror(errno));
    }
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int take_reading_end() { return std::exchange(ends[0], -1); }

  std::array<int, 2> ends{-1, -1};
};

struct Actions {
  Actions() { ::posix_spawn_file_actions_init(&value); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&value); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  posix_spawn_file_actions_t value;
};

struct Attributes {
  Attributes() {
    ::posix_spawnattr_init(&value);
    ::posix_spawnattr_setflags(&value, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&value, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&value, &none);
    sigset_t all;  // A signal that we ignore would stay ignored in the child.
    ::sigfillset(&all);
    ::posix_spawnattr_setsigdefault(&value, &all);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&value); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t value;
};

std::vector<std::string> merged(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view inherited = *entry;
    const bool replaced = std::ranges::any_of(added, [&](const auto& variable) {
      return inherited.starts_with(variable.first) && inherited.substr(variable.first.size()).starts_with('=');
    });
    if (!replaced) all.emplace_back(inherited);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

/// As C wants them; valid as long as `strings` are.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (std::string& string : strings) all.push_back(string.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

Spawned spawn(const std::vector<std::string>& command,
              const std::vector<std::pair<std::string, std::string>>& environment) {
  if (command.empty()) throw StartError("no command to start");
  Pipe output;
  Pipe error;
  Actions actions;
  ::posix_spawn_file_actions_addopen(&actions.value, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions.value, output.ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions.value, error.ends[1], STDERR_FILENO);
  // Not all that we open says close-on-exec: Asio does not.
  ::posix_spawn_file_actions_addclosefrom_np(&actions.value, STDERR_FILENO + 1);
  const Attributes attributes;
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = merged(environment);
  Spawned spawned;
  const int failed = ::posix_spawnp(&spawned.process, command.front().c_str(), &actions.value, &attributes.value,
                                    pointers(arguments).data(), pointers(variables).data());
  if (failed != 0) throw StartError("cannot start \"" + command.front() + "\": " + std::strerror(failed));
  spawned.output = output.take_reading_end();
  spawned.error = error.take_reading_end();
  return spawned;
}

}  // namespace premortem::fakes
