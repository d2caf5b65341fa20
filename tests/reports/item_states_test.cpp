// The threads of a story page: in which state each item is, and when that changes.

#include "reports/query/item_states.hpp"

#include "sim/scenario/history_names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::testing;
using Lines = std::vector<std::string>;

namespace {

/// "letter 0 at 00:01:00: overdue"
Lines changes_of(const Story& story) {
  Judge judge(*story.compiled().judge);
  for (const Record& record : story.records) judge.observe(record);
  judge.conclude();
  const HistoryNames names = history_names(story.compiled());
  const StateTable table = item_state_changes(names, story.records, judge.items());
  Lines lines;
  std::int64_t at = 0;
  for (std::size_t n = 0; n < table.at.size(); ++n) {
    at += table.at[n];
    lines.push_back(std::to_string(table.item[n]) + " after " + std::to_string((at - names.begins / 1000) / 1'000'000) +
                    " s: " + item_states()[static_cast<std::size_t>(table.state[n])]);
  }
  return lines;
}

}  // namespace

TEST_CASE("states: in time, late, and never finished", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed", "due": "60 s" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:00", "00:00:10", "00:00:20"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "50 s" }, { "finish": "filed" } ] } },
    "timeline": [ { "id": "home", "at": "00:01:30", "stop": "clerk" } ])x");
  CHECK(changes_of(story) == Lines{"0 after 50 s: finished", "1 after 70 s: overdue", "2 after 80 s: overdue",
                                   "1 after 100 s: finished late"});
}

TEST_CASE("states: what finishes at the very instant at which it is due is in time", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed", "due": "50 s" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "50 s" }, { "finish": "filed" } ] } })x");
  CHECK(changes_of(story) == Lines{"0 after 50 s: finished"});
}

TEST_CASE("states: held by nobody, and overdue on top of it", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed", "due": "1 min" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "5 s" }, { "raise": "Torn" } ],
                 "on": { "any": { "then": "discard" } } } })x");
  CHECK(changes_of(story) == Lines{"0 after 5 s: held by nobody", "0 after 60 s: overdue and held by nobody"});
}

TEST_CASE("states: dead letters, and finished with another outcome than the right one", "[story]") {
  const Story parked(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "5 s" }, { "raise": "Torn" } ],
                 "on": { "any": { "then": "park" } } } })x");
  CHECK(changes_of(parked) == Lines{"0 after 5 s: dead-lettered"});
  const Story wrong(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "5 s" }, { "finish": "burnt" } ] } })x");
  CHECK(changes_of(wrong) == Lines{"0 after 5 s: finished wrongly"});
}

TEST_CASE("states: finished twice is wrong from the second time on", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray",
                 "does": [ { "finish": "filed" }, { "work": "5 s" }, { "finish": "filed" } ] } })x");
  CHECK(changes_of(story) == Lines{"0 after 0 s: finished", "0 after 5 s: finished wrongly"});
}
