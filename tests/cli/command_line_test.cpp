// What a user, a script or a CI job sees of the command: exit codes, streams, mistakes, and what is left on disk.

#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;
using Json = nlohmann::json;

namespace {

using Names = std::vector<std::string>;

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A scenario into which nothing arrives.
const std::string silence = R"({
  "premortem": 1, "title": "silence", "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
  "items": { "letter": {} },
  "systems": { "tray": { "is": "queue", "of": "letter" } },
  "checks": { "none-lost": { "no": "letter", "ends": ["lost"] } } })";

}  // namespace

TEST_CASE("run: exit codes are 0 as expected, 1 different, 2 invalid, 3 not exercised", "[cli]") {
  const Folder folder;
  CHECK(run_command({"run", every_fate()}, folder.path()).code == 0);
  CHECK(run_command({"run", every_fate(), "--strategy", "hopeful"}, folder.path()).code == 1);
  CHECK(run_command({"run", "missing.jsonc"}, folder.path()).code == 2);
  folder.write("silence.jsonc", silence);
  const Outcome nothing = run_command({"run", "silence.jsonc"}, folder.path());
  CHECK(nothing.code == 3);
  CHECK(says(nothing.out, "NOT EXERCISED"));
}

TEST_CASE("compare: 0 when every run is as the scenario expects, 1 when one is different, 3 when one says nothing",
          "[cli]") {
  const Folder folder;
  const Names few = {"compare", every_fate(), "--runs", "3", "--no-store", "--strategies"};
  const auto with = [&](const std::string& strategies) {
    Names arguments = few;
    arguments.push_back(strategies);
    return run_command(arguments, folder.path());
  };
  CHECK(with("no-coffee,five-clerks").code == 0);
  const Outcome different = with("hopeful");
  CHECK(different.code == 1);
  CHECK(says(different.out, "NOT AS EXPECTED: hopeful in 3 of 3 runs (all-filed and red-filed)."));
  folder.write("silence.jsonc", silence);
  CHECK(run_command({"compare", "silence.jsonc", "--runs", "2", "--no-store"}, folder.path()).code == 3);
}

TEST_CASE("test: exit code, a line that repeats a failure, JUnit on stdout alone", "[cli]") {
  const Folder folder;
  const Outcome failed = run_command({"test", every_fate()}, folder.path());
  CHECK(failed.code == 1);
  CHECK(says(failed.out, "DIFFERENT"));
  CHECK(says(failed.out, "premortem run " + every_fate() + " --strategy hopeful --seed 1"));
  const Outcome junit = run_command({"test", every_fate(), "--junit", "-"}, folder.path());
  CHECK(junit.out.starts_with("<?xml"));
  CHECK(says(junit.err, "1 different"));
  CHECK(run_command({"test", folder.path()}, folder.path()).code == 3);  // No scenario there.
}

TEST_CASE("bad input: exit code 2, a diagnostic on stderr, nothing on stdout, nothing written", "[cli]") {
  struct Mistake {
    Names arguments;
    std::string said;
  };
  const std::vector<Mistake> mistakes = {
      {{"run", "missing.jsonc", "--markdown", "a.md", "--json"}, "missing.jsonc: error: there is no such file"},
      {{"run", every_fate(), "--strategy", "no-cofee"},
       "there is no strategy \"no-cofee\"; did you mean \"no-coffee\"?"},
      {{"run", every_fate(), "--assume", "celar-key=found"}, "did you mean \"cellar-key\"?"},
      {{"run", every_fate(), "--assume", "cellar-key=fond"}, "did you mean \"found\"?"},
      {{"run", every_fate(), "--assume", "cellar-key"}, "--assume cellar-key: write NAME=VALUE"},
      {{"run", every_fate(), "--set", "clrk.workers=2"}, "did you mean \"clerk.workers\"?"},
      {{"run", every_fate(), "--set", "clerk.workers=many"}, "\"many\" is no count"},
      {{"run", every_fate(), "--seeed", "3"}, "there is no option --seeed; did you mean \"--seed\"?"},
      {{"run", every_fate(), "--seed", "three"}, "--seed"},
      {{"run", every_fate(), "--strateg=hopeful"}, "there is no option --strateg; did you mean \"--strategy\"?"},
      {{"run", every_fate(), "another.jsonc"}, "one argument too many: another.jsonc"},
      {{"run", every_fate(), "--markdown", "."}, "it is a directory"},
      {{"run", every_fate(), "--markdown", "-", "--junit", "-"}, "two reports cannot both go to stdout"},
      {{"run", every_fate(), "--store", "nowhere/runs.sqlite"}, "the folder of the run store does not exist"},
      {{"run"}, "FILE"},
      {{"comprae", every_fate()}, "there is no command comprae; did you mean \"compare\"?"},
      {{"--verison"}, "did you mean \"--version\"?"},
      {{}, "name a command"},
      {{"compare", every_fate(), "--runs", "0"}, "--runs"},
      {{"compare", every_fate(), "--runs", "abc"}, "--runs"},
      {{"compare", every_fate(), "--runs", "1000000000"}, "--runs"},
      {{"compare", every_fate(), "--runs", "99999999999999999999999"}, "--runs"},
      {{"compare", every_fate(), "--threads", "0"}, "--threads"},
      {{"compare", every_fate(), "--strategies", "five-clerk"}, "did you mean \"five-clerks\"?"},
      {{"compare", every_fate(), "--json", "--markdown", "-"}, "two reports cannot both go to stdout"},
      {{"compare", every_fate(), "--store", "."}, "this is a directory"},
      {{"completion", "tcsh"}, "tcsh"},
  };
  const Folder folder;
  for (const Mistake& mistake : mistakes) {
    const Outcome outcome = run_command(mistake.arguments, folder.path());
    INFO(mistake.said << "\n" << outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(says(outcome.err, mistake.said));
    CHECK(folder.names() == Names{});
  }
}

TEST_CASE("an empty file, a huge one, a directory and a binary are told apart", "[cli]") {
  const Folder folder;
  folder.write("empty.jsonc", "");
  folder.write("huge.jsonc", std::string((16U << 20U) + 1, ' '));
  folder.write("binary.jsonc", std::string("\x7F"
                                           "ELF\0\xFF",
                                           6));
  CHECK(says(run_command({"run", "empty.jsonc"}, folder.path()).err, "the file is empty"));
  CHECK(says(run_command({"run", "huge.jsonc"}, folder.path()).err, "more than 16 MB"));
  CHECK(says(run_command({"run", "."}, folder.path()).err, "this is a directory"));
  CHECK(run_command({"run", "binary.jsonc"}, folder.path()).code == 2);
}

TEST_CASE("strategies are applied one after the other, and what is set or assumed is told and repeated", "[cli]") {
  const Folder folder;
  const Outcome both =
      run_command({"run", every_fate(), "--strategy", "no-coffee+five-clerks", "--json"}, folder.path());
  CHECK(Json::parse(both.out)["strategy"] == "no-coffee+five-clerks");
  CHECK(Json::parse(both.out)["fates"]["letter"]["late"] == 0);
  const Names changed = {
      "run",     every_fate(), "--assume", "clerk.workers=1", "--set", "items.letter.due=1 min", "--strategy",
      "hopeful", "--seed",     "7"};
  const Outcome outcome = run_command(changed, folder.path());
  CHECK(says(outcome.out, "assuming clerk.workers=1, with items.letter.due=1 min, seed 7"));
  CHECK(says(outcome.out, "--strategy hopeful --assume clerk.workers=1 --set 'items.letter.due=1 min' --seed 7"));
  // The command that it prints gives the same run.
  const std::size_t again = outcome.out.find("Again: premortem ");
  REQUIRE(again != std::string::npos);
  const std::string line = outcome.out.substr(again + 17, outcome.out.find('\n', again) - again - 17);
  CHECK(shell("\"$PREMORTEM\" " + line, folder.path()).out == outcome.out);
}

TEST_CASE("run --json: the shape that scripts rely on", "[cli]") {
  const Folder folder;
  const Outcome outcome = run_command({"run", every_fate(), "--json"}, folder.path());
  CHECK(outcome.err.empty());
  const Json run = Json::parse(outcome.out);
  CHECK(run["scenario"].get<std::string>().starts_with("Brev på avveie: «ærlig» \"øl\" |"));
  CHECK(run["strategy"] == "as-happened");
  CHECK(run["seed"] == 1);
  CHECK(run["digest"].get<std::string>().size() == 32);
  CHECK(run["verdict"] == "as-expected");
  CHECK(run["events"].get<int>() > 0);
  const Json letter = run["fates"]["letter"];
  int sum = 0;
  for (const char* fate : {"done", "late", "duplicated", "misrouted", "dead-lettered", "stuck", "lost", "in-flight"}) {
    CHECK(letter[fate].get<int>() > 0);
    sum += letter[fate].get<int>();
  }
  CHECK(letter["arrived"] == sum);
  CHECK(run["checks"][0]["name"] == "all-filed");
  CHECK(run["checks"][0]["verdict"] == "broken");
  CHECK(run["checks"][0]["broken-for"] == 7);
  CHECK(run["checks"][1]["verdict"] == "holds");
  CHECK(run["checks"][2]["verdict"] == "not-exercised");
}

TEST_CASE("compare --json: strategies, baseline and pairs at the top, other readings beside them", "[cli]") {
  const Folder folder;
  const Outcome outcome = run_command({"compare", every_fate(), "--runs", "3", "--no-store", "--json"}, folder.path());
  CHECK(outcome.err.empty());
  const Json comparison = Json::parse(outcome.out);
  CHECK(comparison["baseline"] == "as-happened");
  REQUIRE(comparison["strategies"].size() == 5);
  const Json first = comparison["strategies"][0];
  CHECK(first["name"] == "as-happened");
  CHECK(first["runs"] == 3);
  CHECK(first["fates"]["letter"]["lost"] == Json::parse(R"({"mean":1.0,"min":1.0,"max":1.0,"ci95":[1.0,1.0]})"));
  CHECK(first["checks"][2] ==
        Json::parse(R"({"name":"red-filed","held":0,"broken":0,"not-exercised":3,"as-expected":3})"));
  CHECK(comparison["paired"][0]["strategy"] == "no-coffee");
  CHECK(comparison["paired"][0]["measure"] == "letter.done");
  CHECK(comparison["paired"][0]["difference"]["mean"] == 2.0);  // The two that were late.
  CHECK(comparison["readings"].size() == 1);
  CHECK(comparison["readings"][0]["assumptions"] == Json{"cellar-key=found"});
  if (shell("command -v jq", folder.path()).code != 0) {
    std::cerr << "SKIPPED: jq is not installed; the pipe into it is not tested\n";
    return;
  }
  const std::string line =
      "\"$PREMORTEM\" compare '" + every_fate() + "' --runs 3 --no-store --json | jq -r '.strategies[1].name'";
  CHECK(shell(line, folder.path()).out == "no-coffee\n");
}

TEST_CASE("the number of threads changes nothing that anybody sees", "[cli]") {
  const Folder folder;
  for (const char* form : {"--json", "--markdown=-"}) {
    const Outcome one =
        run_command({"compare", every_fate(), "--runs", "9", "--threads", "1", "--no-store", form}, folder.path());
    const Outcome two =
        run_command({"compare", every_fate(), "--runs", "9", "--threads", "2", "--no-store", form}, folder.path());
    CHECK(one.out.size() > 500);
    CHECK(one.out == two.out);
  }
}

TEST_CASE("no escape codes, no carriage returns and no progress where there is no terminal", "[cli]") {
  const Folder folder;
  for (const std::string& before :
       {std::string(), std::string("NO_COLOR=1 "), std::string("TERM=xterm-256color CLICOLOR_FORCE=1 ")}) {
    const Outcome outcome =
        shell(before + "\"$PREMORTEM\" compare '" + every_fate() + "' --runs 20 --no-store", folder.path());
    CHECK(outcome.code == 1);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find_first_of("\x1b\r") == std::string::npos);
  }
}

TEST_CASE("a reader that goes away ends the command quietly, a full disk is an error", "[cli]") {
  const Folder folder;
  const Outcome head =
      shell("\"$PREMORTEM\" compare '" + every_fate() + "' --runs 3 --no-store | head -1; echo ${PIPESTATUS[0]}",
            folder.path());
  CHECK(says(head.out, "Brev på avveie"));
  const bool quiet = head.out.ends_with("\n141\n") || head.out.ends_with("\n1\n");  // SIGPIPE, or it was quicker.
  CHECK(quiet);
  CHECK(head.err.empty());
  const Outcome full = shell("\"$PREMORTEM\" run '" + every_fate() + "' > /dev/full", folder.path());
  CHECK(full.code == 2);
  CHECK(says(full.err, "could not be written to stdout"));
}

TEST_CASE("reports are written where they are wanted, folders and all, and only there", "[cli]") {
  const Folder folder;
  const Outcome outcome = run_command(
      {"run", every_fate(), "--markdown", "out/a.md", "--junit", "out/b.xml", "--history", "c.jsonl"}, folder.path());
  CHECK(outcome.code == 0);
  CHECK(folder.names() == Names{"c.jsonl", "out"});
  CHECK(folder.read("out/b.xml").starts_with("<?xml"));
  const Outcome markdown = run_command({"run", every_fate(), "--markdown", "-"}, folder.path());
  CHECK(markdown.out == folder.read("out/a.md"));
}

TEST_CASE("--help has examples and exit codes, for the command and each of its commands", "[cli]") {
  const Folder folder;
  for (const std::string name : {"", "run", "compare", "diff", "coverage", "test", "calendar", "completion"}) {
    const Outcome help = run_command(name.empty() ? Names{"--help"} : Names{name, "--help"}, folder.path());
    INFO(name);
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    CHECK(says(help.out, "Example"));
    CHECK(says(help.out, "  premortem "));
  }
  CHECK(says(run_command({"compare", "--help"}, folder.path()).out,
             "Exit codes: 0 every run is as the scenario expects"));
  CHECK(run_command({"--version"}, folder.path()).out == "premortem 0.1.0\n");
}

TEST_CASE("completion: bash accepts the script, and completes commands, options and values", "[cli]") {
  const Folder folder;
  REQUIRE(shell("\"$PREMORTEM\" completion bash > complete.bash && bash -n complete.bash", folder.path()).code == 0);
  const auto completed = [&](const std::string& words, int position) {
    return shell("source complete.bash; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(position) +
                     "; _premortem; printf '%s\\n' \"${COMPREPLY[@]}\"",
                 folder.path())
        .out;
  };
  CHECK(completed("premortem co", 1) == "compare\ncoverage\ncompletion\n");
  CHECK(completed("premortem run --se", 2) == "--set\n--seed\n");
  CHECK(completed("premortem compare x.jsonc --no-s", 3) == "--no-store\n");
  CHECK(completed("premortem run comp", 2) == "complete.bash\n");
  CHECK(completed("premortem run --markdown comp", 3) == "complete.bash\n");
  CHECK(completed("premortem run --seed comp", 3) == "\n");
  CHECK(completed("premortem completion b", 2) == "bash\n");
  for (const char* name : {"zsh", "fish"}) {
    const Outcome script = run_command({"completion", name}, folder.path());
    CHECK(says(script.out, "--no-store") == (std::string(name) == "zsh"));
    CHECK(says(script.out, "no-store"));
    if (shell("command -v " + std::string(name), folder.path()).code != 0) continue;
    folder.write("script", script.out);
    CHECK(shell(std::string(name) + " -n script", folder.path()).code == 0);
  }
}
