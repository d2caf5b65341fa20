// premortem coverage, as a user runs it. The document's block is no ```console: running it would leave a file behind.

#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

TEST_CASE("coverage: what no run has reached, as docs/coverage.md shows it", "[coverage]") {
  const Folder folder;
  const std::string store = " --store " + folder.path("ci.sqlite");
  const std::string nav = "scenarios/incidents/nav-brut-cutover.jsonc";
  const Outcome tested = run_line("test scenarios/incidents" + store, source_path());
  REQUIRE(tested.code == 0);
  const Outcome covered = run_line("coverage " + nav + store, source_path());
  CHECK(covered.code == 3);
  const std::string block = "```shell-session\n$ premortem test scenarios/incidents --store ci.sqlite\n" + tested.out +
                            "$ premortem coverage " + nav + " --store ci.sqlite\n" + covered.out + "```\n";
  INFO(block);
  CHECK(read_file(source_path("docs/coverage.md")).find(block) != std::string::npos);

  REQUIRE(run_line("test scenarios/incidents" + store, source_path()).code == 0);
  CHECK(run_line("coverage " + nav + store, source_path()).out == covered.out);  // Nothing counts twice.
  const auto json = nlohmann::json::parse(run_line("coverage " + nav + store + " --json", source_path()).out);
  CHECK(json["goals"].size() == 21);
  CHECK(run_line("coverage scenarios/incidents/esr-export-write-conflict.jsonc --all" + store, source_path()).code ==
        0);
}

TEST_CASE("coverage: a store that is not there is not made, and what never ran is never reached", "[coverage]") {
  const Folder folder;
  const std::string office = source_path("tests/golden/diff/office.jsonc");
  const Outcome missing = run_command({"coverage", office}, folder.path());
  CHECK(missing.code == 2);
  CHECK(missing.err.find("there is no run store runs.premortem.sqlite; make it: premortem test ") != std::string::npos);
  CHECK(folder.names().empty());
  REQUIRE(run_command({"run", office, "--store", "runs.premortem.sqlite"}, folder.path()).code == 0);
  const Outcome covered = run_command({"coverage", office}, folder.path());
  CHECK(covered.code == 3);
  CHECK(covered.out ==
        "A clerk goes to lunch\n4 of 5 goals reached, over all runs in the store.\n\nNever reached\n"
        "              reached    of\n  goal  name       in  runs\n  step  dust        0     0\n");
}

TEST_CASE("coverage: goals of an exploration add up in the store, and what no order has reached is listed",
          "[coverage]") {
  const Folder folder;
  const std::string shut = "tests/golden/explore/shut.jsonc", store = " --store " + folder.path("runs.sqlite");
  for (const char* search : {"random --executions 20", "exhaustive"})
    REQUIRE(run_line("explore " + shut + store + " --search " + search, source_path()).code == 1);
  const Outcome covered = run_line("coverage " + shut + " --all" + store, source_path());
  CHECK(covered.code == 0);
  CHECK(golden("explore/coverage.txt", covered.out) == covered.out);
  const std::string commits = "scenarios/gallery/two-commits-that-fail.jsonc";
  REQUIRE(run_line("explore " + commits + " --search exhaustive --choices tie" + store, source_path()).code == 3);
  const Outcome never = run_line("coverage " + commits + store, source_path());
  CHECK(never.code == 3);
  CHECK(never.out.find("fault  pressure") != std::string::npos);
  REQUIRE(run_line("explore " + commits + " --search exhaustive --choices fault" + store, source_path()).code == 1);
  CHECK(run_line("coverage " + commits + store, source_path()).code == 0);
}

TEST_CASE("fault rules are goals, too: reached when they have struck", "[cli][coverage]") {
  const Folder folder;
  const std::string lost = "scenarios/gallery/lost-confirm.jsonc", store = " --store " + folder.path("runs.sqlite");
  REQUIRE(run_line("run " + lost + " --set 'faults.confirm-lost.nth=99'" + store, source_path()).code == 1);
  CHECK(run_line("coverage " + lost + store, source_path()).out.find("fault  confirm-lost") != std::string::npos);
  REQUIRE(run_line("run " + lost + store, source_path()).code == 0);
  const Outcome covered = run_line("coverage " + lost + " --all" + store, source_path());
  INFO(covered.out);
  CHECK(covered.code == 0);
  CHECK(covered.out.find("nobody-knows") != std::string::npos);
}
