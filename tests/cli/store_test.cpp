// The run store under real conditions: interrupts, kills, several processes, files that are none.

#include <sqlite3.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

using Names = std::vector<std::string>;

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Long enough to be interrupted, short enough for a test.
const Names long_comparison = {"compare",      source_path("scenarios/incidents/esr-export-write-conflict.jsonc"),
                               "--strategies", "one-consumer,retry-3x1s",
                               "--runs",       "60",
                               "--threads",    "1",
                               "--json"};

Names with(Names arguments, const std::string& option, const std::string& value) {
  arguments.push_back(option);
  arguments.push_back(value);
  return arguments;
}

/// What one query gives, as SQLite prints it; "" when the store cannot be read.
std::string asked(const std::string& path, const std::string& query) {
  sqlite3* database = nullptr;
  std::string answer;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    sqlite3_busy_timeout(database, 20'000);
    const auto take = [](void* into, int, char** values, char**) {
      *static_cast<std::string*>(into) = values[0] == nullptr ? "" : values[0];
      return 0;
    };
    sqlite3_exec(database, query.c_str(), take, &answer, nullptr);
  }
  sqlite3_close(database);
  return answer;
}

/// Waits until the store holds some runs while the child still computes. False: it never did.
bool wait_for_runs(const std::string& store, Child& child) {
  struct stat ignored = {};
  for (int n = 0; n < 4000 && child.running(); ++n) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (stat(store.c_str(), &ignored) != 0) continue;
    const std::string count = asked(store, "SELECT count(*) FROM runs");
    if (!count.empty() && count != "0") return child.running();
  }
  return false;
}

Names started(const Names& arguments) {
  Names command = {command_path()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

TEST_CASE("compare: without a check nothing is said of any strategy", "[cli]") {
  const Folder folder;
  folder.write("post.jsonc", R"({ "premortem": 1, "title": "post",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
                 "clerk": { "is": "consumer", "reads": "tray", "does": [{ "finish": "filed" }] } },
    "checks": {} })");
  const Outcome outcome = run_line("compare post.jsonc --runs 2 --no-store", folder.path());
  CHECK(outcome.code == 3);
  CHECK(outcome.out.find("No check was exercised in any run, so nothing can be said of any strategy.\n") !=
        std::string::npos);
  CHECK(outcome.out.find("NOT EXERCISED 0 of 2") != std::string::npos);
}

TEST_CASE("interrupted while it compares: exit 130, what ended is kept, the same command goes on to the same result",
          "[cli][store]") {
  const Folder folder;
  const Outcome whole = run_command(with(long_comparison, "--store", "whole.sqlite"), folder.path());
  REQUIRE(whole.code == 0);
  CHECK(whole.err.empty());
  Outcome stopped;
  {
    Child child(started(with(long_comparison, "--store", "parts.sqlite")), folder.path());
    REQUIRE(wait_for_runs(folder.path("parts.sqlite"), child));
    child.signal(SIGINT);
    stopped = child.wait();
  }
  CHECK(stopped.code == 130);
  CHECK(stopped.out.empty());
  CHECK(says(stopped.err, "stopped by SIGINT; "));
  CHECK(says(stopped.err, "kept in parts.sqlite; the same command goes on from there"));
  const std::string kept = asked(folder.path("parts.sqlite"), "SELECT count(*) FROM runs");
  CHECK(says(stopped.err, "; " + kept + " run"));
  CHECK(std::stoi(kept) < 180);
  const Outcome resumed = run_command(with(long_comparison, "--store", "parts.sqlite"), folder.path());
  CHECK(resumed.code == 0);
  CHECK(resumed.out == whole.out);
  CHECK(resumed.err == "premortem: " + kept + " of these runs were taken from parts.sqlite\n");
  CHECK(asked(folder.path("parts.sqlite"), "SELECT count(*) FROM runs") == "180");
  CHECK(folder.names() == Names{"parts.sqlite", "whole.sqlite"});
}

TEST_CASE("killed while it compares: the store is whole, and the same command goes on from it", "[cli][store]") {
  const Folder folder;
  const std::string store = folder.path("runs.sqlite");
  {
    Child child(started(with(long_comparison, "--store", "runs.sqlite")), folder.path());
    REQUIRE(wait_for_runs(store, child));
    child.signal(SIGKILL);
    CHECK(child.wait().signal == SIGKILL);
  }
  CHECK(asked(store, "PRAGMA integrity_check") == "ok");
  CHECK(asked(store, "SELECT count(*) FROM runs WHERE id NOT IN (SELECT run FROM fates)") == "0");
  CHECK(asked(store, "SELECT count(*) FROM runs WHERE id NOT IN (SELECT run FROM checks)") == "0");
  const std::string kept = asked(store, "SELECT count(*) FROM runs");
  const Outcome resumed = run_command(with(long_comparison, "--store", "runs.sqlite"), folder.path());
  CHECK(resumed.code == 0);
  CHECK(resumed.err == "premortem: " + kept + " of these runs were taken from runs.sqlite\n");
}

TEST_CASE("two comparisons at once on one store give what each gives alone", "[cli][store]") {
  const Folder folder;
  const Names arguments = {"compare", every_fate(), "--runs", "30", "--json", "--store", "runs.sqlite"};
  Child first(started(arguments), folder.path()), second(started(arguments), folder.path());
  const Outcome one = first.wait(), two = second.wait();
  CHECK(one.code == 1);
  CHECK(two.code == 1);
  CHECK(one.out == two.out);
  // Five strategies under two readings; a run that both computed is there once.
  CHECK(asked(folder.path("runs.sqlite"), "SELECT count(*) FROM runs") == "300");
}

TEST_CASE("a file that is no run store is refused and left as it is", "[cli][store]") {
  const Folder folder;
  folder.write("notes.txt", "Not a database, but somebody's notes. They are longer than a header of SQLite is.\n");
  sqlite3* database = nullptr;
  for (const auto& [name, sql] : {std::pair{"other.sqlite", "CREATE TABLE people (name TEXT)"},
                                  std::pair{"old.sqlite",
                                            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
                                            "INSERT INTO meta VALUES ('schema', '1')"},
                                  std::pair{"new.sqlite",
                                            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
                                            "INSERT INTO meta VALUES ('schema', '3')"}}) {
    REQUIRE(sqlite3_open(folder.path(name).c_str(), &database) == SQLITE_OK);
    REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
  }
  REQUIRE(run_command({"run", every_fate(), "--store", "frozen.sqlite"}, folder.path()).code == 0);
  chmod(folder.path("frozen.sqlite").c_str(), 0444);
  const Names before = folder.names();
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"notes.txt", "this is no run store"},
      {"other.sqlite", "this SQLite database is no run store"},
      {"old.sqlite", "this run store has schema 1, this premortem reads and writes 2"},
      {"new.sqlite", "this run store has schema 3, this premortem reads and writes 2"},
      {"frozen.sqlite", "the run store is read-only"}};
  for (const auto& [name, why] : refused) {
    const std::string bytes = folder.read(name);
    const Outcome outcome = run_command({"compare", every_fate(), "--runs", "2", "--store", name}, folder.path());
    INFO(outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(says(outcome.err, name + ": "));
    CHECK(says(outcome.err, why));
    CHECK(says(outcome.err, "--store"));
    CHECK(folder.read(name) == bytes);
  }
  CHECK(folder.names() == before);
}

TEST_CASE("what is assumed and set makes another run; a stored one is found again", "[cli][store]") {
  const Folder folder;
  const Names plain = {"compare", every_fate(), "--runs", "2", "--strategies", "no-coffee", "--store", "s.sqlite"};
  const auto taken = [&](const Names& arguments) {
    const std::string err = run_command(arguments, folder.path()).err;
    return err.empty() ? 0 : std::stoi(err.substr(err.find(": ") + 2));
  };
  CHECK(taken(plain) == 0);
  CHECK(taken(plain) == 8);  // Two strategies, two readings, two seeds.
  CHECK(taken(with(plain, "--set", "items.letter.due=2 h")) == 0);
  CHECK(taken(with(plain, "--set", "items.letter.due=2 h")) == 8);
  CHECK(taken(with(plain, "--set", "items.letter.due=3 h")) == 0);
  CHECK(taken(with(plain, "--assume", "clerk.workers=1")) == 0);
  CHECK(taken(with(plain, "--assume", "cellar-key=found")) == 4);  // That reading was among the first eight.
  CHECK(taken(with(plain, "--seed", "2")) == 4);                   // Seed 2 is known, seed 3 is not.
}
