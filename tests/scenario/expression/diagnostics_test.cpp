// What users see when an expression is wrong: every message as a literal.

#include "tests/scenario/expression/fake_world.hpp"
#include "tests/support/catch.hpp"

namespace premortem::test {

namespace {
std::string error_of_where(std::string_view text) { return error_of(text, types::boolean, FakeScope::Place::element); }
}  // namespace

TEST_CASE("unknown names", "[expression]") {
  CHECK(error_of("EXPORTED") == "unknown name EXPORTED; for text write \"'EXPORTED'\"");
  CHECK(error_of_where("state == TO_EXPORT") == "unknown name TO_EXPORT; for text write \"'TO_EXPORT'\"");
  CHECK(error_of_where("deanry == it.deanery") ==
        "unknown name deanry; the fields of store.records are deanery, friday, revision, share, start, state");
  CHECK(error_of("count(record, deanry == 'MER')") ==
        "unknown name deanry; the fields of store.records are deanery, friday, revision, share, start, state");
  CHECK(error_of("post.statsu") ==
        "unknown name post.statsu; the fields of store.records are deanery, friday, revision, share, start, state");
  CHECK(error_of("known[0].sate") ==
        "unknown name known[0].sate; the fields of store.records are deanery, friday, revision, share, start, state");
  CHECK(error_of("exporter.worker > 1") == "unknown name exporter.worker; did you mean \"exporter.workers\"?");
  CHECK(error_of("it.dneaery == 'MER'") == "unknown name it.dneaery; did you mean \"it.deanery\"?");
  CHECK(error_of("kown") == "unknown name kown; did you mean \"known\"?");
  CHECK(error_of("nothing_like_it") == "unknown name nothing_like_it");
  CHECK(error_of("size(chosen)") == "\"chosen\" is used before a step names it with \"as\"");
  CHECK(error_of("known.state") == "known is a list of objects; of one element write known[0].state");
  CHECK(error_of("it.id.x") == "it.id is an int; it has no fields");
  CHECK(error_of("now.hour") == "now is a time; it has no fields");
  CHECK(error_of("null") == "there is no null; an empty text is '', an empty list []");
  CHECK(error_of("count(recrd)") ==
        "count() is over a kind of item or a collection, and recrd is neither; did you mean \"record\"?");
  CHECK(error_of("count(known)") ==
        "count() is over a kind of item or a collection, and known is neither; of a list write size(known)");
  CHECK(error_of("count(1 + 2)") == "count() is over a kind of item or a collection, and 1 + 2 is neither");
  CHECK(error_of("sizeof(known)") == "unknown function sizeof; did you mean \"size\"?");
  CHECK(error_of("it.deanery.startswith('M')") == "unknown function startswith; did you mean \"startsWith\"?");
  CHECK(error_of("startsWith(it.deanery, 'M')") == "write startsWith behind the text: s.startsWith('x')");
  CHECK(error_of("known.size()") == "write size(known)");
}

TEST_CASE("two types do not compare", "[expression]") {
  CHECK(
      error_of("it.id in list(record, !finished, string(id))") ==
      "it.id is an int, the list holds strings: never equal; if the program really compares them so, write dyn(it.id)");
  CHECK(error_of("it.id == '7'") ==
        "it.id is an int, '7' is a string: never equal; if the program really compares them so, write dyn(it.id)");
  CHECK(error_of("it.start == '2021-08-04'") ==
        "it.start is a date, '2021-08-04' is a string; write date('2021-08-04')");
  CHECK(error_of("'4 h' < it.age") == "'4 h' is a string, it.age is a duration; write duration('4 h')");
  CHECK(error_of("it.age > 4") == "it.age is a duration, 4 is an int; give it a unit, as in duration('4 h')");
  CHECK(error_of("it.arrived < it.start") == "it.arrived is a time, it.start is a date; write date(it.arrived)");
  CHECK(error_of("it.id < 'a'") == "it.id is an int, 'a' is a string: they have no common order");
  CHECK(error_of("dyn(it.id) < 'a'") == "dyn(it.id) is an int, 'a' is a string: they have no common order");
  CHECK(error_of("it.id == skip.ids") == "it.id is an int, skip.ids is a list of ints; write it.id in skip.ids");
  CHECK(error_of("true < false") == "true is a bool; bools have no order");
  CHECK(error_of("[1] < [2]") == "[1] is a list of ints; lists have no order");
  CHECK(error_of("post == known[0]") ==
        "post is an object; objects do not compare, compare their fields, as in a.id == b.id");
  CHECK(error_of("post in known") ==
        "post is an object; objects do not compare, compare their fields, as in a.id == b.id");
  CHECK(error_of("'E' in it.deanery") == "it.deanery is a string; write it.deanery.contains('E')");
  CHECK(error_of("7 in it.id") == "it.id is an int; in wants a list on its right");
  CHECK(error_of("[7] in skip.ids") == "[7] is a list of ints; a list cannot hold lists");
}

TEST_CASE("arithmetic and functions say what they want", "[expression]") {
  CHECK(error_of("it.start + duration('3 days')") ==
        "it.start is a date, duration('3 days') is a duration: a date counts whole days; add a number of days, or make "
        "the "
        "date of a time: date(arrived + duration('3 days'))");
  CHECK(error_of("now - today") == "now is a time, today is a date: write date(now)");
  CHECK(error_of("'number ' + it.id") == "'number ' is a string, it.id is an int: write string(it.id)");
  CHECK(error_of("it.age + 5") == "it.age is a duration, 5 is an int: give it a unit: duration('5 s')");
  CHECK(error_of("it.deanery - 1") == "it.deanery is a string, 1 is an int: there is no string - int");
  CHECK(error_of("2.5 % 2") == "2.5 is a double, 2 is an int: there is no double % int");
  CHECK(error_of("-it.deanery") == "it.deanery is a string; - wants a number or a duration");
  CHECK(error_of("!it.id") == "it.id is an int where a bool is wanted; write it.id != 0");
  CHECK(error_of("known && true") == "known is a list of objects where a bool is wanted; write size(known) > 0");
  CHECK(error_of("it.deanery ? 1 : 2") == "it.deanery is a string where a bool is wanted; write it.deanery != ''");
  CHECK(error_of("true ? 1 : 'a'") == "1 is an int, 'a' is a string; ?: has one type");
  CHECK(error_of("[1, 'a']") == "'a' is a string, the list holds ints; a list holds one type");
  CHECK(error_of("[[1]]") == "a list cannot hold lists");
  CHECK(error_of("it.id[0]") == "it.id is an int; only a list has elements");
  CHECK(error_of("known['a']") == "'a' is a string; a position is an int");
  CHECK(error_of("[][0]") == "[] is an empty list; it has no elements");
  CHECK(error_of("size(7)") == "7 is an int; size() wants a string or a list");
  CHECK(error_of("size()") == "size() takes 1 value, not 0");
  CHECK(error_of("min()") == "min() takes 1 or more values, not 0");
  CHECK(error_of("count(record, friday, id)") == "count() takes 1 or 2 values, not 3");
  CHECK(error_of("list(record, friday)") ==
        "list() takes what it ranges over, a condition and a value, as in list(record, !finished, id)");
  CHECK(error_of("list(record, true, skip.ids)") == "a list cannot hold lists");
  CHECK(error_of("min(1)") == "1 is an int; min() wants a list, or two values or more");
  CHECK(error_of("max(1, 'a')") == "1 is an int, 'a' is a string; max() wants one type");
  CHECK(error_of("max(true, false)") == "true is a bool; max() wants values that have an order");
  CHECK(error_of("int(it.age)") == "it.age is a duration; a number of them is a quotient: it.age / duration('1 s')");
  CHECK(error_of("int(true)") == "true is a bool; int() wants a number or a string");
  CHECK(error_of("string(skip.ids)") == "skip.ids is a list of ints; string() wants a single value");
  CHECK(error_of("date(it.deanery)") == "it.deanery is a string; date() wants a text in quotes or a time");
  CHECK(error_of("date('2022-02-30')") == "'2022-02-30' is not a date; write '2022-07-29'");
  CHECK(error_of("duration('4')") == "'4' is not a duration; write '4 h' or '20 h 39 min'");
  CHECK(error_of("time('13:00')") == "'13:00' is not a time; write '2021-08-02 13:00 UTC'");
  CHECK(error_of("it.id.contains('a')") == "it.id is an int; contains() wants strings");
  CHECK(error_of("skip.ids.contains(7)") == "skip.ids is a list of ints; write 7 in skip.ids");
  CHECK(error_of("it.deanery.contains()") == "contains() takes 1 value, not 0");
  CHECK(error_of("1 / 0") == "division by zero");
  CHECK(error_of("cases + [1, 2][2]") == "index out of range");
  CHECK(error_of("9223372036854775807 + 1") == "overflow");
  CHECK(error_of("count(record, count(record, count(record, count(record) > 0) > 0) > 0)") ==
        "count() and list() stand in each other more than 3 deep");
}

TEST_CASE("the place says which type it wants", "[expression]") {
  CHECK(error_of("it.deanery", types::boolean) ==
        "it.deanery is a string where a bool is wanted; write it.deanery != ''");
  CHECK(error_of("it.id", types::text) == "it.id is an int where a string is wanted; write string(it.id)");
  CHECK(error_of("'2021-08-04'", types::date) ==
        "'2021-08-04' is a string where a date is wanted; write date('2021-08-04')");
  CHECK(error_of("now", types::date) == "now is a time where a date is wanted; write date(now)");
  CHECK(error_of("1.5", types::integer) == "1.5 is a double where an int is wanted");
  CHECK(error_of("post", object_type(1)) == "post is another kind of object than is wanted here");
  CHECK(error_of("known", list_of(types::text)) == "known is a list of objects where a list of strings is wanted");
  CHECK(error_of("it.id", types::real) == "no error");
  CHECK(error_of("[]", list_of(types::text)) == "no error");
  CHECK(error_of("[1, 2]", list_of(types::real)) == "no error");
}

TEST_CASE("syntax", "[expression]") {
  CHECK(error_of("") == "an expression is missing");
  CHECK(error_of("  ") == "an expression is missing");
  CHECK(error_of("1 +") == "the expression ends too early");
  CHECK(error_of("* 2") == "a value is missing before \"*\"");
  CHECK(error_of("(1 + 2") == "\")\" is missing for \"(\", before the end");
  CHECK(error_of("[1, 2") == "\"]\" is missing for \"[\", before the end");
  CHECK(error_of("1 + 2)") == "\")\" closes nothing");
  CHECK(error_of("known known") == "an operator is missing before \"known\"");
  CHECK(error_of("true ? 1") == "\":\" is missing for \"?\", before the end");
  CHECK(error_of("it.deanery = 'MER'") == "\"=\" compares nothing here; write \"==\"");
  CHECK(error_of("true & false") == "\"&\" is unknown; write \"&&\"");
  CHECK(error_of("true | false") == "\"|\" is unknown; write \"||\"");
  CHECK(error_of("it.deanery == \"MER\"") == "text stands in single quotes; write '...'");
  CHECK(error_of("'MER") == "a text begins here and never ends; close it with '");
  CHECK(error_of("'\\d'") == "unknown escape; there are \\\\ \\' \\n \\t");
  CHECK(error_of("it.age > 4 h") == "4 h is a duration; in an expression write duration('4 h')");
  CHECK(error_of("it.age > 1.5s") == "1.5 s is a duration; in an expression write duration('1.5 s')");
  CHECK(error_of("7th") == "7th is neither a number nor a name");
  CHECK(error_of("1 < 2 < 3") == "comparisons do not chain; join two with && or set parentheses");
  CHECK(error_of("9223372036854775808") == "9223372036854775808 is too large for an int");
  CHECK(error_of("99999999999999999999") == "99999999999999999999 is too large for an int");
  CHECK(error_of("1e999") == "1e999 is beyond the range of a double");
  CHECK(error_of("a.") == "a name is missing after \".\", before the end");
  CHECK(error_of("known[0](1)") == "only a function can be called");
  CHECK(error_of("1 # 2") == "unexpected \"#\"");
  CHECK(error_of("1 \x7F") == "unexpected byte 0x7f");
  CHECK(error_of("in [1]") == "a value is missing before \"in\"");
}

TEST_CASE("a message points at the place, and long expressions are cut short in it", "[expression]") {
  const auto offset_of = [](std::string_view text) {
    FakeWorld world;
    const CompileResult result = compile_in(world, text);
    return result ? std::string("no error") : std::to_string(result.error->offset);
  };
  CHECK(offset_of("it.id > 0 && deanry == 'x'") == "13");
  CHECK(offset_of("it.id > 0 && it.id == '7'") == "19");  // At the operator.
  CHECK(offset_of("true && (it.id ") == "15");
  CHECK(offset_of("'a' + 'b\\d'") == "8");
  CHECK(error_of("!(it.id + 1000001 + 1000002 + 1000003 + 1000004 + 1000005 + 1000006)") ==
        "(it.id + 1000001 + 1000002 + 1000003 + 1000004 + 1000005 ... is an int where a bool is wanted; write (it.id + "
        "1000001 + 1000002 + 1000003 + 1000004 + 1000005 ... != 0");
}

}  // namespace premortem::test
