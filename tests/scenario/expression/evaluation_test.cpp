// Compiles expressions and evaluates them in a small world.

#include "tests/scenario/expression/fake_world.hpp"
#include "tests/support/catch.hpp"

namespace premortem::test {

TEST_CASE("operators bind as in CEL", "[expression]") {
  CHECK(value_of("1 + 2 * 3") == "7");
  CHECK(value_of("(1 + 2) * 3") == "9");
  CHECK(value_of("10 - 4 - 3") == "3");
  CHECK(value_of("100 / 10 / 5") == "2");
  CHECK(value_of("2 * 7 % 4") == "2");
  CHECK(value_of("-2 * 3 - -1") == "-5");
  CHECK(value_of("-7 / 2") == "-3");
  CHECK(value_of("-7 % 4") == "-3");
  CHECK(value_of("!true || true") == "true");
  CHECK(value_of("true || false && false") == "true");
  CHECK(value_of("(true || false) && false") == "false");
  CHECK(value_of("1 + 1 == 2 && 3 > 2") == "true");
  CHECK(value_of("!(1 == 2)") == "true");
  CHECK(value_of("false ? 1 : true ? 2 : 3") == "2");
  CHECK(value_of("true ? false ? 1 : 2 : 3") == "2");
  CHECK(value_of("false || true ? 'yes' : 'no'") == "'yes'");
  CHECK(value_of("1 + 1 in [2]") == "true");
  CHECK(value_of("-9223372036854775808") == "-9223372036854775808");
  CHECK(value_of("!!true") == "true");
  CHECK(value_of("- -cases") == "3");
}

TEST_CASE("numbers compare as numbers, whatever their type", "[expression]") {
  CHECK(value_of("1 == 1.0") == "true");
  CHECK(value_of("1.5 > 1") == "true");
  CHECK(value_of("cases < it.weight") == "false");
  CHECK(value_of("it.weight <= cases") == "true");
  CHECK(value_of("9007199254740993 == 9007199254740992.0") == "false");  // 2^53 + 1 is no double.
  CHECK(value_of("9007199254740993 > 9007199254740992.0") == "true");
  CHECK(value_of("9223372036854775807 < 1e19") == "true");
  CHECK(value_of("-0.0 == 0.0") == "true");
  CHECK(value_of("1 + 0.5") == "1.5");
  CHECK(value_of("it.weight * 2") == "5");
  CHECK(value_of("cases / 2") == "1");
  CHECK(value_of("cases / 2.0") == "1.5");
  CHECK(value_of("0.1 + 0.2") == "0.30000000000000004");
}

TEST_CASE("dates count days, times and durations nanoseconds", "[expression]") {
  CHECK(value_of("date('2021-08-04') - today") == "2");
  CHECK(value_of("it.start - today") == "10");
  CHECK(value_of("today + 2 == date('2021-08-04')") == "true");
  CHECK(value_of("date('2022-07-31') > date('2022-07-29')") == "true");
  CHECK(value_of("date('2024-02-29') + 366") == "2025-03-01");
  CHECK(value_of("now - it.arrived") == "2 days");
  CHECK(value_of("it.arrived + duration('20 h 39 min')") == "2021-08-01T09:39:00Z");
  CHECK(value_of("duration('90 min') - duration('1.5 h')") == "0 s");
  CHECK(value_of("duration('1 week') / duration('1 day')") == "7");
  CHECK(value_of("duration('1 h') * 3 / 2") == "1 h 30 min");
  CHECK(value_of("-duration('250 ms')") == "-250 ms");
  CHECK(value_of("it.age > duration('1 day')") == "true");
  CHECK(value_of("time('2021-08-02 13:00 UTC') == now") == "true");
  CHECK(value_of("string(time('2021-08-02 13:00:05 UTC'))") == "'2021-08-02T13:00:05Z'");
  for (const std::string_view wrong :
       {"2021-08-02 24:00 UTC", "2021-02-30 13:00 UTC", "2021-08-02 13:60 UTC", "2021-08-02", "2021-08-02 13:00:5 UTC",
        "2021-08-02x13:00 UTC", "9999-12-31 13:00 UTC"}) {
    const std::string text(wrong);
    CHECK(value_of("time('" + text + "')") == "error: '" + text + "' is not a time; write '2021-08-02 13:00 UTC'");
  }
  CHECK(value_of("date(time('2021-08-02 23:30 UTC'))") == "2021-08-03");  // The zone is an hour ahead.
  CHECK(value_of("date(now) == today") == "true");
}

TEST_CASE("texts and lists", "[expression]") {
  CHECK(value_of("it.deanery") == "'MER'");
  CHECK(value_of("it.deanery == 'MER'") == "true");
  CHECK(value_of("'a' < 'b' && 'B' < 'a' && 'a' < 'aa'") == "true");
  CHECK(value_of("'Midlertidig' + 'Journalført'") == "'MidlertidigJournalført'");
  CHECK(value_of("size('ført')") == "4");
  CHECK(value_of("'it\\'s'") == "'it's'");
  CHECK(value_of("'TO_EXPORT'.startsWith('TO') && 'TO_EXPORT'.endsWith('PORT')") == "true");
  CHECK(value_of("it.deanery.contains('E') && !it.deanery.contains('e')") == "true");
  CHECK(value_of("[1, cases, 5]") == "[1, 3, 5]");
  CHECK(value_of("[1, 2.5]") == "[1, 2.5]");
  CHECK(value_of("size([])") == "0");
  CHECK(value_of("size(known)") == "0");
  CHECK(value_of("[1, 2] + [3]") == "[1, 2, 3]");
  CHECK(value_of("skip.ids + [cases]") == "[7001, 7002, 3]");
  CHECK(value_of("[1, 2] == [1, 2] && [1] != [] && [] == []") == "true");
  CHECK(value_of("[10, 20, 30][1]") == "20");
  CHECK(value_of("it.deanery in lists.friday && !('WES' in lists.friday)") == "true");
  CHECK(value_of("it.id in [9, 8, 7] && !(it.id in [])") == "true");
  CHECK(value_of("7001 in skip.ids && !(it.id in empty.ids)") == "true");
  CHECK(value_of("2.0 in [1, 2] && 2 in [1.5, 2.0] && it.weight in [2.5]") == "true");
  CHECK(value_of("true ? [] : ['a']") == "[]");
}

TEST_CASE("functions", "[expression]") {
  CHECK(value_of("string(it.id) + '!'") == "'7!'");
  CHECK(value_of("string(2.5) + string(true) + string(today)") == "'2.5true2021-08-02'");
  CHECK(value_of("string(duration('26 h')) + ' ' + string(now)") == "'1 day 2 h 2021-08-02T13:00:00Z'");
  CHECK(value_of("int(2.9) + int(-2.9) + int('40') + int(1)") == "41");
  CHECK(value_of("double('0.25') + double(1) + double(it.weight)") == "3.75");
  CHECK(value_of("min(3, cases + 1, 2) + max(1, 2)") == "4");
  CHECK(value_of("min(1, 0.5)") == "0.5");
  CHECK(value_of("max('a', 'c', 'b') + min('a', 'c')") == "'ca'");
  CHECK(value_of("max(today, it.start)") == "2021-08-12");
  CHECK(value_of("min(skip.ids)") == "7001");
  CHECK(value_of("dyn(7) == 7") == "true");
}

TEST_CASE("a fault ends the evaluation", "[expression]") {
  CHECK(value_of("known[0].state == 'x'") == "fault: index out of range");
  CHECK(value_of("skip.ids[cases]") == "fault: index out of range");
  CHECK(value_of("skip.ids[-cases]") == "fault: index out of range");
  CHECK(value_of("cases / (cases - 3)") == "fault: division by zero");
  CHECK(value_of("cases % (cases - 3)") == "fault: division by zero");
  CHECK(value_of("it.weight / 0.0") == "fault: division by zero");
  CHECK(value_of("cases + 9223372036854775807") == "fault: overflow");
  CHECK(value_of("(-9223372036854775807 - 1 + cases - 3) / -1") == "fault: overflow");
  CHECK(value_of("it.weight * 1e308") == "fault: overflow");
  CHECK(value_of("int(it.weight * 1e300)") == "fault: overflow");
  CHECK(value_of("int(it.deanery)") == "fault: not a number");
  CHECK(value_of("double(it.deanery + '1')") == "fault: not a number");
  CHECK(value_of("min(empty.ids + [] + [cases]) + max(empty.ids + skip.ids)") == "7005");
  CHECK(value_of("min(list(record, true, id))") == "fault: index out of range");
}

TEST_CASE("&&, || and ?: evaluate only what they need", "[expression]") {
  CHECK(value_of("size(known) > 0 && known[0].state == 'x'") == "false");
  CHECK(value_of("size(known) == 0 || known[0].state == 'TO_EXPORT'") == "true");
  CHECK(value_of("size(known) == 0 ? 'new' : known[0].state") == "'new'");
  CHECK(value_of("size(known) > 0 ? known[0].state : 'new'") == "'new'");
  CHECK(value_of("cases == 3 || cases == 4 || 1 / (cases - 3) == 1") == "true");
}

TEST_CASE("count and list range over records, whose fields are bare names", "[expression]") {
  FakeWorld world;
  world.records = {{"MER", true, 1, monday + 2, "TO_EXPORT", 0, 1, 3 * day, false},
                   {"MER", false, 2, monday + 90, "TO_EXPORT", 0, 2, hour, false},
                   {"EOE", true, 3, monday + 5, "EXPORTED", 0, 3, 5 * day, true}};
  const auto value = [&](std::string_view text) {
    const CompileResult result = compile_in(world, text);
    REQUIRE(result);
    return world.shown(result.expression.type, world.value(result.expression));
  };
  CHECK(value("count(record)") == "3");
  CHECK(value("count(record, friday && !finished && age > duration('1 day')) > 0") == "true");
  CHECK(value("count(store.records, state == 'TO_EXPORT' && deanery == it.deanery && start - today >= 2)") == "2");
  CHECK(value("list(record, !finished, id)") == "[1, 2]");
  CHECK(value("list(record, !finished, string(id))") == "['1', '2']");
  CHECK(value("2 in list(record, true, revision)") == "true");
  CHECK(value("count(record, id in list(record, finished, id - 1))") == "1");
  CHECK(value("count(record, count(record, finished) == 1 && friday)") == "2");  // The outer element comes back.
  CHECK(value("count(store.records) == count(record)") == "true");
}

TEST_CASE("results of earlier steps: objects, their lists and fields", "[expression]") {
  FakeWorld world;
  world.known = {{"MER", true, 41, monday, "TO_EXPORT", 0.5, 9, 0, false}};
  const auto value = [&](std::string_view text) {
    const CompileResult result = compile_in(world, text);
    REQUIRE(result);
    return world.shown(result.expression.type, world.value(result.expression));
  };
  CHECK(value("known[0].revision + 1") == "42");
  CHECK(value("(known[0]).state") == "'TO_EXPORT'");
  CHECK(value("post.state == 'TO_EXPORT' && post.friday") == "true");
  CHECK(value("(size(known) > 0 ? known[0] : post).share") == "0.5");
}

TEST_CASE("dyn compares as an untyped program would, and the tool can say so", "[expression]") {
  CHECK(value_of("dyn(7) == '7'") == "false");
  CHECK(value_of("dyn(7) != '7'") == "true");
  CHECK(value_of("'7' == dyn(7)") == "false");
  CHECK(value_of("dyn(it.id) in list(record, true, id)") == "false");

  FakeWorld world;
  world.records = {{"MER", false, 0, 0, "", 0, 7, 0, false}, {"EOE", false, 0, 0, "", 0, 8, 0, false}};
  const CompileResult pass_1 = compile_in(world, "dyn(it.id) in list(record, !finished, string(id))");
  REQUIRE(pass_1);
  CHECK(pass_1.expression.never_equal);
  CHECK(pass_1.notes == std::vector<ExpressionError>{{0, "dyn(it.id) is an int, the list holds strings: never equal"}});
  CHECK(world.value(pass_1.expression) == 0);
  CHECK(world.elements_seen == 2);  // The list is made all the same.
  const CompileResult pass_2 = compile_in(world, "it.id in list(record, !finished, id)");
  REQUIRE(pass_2);
  CHECK(!pass_2.expression.never_equal);
  CHECK(world.value(pass_2.expression) == 1);
  CHECK(compile_in(world, "cases > 0 && dyn(7) == '7'").expression.never_equal);  // Folded, and still known.
}

}  // namespace premortem::test
