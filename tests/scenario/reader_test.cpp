#include "sim/scenario/reader.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

std::string said(std::string_view text) {
  Diagnostics diagnostics;
  const auto node = read_scenario_text(text, diagnostics);
  REQUIRE(node.has_value() == diagnostics.ok());
  return diagnostics.format("f");
}

}  // namespace

TEST_CASE("every value knows the line and column where it begins, comments and Norwegian letters notwithstanding",
          "[reader]") {
  Diagnostics diagnostics;
  const auto root = read_scenario_text(
      "{ // a comment\n  \"tittel\": \"søknad\", \"tall\": 12,\n  \"liste\": [true, {\"x\": -3}]\n}", diagnostics);
  REQUIRE(root);
  REQUIRE(root->find("tittel")->key_at == Position{2, 3});
  REQUIRE(root->find("tittel")->at == Position{2, 13});
  REQUIRE(root->find("tall")->at == Position{2, 31});
  REQUIRE(root->find("liste")->at == Position{3, 12});
  REQUIRE(root->find("liste")->items[0].at == Position{3, 13});
  REQUIRE(root->find("liste")->items[1].find("x")->at == Position{3, 25});
  REQUIRE(root->to_json() == "{\"tittel\":\"søknad\",\"tall\":12,\"liste\":[true,{\"x\":-3}]}");
}

TEST_CASE("a key that stands twice names the first one's line", "[reader]") {
  REQUIRE(said("{\n \"a\": 1,\n \"a\": 2 }") == "f:3:2: error: /a: written twice, first in line 2; remove one\n");
}

TEST_CASE("broken text is refused with a place and advice, and nothing crashes", "[reader]") {
  REQUIRE(said("") == "f:1:1: error: the file is empty; a scenario begins with { \"premortem\": 1, \"title\": ... }\n");
  REQUIRE(said("[1]") == "f:1:1: error: a scenario is an object; write { \"premortem\": 1, \"title\": ... }\n");
  REQUIRE(said("{\"a\": 1,}").find("a comma before a closing bracket is one too many") != std::string::npos);
  REQUIRE(said("{\"a\": \"\xff\"}").find("the file must be UTF-8") != std::string::npos);
  REQUIRE(said("{\"a\": 1").find("f:1:7: error: syntax error") == 0);
  const std::string deep(10'000, '[');
  REQUIRE(said("{\"a\": " + deep).find("nested deeper than 64 levels") != std::string::npos);
  REQUIRE(said(std::string("{\"a\": \"x\0y\"}", 12)).find("error") != std::string::npos);
}

TEST_CASE("a byte order mark is no mistake", "[reader]") { REQUIRE(said("\xEF\xBB\xBF{}") == ""); }

TEST_CASE("a directory and a missing file are said to be that", "[reader]") {
  Diagnostics diagnostics;
  read_scenario_file(testing::source_path("tests"), diagnostics);
  REQUIRE(diagnostics.format("tests") ==
          "tests: error: this is a directory; name a scenario file, or run `premortem test` on the directory\n");
  Diagnostics missing;
  read_scenario_file(testing::source_path("no-such-file.jsonc"), missing);
  REQUIRE(missing.format("x") == "x: error: there is no such file; check the path\n");
}
