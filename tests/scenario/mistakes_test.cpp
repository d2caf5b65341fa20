// Each file in tests/golden/mistakes makes one mistake; the text beside it is what its author reads.

#include "sim/scenario/load.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

std::string diagnostics_of(const std::string& name) {
  Diagnostics diagnostics;
  const auto loaded = load_scenario(testing::source_path("tests/golden/mistakes/" + name), diagnostics);
  if (loaded) check_all_variants(*loaded, diagnostics);
  return diagnostics.format(name);
}

}  // namespace

TEST_CASE("the file that all mistakes are made in is valid without them", "[language]") {
  REQUIRE(diagnostics_of("00.jsonc") == "");
}

TEST_CASE("each of the twenty mistakes is said with its place and with advice", "[language]") {
  const int number = GENERATE(range(1, 21));
  const std::string name = (number < 10 ? "0" : "") + std::to_string(number);
  const std::string said = diagnostics_of(name + ".jsonc");
  REQUIRE(said != "");
  REQUIRE(said == testing::golden("mistakes/" + name + ".txt", said));
}
