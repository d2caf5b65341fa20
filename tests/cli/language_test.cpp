// schema, reference, explain: the language as its users meet it.

#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

const std::string repository = source_path();

}  // namespace

TEST_CASE("schema and reference print what is published", "[language]") {
  CHECK(run_line("schema", repository).out == read_file(source_path("scenarios/premortem.schema.json")));
  CHECK(run_line("reference", repository).out == read_file(source_path("docs/language.md")));
  const Folder folder;
  CHECK(run_line("schema --output s.json", folder.path()).code == 0);
  CHECK(read_file(folder.path() + "/s.json") == read_file(source_path("scenarios/premortem.schema.json")));
}

TEST_CASE("explain retells a file, as text and as JSON; a wrong one is told what is wrong", "[language]") {
  const std::string file = "scenarios/tutorial/02-what-went-wrong.jsonc";
  const Outcome text = run_line("explain " + file, repository);
  CHECK(text.code == 0);
  CHECK(text.out == read_file(source_path("tests/golden/explain/tutorial-02.txt")));
  const nlohmann::json json = nlohmann::json::parse(run_line("explain --json " + file, repository).out);
  CHECK(json["title"] == "A worker is stopped for an upgrade, and orders are late");
  CHECK(json["passages"][2]["heading"] == "What people did and what broke");
  CHECK(
      json["passages"][2]["sentences"][0]["text"] ==
      "upgrade: At 2021-03-01 09:00, packer is stopped: it ends after the work in hand, in the belief: \"it takes five "
      "minutes\".");
  const Outcome wrong = run_line("explain tests/golden/mistakes/01.jsonc", repository);
  CHECK(wrong.code == 2);
  CHECK(wrong.out == "");
  CHECK(wrong.err ==
        "tests/golden/mistakes/01.jsonc:24:28: error: /systems/brut: unknown key \"corn\"; did you mean \"cron\"?\n");
}

TEST_CASE("calendar --json lists firings and clock changes as data", "[language]") {
  const Outcome ran = run_line(
      "calendar --json scenarios/incidents/nav-brut-cutover.jsonc --from 2020-01-27 --until 2020-01-29", repository);
  CHECK(ran.code == 0);
  const nlohmann::json json = nlohmann::json::parse(ran.out);
  CHECK(json["zone"] == "Europe/Oslo");
  REQUIRE(json["firings"].size() == 2);
  CHECK(json["firings"][0]["at"] == "2020-01-27 07:00");
  CHECK(json["firings"][0]["utc"] == "2020-01-27 06:00");
  CHECK(json["firings"][0]["what"] == "brut");
  CHECK(json["firings"][1]["ns"] == 1580191200000000000);
}

TEST_CASE("check names what a valid file could say better", "[language]") {
  const Outcome ran = run_line("check scenarios/tutorial/02-what-went-wrong.jsonc", repository);
  CHECK(ran.code == 0);
  CHECK(ran.out ==
        "scenarios/tutorial/02-what-went-wrong.jsonc: note: 3 numbers have neither a \"source\" nor a place in "
        "\"assumed\": "
        "arrivals.shop.rate, items.order.due, packer.does[pack].work\n"
        "scenarios/tutorial/02-what-went-wrong.jsonc: valid, with 1 strategy\n");
}
