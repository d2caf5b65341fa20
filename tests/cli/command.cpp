#include "tests/cli/command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/support/golden.hpp"

namespace premortem::testing {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "premortem-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder can be made");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

std::string Folder::read(const std::string& name) const { return read_file(path(name)); }

std::vector<std::string> Folder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Child::Child(const std::vector<std::string>& command, const std::string& folder) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const std::string out = output_.path("out"), err = output_.path("err");
  unsetenv("GITHUB_ACTIONS");  // Where these tests run in a job of GitHub's, its page is not for them.
  // A Ctrl-C that a test sends at once must not meet Catch's own handler, which the child has until it is the command.
  sigset_t interrupt{}, before{};
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigprocmask(SIG_BLOCK, &interrupt, &before);
  pid_ = fork();
  if (pid_ != 0) sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ != 0) return;
  std::signal(SIGINT, SIG_DFL);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  // In the child: only calls that are safe after fork.
  const int to_out = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int to_err = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int from = open("/dev/null", O_RDONLY);
  if (to_out < 0 || to_err < 0 || from < 0 || chdir(folder.c_str()) != 0) _exit(126);
  dup2(from, STDIN_FILENO);
  dup2(to_out, STDOUT_FILENO);
  dup2(to_err, STDERR_FILENO);
  execvp(words[0], words.data());
  _exit(127);
}

Child::~Child() {
  if (running()) kill(pid_, SIGKILL);
  reap(0);
}

void Child::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

bool Child::reap(int options) {
  if (pid_ > 0 && waitpid(pid_, &status_, options) == pid_) pid_ = -1;
  return pid_ < 0;
}

bool Child::running() { return !reap(WNOHANG); }

Outcome Child::wait() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (running()) {
    if (std::chrono::steady_clock::now() > until) {
      signal(SIGKILL);
      throw std::runtime_error("the command did not end within two minutes");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Outcome outcome;
  if (WIFEXITED(status_)) outcome.code = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) outcome.signal = WTERMSIG(status_);
  outcome.out = output_.read("out");
  outcome.err = output_.read("err");
  return outcome;
}

std::string Child::err_so_far() const { return output_.read("err"); }

Outcome run_command(const std::vector<std::string>& arguments, const std::string& folder) {
  std::vector<std::string> command = {command_path()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return Child(command, folder).wait();
}

Outcome run_line(const std::string& arguments, const std::string& folder) {
  return shell("\"$PREMORTEM\" " + arguments, folder);
}

Outcome shell(const std::string& line, const std::string& folder) {
  return Child({"bash", "-c", "PREMORTEM='" + command_path() + "'\n" + line}, folder).wait();
}

std::string every_fate() { return source_path("tests/golden/reports/every-fate.jsonc"); }

}  // namespace premortem::testing
