// window: regions of two addresses, until when what could still be done helps, and what is refused.

#include <cstdint>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem::testing;

namespace {

Outcome window(const std::string& arguments) { return run_line("window " + arguments, source_path()); }

/// Until the kernel says that the program, no longer the shell that became it, handles SIGINT. `child` must have
/// written its process id.
void wait_until_it_listens(Child& child) {
  while (child.running()) {
    std::istringstream id(child.err_so_far());
    std::string pid, word;
    std::uint64_t caught = 0;
    bool ours = false;
    if (id >> pid) {
      std::ifstream status("/proc/" + pid + "/status");
      while (status >> word) {
        if (word == "Name:") ours = status >> word && word == "premortem";
        if (word == "SigCgt:") status >> std::hex >> caught;
      }
    }
    if (ours && (caught & 2) != 0) return;  // The second bit is SIGINT.
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("window: until when NAV's log can be replayed, as JSON; the runs that certify it", "[window]") {
  const Outcome asked = window(nav + " --remedy replay-the-log --check in-time --json");
  CHECK(asked.code == 0);
  CHECK(asked.out == golden("window/nav-remedy.json.txt", asked.out));
  // application 467991431 arrives at 11:01:59.939597698, and is done 36.2 s after the replay begins.
  const std::string run = "run " + nav + " --json --remedy 'replay-the-log=2020-01-28 11:01:23.73959769";
  const auto in_time = [](const Outcome& ran) {
    const std::size_t at = ran.out.find("\"in-time\"");
    return ran.out.substr(ran.out.find("\"verdict\"", at), 19);
  };
  CHECK(in_time(run_line(run + "8'", source_path())).starts_with("\"verdict\": \"holds\""));
  CHECK(in_time(run_line(run + "9'", source_path())).starts_with("\"verdict\": \"broken\""));
}

TEST_CASE("window: remedies that save nothing, and checks that need no saving, are said aloud", "[window]") {
  const Outcome esr_sent = window(esr + " --remedies --check exports-finish");
  CHECK(esr_sent.code == 1);
  CHECK(esr_sent.out == golden("window/esr-remedy.txt", esr_sent.out));
  const Outcome whole = window(nav + " --remedy run-brut-again --check once");
  CHECK(whole.code == 3);
  CHECK(whole.out.find("  once is not broken without it; nothing to save\n") != std::string::npos);
  const Outcome none = window(nav + " --remedy run-brut-again --strategy one-more-batch");
  CHECK(none.code == 3);
  CHECK(none.out.find("  no check is broken without it; nothing to save\n") != std::string::npos);
}

TEST_CASE("window: what cannot be asked of a remedy is refused, with advice", "[window]") {
  const auto refused = [](const std::string& arguments, const std::string& advice) {
    const Outcome asked = window(arguments);
    INFO(asked.err);
    CHECK(asked.code == 2);
    CHECK(asked.out.empty());
    CHECK(asked.err.find(advice) != std::string::npos);
  };
  refused(nav, "window needs either --vary ADDRESS or --remedy NAME");
  refused(nav + " --remedy run-brut-again --vary 'timeline[stop-brut].at'", "either --vary ADDRESS or --remedy NAME");
  refused(nav + " --remedy run-burt-again", "there is no remedy \"run-burt-again\"; did you mean \"run-brut-again\"?");
  refused(nav + " --remedies --seeds 2", "name it with --seed");
  refused(nav + " --remedies --from '2020-01-26 00:00'", "must lie within the clock, from 2020-01-27 00:00");
  refused("scenarios/gallery/six-commands-at-the-switch.jsonc --remedies", "declares no remedies; write under");
  const Outcome run = run_line("run " + nav + " --remedy run-brut-agin=2020-01-28", source_path());
  CHECK(run.code == 2);
  CHECK(run.err.find("there is no remedy \"run-brut-agin\"; did you mean \"run-brut-again\"?") != std::string::npos);
  CHECK(run_line("run " + nav + " --remedy run-brut-again", source_path()).err.find("write NAME=TIME") !=
        std::string::npos);
}

TEST_CASE("window: two addresses give a row for each value of the second, as text and as JSON", "[window]") {
  const std::string both = esr +
                           " --vary 'daily.does[send].gap' --vary exporter.workers --from '0 s' --to '10 s' "
                           "--from 1 --to 3 --check exports-finish";
  const Outcome asked = window(both + " --json");
  CHECK(asked.code == 0);
  CHECK(asked.out == golden("window/esr-region.json.txt", asked.out));
  const Outcome early = window(both + " --runs-max 20");
  CHECK(early.out == golden("window/esr-region-early.txt", early.out));
  CHECK(window(both + " --seeds 2").err.find("a region is found with one seed") != std::string::npos);
  CHECK(window(both + " --vary exporter.prefetch").err.find("two addresses at most") != std::string::npos);
  CHECK(window(esr + " --vary exporter.workers --vary exporter.workers").err.find("twice the same address") !=
        std::string::npos);
}

TEST_CASE("window: where nothing holds, it says so in words that read", "[window]") {
  const Outcome whole =
      window(nav + " --vary 'timeline[stop-brut].at' --from '2020-01-27 13:00' --to '2020-01-27 13:10'");
  CHECK(whole.code == 1);
  CHECK(whole.out == golden("window/nav-nothing-holds.txt", whole.out));
  CHECK(whole.out.starts_with("a check is broken for every value of timeline[stop-brut].at that was run between "));
}

TEST_CASE("window: with several seeds, a value that some of them pass is not called broken with each", "[window]") {
  const std::string some =
      nav + " --vary 'timeline[stop-brut].at' --from '2020-01-28 07:05:34' --to '2020-01-28 07:05:38.8' --seeds 3";
  const Outcome asked = window(some);
  CHECK(asked.code == 1);
  CHECK(asked.out == golden("window/nav-some-seeds.txt", asked.out));
  CHECK(asked.out.starts_with("no value of timeline[stop-brut].at that was run between "));
  CHECK(window(some + " --json").out.find("\"uncertified\": [],") != std::string::npos);
}

TEST_CASE("window: what would be left unused is refused, with advice", "[window]") {
  const auto refused = [](const std::string& arguments, const std::string& advice) {
    const Outcome asked = window(arguments);
    INFO(asked.err);
    CHECK(asked.code == 2);
    CHECK(asked.out.empty());
    CHECK(asked.err == "premortem: " + advice + "\n");
  };
  const std::string vary = nav + " --vary 'timeline[stop-brut].at'";
  refused(vary + " --from '2020-01-27 13:00' --from '2020-01-27 14:00'",
          "--from: given 2 times, but --vary once; give it once for each --vary, in the same order");
  refused(
      vary + " --vary 'timeline[hand-over].at' --to '2020-01-28 13:00' --to '2020-01-28 13:00' --to '2020-01-28 13:00'",
      "--to: given 3 times, but --vary twice; give it once for each --vary, in the same order");
  refused(nav + " --remedies --to '2020-01-27 13:00' --to '2020-01-27 14:00'",
          "--to: given 2 times, but remedies have one range; give it once");
  refused(vary + " --all", "--all is for --remedy, of which it prints every item; --vary judges no single item");
}

TEST_CASE("window: rows that were not looked at make no whole region", "[window]") {
  const Outcome early = window(esr +
                               " --vary 'daily.does[send].gap' --vary exporter.workers --from '0 s' --to '10 s' "
                               "--from 2 --to 6 --check exports-finish --runs-max 5");
  CHECK(early.code == 0);
  CHECK(early.out == golden("window/esr-region-left-out.txt", early.out));
}

TEST_CASE("window: an \"until\" where the search ended is not called certified", "[window]") {
  const Folder folder;
  folder.write("letters.jsonc", R"x({ "premortem": 1, "title": "a letter and a job that is off",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" },
    "items": { "letter": { "done": "filed", "due": "2 h" } },
    "arrivals": { "post": { "item": "letter", "into": "desk.take", "at": "00:10" } },
    "systems": { "box": { "is": "documents", "collections": { "letters": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "does": [{ "insert": "box.letters" }] } } },
      "clerk": { "is": "job", "does": [{ "find": "box.letters", "as": "all" }, { "each": "all", "finish": "filed" }] } },
    "remedies": { "the-clerk": { "run": "clerk" } },
    "checks": { "filed": { "every": "letter", "finishes-within": "due" } } })x");
  const Outcome asked = run_line("window letters.jsonc --remedies --to '2021-01-04 01:00'", folder.path());
  INFO(asked.err);
  CHECK(asked.out == golden("window/remedy-to-the-end.txt", asked.out));
  CHECK(asked.out.find("each \"until\"") == std::string::npos);
  const Outcome whole = run_line("window letters.jsonc --remedies", folder.path());
  CHECK(whole.out.find("each \"until\"") != std::string::npos);
}

TEST_CASE("window: a run without the remedy that never ends says in which file", "[window]") {
  const Folder folder;
  folder.write("spins.jsonc", R"x({ "premortem": 1, "title": "a consumer that never lets time pass",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 06:00", "zone": "UTC" }, "items": { "order": {} },
    "arrivals": { "one": { "item": "order", "into": "orders", "at": "01:00" } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "worker": { "is": "consumer", "reads": "orders", "does": [ { "raise": "Broken" } ] } },
    "remedies": { "stop": { "pause": "worker" } },
    "checks": { "done": { "every": "order", "ends": ["done"] } } })x");
  const Outcome asked = run_line("window spins.jsonc --remedy stop", folder.path());
  CHECK(asked.code == 2);
  INFO(asked.err);
  CHECK(asked.err.starts_with("spins.jsonc:5:"));
}

TEST_CASE("window: Ctrl-C ends the search and prints what was found", "[window]") {
  for (const std::string what : {" --remedies --all --runs-max 100000", " --vary 'timeline[stop-brut].at' --seeds 1000",
                                 " --vary 'timeline[stop-brut].at' --vary 'timeline[hand-over].at'"}) {
    Child child({"bash", "-c", "echo $$ >&2; exec \"$0\" window " + nav + what, command_path()}, source_path());
    wait_until_it_listens(child);
    child.signal(2);
    const Outcome ended = child.wait();
    INFO(what + "\n" + ended.out + ended.err);
    CHECK(ended.code == 130);
    CHECK(ended.out.find("incomplete: stopped by SIGINT") != std::string::npos);
    const bool open = ended.out.find("changes somewhere between") != std::string::npos;
    CHECK((!open || ended.out.find("at each boundary") == std::string::npos));
  }
}
