// Each file in tests/golden/mistakes makes one mistake; the text beside it is what its author reads.

#include <thread>

#include "sim/scenario/load.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

std::string diagnostics_of(const std::string& name, const DoAll& do_all = {}) {
  Diagnostics diagnostics;
  const auto loaded = load_scenario(testing::source_path("tests/golden/mistakes/" + name), diagnostics);
  if (loaded) check_all_variants(*loaded, diagnostics, do_all);
  return diagnostics.format(name);
}

void last_first(std::uint64_t jobs, const std::function<void(std::uint64_t)>& work) {
  while (jobs > 0) work(--jobs);
}

void all_at_once(std::uint64_t jobs, const std::function<void(std::uint64_t)>& work) {
  std::vector<std::thread> threads;
  for (std::uint64_t job = 0; job < jobs; ++job) threads.emplace_back(work, job);
  for (std::thread& thread : threads) thread.join();
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

TEST_CASE("what is wrong with variants is said in one order, in whichever they were compiled", "[language]") {
  const int number = GENERATE(range(1, 21));
  const std::string name = (number < 10 ? "0" : "") + std::to_string(number) + ".jsonc";
  REQUIRE(diagnostics_of(name, last_first) == diagnostics_of(name));
  REQUIRE(diagnostics_of(name, all_at_once) == diagnostics_of(name));
}
