// The published schema and the reference page: made from the table, and true.

#include <sys/wait.h>

#include <cstdlib>
#include <iostream>

#include "sim/scenario/vocabulary.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

/// What a file of the repository holds; written anew when golden files are.
std::string published(const std::string& name, const std::string& made) {
  return testing::golden("../../" + name, made);
}

/// The first Python that has jsonschema; empty: none.
std::string python_with_jsonschema() {
  for (const char* python : {"python3", "/usr/bin/python3"}) {
    if (std::system((std::string(python) + " -c 'import jsonschema' >/dev/null 2>&1").c_str()) == 0) return python;
  }
  return {};
}

/// 0: all as wanted. What is not, the script says on stderr.
int validate_with_jsonschema(const std::string& arguments) {
  const std::string python = python_with_jsonschema();
  if (python.empty()) {
    std::cerr << "SKIPPED: no Python with jsonschema; install Debian's python3-jsonschema to test the schema itself\n";
    return 0;
  }
  const int status = std::system(
      ("cd '" + testing::source_path() + "' && " + python + " tests/scenario/validate_by_schema.py " + arguments)
          .c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("the schema in scenarios/ is the one that the table makes", "[schema]") {
  REQUIRE(published("scenarios/premortem.schema.json", schema_json()) == schema_json());
}

TEST_CASE("the page docs/language.md is the one that the table makes", "[schema]") {
  REQUIRE(published("docs/language.md", reference_markdown()) == reference_markdown());
}

TEST_CASE("the schema chooses by if and then: nobody understands what oneOf says", "[schema]") {
  REQUIRE(schema_json().find("oneOf") == std::string::npos);
}

TEST_CASE("every shipped scenario fits the schema", "[schema]") {
  REQUIRE(validate_with_jsonschema("accept scenarios/incidents scenarios/gallery scenarios/tutorial "
                                   "tests/golden/mistakes/00.jsonc") == 0);
}

TEST_CASE("the mistakes that a schema can see do not fit it", "[schema]") {
  // Unknown key, unknown kind, two verbs, bare duration, duration for a count, goal posts, shares of a wrong type.
  REQUIRE(validate_with_jsonschema("reject tests/golden/mistakes/01.jsonc tests/golden/mistakes/02.jsonc "
                                   "tests/golden/mistakes/04.jsonc tests/golden/mistakes/05.jsonc "
                                   "tests/golden/mistakes/06.jsonc tests/golden/mistakes/13.jsonc") == 0);
}

TEST_CASE("every key of every form stands on the reference page, with what it means", "[schema]") {
  const std::string page = reference_markdown();
  for (const Form& form : vocabulary()) {
    for (const KeyRule& rule : form.keys) {
      INFO(std::string(form.name) + " " + std::string(rule.name));
      CHECK(page.find("| `" + std::string(rule.name) + "` | ") != std::string::npos);
      CHECK(page.find(std::string(rule.says)) != std::string::npos);
      CHECK(rule.says.size() > 3);
    }
  }
}
