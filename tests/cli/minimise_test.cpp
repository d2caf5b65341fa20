// The command minimise: what it saves, when it is stopped or killed, and what it refuses.

#include <csignal>
#include <thread>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

const std::string& esr() {
  static const std::string path = source_path("scenarios/incidents/esr-export-write-conflict.jsonc");
  return path;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a saved story lies in regressions/ beside its file, fails by itself, and the next one replaces nothing",
          "[cli][minimise]") {
  const Folder folder;
  folder.write("esr.jsonc", read_file(esr()));
  const Outcome first = run_line("minimise esr.jsonc --check exports-finish", folder.path());
  CHECK(first.code == 0);
  CHECK(first.err.empty());
  CHECK(first.out == golden("minimise/esr.txt", first.out));
  const Outcome again = run_line("minimise esr.jsonc --check exports-finish --json", folder.path());
  CHECK(again.code == 0);
  CHECK(again.out == golden("minimise/esr.json", again.out));
  const std::string saved = folder.read("regressions/exports-finish.jsonc");
  CHECK(saved == folder.read("regressions/exports-finish-2.jsonc"));
  CHECK(saved == golden("minimise/esr-saved.jsonc", saved));
  const Outcome fails = run_line("run regressions/exports-finish.jsonc --json", folder.path());
  CHECK(fails.code == 1);
  CHECK(says(fails.out, "\"broken-for\": 1"));
}

TEST_CASE("a case that explore found becomes a file that fails by itself, with as many choices as it takes",
          "[cli][minimise]") {
  const Folder folder;
  const std::string six = source_path("scenarios/gallery/six-commands-at-the-switch.jsonc");
  REQUIRE(run_command({"explore", six, "--save-choices", "found.json"}, folder.path()).code == 1);
  const Outcome made = run_command({"minimise", six, "--choices", "found.json", "--out", "story.jsonc"}, folder.path());
  CHECK(made.code == 0);
  CHECK(made.err.empty());
  CHECK(made.out == golden("minimise/six.txt", made.out));
  const std::string saved = folder.read("story.jsonc");
  CHECK(saved == golden("minimise/six-saved.jsonc", saved));
  CHECK(says(read_file(source_path("docs/minimise.md")), made.out + "$ cat story.jsonc\n" + saved + "```\n"));
  const Outcome fails = run_line("run story.jsonc", folder.path());
  CHECK(fails.code == 1);
  CHECK(!says(fails.out, "choices:"));  // All of them fit.
  CHECK(run_line("check story.jsonc", folder.path()).code == 0);
  const Outcome again = run_command({"minimise", "story.jsonc", "--out", "again.jsonc"}, folder.path());
  CHECK(says(again.out, "1-minimal"));
  const Outcome searched = run_line("explore story.jsonc", folder.path());
  CHECK(searched.code == 2);
  CHECK(says(searched.err, "fixes its choices; take away the section \"choices\" to explore others"));
  CHECK(run_line("run story.jsonc --choices found.json", folder.path()).code == 2);
  CHECK(run_line("run story.jsonc --until 13:00 --save half.run", folder.path()).code == 2);
}

TEST_CASE("killed or interrupted at any instant it leaves a file that fails", "[cli][minimise]") {
  const int number = GENERATE(SIGKILL, SIGINT);
  const Folder folder;
  Child child({command_path(), "minimise", esr(), "--check", "exports-finish", "--out", "story.jsonc"}, folder.path());
  while (child.running() && folder.names() != std::vector<std::string>{"story.jsonc"}) std::this_thread::yield();
  child.signal(number);
  const Outcome ended = child.wait();
  if (number == SIGINT && ended.code == 130)
    CHECK(says(ended.out, "Not known to be minimal: it was stopped by SIGINT."));
  const Outcome fails = run_line("run story.jsonc --json", folder.path());
  CHECK(fails.code == 1);
  CHECK(says(fails.out, "\"verdict\": \"broken\""));
}

TEST_CASE("without time it saves the case itself, on its own", "[cli][minimise]") {
  const Folder folder;
  const Outcome none = run_command(
      {"minimise", esr(), "--check", "exports-finish", "--out", "same.jsonc", "--shrink-time", "0 s"}, folder.path());
  CHECK(none.code == 0);
  CHECK(says(none.out, "Not known to be minimal: the time was over; --shrink-time gives more."));
  CHECK(run_line("run same.jsonc", folder.path()).code == 1);
}

TEST_CASE("what minimise refuses, with advice, before it writes anything", "[cli][minimise]") {
  const Folder folder;
  const auto refusal = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"minimise", esr()});
    const Outcome refused = run_command(arguments, folder.path());
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK(folder.names().empty());
    return refused.err;
  };
  CHECK(refusal({"--check", "once", "--out", "x.jsonc"}) ==
        "premortem: \"once\" is not broken under seed 1, so there is nothing to minimise; try another --seed\n");
  CHECK(refusal({"--check", "onec", "--out", "x.jsonc"}) ==
        "premortem: there is no check \"onec\"; there are exports-finish, by-hand-works, records-leave, none-missed, "
        "friday-rescued, once, forward-only\n");
  CHECK(refusal({"--strategy", "one-consumer", "--out", "x.jsonc"}) ==
        "premortem: no check is broken under seed 1, so there is nothing to minimise; try another --seed\n");
  CHECK(refusal({"--shrink-time", "60", "--out", "x.jsonc"}) ==
        "premortem: --shrink-time: 60 is no duration; write \"60 s\"\n");
  CHECK(says(refusal({"--out", "."}), "cannot write ."));
}
