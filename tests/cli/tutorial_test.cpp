// The tutorial shows what the command prints: every block that begins with a command is run again.

#include <cstdlib>
#include <fstream>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

/// A block "```console", one command and what it prints.
struct Block {
  std::size_t begins = 0, ends = 0;  ///< In the page: behind the command's line, and where the closing fence begins.
  std::string command, output;
};

std::vector<Block> blocks_of(const std::string& page) {
  const std::string fence = "```console\n$ premortem ";
  std::vector<Block> blocks;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    Block block;
    const std::size_t command = at + fence.size();
    block.begins = page.find('\n', command) + 1;
    block.ends = page.find("```\n", block.begins);
    block.command = page.substr(command, block.begins - command - 1);
    block.output = page.substr(block.begins, block.ends - block.begins);
    blocks.push_back(block);
  }
  return blocks;
}

}  // namespace

TEST_CASE("what docs/tutorial.md shows is what the command prints", "[tutorial]") {
  std::string page = read_file(source_path("docs/tutorial.md"));
  const std::vector<Block> blocks = blocks_of(page);
  REQUIRE(blocks.size() >= 6);
  const char* update = std::getenv("PREMORTEM_UPDATE_GOLDEN");
  for (std::size_t n = blocks.size(); n-- > 0;) {  // From the end, so that places stay right when texts are replaced.
    const Block& block = blocks[n];
    const Outcome ran = run_line(block.command, source_path("scenarios/tutorial"));
    INFO(block.command);
    if (update != nullptr && *update == '1') {
      page.replace(block.begins, block.ends - block.begins, ran.out + ran.err);
    } else {
      CHECK(ran.out + ran.err == block.output);
    }
  }
  if (update != nullptr && *update == '1') std::ofstream(source_path("docs/tutorial.md"), std::ios::binary) << page;
}

TEST_CASE("every file of the tutorial stands in its page", "[tutorial]") {
  const std::string page = read_file(source_path("docs/tutorial.md"));
  for (const char* file :
       {"01-a-queue-and-a-worker", "02-what-went-wrong", "03-what-could-have-been-done", "04-sharing"})
    CHECK(page.find(std::string("scenarios/tutorial/") + file + ".jsonc") != std::string::npos);
  // The first file is typed by its reader: it stands there whole, from its opening bracket on.
  const std::string first = read_file(source_path("scenarios/tutorial/01-a-queue-and-a-worker.jsonc"));
  CHECK(page.find(first.substr(first.find('{'))) != std::string::npos);
}
