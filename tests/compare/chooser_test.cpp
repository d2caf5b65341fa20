// Everything that could have gone otherwise passes through the chooser, and what it said can be said again.

#include <set>

#include "sim/compare/runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

/// Three things at one instant, a worker whose pace is a range, a person who acts within a range, and a fault that
/// strikes half of the time.
const Story& four_kinds_of_choice() {
  static const Story story(R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:00", "01:00", "01:00"] } },
    "timeline": [ { "id": "losses", "at": "00:30", "lose": "box.publish", "share": "50 %" },
                  { "id": "look", "at": "02:00 .. 03:00", "notice": "something is missing" } ],
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "workers": 2,
                            "does": [ { "id": "file", "work": "1 s .. 9 s" }, { "finish": "ok" } ] } })");
  return story;
}

class SameForAll final : public Chooser {
 public:
  explicit SameForAll(bool last) : last_(last) {}
  std::uint64_t choose(const Choice& choice) override {
    asked.insert(choice.kind);
    return last_ ? choice.alternatives - 1 : 0;
  }
  std::set<Choice::Kind> asked;

 private:
  bool last_;
};

std::uint64_t lost(Chooser& chooser) {
  RunOptions options;
  options.chooser = &chooser;
  return run_scenario(four_kinds_of_choice().compiled(), options).fates[0].of[static_cast<std::size_t>(Fate::lost)];
}

}  // namespace

TEST_CASE("ties, durations, faults and people's delays are chosen", "[chooser]") {
  SameForAll first(false), last(true);
  REQUIRE(lost(first) == 0);
  REQUIRE(lost(last) == 3);
  first.asked.merge(last.asked);
  REQUIRE(first.asked == std::set<Choice::Kind>{Choice::Kind::tie, Choice::Kind::duration, Choice::Kind::fault,
                                                Choice::Kind::operator_delay});
}

TEST_CASE("a run whose choices are said again has the same digest", "[chooser]") {
  RandomChooser random(7);
  RecordingChooser recording(random);
  RunOptions options;
  options.chooser = &recording;
  const std::string digest = run_scenario(four_kinds_of_choice().compiled(), options).digest;
  ReplayChooser replay(recording.choices());
  options.chooser = &replay;
  REQUIRE(run_scenario(four_kinds_of_choice().compiled(), options).digest == digest);
  REQUIRE(replay.followed() == recording.choices().size());
  REQUIRE(replay.misfits() == 0);
  FirstChooser other;
  options.chooser = &other;
  REQUIRE(run_scenario(four_kinds_of_choice().compiled(), options).digest != digest);
}
