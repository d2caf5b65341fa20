// No text, however long, deep or senseless, does more to the compiler than bring a message.

#include "tests/scenario/expression/fake_world.hpp"
#include "tests/support/catch.hpp"

namespace premortem::test {

namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

/// Knuth's MMIX generator: the same texts on every machine.
class Lcg {
 public:
  explicit Lcg(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>((state_ >> 33U) % bound);
  }

 private:
  std::uint64_t state_;
};

/// Compiles in both places; what compiles is evaluated. How many did.
int compiled(const std::string& text) {
  int count = 0;
  for (const auto place : {FakeScope::Place::step, FakeScope::Place::element}) {
    FakeWorld world;
    const Record record{"MER", true, 1, monday, "A", 0.5, 1, hour, false};
    world.records = world.known = {record};
    const CompileResult result = compile_in(world, text, {}, place);
    CHECK(result.expression.empty() == result.error.has_value());
    if (!result) {
      CHECK(result.error->offset <= text.size());
      CHECK(!result.error->message.empty());
      continue;
    }
    ++count;
    world.value(result.expression, &record);
    CHECK(world.faults.size() <= 4);
  }
  return count;
}

}  // namespace

TEST_CASE("length and depth are bounded", "[expression]") {
  CHECK(error_of(times(10'000, "(") + "1" + times(10'000, ")")) == "longer than 4096 bytes");
  CHECK(error_of(times(2'000, "(") + "1" + times(2'000, ")")) == "nested more than 64 deep");
  CHECK(value_of(times(60, "(") + "1" + times(60, ")")) == "1");
  CHECK(error_of(times(4'000, "!") + "true") == "nested more than 64 deep");
  CHECK(error_of(times(4'000, "-")) == "nested more than 64 deep");
  CHECK(error_of("1" + times(1'000, " + 1")) == "nested more than 64 deep");
  CHECK(value_of("1" + times(60, " + 1")) == "61");
  CHECK(error_of("known" + times(1'000, "[0]")) == "nested more than 64 deep");
  CHECK(error_of("known" + times(1'000, ".a")) == "nested more than 64 deep");
  CHECK(error_of(times(500, "true?1:") + "1") == "nested more than 64 deep");
  CHECK(error_of(times(500, "size([") + "1") == "nested more than 64 deep");
  CHECK(value_of("false" + times(600, "||1==2")) == "false");  // A chain is as wide as it likes.
  CHECK(value_of("size([1" + times(1'000, ",1") + "])") == "1001");
  CHECK(value_of("size([cases" + times(127, ",cases") + "])") == "128");
  CHECK(error_of("size([cases" + times(128, ",cases") + "])") == "more than 128 values at a time");
}

TEST_CASE("random bytes never crash the compiler", "[expression]") {
  Lcg random(20210802);
  int fine = 0;
  for (int i = 0; i < 3'000; ++i) {
    std::string text;
    for (std::size_t length = random.below(40); length > 0; --length) text += static_cast<char>(random.below(256));
    fine += compiled(text);
  }
  CHECK(fine < 100);
}

TEST_CASE("random tokens never crash the compiler nor the evaluation", "[expression]") {
  const std::vector<std::string> tokens = {"1",
                                           "0",
                                           "2.5",
                                           "'a'",
                                           "'MER'",
                                           "true",
                                           "false",
                                           "now",
                                           "today",
                                           "it.id",
                                           "it.deanery",
                                           "known",
                                           "[0]",
                                           "cases",
                                           "post",
                                           ".state",
                                           "skip.ids",
                                           "+",
                                           "-",
                                           "*",
                                           "/",
                                           "%",
                                           "==",
                                           "!=",
                                           "<",
                                           ">=",
                                           "in",
                                           "&&",
                                           "||",
                                           "!",
                                           "?",
                                           ":",
                                           "(",
                                           ")",
                                           "[",
                                           "]",
                                           ",",
                                           "size(",
                                           "string(",
                                           "int(",
                                           "dyn(",
                                           "min(",
                                           "date(",
                                           "duration('1 h')",
                                           "count(record,",
                                           "list(record,",
                                           "state",
                                           "start",
                                           "age",
                                           ".contains(",
                                           "id",
                                           "share",
                                           "it.weight",
                                           "friday",
                                           "''"};
  Lcg random(2022);
  int fine = 0;
  for (int i = 0; i < 12'000; ++i) {
    std::string text;
    for (std::size_t length = 1 + random.below(9); length > 0; --length)
      text += tokens[random.below(tokens.size())] + " ";
    fine += compiled(text);
  }
  CHECK(fine > 400);  // Enough of them mean something.
}

}  // namespace premortem::test
