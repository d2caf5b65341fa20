// What the documents show of the command is what the command prints. PREMORTEM_UPDATE_GOLDEN=1 writes it anew.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

/// The document with the output of every block that begins "```console" and "$ premortem ..." as it is now.
std::string refreshed(const std::string& document, int& blocks) {
  const std::string opening = "```console\n$ premortem ";
  std::string out;
  std::size_t at = 0;
  for (std::size_t block = document.find(opening); block != std::string::npos; block = document.find(opening, at)) {
    const std::size_t command = block + opening.size();
    const std::size_t line_end = document.find('\n', command);
    const std::size_t close = document.find("\n```", line_end);
    REQUIRE(close != std::string::npos);
    const Outcome ran = run_line(document.substr(command, line_end - command), source_path());
    out += document.substr(at, line_end + 1 - at) + ran.out + ran.err;
    while (out.ends_with("\n\n")) out.pop_back();
    at = close + 1;
    ++blocks;
  }
  return out + document.substr(at);
}

}  // namespace

TEST_CASE("the documents show what the command prints", "[documents]") {
  std::vector<std::filesystem::path> documents = {source_path("README.md")};
  for (const auto& entry : std::filesystem::directory_iterator(source_path("docs"))) {
    if (entry.path().extension() == ".md" && entry.path().stem() != "tutorial")  // That has a test of its own.
      documents.push_back(entry.path());
  }
  std::sort(documents.begin(), documents.end());
  int blocks = 0;
  for (const std::filesystem::path& path : documents) {
    INFO(path.string());
    const std::string written = read_file(path.string());
    REQUIRE(!written.empty());
    const std::string now = refreshed(written, blocks);
    const char* update = std::getenv("PREMORTEM_UPDATE_GOLDEN");
    if (update != nullptr && *update == '1') std::ofstream(path, std::ios::binary) << now;
    CHECK(read_file(path.string()) == now);
  }
  CHECK(blocks >= 4);
}
