// The commands that write pages: what they write, and what they refuse.

#include <nlohmann/json.hpp>

#include "reports/render/html_report.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/paths.hpp"

using namespace premortem;
using namespace premortem::testing;
using Json = nlohmann::ordered_json;

namespace {

const std::string office = R"({ "premortem": 1, "title": "An office",
  "clock": { "from": "2021-06-01 08:00", "until": "2021-06-01 12:00", "zone": "Europe/Oslo" },
  "items": { "letter": { "done": "filed", "due": "10 min" } },
  "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["08:00", "08:01", "08:02"] } },
  "systems": { "tray": { "is": "queue", "of": "letter" },
    "clerk": { "is": "consumer", "reads": "tray", "workers": 1,
               "does": [ { "id": "write", "work": "8 min" }, { "finish": "filed" } ] } },
  "checks": { "in-time": { "every": "letter", "finishes-within": "due" } },
  "expect": { "in-time": "broken for 2" },
  "strategies": { "two-clerks": { "change": { "clerk.workers": 2 }, "expect": { "in-time": "broken for 1" } },
                  "three-clerks": { "change": { "clerk.workers": 3 } } } })";

/// The data in a page.
Json data_of(const std::string& page) {
  const std::string opening = "<script type=\"application/json\" id=\"report-data\">";
  const std::size_t from = page.find(opening);
  REQUIRE(from != std::string::npos);
  const std::size_t to = page.find("</script>", from);
  return Json::parse(page.substr(from + opening.size(), to - from - opening.size()));
}

}  // namespace

TEST_CASE("report: one file with the verdict, the strategies and their stories", "[report]") {
  const Folder folder;
  folder.write("office.jsonc", office);
  const Outcome ran = run_line("report office.jsonc --runs 3 --json office.json", folder.path());
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  const Json data = Json::parse(folder.read("office.json"));
  CHECK(data["decision"]["headline"] == "1 of 3 strategies lets nothing go wrong: three-clerks.");
  CHECK(data["decision"]["readings"][0]["command"] == "premortem compare office.jsonc --runs 3");
  CHECK(data["stories"].size() == 3);
  CHECK(data["stories"][1]["strategy"] == "three-clerks");  // After the baseline, what is recommended.
  CHECK(data["stories"][1]["command"] == "premortem run office.jsonc --strategy three-clerks --seed 1");
  CHECK(data["sides"].size() == 2);
  CHECK(data["sides"][0]["items"][0]["ids"] == Json::array({2, 3}));
}

TEST_CASE("report: its data is as the schema says", "[report]") {
  const Folder folder;
  folder.write("office.jsonc", office);
  REQUIRE(run_line("schema --report --output schema.json", folder.path()).code == 0);
  REQUIRE(run_line("report office.jsonc --runs 3 --json office.json", folder.path()).code == 0);
  const Outcome ran = shell(
      "command -v python3 >/dev/null && python3 -c 'import jsonschema' 2>/dev/null || exit 127\n"
      "python3 -m jsonschema -i office.json schema.json 2>&1",
      folder.path());
  if (ran.code == 127) {
    WARN("SKIPPED: python3-jsonschema is not there");
    return;
  }
  INFO(ran.out);
  CHECK(ran.code == 0);
}

TEST_CASE("report: the data of a page, word for word", "[report]") {
  const Folder folder;
  folder.write("office.jsonc", office);
  REQUIRE(run_line("report office.jsonc --runs 3 --json office.json", folder.path()).code == 0);
  Json parsed = Json::parse(folder.read("office.json"));
  for (Json& story : parsed["stories"]) {
    Json& density = story["history"]["density"];
    CHECK(density["stretches"].size() == 1000 * story["history"]["systems"].size());
    density["stretches"] = "checked";  // A thousand numbers a system.
  }
  const std::string text = parsed.dump(1) + "\n";
  CHECK(text == golden("reports/report-data.json", text));
  if (!has_html()) return;
  REQUIRE(run_line("report office.jsonc --runs 3", folder.path()).code == 0);
  Json page = data_of(folder.read("office.html")), data = Json::parse(text);
  for (Json* one : {&page, &data}) {
    for (Json& story : (*one)["stories"]) story.erase("history");  // Packed there, plain here.
  }
  CHECK(page == data);
}

TEST_CASE("report: the same input gives the same bytes, whatever the number of threads", "[report]") {
  if (!has_html()) return;
  const Folder folder;
  folder.write("office.jsonc", office);
  REQUIRE(run_line("report office.jsonc --runs 8 --threads 1 --html one.html", folder.path()).code == 0);
  REQUIRE(run_line("report office.jsonc --runs 8 --threads 2 --html two.html", folder.path()).code == 0);
  CHECK(folder.read("one.html") == folder.read("two.html"));
}

TEST_CASE("pages of run, compare and diff hold what they tell of", "[report]") {
  if (!has_html()) return;
  const Folder folder;
  folder.write("office.jsonc", office);
  REQUIRE(run_line("run office.jsonc --html run.html", folder.path()).code == 0);
  const Json run = data_of(folder.read("run.html"));
  CHECK(run["decision"].is_null());
  CHECK(run["stories"].size() == 1);
  CHECK(run["stories"][0]["decisive_text"] == "the check in-time is broken for the first time");
  REQUIRE(run_line("compare office.jsonc --runs 2 --no-store --html compare.html", folder.path()).code == 0);
  CHECK(data_of(folder.read("compare.html"))["decision"]["readings"].size() == 1);
  REQUIRE(run_line("diff office.jsonc :two-clerks --html diff.html", folder.path()).code == 1);
  const Json diff = data_of(folder.read("diff.html"));
  CHECK(diff["stories"].size() == 2);
  CHECK(diff["sides"][0]["command"] == "premortem diff office.jsonc :two-clerks");
  CHECK(run_line("run office.jsonc --html -", folder.path()).out == folder.read("run.html"));
}

TEST_CASE("report: a scenario without strategies is told, not compared", "[report]") {
  const Folder folder;
  folder.write("office.jsonc", office.substr(0, office.rfind(",\n  \"strategies\"")) + " }");
  REQUIRE(run_line("report office.jsonc --json told.json", folder.path()).code == 0);
  const Json told = Json::parse(folder.read("told.json"));
  CHECK(told["decision"].is_null());
  CHECK(told["stories"].size() == 1);
}

TEST_CASE("report: the exit code is the comparison's", "[report]") {
  const Folder folder;
  std::string wrong = office;
  wrong.replace(wrong.find("broken for 2"), 12, "holds");
  folder.write("office.jsonc", wrong);
  CHECK(run_line("report office.jsonc --runs 2 --json x.json", folder.path()).code == 1);
}

TEST_CASE("report: what cannot be written, or would replace what is read, is refused before anything runs",
          "[report]") {
  const Folder folder;
  folder.write("office.jsonc", office);
  CHECK(run_line("report office.jsonc --html office.jsonc/x.html", folder.path()).code == 2);
  CHECK(run_line("report office.jsonc --json office.jsonc", folder.path()).code == 2);
  CHECK(run_line("report office.jsonc --html x --json x", folder.path()).code == 2);
  CHECK(run_line("report office.jsonc --html - --json -", folder.path()).code == 2);
  CHECK(run_line("run office.jsonc --html office.jsonc", folder.path()).code == 2);
  CHECK(run_line("diff office.jsonc :two-clerks --html office.jsonc", folder.path()).code == 2);
  CHECK(folder.names() == std::vector<std::string>{"office.jsonc"});
  CHECK(folder.read("office.jsonc") == office);
}
