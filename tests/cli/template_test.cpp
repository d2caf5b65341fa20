// --template: a Markdown file of one's own, and every mistake in it before anything runs.

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

std::string scenario() { return "'" + every_fate() + "'"; }

}  // namespace

TEST_CASE("run and compare fill a template", "[cli][template]") {
  const Folder folder;
  folder.write("run.md", "# {{title}}\n{{timeline}}\n{{unfinished}}\n\n`\\{{title}}` {{seed}}\n");
  const Outcome ran =
      run_line("run " + scenario() + " --seed 3 --markdown out/report.md --template run.md", folder.path());
  CHECK(ran.code == 0);
  const std::string report = folder.read("out/report.md");
  CHECK(report.starts_with("# "));
  CHECK(says(report, "\n- **"));
  CHECK(report.ends_with("\n\n`{{title}}` 3\n"));
  folder.write("compare.md", "{{table}}\n\n{{reproduce}}\n");
  const Outcome compared = run_line(
      "compare " + scenario() + " --strategies only-cards --runs 2 --no-store --markdown - --template compare.md",
      folder.path());
  CHECK(compared.out.starts_with("| strategy | "));
  CHECK(says(compared.out, "every-fate.jsonc --strategies only-cards --runs 2`\n"));
}

TEST_CASE("every mistake in a template is named with its place, and nothing runs", "[cli][template]") {
  const Folder folder;
  folder.write("bad.md", "# {{titel}}\nÆ {{ table }} {{open\n| {{fates}} |\n{{}}\n");
  const Outcome ran = run_line("run " + scenario() + " --markdown out.md --template bad.md", folder.path());
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  const std::string empty =
      "error: this {{ names nothing, or nothing closes it in its line; write {{title}}, or \\{{ for two braces\n";
  CHECK(ran.err ==
        "bad.md:1:3: error: there is no {{titel}}; did you mean \"title\"?\n"
        "bad.md:2:3: error: {{table}} is a placeholder of compare, not of run\n"
        "bad.md:2:15: " +
            empty +
            "bad.md:3:3: error: {{fates}} is several lines; write it alone in a line of its own\n"
            "bad.md:4:1: " +
            empty +
            "premortem: a template of run may hold title, verdict, summary, ran, file, strategy, seed, zone, "
            "digest, timeline, gantt, fates, checks, broken, times, effort, unfinished, sequence, notes and "
            "reproduce\n");
  CHECK(folder.names() == std::vector<std::string>{"bad.md"});
  folder.write("run.md", "{{gantt}}\n");
  const Outcome compared =
      run_line("compare " + scenario() + " --markdown - --template run.md --no-store", folder.path());
  CHECK(compared.code == 2);
  CHECK(compared.err ==
        "run.md:1:1: error: {{gantt}} is a placeholder of run, not of compare\n"
        "premortem: a template of compare may hold title, summary, table, file, baseline, reproduce, fates, checks, "
        "times, differences and ranges\n");
}

TEST_CASE("a template that is none is refused", "[cli][template]") {
  const Folder folder;
  folder.write("t.md", "{{title}}\n");
  folder.write("bytes.md", "a\xff");
  folder.write("many.md", [] {
    std::string text;
    for (int n = 0; n < 50; ++n) text += "{{x}}\n";
    return text;
  }());
  const auto err = [&](const std::string& options) {
    const Outcome ran = run_line("run " + scenario() + " " + options, folder.path());
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    return ran.err;
  };
  CHECK(says(err("--template t.md"), "--template requires --markdown"));
  CHECK(says(err("--markdown - --template ''"), "must not be empty"));
  CHECK(err("--markdown - --template no.md") ==
        "premortem: cannot read the template no.md; check the path and its permissions\n");
  CHECK(says(err("--markdown - --template ."), "cannot read the template .;"));
  CHECK(says(err("--markdown - --template bytes.md"), "is not UTF-8 text; is it the right file?"));
  CHECK(says(err("--markdown - --template /dev/zero"), "is larger than 16 MB"));
  CHECK(says(err("--markdown t.md --template t.md"), "t.md is what is read; write the report elsewhere"));
  CHECK(says(err("--markdown - --template many.md"), "premortem: and 30 more mistakes\n"));
  CHECK(folder.read("t.md") == "{{title}}\n");
}

TEST_CASE("the template that comes with premortem is filled for both incidents", "[cli][template]") {
  const Folder folder;
  for (const char* incident : {"nav-brut-cutover", "esr-export-write-conflict"}) {
    const Outcome ran = run_line("run '" + source_path("scenarios/incidents/" + std::string(incident) + ".jsonc") +
                                     "' --markdown - --template '" + source_path("docs/templates/postmortem.md") + "'",
                                 folder.path());
    CHECK(ran.code == 0);
    CHECK(ran.err.empty());
    CHECK_FALSE(says(ran.out, "{{"));
    CHECK(says(ran.out, "```mermaid\nsequenceDiagram\n"));
    CHECK(says(ran.out, "## Timeline\n\n"));
  }
}

TEST_CASE("docs/exports.md names every placeholder", "[cli][template]") {
  const Folder folder;
  const std::string docs = read_file(source_path("docs/exports.md"));
  folder.write("t.md", "{{no-such-name}}\n");
  for (const std::string command : {"run", "compare"}) {
    std::string err = run_line(command + " " + scenario() + " --markdown - --template t.md", folder.path()).err;
    const std::string knows = "a template of " + command + " may hold ";
    REQUIRE(says(err, knows));
    err = err.substr(err.find(knows) + knows.size());
    for (std::size_t at = err.find(" and "); at != std::string::npos; at = err.find(" and ")) err.replace(at, 5, ", ");
    while (!err.empty()) {
      const std::string name = err.substr(0, err.find_first_of(",\n"));
      INFO(name);
      CHECK(says(docs, "`{{" + name + "}}`"));
      err.erase(0, name.size() + (err[name.size()] == ',' ? 2 : 1));
    }
  }
}
