// explore: what is printed, what is kept, and that what was found can be run again.

#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

const std::string switched = "scenarios/gallery/six-commands-at-the-switch.jsonc";

std::string explored(const std::string& more) { return "explore " + switched + " " + more; }

}  // namespace

TEST_CASE("exhaustive search counts the 64 subsets of six commands, of which 63 lose one", "[explore]") {
  const Outcome ran = run_line(explored("--search exhaustive --executions 20000 --json"), source_path());
  REQUIRE(ran.code == 1);
  const nlohmann::json json = nlohmann::json::parse(ran.out);
  CHECK(json["census"]["complete"] == true);
  CHECK(json["census"]["inequivalent"] == 64);
  CHECK(json["census"]["failing-inequivalent"] == 63);
  CHECK(golden("explore/exhaustive.json", ran.out) == ran.out);
  const Outcome early = run_line(explored("--search exhaustive --executions 500"), source_path());
  CHECK(golden("explore/early.txt", early.out) == early.out);
}

TEST_CASE("each search prints the same for any number of threads", "[explore]") {
  for (const char* search : {"random", "swarm", "pct", "guided"}) {
    const std::string line = explored(std::string("--executions 600 --search ") + search);
    const Outcome one = run_line(line + " --threads 1", source_path());
    const Outcome three = run_line(line + " --threads 3", source_path());
    CHECK(one.code == 1);
    CHECK(one.out == three.out);
    CHECK(golden(std::string("explore/") + search + ".txt", one.out) == one.out);
  }
}

TEST_CASE("the choices of the first failing execution break the same check again", "[explore]") {
  const Folder folder;
  const std::string kept = folder.path("found.json");
  REQUIRE(run_line("run " + switched, source_path()).code == 0);
  REQUIRE(run_line(explored("--save-choices " + kept), source_path()).code == 1);
  const Outcome again = run_line("run " + switched + " --choices " + kept, source_path());
  CHECK(again.code == 1);
  CHECK(again.out.find("all-exported is broken for command") != std::string::npos);
  CHECK(again.out.find("--choices " + kept) != std::string::npos);

  const Outcome other = run_line("run scenarios/tutorial/02-what-went-wrong.jsonc --choices " + kept, source_path());
  CHECK(other.code == 2);
  CHECK(other.err.find("was found in another scenario") != std::string::npos);
  folder.write("torn.json", folder.read("found.json").substr(0, 40));
  const Outcome torn = run_line("run " + switched + " --choices " + folder.path("torn.json"), source_path());
  CHECK(torn.code == 2);
  CHECK(torn.err.find("is no list of choices") != std::string::npos);
}

TEST_CASE("bad wishes are refused, with advice, and nothing to choose is said aloud", "[explore]") {
  CHECK(run_line(explored("--search genetic"), source_path()).code == 2);
  CHECK(run_line(explored("--executions 0"), source_path()).code == 2);
  const Outcome kind = run_line(explored("--choices ties"), source_path());
  CHECK(kind.code == 2);
  CHECK(kind.err ==
        "premortem: there is no kind of choice \"ties\"; write tie, duration, fault or operator-delay, or several "
        "with commas\n");
  const Outcome measure = run_line(explored("--measure command.losst"), source_path());
  CHECK(measure.code == 2);
  CHECK(measure.err.find("there is no measure \"command.losst\"") != std::string::npos);
  CHECK(run_line(explored("--depth 5"), source_path()).err == "premortem: --depth is for --search pct; leave it out\n");
  CHECK(run_line(explored("--search pct --no-merging"), source_path()).err ==
        "premortem: --no-merging is for --search exhaustive; leave it out\n");
  const Outcome outside = run_line(explored("--from '2020-01-01 09:00'"), source_path());
  CHECK(outside.code == 2);
  CHECK(outside.err.starts_with("premortem: --from: 2020-01-01 09:00 is not within the clock, from "));
  const Outcome nothing = run_line(explored("--choices fault"), source_path());
  CHECK(nothing.code == 3);
  CHECK(nothing.out.find("Nothing to explore") != std::string::npos);
}

TEST_CASE("a budget of faults: how many it takes, what it did not limit, and a list of choices that keeps to it",
          "[explore]") {
  const std::string commits = "scenarios/gallery/two-commits-that-fail.jsonc";
  const auto within = [&](const std::string& more) {
    return run_line("explore " + commits + " --choices fault " + more, source_path());
  };
  CHECK(within("--search exhaustive --faults 1").code == 0);
  const Folder folder;
  const std::string kept = folder.path("found.json");
  const Outcome two = within("--search exhaustive --faults 2 --save-choices " + kept);
  CHECK(two.code == 1);
  CHECK(two.out.find("5 of 15 ways are inequivalent; 4 break a check") != std::string::npos);  // (1 + x + x^2)^4.
  CHECK(folder.read("found.json").find("\"faults\":2") != std::string::npos);
  CHECK(run_line("run " + commits + " --choices " + kept, source_path()).code == 1);
  const Outcome nine = within("--faults 9");
  CHECK(golden("explore/faults.txt", nine.out) == nine.out);
  const nlohmann::json json = nlohmann::json::parse(within("--faults 9 --json").out);
  CHECK(json["faults"]["struck-max"] == 8);
  const Outcome none = run_line(explored("--choices tie,fault --faults 2"), source_path());
  CHECK(none.out.find("No fault was ever open: whether one strikes was never left to a choice, so the budget limited "
                      "nothing.") != std::string::npos);
  const Outcome useless = run_line(explored("--faults 2"), source_path());
  CHECK(useless.code == 2);
  CHECK(useless.err == "premortem: --faults is a budget for choices about faults; add --choices fault\n");
  CHECK(within("--faults 0").code == 2);
}

TEST_CASE("time that stands still in some orders is found, kept and told", "[explore]") {
  const std::string shut = "tests/golden/explore/shut.jsonc";
  const Folder folder;
  const std::string kept = folder.path("found.json");
  const Outcome random = run_line("explore " + shut + " --executions 20 --save-choices " + kept, source_path());
  CHECK(random.code == 1);
  const std::string shown = random.out.substr(0, random.out.find("Kept in "));
  CHECK(golden("explore/endless.txt", shown) == shown);
  const Outcome every = run_line("explore " + shut + " --search exhaustive --json", source_path());
  CHECK(every.code == 1);
  const nlohmann::json json = nlohmann::json::parse(every.out);
  CHECK(json["endless"] > 0);
  CHECK(json["census"]["complete"] == true);
  const Outcome again = run_line("run " + shut + " --choices " + kept, source_path());
  CHECK(again.err.find("it goes round and round while no time passes") != std::string::npos);
}

TEST_CASE("--time ends an exploration, and says that another machine may come further", "[explore]") {
  const Outcome ended = run_line(explored("--executions 1000000000 --time 1"), source_path());
  CHECK(ended.code == 1);
  CHECK(ended.out.find("Ended early: the time of --time was over. Another machine may come further or less far.") !=
        std::string::npos);
  CHECK(ended.out.find("The first to fail is execution 2, after 7 choices.") != std::string::npos);
}

TEST_CASE("Ctrl-C ends an exploration, prints what was found, and keeps it", "[explore]") {
  const Folder folder;
  const std::string kept = folder.path("found.json"), store = folder.path("runs.sqlite");
  Child child(
      {"bash", "-c",
       "exec \"$0\" explore " + switched + " --executions 1000000000 --save-choices " + kept + " --store " + store,
       command_path()},
      source_path());
  while (child.running() && folder.names().empty()) std::this_thread::yield();  // Until the store is there.
  child.signal(2);
  const Outcome ended = child.wait();
  CHECK(ended.code == 130);
  CHECK(ended.out.find("Ended early: stopped by the user") != std::string::npos);
  CHECK(ended.out.find("all-exported") != std::string::npos);
  CHECK(run_line("run " + switched + " --choices " + kept, source_path()).code == 1);
  CHECK(run_line("coverage " + switched + " --store " + store, source_path()).code == 0);
}
