// Checks on the world: conditions, changes of state, measures.

#include "tests/checks/hand_written.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::testing::HandWritten;
using Form = CheckSpec::Form;
using Keeps = Bound::Keeps;

TEST_CASE("always holds until it is observed to be false, and names the first instant", "[checks]") {
  HandWritten h;
  h.check(Form::always);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  h.observed(70, false);
  REQUIRE(h.result().verdict == CheckVerdict::broken);
  REQUIRE(h.result().first_at == time_from_nanoseconds(70));
  REQUIRE_FALSE(h.result().broken_for.has_value());  // It counts nothing.
}

TEST_CASE("at: the instant never came, it was true then, it was not", "[checks]") {
  HandWritten h;
  h.check(Form::at);
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.observed(70, true);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  h.observed(80, false);
  REQUIRE(h.result().verdict == CheckVerdict::broken);
}

TEST_CASE("PROP-050: eventually is broken unless it was true once", "[checks]") {
  HandWritten h;
  h.check(Form::eventually);
  REQUIRE(h.result().verdict == CheckVerdict::broken);
  h.observed(90, false);
  REQUIRE(h.result().verdict == CheckVerdict::broken);
  h.observed(95, true);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
}

TEST_CASE("sometimes that never came true is not exercised, not broken", "[checks]") {
  HandWritten h;
  h.check(Form::sometimes);
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.observed(90, true);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
}

TEST_CASE("PROP-021: states counts every change that is not allowed, of its own field only", "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::states);
  check.watch = 2;
  check.allowed = {{1, 2}, {2, 3}};
  h.changed(5, 3, 1, 1);  // Another field's.
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.changed(10, 1, 2, 2);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  h.changed(20, 2, 3, 2);
  h.changed(30, 3, 1, 2);  // Back.
  h.changed(40, 1, 3, 2);  // Skipped.
  REQUIRE(h.result().judged == 4);
  REQUIRE(h.result().broken_for == 2U);
  REQUIRE(h.result().first_at == time_from_nanoseconds(30));
}

namespace {

/// A check on a measure of orders with one bound.
CheckVerdict verdict(HandWritten h, const std::string& measure, Keeps keeps, std::int64_t value,
                     Bound::Unit unit = Bound::Unit::plain) {
  CheckSpec& check = h.check(Form::measure);
  check.measure = *measure_named(measure, h.spec.kinds);
  check.bounds = {{keeps, unit, value}};
  return h.result().verdict;
}

/// 100 orders that took 1 to 100 ns, and 25 that were lost.
HandWritten hundred() {
  HandWritten h;
  for (int n = 1; n <= 100; ++n) h.finishes(h.arrives(0), n);
  for (int n = 0; n < 25; ++n) h.arrives(500);
  return h;
}

}  // namespace

TEST_CASE("counts: below, above, at-least, at-most, exactly", "[checks][measures]") {
  const HandWritten h = hundred();
  const auto lost = [&](Keeps keeps, std::int64_t value) { return verdict(h, "order.lost", keeps, value); };
  CHECK(lost(Keeps::below, 25) == CheckVerdict::broken);
  CHECK(lost(Keeps::below, 26) == CheckVerdict::holds);
  CHECK(lost(Keeps::above, 25) == CheckVerdict::broken);
  CHECK(lost(Keeps::above, 24) == CheckVerdict::holds);
  CHECK(lost(Keeps::at_least, 25) == CheckVerdict::holds);
  CHECK(lost(Keeps::at_least, 26) == CheckVerdict::broken);
  CHECK(lost(Keeps::at_most, 25) == CheckVerdict::holds);
  CHECK(lost(Keeps::at_most, 24) == CheckVerdict::broken);
  CHECK(lost(Keeps::exactly, 25) == CheckVerdict::holds);
  CHECK(lost(Keeps::exactly, 24) == CheckVerdict::broken);
  CHECK(verdict(h, "order.arrived", Keeps::exactly, 125) == CheckVerdict::holds);
  CHECK(verdict(h, "order.done", Keeps::exactly, 100) == CheckVerdict::holds);
}

TEST_CASE("shares are of what was judged, to the hundredth of a percent", "[checks][measures]") {
  const HandWritten h = hundred();  // 80 % done.
  CHECK(verdict(h, "order.done", Keeps::at_least, 80'00, Bound::Unit::share) == CheckVerdict::holds);
  CHECK(verdict(h, "order.done", Keeps::at_least, 80'01, Bound::Unit::share) == CheckVerdict::broken);
  CHECK(verdict(h, "order.done", Keeps::above, 80'00, Bound::Unit::share) == CheckVerdict::broken);
}

TEST_CASE("rates are over the whole clock", "[checks][measures]") {
  const HandWritten h = hundred();  // 100 done in 1000 ns are 360 000 000 000 an hour.
  constexpr std::int64_t an_hour = std::int64_t{1} << 20;
  HandWritten day = h;
  day.spec.ends = std::int64_t{86'400} * 1'000'000'000;  // 100 in a day are 4.1667 an hour.
  CHECK(verdict(day, "order.done", Keeps::at_least, 4 * an_hour, Bound::Unit::rate) == CheckVerdict::holds);
  CHECK(verdict(day, "order.done", Keeps::at_least, 5 * an_hour, Bound::Unit::rate) == CheckVerdict::broken);
}

TEST_CASE("percentiles by nearest rank, of the orders that finished", "[checks][measures]") {
  const HandWritten h = hundred();
  const auto exactly = [&](const std::string& percentile, std::int64_t value) {
    return verdict(h, "order.time-to-done." + percentile, Keeps::exactly, value) == CheckVerdict::holds;
  };
  CHECK(exactly("min", 1));
  CHECK(exactly("p1", 1));
  CHECK(exactly("p50", 50));
  CHECK(exactly("p99", 99));
  CHECK(exactly("p99.1", 100));
  CHECK(exactly("max", 100));
}

TEST_CASE("a measure of what never occurred is not exercised", "[checks][measures]") {
  const HandWritten empty;
  CHECK(verdict(empty, "order.lost", Keeps::below, 5) == CheckVerdict::not_exercised);
  CHECK(verdict(empty, "order.arrived", Keeps::exactly, 0) == CheckVerdict::not_exercised);
  CHECK(verdict(empty, "order.time-to-done.p99", Keeps::below, 5) == CheckVerdict::not_exercised);
  HandWritten unfinished;
  unfinished.arrives(0);
  CHECK(verdict(unfinished, "order.time-to-done.p99", Keeps::below, 5) == CheckVerdict::not_exercised);
  CHECK(verdict(unfinished, "order.lost", Keeps::below, 5) == CheckVerdict::holds);
}

TEST_CASE("a measure keeps both of its bounds, and looks at members only where it has a where", "[checks][measures]") {
  HandWritten h = hundred();
  CheckSpec& check = h.check(Form::measure);
  check.measure = *measure_named("order.lost", h.spec.kinds);
  check.bounds = {{Keeps::at_least, Bound::Unit::plain, 20}, {Keeps::at_most, Bound::Unit::plain, 30}};
  CHECK(h.result().verdict == CheckVerdict::holds);
  check.bounds[1].value = 24;
  CHECK(h.result().verdict == CheckVerdict::broken);
  check.members_only = true;
  for (std::uint32_t item = 98; item < 102; ++item) h.member(item);  // Two done, two lost.
  check.bounds = {{Keeps::exactly, Bound::Unit::share, 50'00}};
  CHECK(h.result().verdict == CheckVerdict::holds);
  CHECK(h.result().judged == 4);
}

TEST_CASE("PROP-060: detection counts from the first item that went wrong to the next notice", "[checks][measures]") {
  HandWritten h;
  h.finishes(h.arrives(10), 20);
  CHECK(verdict(h, "detection", Keeps::below, 100) == CheckVerdict::not_exercised);  // Nothing to detect.
  h.noticed(50);                                                                     // Of something else.
  h.arrives(100);
  CHECK(verdict(h, "detection", Keeps::below, INT64_MAX) == CheckVerdict::broken);  // Nobody ever notices.
  CHECK(h.judged().detection() == std::nullopt);
  h.noticed(400);
  CHECK(h.judged().detection() == 300);
  CHECK(verdict(h, "detection", Keeps::at_most, 300) == CheckVerdict::holds);
  CHECK(verdict(h, "detection", Keeps::below, 300) == CheckVerdict::broken);
  CHECK(h.judged().noticed_at() == 50);
}

TEST_CASE("operator-steps counts what people do, not what breaks", "[checks][measures]") {
  HandWritten h;
  h.spec.operator_steps = {true, false, true};
  h.step(1, 0), h.step(2, 1), h.step(3, 2), h.step(4, 2);
  CHECK(verdict(h, "operator-steps", Keeps::exactly, 3) == CheckVerdict::holds);
}

TEST_CASE("names of measures", "[checks][measures]") {
  HandWritten h;
  for (const char* name : {"order.lost", "order.dead-lettered", "order.arrived", "order.time-to-done.p99.9",
                           "order.time-to-done.min", "detection", "operator-steps"})
    CHECK(measure_named(name, h.spec.kinds).has_value());
  for (const char* name : {"order", "order.", "order.gone", "bill.lost", "order.time-to-done", "order.time-to-done.p0",
                           "order.time-to-done.p100", "order.time-to-done.p99.", "order.time-to-done.p99.95", "lost"})
    CHECK_FALSE(measure_named(name, h.spec.kinds).has_value());
  bool known = true;
  CHECK_FALSE(h.judged().measure("order.gone", known).has_value());
  CHECK_FALSE(known);
}
