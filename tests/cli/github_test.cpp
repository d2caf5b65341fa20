// In a job of GitHub Actions: annotations on stderr, the report on the job's page, and no exit code that depends on it.

#include <algorithm>
#include <filesystem>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

/// A folder that holds the scenario with every fate as f.jsonc; `there` runs in it as a step of a job would.
struct Checkout {
  Checkout() { folder.write("f.jsonc", read_file(every_fate())); }
  Outcome there(const std::string& arguments, const std::string& summary = "summary.md") const {
    return shell(
        "GITHUB_ACTIONS=true GITHUB_WORKSPACE=\"$PWD\" GITHUB_STEP_SUMMARY=" + summary + " \"$PREMORTEM\" " + arguments,
        folder.path());
  }
  /// "12,col=5": where the check stands in the scenario.
  std::string place(const std::string& check) const {
    const std::string text = folder.read("f.jsonc");
    const std::size_t at = text.find("\"" + check + "\":");
    REQUIRE(at != std::string::npos);
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    return std::to_string(line) + ",col=" + std::to_string(at - text.rfind('\n', at));
  }
  Folder folder;
};

}  // namespace

TEST_CASE("run: a check that is not as expected is annotated where it stands, and stdout stays the report",
          "[cli][github]") {
  const Checkout checkout;
  const Outcome here = run_line("run f.jsonc --strategy hopeful --json", checkout.folder.path());
  const Outcome there = checkout.there("run f.jsonc --strategy hopeful --json");
  CHECK(here.err.empty());
  CHECK(there.code == here.code);
  CHECK(there.code == 1);
  CHECK(there.out == here.out);
  CHECK(says(there.err,
             "::error file=f.jsonc,line=" + checkout.place("all-filed") + ",title=all-filed under hopeful::expected "));
  CHECK(says(there.err, "%0Apremortem run f.jsonc --strategy hopeful --seed 1\n"));
  const std::string summary = checkout.folder.read("summary.md");
  CHECK(summary.starts_with("## "));
  CHECK(says(summary, "```mermaid\nsequenceDiagram\n"));
}

TEST_CASE("run: as expected, there is a summary and no annotation; --no-github keeps both away", "[cli][github]") {
  const Checkout checkout;
  CHECK(checkout.there("run f.jsonc").err.empty());
  CHECK(checkout.there("run f.jsonc --markdown report.md").err.empty());
  const std::string report = checkout.folder.read("report.md");
  CHECK(checkout.folder.read("summary.md") == report + report);  // What is there stays.
  const Outcome off = checkout.there("run f.jsonc --strategy hopeful --no-github", "other.md");
  CHECK(off.code == 1);
  CHECK(off.err.empty());
  CHECK_FALSE(std::filesystem::exists(checkout.folder.path("other.md")));
}

TEST_CASE("the file is named relative to the checkout, wherever the command runs", "[cli][github]") {
  const Checkout checkout;
  std::filesystem::create_directory(checkout.folder.path("sub"));
  const Outcome ran = shell("cd sub && GITHUB_ACTIONS=true GITHUB_WORKSPACE='" + checkout.folder.path() +
                                "' \"$PREMORTEM\" run ../f.jsonc --strategy hopeful",
                            checkout.folder.path());
  CHECK(ran.code == 1);
  CHECK(says(ran.err, "::error file=f.jsonc,line="));
}

TEST_CASE("compare and test annotate, and write what they found to the summary", "[cli][github]") {
  const Checkout checkout;
  const Outcome compared = checkout.there("compare f.jsonc --strategies hopeful --runs 2 --no-store", "c.md");
  CHECK(compared.code == 1);
  CHECK(
      says(compared.err, "::error file=f.jsonc,line=" + checkout.place("all-filed") +
                             ",title=all-filed under hopeful::not as expected in 2 of 2 runs: held in 0, broken in 2, "
                             "not exercised in 0"));
  CHECK(says(checkout.folder.read("c.md"), "NOT AS EXPECTED in 2 of 2 runs"));
  checkout.folder.write("bad.jsonc", "{\n  \"premortem\": 1, }");
  const Outcome tested = checkout.there("test . --runs 1", "t.md");
  CHECK(tested.code == 2);
  CHECK(says(tested.err, "title=all-filed under hopeful::"));
  CHECK(says(tested.err, "::error file=bad.jsonc,line=2,col="));
  CHECK(says(tested.err, ",title=not a valid scenario::error"));
  CHECK_FALSE(says(tested.out, "::error"));
  const std::string summary = checkout.folder.read("t.md");
  CHECK(says(summary, "## premortem test\n"));
  CHECK(says(summary, "- **not valid** "));
  CHECK(says(summary, "--strategy hopeful --seed 1`"));
}

TEST_CASE("a summary that cannot be written is a warning", "[cli][github]") {
  const Checkout checkout;
  const Outcome ran = checkout.there("run f.jsonc", "no/such/folder.md");
  CHECK(ran.code == 0);
  CHECK(ran.err == "premortem: cannot write the job summary no/such/folder.md; the report is not in it\n");
  checkout.folder.write("full.md", std::string(899'990, 'x') + "\n");
  const Outcome full = checkout.there("run f.jsonc", "full.md");
  CHECK(full.code == 0);
  CHECK(full.err == "premortem: the job summary is full; this report is not in it\n");
  CHECK(checkout.folder.read("full.md").size() == 899'991);
}

TEST_CASE("--help names what turns it off, and what else a report can be", "[cli][github]") {
  const Folder folder;
  for (const char* command : {"run", "compare", "test"})
    CHECK(says(run_line(std::string(command) + " --help", folder.path()).out, "--no-github"));
  for (const char* command : {"run", "compare"}) {
    const std::string help = run_line(std::string(command) + " --help", folder.path()).out;
    CHECK(says(help, "--template"));
    CHECK(says(help, "--csv"));
  }
  CHECK_FALSE(says(run_line("why --help", folder.path()).out, "--no-github"));
}
