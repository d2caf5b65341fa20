// Why items are unfinished at the end: where they are, what they wait for, whether they go in circles.

#include "sim/compare/runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

/// Letters at 10:00 into `tray`, an hour's time for each.
std::string letters(const std::string& systems, const std::string& more = "", const std::string& at = R"(["10:00"])") {
  return R"("items": { "letter": { "done": "filed", "due": "1 h" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": )" +
         at + R"( } }, "systems": { "tray": { "is": "queue", "of": "letter" })" + (systems.empty() ? "" : ", ") +
         systems + " }" + (more.empty() ? "" : ", ") + more;
}

Diagnosis diagnosis_of(const std::string& body) {
  RunOptions how;
  how.story = true;
  return run_scenario(Story(body).compiled(), how).unfinished;
}

using Groups = std::vector<UnfinishedGroup>;

const std::string store = R"("store": { "is": "documents", "lifetime": "30 days", "collections": {
  "counters": { "fields": { "name": "string", "last": "int" }, "holds": [ { "name": "APP", "last": 0 } ] } } })";
const std::string count_up =
    R"({ "id": "number", "update": "store.counters", "where": "name == 'APP'", "with": { "last": "last + 1" } })";

}  // namespace

TEST_CASE("nothing moves: a queue that no consumer reads", "[unfinished]") {
  const Diagnosis found = diagnosis_of(letters("", "", R"(["10:00", "11:00"])"));
  CHECK(found.nothing_moves);
  CHECK(found.groups == Groups{{"letter", 2, 1, "queue tray", "nobody: no consumer reads it"}});
  CHECK(found.circles.empty());
}

TEST_CASE("nothing moves: a consumer that is stopped, paused, or has no workers", "[unfinished]") {
  const std::string clerk = R"("clerk": { "is": "consumer", "reads": "tray", "does": [ { "finish": "filed" } ] })";
  const auto after = [&](const std::string& step) {
    return diagnosis_of(letters(clerk, R"("timeline": [ { "id": "x", "at": "09:00", )" + step + " } ]")).groups;
  };
  CHECK(after(R"("stop": "clerk")") == Groups{{"letter", 1, 1, "queue tray", "clerk is stopped"}});
  CHECK(after(R"("pause": "clerk")") == Groups{{"letter", 1, 1, "queue tray", "clerk is paused"}});
  CHECK(after(R"("set": { "clerk.workers": 0 })") == Groups{{"letter", 1, 1, "queue tray", "clerk has no workers"}});
  CHECK(after(R"("crash": "clerk")") == Groups{{"letter", 1, 1, "queue tray", "clerk is down"}});
  CHECK(after(R"("notice": "a quiet day")").empty());
}

TEST_CASE("a plain writer waits for a transaction, and is told whose, and what that waits for", "[unfinished]") {
  const Diagnosis found =
      diagnosis_of(R"("items": { "letter": { "due": "1 h" }, "card": { "due": "1 h" } },
    "timeline": [ { "id": "x", "at": "09:00", "pause": "archive" } ],
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00"] },
                  "cards": { "item": "card", "into": "box", "at": ["11:00", "11:10"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" }, "box": { "is": "queue", "of": "card" }, )" +
                   store + R"(,
      "archive": { "is": "service", "of": "letter", "offers": { "keep": { "takes": "1 s" } } },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "transaction": "store", "does": [ )" +
                   count_up + R"(, { "id": "keep", "call": "archive.keep" } ] }, { "finish": "filed" } ] },
      "counter": { "is": "consumer", "reads": "box", "prefetch": 1, "does": [ )" +
                   count_up + R"(, { "finish": "counted" } ] } })");
  CHECK(
      found.groups ==
      Groups{{"letter", 1, 1, "clerk.does[keep]", "a reply of archive.keep: archive is paused"},
             {"card", 1, 1, "counter.does[number]",
              "the transaction in store of clerk.does[keep] with letter 1: a reply of archive.keep: archive is paused"},
             {"card", 1, 2, "queue box", "a free worker of counter"}});
}

TEST_CASE("two that wait for each other are a deadlock, which is told without end", "[unfinished]") {
  const auto counters = [](const std::string& name) {
    return "\"" + name + R"(": { "is": "documents", "lifetime": "30 days", "collections": {
      "c": { "fields": { "name": "string", "last": "int" }, "holds": [ { "name": "APP", "last": 0 } ] } } })";
  };
  const auto clerk = [](const std::string& name, const std::string& reads, const std::string& first,
                        const std::string& then) {
    const auto count = [](const std::string& id, const std::string& store_name) {
      return "{ \"id\": \"" + id + "\", \"update\": \"" + store_name +
             R"(.c", "where": "name == 'APP'", "with": { "last": "last + 1" } })";
    };
    return "\"" + name + R"(": { "is": "consumer", "reads": ")" + reads + R"(", "does": [ { "transaction": ")" + first +
           R"(", "does": [ )" + count("mine", first) + R"(, { "work": "1 s" }, )" + count("theirs", then) +
           R"( ] }, { "finish": "filed" } ] })";
  };
  const Diagnosis found =
      diagnosis_of(R"("items": { "letter": { "due": "1 h" }, "card": { "due": "1 h" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00"] },
                  "cards": { "item": "card", "into": "box", "at": ["10:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" }, "box": { "is": "queue", "of": "card" }, )" +
                   counters("left") + ", " + counters("right") + ", " + clerk("ann", "tray", "left", "right") + ", " +
                   clerk("bob", "box", "right", "left") + " }");
  REQUIRE(found.groups.size() == 2);
  CHECK(found.groups[0].where == "ann.does[theirs]");
  CHECK(found.groups[0].waits ==
        "the transaction in right of bob.does[theirs] with card 1: the transaction in left of ann.does[theirs] with "
        "letter 1: a deadlock: ann.does[theirs] with letter 1 is waited for");
}

TEST_CASE("parked, and left in a dead-letter queue", "[unfinished]") {
  const std::string clerk = R"("clerk": { "is": "consumer", "reads": "tray", "does": [ { "raise": "Torn" } ],
    "on": { "Torn": { "then": "park" } } })";
  CHECK(diagnosis_of(letters(clerk)).groups == Groups{{"letter", 1, 1, "parked", "a person"}});
}

TEST_CASE("an immediate requeue that takes time goes round in a circle, which is told once", "[unfinished]") {
  const Diagnosis found = diagnosis_of(letters(
      R"("clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "1 min" }, { "raise": "Torn" } ] })"));
  CHECK_FALSE(found.nothing_moves);
  REQUIRE(found.circles.size() == 1);
  CHECK(found.circles[0].item == "letter 1");
  CHECK(found.circles[0].lasts == 60'000'000'000);
  std::vector<RecordKind> kinds;
  for (const ToldRecord& told : found.circles[0].turn) kinds.push_back(told.kind);
  CHECK(kinds ==
        std::vector<RecordKind>{RecordKind::delivered, RecordKind::failed, RecordKind::given_up, RecordKind::requeued});
}

TEST_CASE("while all that is unfinished is on its way, nothing is diagnosed", "[unfinished]") {
  const Diagnosis found = diagnosis_of(
      letters(R"("clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "1 h" }, { "finish": "filed" } ] })",
              "", R"(["23:30"])"));
  CHECK(found == Diagnosis{});
}
