// window: regions of two addresses, until when what could still be done helps, and what is refused.

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem::testing;

namespace {

Outcome window(const std::string& arguments) { return run_line("window " + arguments, source_path()); }

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

TEST_CASE("window: Ctrl-C ends the search and prints what was found", "[window]") {
  for (const std::string what : {" --remedy replay-the-log", " --vary 'timeline[stop-brut].at' --seeds 1000",
                                 " --vary 'timeline[stop-brut].at' --vary 'timeline[hand-over].at'"}) {
    Child child({"bash", "-c", "exec \"$0\" window " + nav + what, command_path()}, source_path());
    shell("sleep 0.7", source_path());
    child.signal(2);
    const Outcome ended = child.wait();
    INFO(what + "\n" + ended.out);
    CHECK(ended.code == 130);
    CHECK(ended.out.find("incomplete: stopped by SIGINT") != std::string::npos);
  }
}
