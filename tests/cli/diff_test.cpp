// premortem diff, as a user runs it.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;
using Json = nlohmann::json;

namespace {

Outcome diff(const std::string& arguments) { return run_line("diff " + arguments, source_path()); }

void check_golden(const std::string& name, const std::string& shown) {
  INFO(name);
  CHECK(shown == golden("diff/" + name, shown));
}

const std::string office = "tests/golden/diff/office.jsonc";
const std::string nav = "scenarios/incidents/nav-brut-cutover.jsonc";
const std::string esr = "scenarios/incidents/esr-export-write-conflict.jsonc";

}  // namespace

TEST_CASE("diff: a run against itself prints nothing and exits with 0", "[diff]") {
  for (const std::string& runs : {nav + " " + nav, nav + ":one-more-batch@3 @3", office + " :as-happened"}) {
    const Outcome same = diff(runs);
    INFO(runs);
    CHECK(same.code == 0);
    CHECK(same.out.empty());
    CHECK(same.err.empty());
  }
}

TEST_CASE("golden: two strategies, two seeds, a decoy, nothing that any item feels", "[diff]") {
  const Outcome lunch = diff(office + " :late-lunch");
  CHECK(lunch.code == 1);
  check_golden("late-lunch.txt", lunch.out);
  check_golden("late-lunch.json", diff(office + " :late-lunch --json").out);
  check_golden("dark.txt", diff(office + " :dark").out);
  check_golden("seeds.txt", diff(office + "@1 @2").out);
  check_golden("nav-seeds.txt", diff(nav + "@1 @2").out);
  check_golden("esr-retry.txt", diff(esr + " :retry-3x1s").out);
  check_golden("esr-retry-all.txt", diff(esr + " :retry-3x1s --all").out);
}

TEST_CASE("diff: at most twenty lines of at most 120 columns, unless --all", "[diff]") {
  for (const std::string& runs : {esr + "@1 @2", esr + " :requeue-for-ever", nav + " :stream-first@4"}) {
    const Outcome shown = diff(runs);
    INFO(runs);
    CHECK(shown.code == 1);
    CHECK(std::count(shown.out.begin(), shown.out.end(), '\n') <= 20);
    CHECK(diff(runs + " --all").out.size() >= shown.out.size());
  }
}

TEST_CASE("diff: the second run takes from the first what it leaves out, and the seed in any case", "[diff]") {
  const auto run_b = [](const std::string& arguments) { return Json::parse(diff(arguments + " --json").out)["b"]; };
  const Json other_strategy = run_b(office + "@7 :dark");
  CHECK(other_strategy["file"] == office);
  CHECK(other_strategy["strategy"] == "dark");
  CHECK(other_strategy["seed"] == 7);
  CHECK(run_b(office + ":dark @9")["strategy"] == "dark");
  CHECK(run_b(office + ":dark@9 " + office)["strategy"] == "as-happened");
  CHECK(run_b(office + ":dark@9 " + office)["seed"] == 9);
}

TEST_CASE("diff: what a search found, against the run without it", "[diff]") {
  const Folder folder;
  folder.write("six.jsonc", read_file(source_path("scenarios/gallery/six-commands-at-the-switch.jsonc")));
  const auto in_folder = [&](const std::string& line) { return run_line(line, folder.path()); };
  REQUIRE(in_folder("explore six.jsonc --seed 3 --search random --executions 50 --save-choices found.json").code == 1);
  const Outcome found = in_folder("diff six.jsonc six.jsonc --choices-b found.json");
  CHECK(found.code == 1);
  check_golden("choices.txt", found.out);
  const Json json = Json::parse(in_folder("diff six.jsonc six.jsonc --choices-b found.json --json").out);
  CHECK(json["a"]["seed"] == 3);  // Not named, so the one with which it was found.
  CHECK_FALSE(json["a"].contains("choices"));
  CHECK(json["b"]["choices"] == "found.json");
  CHECK(in_folder("diff six.jsonc six.jsonc --choices-a found.json --choices-b found.json").code == 0);
  CHECK(in_folder("diff six.jsonc@2 six.jsonc --choices-b found.json").err ==
        "premortem: found.json was found with seed 3; leave out @2\n");
  CHECK(in_folder("diff six.jsonc six.jsonc --choices-b found.json --set-b exporter.workers=1").err ==
        "premortem: found.json was found in another scenario; name the same FILE, strategy and changes\n");
  CHECK(in_folder("run six.jsonc --choices found.json --history found.json").err ==
        "premortem: found.json is what is read; write the report elsewhere\n");
  CHECK(in_folder("run six.jsonc --choices .").code == 2);
  Json wrong = Json::parse(folder.read("found.json"));
  wrong["choices"][0] = -1;
  folder.write("wrong.json", wrong.dump());
  CHECK(in_folder("run six.jsonc --choices wrong.json").err ==
        "premortem: wrong.json holds what is no count among its choices, seed or faults\n");
  wrong["choices"] = std::vector<int>(40, 0);
  folder.write("long.json", wrong.dump());
  CHECK(
      in_folder("run six.jsonc --choices long.json").out.find("of the 40 choices in long.json were never asked for") !=
      std::string::npos);
  folder.write("torn.json", R"({ "premortem-choices": 1, )");
  CHECK(in_folder("diff six.jsonc six.jsonc --choices-a torn.json").code == 2);
}

TEST_CASE("diff: what happens is the same, and is judged otherwise", "[diff]") {
  const Folder folder;
  folder.write("post.jsonc", R"({ "premortem": 1, "title": "post",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
    "items": { "letter": { "done": "filed", "due": "1 h" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00", "11:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
                 "clerk": { "is": "consumer", "reads": "tray", "does": [{ "work": "10 min" }, { "finish": "filed" }] } },
    "checks": { "filed": { "every": "letter", "ends": ["done"] } } })");
  const Outcome sooner = run_line("diff post.jsonc post.jsonc --set-b 'items.letter.due=5 min'", folder.path());
  CHECK(sooner.code == 1);
  CHECK(sooner.out == golden("diff/judged.txt", sooner.out));
  CHECK(run_line("diff post.jsonc post.jsonc --set-b 'items.letter.due=20 min'", folder.path()).code == 0);
}

TEST_CASE("diff: --set holds for both runs, --set-b for the second alone", "[diff]") {
  CHECK(diff(office + " " + office + " --set 'clerk.does[file].work=2 min'").code == 0);
  const Outcome slower = diff(office + " " + office +
                              " --set 'clerk.does[file].work=2 min' --set-b "
                              "'clerk.does[file].work=3 min'");
  CHECK(slower.code == 1);
  CHECK(slower.out.find("in A after 2 min: letter 1 finishes at clerk: filed\n") != std::string::npos);
  CHECK(slower.out.find("in B after 3 min: letter 1 finishes at clerk: filed\n") != std::string::npos);
}

TEST_CASE("diff: a file is found whatever is in its name", "[diff]") {
  const Folder folder;
  folder.write("a:b@2.jsonc", read_file(source_path(office)));
  CHECK(run_command({"diff", "a:b@2.jsonc", "a:b@2.jsonc:dark@5"}, folder.path()).code == 1);
}

TEST_CASE("diff: bad input says what to write instead, and exits with 2", "[diff]") {
  struct Mistake {
    std::string arguments, said;
  };
  const std::vector<Mistake> mistakes = {
      {office, "RUN_B"},
      {":dark @2", ":dark: the first run names no file; write FILE[:STRATEGY][@SEED]"},
      {office + " @x", "@x: \"x\" is no seed; write FILE[:STRATEGY][@SEED]"},
      {office + " @-1", "@-1: \"-1\" is no seed"},
      {office + " :", "no strategy follows the colon"},
      {office + " ''", "a run has no name"},
      {office + " :drak", "did you mean \"dark\"?"},
      {office + " elsewhere.jsonc", "elsewhere.jsonc: error: there is no such file"},
      {office + " :dark --set-b clerk.wrkers=2", "did you mean"},
  };
  for (const Mistake& mistake : mistakes) {
    const Outcome outcome = diff(mistake.arguments);
    INFO(mistake.arguments << "\n" << outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find(mistake.said) != std::string::npos);
  }
}
