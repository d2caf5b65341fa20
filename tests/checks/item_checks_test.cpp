// Checks on items: how they end, within what time, how often, in which order, and what is always true of them.

#include "tests/checks/hand_written.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::testing::HandWritten;
using Form = CheckSpec::Form;

TEST_CASE("every ends: items under way are not judged, others must end in one of the fates", "[checks]") {
  HandWritten h;
  h.check(Form::ends).fates = {Fate::done, Fate::late};
  const auto under_way = h.arrives(10);
  h.remains(under_way, Remains::held);
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.finishes(h.arrives(20), 30);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  REQUIRE(h.result().judged == 1);
  h.arrives(40);  // Lost.
  const CheckResult broken = h.result();
  REQUIRE(broken.verdict == CheckVerdict::broken);
  REQUIRE(broken.broken_for == 1U);
  REQUIRE(broken.judged == 2);
  REQUIRE(broken.examples == std::vector<std::string>{"order 3"});
  REQUIRE(broken.first_at == time_from_nanoseconds(1000));  // It is missed when the clock ends.
}

TEST_CASE("no ends: items under way are judged, and the earliest violation is named", "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::ends);
  check.negated = true;
  check.fates = {Fate::in_flight, Fate::duplicated};
  const auto twice = h.arrives(10), again = h.arrives(20), open = h.arrives(30);
  h.finishes(twice, 300), h.finishes(twice, 310);
  h.finishes(again, 200), h.finishes(again, 900);
  h.remains(open, Remains::held);
  REQUIRE(h.result().broken_for == 3U);
  REQUIRE(h.result().first_at == time_from_nanoseconds(200));
}

TEST_CASE("a check with where judges its members only; without any it is not exercised", "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::ends);
  check.fates = {Fate::done};
  check.members_only = true;
  h.arrives(10);
  const auto member = h.arrives(20);
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.member(member);
  REQUIRE(h.result().judged == 1);
  REQUIRE(h.result().broken_for == 1U);
  h.finishes(member, 30);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
}

TEST_CASE("PROP-051: finishes-within: late, or never although the time is over, is broken; still in time is not judged",
          "[checks]") {
  HandWritten h;
  h.check(Form::finishes_within).limit = 100;
  const auto in_time = h.arrives(0), late = h.arrives(10), never = h.arrives(20), still = h.arrives(900);
  h.finishes(in_time, 100);
  h.finishes(late, 111);
  h.remains(never, Remains::held);
  h.remains(still, Remains::held);
  const CheckResult result = h.result();
  REQUIRE(result.judged == 3);
  REQUIRE(result.broken_for == 2U);
  REQUIRE(result.first_at == time_from_nanoseconds(110));
  REQUIRE(result.examples == std::vector<std::string>{"order 2", "order 3"});
}

TEST_CASE("finishes-within due takes the due of its kind", "[checks]") {
  HandWritten h;
  h.order().due = 50;
  h.check(Form::finishes_within);
  h.finishes(h.arrives(0), 50);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  h.finishes(h.arrives(100), 151);
  REQUIRE(h.result().broken_for == 1U);
}

TEST_CASE("PROP-005: finishes-at-most counts what happened in time, also twice at one instant", "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::finishes_count);
  check.finishes_max = 1;
  check.limit = 100;
  const auto once = h.arrives(0), twice = h.arrives(0), slow = h.arrives(0);
  h.arrives(950);  // Has not finished, and may: too often it is not.
  h.finishes(once, 50);
  h.finishes(slow, 50), h.finishes(slow, 101);  // The second one does not count.
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  REQUIRE(h.result().judged == 4);
  h.finishes(twice, 60), h.finishes(twice, 60);
  REQUIRE(h.result().broken_for == 1U);
  REQUIRE(h.result().first_at == time_from_nanoseconds(60));
}

TEST_CASE("PROP-004: finishes-exactly: too often, too seldom, too late; while there is time nobody is judged",
          "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::finishes_count);
  check.finishes_min = check.finishes_max = 1;
  check.limit = 100;
  const auto good = h.arrives(0), twice = h.arrives(10), never = h.arrives(20), late = h.arrives(30);
  h.arrives(900);  // Its time is over only when the clock has ended.
  const auto early_bird = h.arrives(950);
  h.finishes(good, 100);
  h.finishes(twice, 20), h.finishes(twice, 21);
  h.finishes(late, 131);
  h.finishes(early_bird, 960);
  h.remains(never, Remains::held);
  const CheckResult result = h.result();
  REQUIRE(result.judged == 5);
  REQUIRE(result.broken_for == 3U);
  REQUIRE(result.examples == std::vector<std::string>{"order 2", "order 3", "order 4"});
  REQUIRE(result.first_at == time_from_nanoseconds(21));
}

TEST_CASE("finishes-exactly without a time judges at the end, and not what is under way", "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::finishes_count);
  check.finishes_min = check.finishes_max = 1;
  const auto open = h.arrives(0), lost = h.arrives(0);
  h.remains(open, Remains::held);
  h.remains(lost, Remains::nobody);
  REQUIRE(h.result().judged == 1);
  REQUIRE(h.result().broken_for == 1U);
  REQUIRE(h.result().first_at == time_from_nanoseconds(1000));
}

TEST_CASE("PROP-020: in-order counts each item that finishes after a later one of its group", "[checks]") {
  HandWritten h;
  CheckSpec& check = h.check(Form::in_order);
  check.per = 0, check.by = 1;
  const auto order = [&](std::uint64_t group, std::uint64_t version) {
    const auto item = h.arrives(0);
    h.field(item, 0, group), h.field(item, 1, version);
    return item;
  };
  const auto a1 = order(7, 1), a2 = order(7, 2), a3 = order(7, 3), b1 = order(8, 1);
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.finishes(a3, 10);
  h.finishes(b1, 11);  // Another group.
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  h.finishes(a1, 20);
  h.finishes(a2, 30);  // After 1, but 3 was there before.
  const CheckResult result = h.result();
  REQUIRE(result.broken_for == 2U);
  REQUIRE(result.judged == 4);
  REQUIRE(result.first_at == time_from_nanoseconds(20));
  REQUIRE(result.examples == std::vector<std::string>{"order 1", "order 2"});
}

TEST_CASE("PROP-020: in-order without by is the order of arrival; a second finish is not a new place", "[checks]") {
  HandWritten h;
  h.check(Form::in_order);
  const auto first = h.arrives(0), second = h.arrives(1);
  h.finishes(first, 10), h.finishes(second, 20), h.finishes(first, 30);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  const auto third = h.arrives(2), fourth = h.arrives(3);
  h.finishes(fourth, 40), h.finishes(third, 50);
  REQUIRE(h.result().broken_for == 1U);
}

TEST_CASE("always of items: premise is that there are items; each violator counts once", "[checks]") {
  HandWritten h;
  h.check(Form::item_always);
  REQUIRE(h.result().verdict == CheckVerdict::not_exercised);
  h.arrives(0);
  const auto bad = h.arrives(1);
  REQUIRE(h.result().verdict == CheckVerdict::holds);
  h.observed(50, false, bad);
  REQUIRE(h.result().broken_for == 1U);
  REQUIRE(h.result().examples == std::vector<std::string>{"order 2"});
  REQUIRE(h.result().first_at == time_from_nanoseconds(50));
}

TEST_CASE("at most five violators are named", "[checks]") {
  HandWritten h;
  h.check(Form::ends).fates = {Fate::done};
  h.order().first_id = 101;
  for (int n = 0; n < 8; ++n) h.arrives(n);
  REQUIRE(h.result().broken_for == 8U);
  REQUIRE(h.result().examples ==
          std::vector<std::string>{"order 101", "order 102", "order 103", "order 104", "order 105"});
}
