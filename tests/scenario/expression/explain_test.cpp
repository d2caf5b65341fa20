#include "sim/scenario/expression/explain.hpp"

#include "tests/support/catch.hpp"

namespace premortem {

TEST_CASE("expressions as English", "[expression]") {
  CHECK(explain_expression("state == 'TO_EXPORT' && deanery == it.deanery", "command") ==
        "state is 'TO_EXPORT' and deanery is the command's deanery");
  CHECK(explain_expression("state == 'TO_EXPORT' && deanery == it.deanery") ==
        "state is 'TO_EXPORT' and deanery is its deanery");
  CHECK(explain_expression("start - today >= 2") == "start minus today is at least 2");
  CHECK(explain_expression("brut.on || reconcile.on") == "brut.on or reconcile.on");
  CHECK(explain_expression("a || b && c") == "a or (b and c)");
  CHECK(explain_expression("(a || b) && !c") == "(a or b) and not c");
  CHECK(explain_expression("!(region == 'SEV' && day == date('2022-07-29'))") ==
        "not (region is 'SEV' and day is 2022-07-29)");
  CHECK(explain_expression("size(known) == 0 || known[0].state != 'TO_EXPORT'") ==
        "the size of known is 0 or state of the first of known is not 'TO_EXPORT'");
  CHECK(explain_expression("count(application, !finished && age > duration('1 day')) > 0") ==
        "(the number of application where not finished and age is more than 1 day) is more than 0");
  CHECK(explain_expression("count(db.index) == count(db.people)") ==
        "the number of db.index is the number of db.people");
  CHECK(explain_expression("dyn(it.id) in list(application, !finished, string(id))") ==
        "its id (whatever its type) is in (the list of id as text of every application where not finished)");
  CHECK(explain_expression("it.form in ['NAV 04-01.03', 'NAV 04-01.04']", "event") ==
        "the event's form is one of ['NAV 04-01.03', 'NAV 04-01.04']");
  CHECK(explain_expression("deanery == it", "element") == "deanery is the element");
  CHECK(explain_expression("10 - (4 - 3) * 2 == 8") == "10 minus ((4 minus 3) times 2) is 8");
  CHECK(explain_expression("urgent ? min(a, b) : -c") == "if urgent then the least of a, b, otherwise (-c)");
  CHECK(explain_expression("!name.startsWith('x')") == "not (name starts with 'x')");
  CHECK(explain_expression("known[1]") == "element 1 (from 0) of known");
}

TEST_CASE("what does not parse comes back as it is", "[expression]") {
  CHECK(explain_expression("state == ") == "state == ");
  CHECK(explain_expression("").empty());
}

}  // namespace premortem
