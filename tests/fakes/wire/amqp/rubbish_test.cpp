// Rubbish never harms: what fuzzing has found, and a client's story with bytes changed, lost and added.
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/fakes/wire/amqp/scripted_port.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

int run_corpus(const std::string& target, void (*run)(std::string_view)) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("tests/fuzz/corpus/" + target))) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    run(text.str());
    ++files;
  }
  return files;
}

std::string story() {
  return start_ok() + tune_ok() + open_vhost() + method(1, 20, 10, short_text("")) +
         method(1, 50, 10, bytes("\0\0\1q\2") + long_text(short_text("x-expires") + "l" + big_endian(1, 8))) +
         method(1, 60, 20, bytes("\0\0\1q\1T\0") + long_text("")) + method(1, 85, 10, bytes("\0")) +
         publish(1, "", "q", 1) +
         header(1, 5, bytes("\x21\0") + long_text(short_text("h") + "S" + long_text("v")) + short_text("20")) +
         frame(3, 1, "abc") + frame(3, 1, "de") + method(1, 60, 80, big_endian(1, 8) + bytes("\0")) + frame(8, 0, "") +
         close(1, 200, "bye", 0, 0) + close(0, 200, "bye", 0, 0);
}

}  // namespace

TEST_CASE("what fuzzing began with and found goes well", "[amqp][fuzz]") {
  CHECK(run_corpus("amqp_frames", fuzz_amqp_frames) > 0);
  CHECK(run_corpus("amqp_session", fuzz_amqp_session) > 0);
}

TEST_CASE("a story cut short, changed and stuffed ends without a crash, cut anywhere alike", "[amqp][fuzz]") {
  std::mt19937 random(9);
  const auto below = [&](std::size_t end) { return random() % end; };
  const std::string plain = protocol_header + story();
  for (int round = 0; round < 3000; ++round) {
    std::string mutant = plain;
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::size_t at = below(mutant.size());
      switch (below(4)) {
        case 0:
          mutant[at] = static_cast<char>(below(256));
          break;
        case 1:
          mutant.erase(at, 1 + below(8));
          break;
        case 2:
          mutant.insert(at, mutant.substr(below(mutant.size()), 1 + below(16)));
          break;
        default:
          mutant[at] = static_cast<char>(mutant[at] ^ (1 << below(8)));
      }
    }
    if (below(4) == 0) mutant.resize(below(mutant.size()));
    fuzz_amqp_session("\x02" + mutant);
    fuzz_amqp_frames(mutant);
  }
}
