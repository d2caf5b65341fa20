// Rubbish never harms: what fuzzing began with, and clients' stories with bytes changed, lost and added.
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/mongo_message.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

namespace premortem::testing {

TEST_CASE("a MongoDB client's bytes, changed, cut and stuffed, end without a crash, cut anywhere alike", "[fuzz]") {
  std::vector<std::string> stories;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("tests/fuzz/corpus/mongo_message"))) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    stories.push_back(text.str());
  }
  REQUIRE(stories.size() >= 6);
  std::mt19937 random(9);
  const auto below = [&](std::size_t end) { return random() % end; };
  for (const std::string& story : stories) {
    fuzz_mongo_message(story);
    for (int round = 0; round < 100; ++round) {
      std::string changed = story;
      for (std::size_t left = 1 + below(3); left > 0; --left) {
        const std::size_t at = below(changed.size());
        const std::size_t what = below(3);
        if (what == 0) changed[at] = static_cast<char>(below(256));
        if (what == 1) changed.insert(at, 1, static_cast<char>(below(256)));
        if (what == 2 && changed.size() > 1) changed.erase(at, 1);
      }
      fuzz_mongo_message(changed);
    }
  }
  CHECK(stories.front().size() > 1);
}

}  // namespace premortem::testing
