// Checks as a scenario writes them, from the text to the verdict; and what is said of those that make no sense.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;

namespace {

/// Ten orders, one a minute from 10:00 on. Each takes `takes`; the third is done again by a second clerk.
std::string shop(const std::string& takes, const std::string& checks, const std::string& timeline = "") {
  return R"(
    "items": { "order": { "fields": { "shop": "string", "weight": "int" }, "done": "shipped", "due": "10 min" },
               "bill": {} },
    "timeline": [ { "id": "orders", "at": "10:00", "each": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "gap": "1 min",
                    "send": "order", "to": "orders", "with": { "shop": "it % 2 == 0 ? 'north' : 'south'", "weight": "10 - it" } })" +
         timeline + R"( ],
    "systems": {
      "orders": { "is": "queue", "of": "order" },
      "again": { "is": "queue", "of": "order" },
      "clerk": { "is": "consumer", "reads": "orders", "does": [ { "id": "pack", "work": ")" +
         takes + R"(" }, { "finish": "shipped" },
         { "only-if": "it.id == 3", "publish": "again" } ] },
      "second": { "is": "consumer", "reads": "again", "does": [ { "work": "5 min" }, { "finish": "shipped" } ] } },
    "checks": { )" +
         checks + " }";
}

CheckResult check(const std::string& text, const std::string& takes = "20 s", const std::string& timeline = "") {
  return Story(shop(takes, R"("it": )" + text, timeline)).check("it");
}

const std::string crash = R"(, { "id": "stop", "at": "10:07:30", "crash": "clerk" })";

void require_broken_for(const CheckResult& result, std::uint64_t count) {
  CHECK(result.verdict == CheckVerdict::broken);
  CHECK(result.broken_for == count);
}

/// What is said of a check.
std::string said_of(const std::string& text) { return diagnostics_of(shop("20 s", R"("it": )" + text)); }
void require_said(const std::string& text, const std::string& advice) {
  const std::string said = said_of(text);
  INFO(said);
  CHECK(said.find(advice) != std::string::npos);
}

}  // namespace

TEST_CASE("every and no ends", "[checks][story]") {
  require_broken_for(check(R"({ "every": "order", "ends": ["done"] })"), 1);
  require_broken_for(check(R"({ "no": "order", "ends": ["duplicated"] })"), 1);
  CHECK(check(R"({ "no": "order", "where": "shop == 'north'", "ends": "duplicated" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "no": "order", "where": "shop == 'east'", "ends": "duplicated" })").verdict ==
        CheckVerdict::not_exercised);
  CHECK(check(R"({ "every": "bill", "ends": ["done"] })").verdict == CheckVerdict::not_exercised);
}

TEST_CASE("finishes-within: a duration, or due", "[checks][story]") {
  CHECK(check(R"({ "every": "order", "finishes-within": "20 s" })").verdict == CheckVerdict::holds);
  require_broken_for(check(R"({ "every": "order", "finishes-within": "19 s" })"), 10);
  // One clerk, 2 min each, one order a minute: order n waits n - 1 minutes and is done n + 1 minutes after its arrival.
  require_broken_for(check(R"({ "every": "order", "finishes-within": "due" })", "2 min"), 1);
}

TEST_CASE("finishes-at-most and finishes-exactly, with and without a time", "[checks][story]") {
  require_broken_for(check(R"({ "every": "order", "finishes-at-most": 1 })"), 1);
  CHECK(check(R"({ "every": "order", "finishes-at-most": 2 })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "every": "order", "finishes-at-most": 1, "within": "5 min" })").verdict == CheckVerdict::holds);
  require_broken_for(check(R"({ "every": "order", "finishes-exactly": 1, "within": "due" })"), 1);
  // The third is done twice, the second time after five minutes; the last two lie in the queue past their due.
  require_broken_for(check(R"({ "every": "order", "finishes-exactly": 1 })", "20 s", crash), 3);
  require_broken_for(check(R"({ "every": "order", "finishes-exactly": 1, "within": "1 min" })", "20 s", crash), 2);
}

TEST_CASE("in-order by arrival, by a field, per field", "[checks][story]") {
  CHECK(check(R"({ "in-order": "order" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "in-order": "order", "by": "id", "per": "shop" })").verdict == CheckVerdict::holds);
  require_broken_for(check(R"({ "in-order": "order", "by": "weight" })"), 9);
  require_broken_for(check(R"({ "in-order": "order", "by": "weight", "per": "shop" })"), 8);
}

TEST_CASE("measures: counts, shares, rates, percentiles, of some items only", "[checks][story]") {
  CHECK(check(R"({ "measure": "order.duplicated", "exactly": 1 })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "measure": "order.done", "at-least": "90 %" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "measure": "order.done", "above": "90 %" })").verdict == CheckVerdict::broken);
  CHECK(check(R"({ "measure": "order.done", "where": "shop == 'north'", "at-least": "100 %" })").verdict ==
        CheckVerdict::holds);
  CHECK(check(R"({ "measure": "order.arrived", "at-least": "10/day", "at-most": 10 })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "measure": "order.arrived", "at-least": "11/day" })").verdict == CheckVerdict::broken);
  CHECK(check(R"({ "measure": "order.time-to-done.p95", "below": "21 s" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "measure": "order.time-to-done.p50", "at-most": "6 min" })", "2 min").verdict ==
        CheckVerdict::holds);
  CHECK(check(R"({ "measure": "order.time-to-done.p50", "at-most": "359 s" })", "2 min").verdict ==
        CheckVerdict::broken);
  CHECK(check(R"({ "measure": "bill.lost", "below": 5 })").verdict == CheckVerdict::not_exercised);
}

TEST_CASE("conditions: always, at an instant, eventually, sometimes", "[checks][story]") {
  CHECK(check(R"({ "always": "orders.ready < 2" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "always": "count(order) < 10" })").first_at.has_value());
  CHECK(check(R"({ "at": "10:04:30", "that": "count(order, finished) == 5" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "at": "10:04:19", "that": "count(order, finished) == 5" })").verdict == CheckVerdict::broken);
  CHECK(check(R"({ "eventually": "count(order, finished) == 10", "by": "10:09:20" })").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "eventually": "count(order, finished) == 10", "by": "10:09:19" })").verdict == CheckVerdict::broken);
  CHECK(check(R"({ "sometimes": "orders.unacked > 3" })", "2 min").verdict == CheckVerdict::holds);
  CHECK(check(R"({ "sometimes": "orders.unacked > 3" })").verdict == CheckVerdict::not_exercised);
}

TEST_CASE("always of items: the age of an item that lies in a queue breaks it without any event", "[checks][story]") {
  const std::string young = R"x({ "every": "order", "where": "id != 3", "always": "age < duration('3 min')" })x";
  // The n-th is done n + 1 minutes after it arrived: all but the first are three minutes old by then, or older.
  require_broken_for(check(young, "2 min"), 8);
  require_broken_for(check(young, "20 s", crash), 2);  // Nobody ever comes for the last two.
}

TEST_CASE("a condition on systems is looked at after every event, not only when an item changes hands",
          "[checks][story]") {
  // The clerk is busy while an item goes from the queue into its hands: nobody loses or gains that item.
  CHECK(check(R"({ "sometimes": "clerk.busy == 1 && orders.ready == 0 && orders.unacked == 1" })").verdict ==
        CheckVerdict::holds);
}

TEST_CASE("a condition on documents sees what comes and goes between two items", "[checks][story]") {
  const Story story(R"(
    "items": { "thing": {} },
    "systems": {
      "db": { "is": "documents", "collections": { "docs": { "fields": { "n": "int" }, "holds": [ { "n": 0 } ] } } },
      "job": { "is": "job", "cron": "0 1 * * *", "does": [
        { "update": "db.docs", "with": { "n": "7" } }, { "work": "1 s" }, { "update": "db.docs", "with": { "n": "0" } } ] } },
    "checks": { "never-seven": { "always": "count(db.docs, n == 7) == 0" },
                "once-seven": { "sometimes": "count(db.docs, n == 7) == 1" } })");
  CHECK(story.check("never-seven").verdict == CheckVerdict::broken);
  CHECK(story.check("once-seven").verdict == CheckVerdict::holds);
}

TEST_CASE("PROP-021: states of documents, as they are committed", "[checks][story]") {
  const auto changes = [](const std::string& only) {
    const Story story(R"(
      "items": { "thing": {} },
      "systems": {
        "db": { "is": "documents", "collections": { "docs": { "fields": { "state": "string" }, "holds": [ { "state": "NEW" } ] } } },
        "job": { "is": "job", "cron": "0 1 * * *", "does": [
          { "transaction": "db", "does": [ { "update": "db.docs", "with": { "state": "'SENT'" } } ] },
          { "transaction": "db", "does": [ { "update": "db.docs", "with": { "state": "'LOST'" } }, { "raise": "Regret" } ],
            "on": { "Regret": { "then": "ignore" } } },
          { "update": "db.docs", "with": { "state": "'DONE'" } } ] } },
      "checks": { "it": { "states": "db.docs.state", "only": [)" +
                      only + "] } }");
    return story.check("it");
  };
  CHECK(changes(R"("NEW -> SENT", "SENT -> DONE")").verdict == CheckVerdict::holds);
  require_broken_for(changes(R"("NEW -> DONE", "SENT -> DONE")"), 1);
}

TEST_CASE("checks that make no sense are said so, with what to write instead", "[checks][mistakes]") {
  require_said(R"({ "every": "order" })", "write \"ends\", \"finishes-within\", \"finishes-exactly\" or \"always\"");
  require_said(R"({ "every": "order", "ends": ["done"], "finishes-exactly": 1 })", "demands two things at once");
  require_said(R"({ "every": "order", "ends": ["done"], "within": "1 h" })", "write \"finishes-within\"");
  require_said(R"({ "every": "bill", "finishes-exactly": 1, "within": "due" })", "\"bill\" has no due");
  require_said(R"({ "every": "order", "finishes-exactly": 1, "within": "soon" })", "\"soon\" is no duration");
  require_said(R"({ "in-order": "order", "by": "shop" })", "there is no order by \"shop\"");
  require_said(R"({ "measure": "order.lots", "below": 1 })", "did you mean \"order.lost\"?");
  require_said(R"({ "measure": "order.lost", "below": "1 h" })", "\"1 h\" is no bound of order.lost; write a count");
  require_said(R"({ "measure": "order.time-to-done.p99", "below": 5 })", "write a duration, \"1 h\"");
  require_said(R"({ "measure": "operator-steps", "below": "5 %" })", "write a count");
  require_said(R"({ "measure": "order.lost" })", "a measure wants one bound, or two");
  require_said(R"({ "measure": "detection", "where": "shop == 'north'", "below": "1 h" })", "not about items");
}
