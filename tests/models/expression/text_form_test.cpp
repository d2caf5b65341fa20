#include "sim/models/expression/text_form.hpp"

#include <limits>

#include "sim/models/expression/expression.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

TEST_CASE("values as text", "[expression]") {
  const auto text = [](BaseType type, std::int64_t value) { return text_form(type, word_of(value)); };
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  CHECK(text(BaseType::integer, least) == "-9223372036854775808");
  CHECK(text(BaseType::boolean, 1) == "true");
  CHECK(text_form(BaseType::real, word_of(0.1)) == "0.1");
  CHECK(text_form(BaseType::real, word_of(1e300)) == "1e+300");
  CHECK(text(BaseType::date, 0) == "1970-01-01");
  CHECK(text(BaseType::date, -1) == "1969-12-31");
  CHECK(text(BaseType::date, 18'841) == "2021-08-02");
  CHECK(text(BaseType::date, -719'529) == "-0001-12-31");
  CHECK(text(BaseType::date, least) == "day -9223372036854775808");
  CHECK(text(BaseType::time, -1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(text(BaseType::time, 1'500'000'000) == "1970-01-01T00:00:01.5Z");
  CHECK(text(BaseType::duration, 0) == "0 s");
  CHECK(text(BaseType::duration, 74'340'000'000'000) == "20 h 39 min");
  CHECK(text(BaseType::duration, 86'400'000'000'001) == "1 day 1 ns");
  CHECK(text(BaseType::duration, least) == "-106751 days 23 h 47 min 16 s 854 ms 775 us 808 ns");
}

TEST_CASE("numbers from text: the whole text or nothing", "[expression]") {
  CHECK(integer_from_text("-42") == -42);
  CHECK(integer_from_text("467991245") == 467'991'245);
  CHECK(integer_from_text("7 ") == std::nullopt);
  CHECK(integer_from_text("") == std::nullopt);
  CHECK(integer_from_text("9223372036854775808") == std::nullopt);
  CHECK(real_from_text("2.5e-3") == 0.0025);
  CHECK(real_from_text("inf") == std::nullopt);
  CHECK(real_from_text("1e999") == std::nullopt);
}

TEST_CASE("the size of a text is in code points", "[expression]") {
  CHECK(code_points("") == 0);
  CHECK(code_points("Journalført") == 11);
  CHECK(code_points("\xF0\x9F\x98\x80") == 1);
}

TEST_CASE("types have names for messages", "[expression]") {
  CHECK(name_of(types::integer) == "int");
  CHECK(name_of(list_of(types::text)) == "list(string)");
  CHECK(name_of(list_of({})) == "list()");
  CHECK(article_name_of(types::integer) == "an int");
  CHECK(article_name_of(list_of(types::date)) == "a list of dates");
  CHECK(name_of(ExpressionFault::index_out_of_range) == "index out of range");
}

}  // namespace premortem
