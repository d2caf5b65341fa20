// Where a step of the timeline comes from: a source, the model, or an assumption.

#include "sim/scenario/history_names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::testing;
using Lines = std::vector<std::string>;

namespace {

Lines origins(const Variant& variant) {
  const Story story(R"x("source": { "N1": "minutes of Monday", "N2": "the log" },
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "workers": 1, "does": [ { "finish": "filed" } ] } },
    "timeline": [
      { "id": "lunch", "at": "12:00", "pause": "clerk", "source": "N1, N2", "believing": "all is done" },
      { "id": "back", "at": "13:00", "resume": "clerk" },
      { "id": "home", "at": "17:00", "stop": "clerk" },
      { "id": "bell", "at": "17:05", "notice": "it rings" } ],
    "strategies": { "late-lunch": { "change": { "timeline[lunch].at": "12:30" },
                                    "add": { "timeline[tea]": { "at": "2021-01-04 15:00", "pause": "clerk" } } } },
    "assumed": { "timeline[home].at": { "why": "nobody looked at the clock", "or": ["17:30"] } })x",
                    1, variant);
  Lines lines;
  for (const HistoryNames::Origin& one : history_names(story.compiled()).step_origins)
    lines.push_back(one.provenance + (one.by_person ? ", by a person" : "") + ": " + one.source +
                    (one.believing.empty() ? "" : " (believing " + one.believing + ")"));
  return lines;
}

}  // namespace

TEST_CASE("provenance: cited, modelled, doubted; a notice is nobody's doing", "[story]") {
  CHECK(origins({}) == Lines{"from source, by a person: N1: minutes of Monday; N2: the log (believing all is done)",
                             "modelled, by a person: ",
                             "assumed, by a person: timeline[home].at: nobody looked at the clock", "modelled: "});
}

TEST_CASE("provenance: what a strategy changes or brings is assumed, whatever the file cites", "[story]") {
  Variant variant;
  variant.strategy = "late-lunch";
  const Lines lines = origins(variant);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "assumed, by a person: changed by strategy late-lunch (believing all is done)");
  CHECK(lines[1] == "modelled, by a person: ");
  CHECK(lines[4] == "assumed, by a person: brought by strategy late-lunch");
}
