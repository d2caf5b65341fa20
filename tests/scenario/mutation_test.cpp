// Whatever a scenario file says, reading it ends soon, in a scenario or in diagnostics.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "sim/kernel/random.hpp"
#include "sim/scenario/explain/explain.hpp"
#include "sim/scenario/lint.hpp"
#include "sim/scenario/load.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

/// The text of a file as the pieces that a mutation exchanges: strings, numbers, words, brackets, and what is between.
std::vector<std::string> tokens_of(const std::string& text) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    const auto is_word = [&](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    };
    if (text[at] == '"') {
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
      end = std::min(end + 1, text.size());
    } else if (is_word(text[at])) {
      while (end < text.size() && is_word(text[end])) ++end;
    } else if (text.compare(at, 2, "//") == 0) {
      end = std::min(text.find('\n', at), text.size());
    } else if (text[at] == ' ') {
      while (end < text.size() && text[end] == ' ') ++end;
    }
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

constexpr const char* strange[] = {"null",
                                   "true",
                                   "false",
                                   "0",
                                   "-1",
                                   "1.5",
                                   "1e400",
                                   "99999999999999999999",
                                   "9223372036854775807",
                                   "\"\"",
                                   "[]",
                                   "{}",
                                   "\"end\"",
                                   "\"none\"",
                                   "\"any\"",
                                   "\"1 s\"",
                                   "\"1 .. 3\"",
                                   "\"3 .. 1\"",
                                   "\"0 s .. 1 s\"",
                                   "\"poisson 3\"",
                                   "\"exponential 4 s\"",
                                   "\"0.00000000000000000000000000000000000000001 s\"",
                                   "\"99999999999 weeks\"",
                                   "\"2021-02-30 10:00\"",
                                   "\"9999-12-31 23:59\"",
                                   "\"next day 08:00\"",
                                   "\"+2 h\"",
                                   "\"+2 h .. 1 h\"",
                                   "\"13:00 .. 12:00\"",
                                   "\"100 %\"",
                                   "\"60/h\"",
                                   "\"1/ns\"",
                                   "\"it.id\"",
                                   "\"it\"",
                                   "\"count(record)\"",
                                   "\"1 / 0\"",
                                   "\"((((\"",
                                   "\"''\"",
                                   "\"a.b.c.d\"",
                                   "\"exporter\"",
                                   "\"store\"",
                                   "\"* * * * *\"",
                                   "\"0 0 31 2 *\"",
                                   "\"@daily\"",
                                   "\"list(\"",
                                   "\"list()\"",
                                   "\"[before\"",
                                   "\"\\u0000\"",
                                   "\"\xC3\xB8\"",
                                   "\"is\"",
                                   "\"does\"",
                                   "\"each\"",
                                   "\"with\"",
                                   "\"where\"",
                                   "\"timeline[\"",
                                   "\"timeline[stop-brut].at\"",
                                   "[[1]]",
                                   "[1, \"a\"]",
                                   "[\"1 s\"]",
                                   "{ \"any\": { \"then\": \"crash\" } }",
                                   "[ { \"does\": [] } ]",
                                   "{ \"a\": \"50 %\", \"b\": \"50 %\" }",
                                   "[ { \"call\": \"arena.order\" } ]",
                                   "\"service\"",
                                   "\"job\"",
                                   "\"toggles\""};

class Luck {
 public:
  explicit Luck(std::uint64_t number) : number_(number) {}
  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(random_bits(20, number_, 7, occurrence_++) % std::max<std::size_t>(1, bound));
  }

 private:
  std::uint64_t number_, occurrence_ = 0;
};

/// One to three small changes.
std::string mutated(std::vector<std::string> tokens, Luck& luck) {
  for (std::size_t changes = 1 + luck.below(3); changes > 0 && !tokens.empty(); --changes) {
    const std::size_t at = luck.below(tokens.size()), other = luck.below(tokens.size());
    const auto here = tokens.begin() + static_cast<std::ptrdiff_t>(at);
    switch (luck.below(6)) {
      case 0:
        tokens.erase(here);
        break;
      case 1:
        tokens.insert(here, tokens[at]);
        break;
      case 2:
        std::swap(tokens[at], tokens[other]);
        break;
      case 3:
        tokens[at] = tokens[other];
        break;
      case 4:
        tokens[at] = strange[luck.below(std::size(strange))];
        break;
      default:
        if (!tokens[at].empty()) {
          std::string& text = tokens[at];
          text[luck.below(text.size())] = static_cast<char>(luck.below(256));
        }
    }
  }
  std::string all;
  for (const std::string& token : tokens) all += token;
  return all;
}

/// Everything that is done with a file before it runs. True: it is valid.
bool read_all(const std::string& path, const std::string& text) {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  if (root) {
    const auto loaded = load_scenario(path, std::move(*root), diagnostics);
    if (loaded) {
      check_all_variants(*loaded, diagnostics);
      const auto compiled = compile_variant(*loaded, {}, diagnostics);
      const auto effective = effective_scenario(loaded->root, {}, diagnostics);
      if (compiled && effective) {
        lint(loaded->root);
        CHECK(!to_text(explain_scenario(*loaded, *effective)).empty());
      }
    }
  }
  for (const Diagnostic& one : diagnostics.sorted()) {
    if (one.message.empty()) FAIL("a diagnostic without a message");
  }
  return diagnostics.ok();
}

std::vector<std::string> shipped() {
  std::vector<std::string> files = {testing::source_path("tests/golden/mistakes/00.jsonc"),
                                    testing::source_path("tests/golden/explain/everything.jsonc")};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(testing::source_path("scenarios"))) {
    const std::string file = entry.path().string();
    if (file.ends_with(".jsonc") && file.find("/incidents/") == std::string::npos) files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::size_t wanted_mutations() {
  const char* wanted = std::getenv("PREMORTEM_MUTATIONS");  // More than every build can wait for: before a release.
  return wanted == nullptr ? 2'000 : std::strtoull(wanted, nullptr, 10);
}

}  // namespace

TEST_CASE("a scenario file changed at random is refused with diagnostics, or accepted; nothing else happens",
          "[mutation]") {
  std::vector<std::pair<std::string, std::vector<std::string>>> originals;
  for (const std::string& file : shipped()) originals.emplace_back(file, tokens_of(testing::read_file(file)));
  const char* first = std::getenv("PREMORTEM_MUTATION");  // One of them again, printed, for a debugger.
  std::size_t valid = 0, refused = 0;
  const std::size_t begin = first == nullptr ? 0 : std::strtoull(first, nullptr, 10);
  for (std::size_t number = begin; number < (first == nullptr ? wanted_mutations() : begin + 1); ++number) {
    Luck luck(number);
    const auto& [file, tokens] = originals[luck.below(originals.size())];
    const std::string text = mutated(tokens, luck);
    if (first != nullptr) std::cerr << text;
    const auto started = std::chrono::steady_clock::now();
    try {
      ++(read_all(file, text) ? valid : refused);
    } catch (const std::exception& error) {
      FAIL("mutation " + std::to_string(number) + " of " + file + ": " + error.what());
    }
    if (std::chrono::steady_clock::now() - started > std::chrono::seconds(20))
      FAIL("mutation " + std::to_string(number) + " of " + file + " takes more than 20 s");
  }
  if (first != nullptr) return;
  // Both happen, or the mutations are too small or too large to say anything.
  CHECK(valid > wanted_mutations() / 50);
  CHECK(refused > wanted_mutations() / 3);
}
