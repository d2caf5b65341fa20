// Children, their output and their end; the shell plays all of them.

#include "fakes/server/child_process.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "fakes/server/line_reader.hpp"
#include "fakes/server/stop_signals.hpp"
#include "tests/fakes/server/loopback.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace std::chrono_literals;
using premortem::fakes::ChildExit;
using premortem::fakes::ChildProcess;

namespace {

using Lines = std::vector<std::string>;

struct Nursery {
  ChildProcess& start(std::vector<std::string> command,
                      std::vector<std::pair<std::string, std::string>> environment = {}) {
    ChildProcess::Spec spec{std::move(command), std::move(environment), {}, {}};
    spec.on_line = [this](ChildProcess::Stream stream, std::string_view line) {
      CHECK(exits == 0);
      (stream == ChildProcess::Stream::output ? output : error).emplace_back(line);
    };
    spec.on_exit = [this](ChildExit how) {
      exit = how;
      ++exits;
    };
    child = std::make_unique<ChildProcess>(io, std::move(spec));
    return *child;
  }
  ChildProcess& shell(const std::string& script) { return start({"sh", "-c", script}); }
  bool until_exit() {
    return test::run_until(io, [&] { return exits > 0; });
  }
  bool until_line(const std::string& line) {
    return test::run_until(io, [&] { return !output.empty() && output.back() == line; });
  }

  boost::asio::io_context io;
  Lines output;
  Lines error;
  ChildExit exit;
  int exits = 0;
  std::unique_ptr<ChildProcess> child;
};

bool exists(int process) { return ::kill(process, 0) == 0; }

bool is_zombie_of_ours() { return ::waitpid(-1, nullptr, WNOHANG) >= 0; }

}  // namespace

TEST_CASE("a child's lines come in order, its exit code after them", "[child_process]") {
  Nursery nursery;
  CHECK(nursery.shell("echo one; echo two; echo wrong >&2; printf three; exit 7").runs());
  REQUIRE(nursery.until_exit());
  CHECK(nursery.output == Lines{"one", "two", "three"});
  CHECK(nursery.error == Lines{"wrong"});
  CHECK(nursery.exit.code == 7);
  CHECK(nursery.exit.signal == 0);
  CHECK(nursery.exits == 1);
  CHECK_FALSE(nursery.child->runs());
  nursery.child.reset();
  CHECK_FALSE(is_zombie_of_ours());
}

TEST_CASE("much output is complete", "[child_process]") {
  Nursery nursery;
  nursery.shell("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done");
  REQUIRE(nursery.until_exit());
  REQUIRE(nursery.output.size() == 5000);
  CHECK(nursery.output.back() == "line 4999");
}

TEST_CASE("a child gets our environment and what is added, no input, and none of our descriptors", "[child_process]") {
  ::setenv("PREMORTEM_TEST_A", "ours", 1);
  ::setenv("PREMORTEM_TEST_B", "ours", 1);
  Nursery nursery;
  nursery.start({"sh", "-c", "echo $PREMORTEM_TEST_A $PREMORTEM_TEST_B; cat; ls /proc/self/fd | wc -l"},
                {{"PREMORTEM_TEST_B", "added = here"}});
  REQUIRE(nursery.until_exit());
  REQUIRE(nursery.output.size() == 2);
  CHECK(nursery.output[0] == "ours added = here");
  CHECK(nursery.output[1].ends_with("4"));  // Its three, and the one that ls reads the folder with.
}

TEST_CASE("a command that cannot be started is named", "[child_process]") {
  Nursery nursery;
  std::string what;
  try {
    nursery.start({"no-such-command-anywhere", "x"});
  } catch (const fakes::StartError& error) {
    what = error.what();
  }
  CHECK(what == "cannot start \"no-such-command-anywhere\": No such file or directory");
  CHECK_THROWS_AS(nursery.start({"/etc/passwd"}), fakes::StartError);
  CHECK_THROWS_AS(nursery.start({}), fakes::StartError);
  CHECK_FALSE(is_zombie_of_ours());
}

TEST_CASE("asked to end, a child ends by that signal; a stubborn one is killed after the grace", "[child_process]") {
  Nursery nursery;
  SECTION("obedient") {
    nursery.shell("echo ready; exec sleep 1000").terminate(1h);
    REQUIRE(nursery.until_exit());
    CHECK(nursery.exit.signal == SIGTERM);
  }
  SECTION("with a last word") {
    nursery.shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done");
    REQUIRE(nursery.until_line("ready"));
    nursery.child->terminate(1h);
    REQUIRE(nursery.until_exit());
    CHECK(nursery.output == Lines{"ready", "bye"});
    CHECK(nursery.exit.code == 3);
    CHECK(nursery.exit.signal == 0);
  }
  SECTION("stubborn") {
    nursery.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done");
    REQUIRE(nursery.until_line("ready"));
    nursery.child->terminate(20ms);
    REQUIRE(nursery.until_exit());
    CHECK(nursery.exit.signal == SIGKILL);
  }
}

TEST_CASE("grandchildren end with the group, also when the child has ended before", "[child_process]") {
  Nursery nursery;
  SECTION("before") { nursery.shell("(trap '' TERM; echo $$; exec sleep 1000) & echo $!; exit 0"); }
  SECTION("together") { nursery.shell("(trap '' TERM; exec sleep 1000) & echo $!; wait"); }
  REQUIRE(test::run_until(nursery.io, [&] { return !nursery.output.empty(); }));
  if (nursery.child->runs()) nursery.child->terminate(20ms);
  REQUIRE(nursery.until_exit());  // Though the grandchild holds the pipes open: a second later at most.
  const int grandchild = std::stoi(nursery.output.back());
  nursery.child.reset();
  // Whoever inherits it reaps it at some time; until then it is a zombie, which answers to signal 0.
  CHECK(test::run_until(nursery.io, [&] { return !exists(grandchild) || test::process_state(grandchild) == 'Z'; }));
}

TEST_CASE("a child that is destroyed while it runs is gone, and so is its owner's callback", "[child_process]") {
  Nursery nursery;
  const int process = nursery.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done").id();
  REQUIRE(nursery.until_line("ready"));
  nursery.child.reset();
  CHECK_FALSE(exists(process));
  nursery.io.restart();
  nursery.io.run();
  CHECK(nursery.exits == 0);
}

TEST_CASE("a callback may destroy the child", "[child_process]") {
  Nursery nursery;
  ChildProcess::Spec spec{{"sh", "-c", "echo one; echo two; sleep 1000"}, {}, {}, {}};
  int lines = 0;
  spec.on_line = [&](ChildProcess::Stream, std::string_view) {
    ++lines;
    nursery.child.reset();
  };
  nursery.child = std::make_unique<ChildProcess>(nursery.io, std::move(spec));
  REQUIRE(test::run_until(nursery.io, [&] { return lines > 0; }));
  nursery.io.restart();
  nursery.io.run();
  CHECK(lines == 1);
  CHECK_FALSE(is_zombie_of_ours());
}

TEST_CASE("lines are cut out of pieces, long ones into pieces of 64 KiB", "[child_process]") {
  fakes::LineReader reader;
  Lines lines;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  reader.add("a", keep);
  reader.add("b\r\n\nc", keep);
  CHECK(lines == Lines{"ab", ""});
  reader.finish(keep);
  reader.finish(keep);
  CHECK(lines == Lines{"ab", "", "c"});
  lines.clear();
  reader.add(std::string(65'536, 'x') + "\n" + std::string(65'537, 'y') + "\n", keep);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == std::string(65'536, 'x'));
  CHECK(lines[1] == std::string(65'536, 'y'));
  CHECK(lines[2] == "y");
}

TEST_CASE("signals to stop become calls while somebody listens", "[stop_signals]") {
  boost::asio::io_context io;
  std::vector<int> numbers;
  auto signals = std::make_unique<fakes::StopSignals>(io, [&](int number) { numbers.push_back(number); });
  ::kill(::getpid(), SIGINT);
  REQUIRE(test::run_until(io, [&] { return numbers.size() == 1; }));
  ::kill(::getpid(), SIGTERM);
  REQUIRE(test::run_until(io, [&] { return numbers.size() == 2; }));
  CHECK(numbers == std::vector<int>{SIGINT, SIGTERM});
  signals.reset();
  io.restart();
  io.run();
}
