// Whole files retold in English, word for word.

#include "sim/scenario/explain/explain.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

std::string retold(const std::string& file, const Variant& variant = {}) {
  Diagnostics diagnostics;
  const auto loaded = load_scenario(testing::source_path(file), diagnostics);
  INFO(diagnostics.format(file));
  REQUIRE(loaded);
  const auto effective = effective_scenario(loaded->root, variant, diagnostics);
  INFO(diagnostics.format(file));
  REQUIRE(effective);
  return to_text(explain_scenario(*loaded, *effective));
}

void is_golden(const std::string& name, const std::string& text) {
  REQUIRE(text == testing::golden("explain/" + name, text));
}

}  // namespace

TEST_CASE("a scenario is retold in English: two incidents, three others, a small one", "[explain]") {
  is_golden("nav-brut-cutover.txt", retold("scenarios/incidents/nav-brut-cutover.jsonc"));
  is_golden("esr-export-write-conflict.txt", retold("scenarios/incidents/esr-export-write-conflict.jsonc"));
  is_golden("hee-older-data-wins.txt", retold("scenarios/gallery/hee-older-data-wins.jsonc"));
  is_golden("nav-008-crash-loop.txt", retold("scenarios/gallery/nav-008-crash-loop.jsonc"));
  is_golden("tutorial-02.txt", retold("scenarios/tutorial/02-what-went-wrong.jsonc"));
}

TEST_CASE("under a strategy and assumptions, what would run is retold", "[explain]") {
  const std::string text = retold("scenarios/incidents/nav-brut-cutover.jsonc",
                                  {"guarded-stop", {{"reading", "flagged-since-batch"}}, {{"joark.partitions", "3"}}});
  CHECK(text.find("Under the strategy guarded-stop.") != std::string::npos);
  CHECK(text.find("Chosen here: reading=flagged-since-batch.") != std::string::npos);
  CHECK(text.find("in 3 partitions") != std::string::npos);
  CHECK(text.find("as soon as (the number of application where mark is 'left to") != std::string::npos);
}

TEST_CASE("every key of the language has words of its own in the explanation", "[explain]") {
  is_golden("everything.txt", retold("tests/golden/explain/everything.jsonc"));
}
