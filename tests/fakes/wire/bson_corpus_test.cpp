// What fuzzing of BSON documents began with and found goes well in every build.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

using namespace premortem::testing;

TEST_CASE("what fuzzing of documents began with and found goes well, and with any byte changed as well",
          "[bson][fuzz]") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("tests/fuzz/corpus/bson_document"))) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const std::string bytes = text.str();
    fuzz_bson_document(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] + 1);
      fuzz_bson_document(changed);
    }
    ++files;
  }
  CHECK(files > 0);
}
