// The expressions of the incident files compile, and mean what the incidents need.

#include "tests/scenario/expression/fake_world.hpp"
#include "tests/support/catch.hpp"

namespace premortem::test {

TEST_CASE("the export's conditions", "[expression]") {
  FakeWorld world;
  const auto picks = [&](const Record& record) {
    const CompileResult where =
        compile_in(world, "state == 'TO_EXPORT' && deanery == it.deanery && start - today >= 2 && start - today < 91",
                   types::boolean, FakeScope::Place::element);
    REQUIRE(where);
    return world.value(where.expression, &record) != 0;
  };
  CHECK(picks({"MER", true, 0, monday + 2, "TO_EXPORT", 0, 1, 0, false}));
  CHECK(picks({"MER", true, 0, monday + 90, "TO_EXPORT", 0, 1, 0, false}));
  CHECK(!picks({"MER", true, 0, monday + 1, "TO_EXPORT", 0, 1, 0, false}));
  CHECK(!picks({"MER", true, 0, monday + 91, "TO_EXPORT", 0, 1, 0, false}));
  CHECK(!picks({"EOE", true, 0, monday + 2, "TO_EXPORT", 0, 1, 0, false}));
  CHECK(!picks({"MER", true, 0, monday + 2, "EXPORTED", 0, 1, 0, false}));
}

TEST_CASE("Friday's file of one region stays behind", "[expression]") {
  FakeWorld world;
  const auto moves = [&](const std::string& region, std::int64_t of) {
    const CompileResult where = compile_in(world, "!(deanery == 'SEV' && start == date('2021-07-30'))", types::boolean,
                                           FakeScope::Place::element);
    REQUIRE(where);
    const Record file{region, false, 0, of, "", 0, 1, 0, false};
    return world.value(where.expression, &file) != 0;
  };
  CHECK(!moves("SEV", monday - 3));
  CHECK(moves("SEV", monday - 2));
  CHECK(moves("MER", monday - 3));
}

TEST_CASE("the other forms in the incident files", "[expression]") {
  CHECK(value_of("count(record, friday && !finished && age > duration('1 day')) > 0") == "false");
  CHECK(value_of("size(known) == 0 || known[0].state == 'TO_EXPORT'") == "true");
  CHECK(value_of("it.deanery in ['MER', 'EOE']") == "true");
  CHECK(value_of("!toggle.route") == "false");
  CHECK(value_of("!(it.id in skip.ids)") == "true");
  CHECK(value_of("finaliser.lag == 0") == "false");
  CHECK(value_of("brut.on || toggle.route") == "true");
  CHECK(value_of("count(store.records) > count(record)") == "false");
  CHECK(value_of("count(store.records, start < date('2022-07-31')) == 0") == "true");
  CHECK(value_of("it.deanery != 'clear'") == "true");
  CHECK(value_of("false") == "false");
  CHECK(value_of("'JOURNALFOERT'") == "'JOURNALFOERT'");
}

}  // namespace premortem::test
