#include "sim/kernel/chooser.hpp"

#include <array>

#include "tests/kernel/telling_machine.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// Five activities that tell their names at 10, 20 and 30, all at once.
Lines told_by(Chooser* chooser) {
  CodeBlock code;
  for (std::uint32_t n = 0; n < 5; ++n) {
    code.insert(code.end(), {{tell_operation::put, 0, 0, 3},
                             {operation::sleep, 0, 0, 10},
                             {tell_operation::tell, 0, 0, n},
                             {operation::count_down, 0, 0, n * 5 + 1},
                             {operation::end, 0, 0, 0}});
  }
  TellingMachine machine(code, {"a", "b", "c", "d", "e"});
  for (std::uint32_t n = 0; n < 5; ++n) machine.start(n * 5);
  machine.run(INT64_MAX, chooser);
  REQUIRE(machine.lines.size() == 15);
  return machine.lines;
}

}  // namespace

TEST_CASE("what one chooser said, replayed, gives the same run", "[chooser]") {
  const Lines unchosen = told_by(nullptr);
  int reordered = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomChooser random(seed);
    RecordingChooser recording(random);
    const Lines lines = told_by(&recording);
    reordered += lines != unchosen ? 1 : 0;
    REQUIRE(recording.choices().size() == 16);  // Four instants of five, asked while more than one is left.
    ReplayChooser replay(recording.choices());
    REQUIRE(told_by(&replay) == lines);
    REQUIRE(replay.followed() == 16);
    REQUIRE(replay.misfits() == 0);
  }
  REQUIRE(reordered == 20);
}

TEST_CASE("behind its end a replay takes the first alternatives", "[chooser]") {
  ReplayChooser nothing({});
  REQUIRE(told_by(&nothing) == told_by(nullptr));
  REQUIRE(nothing.followed() == 0);
  ReplayChooser replay({4});
  const Lines lines = told_by(&replay);
  REQUIRE(replay.followed() == 1);
  REQUIRE(std::vector(lines.begin(), lines.begin() + 5) == Lines{"10 e", "10 a", "10 b", "10 c", "10 d"});
}

TEST_CASE("a recorded choice that is no longer possible becomes the last one, and is counted", "[chooser]") {
  ReplayChooser replay({7, 1, 9});
  Choice choice;
  choice.alternatives = 3;
  REQUIRE(replay.choose(choice) == 2);
  REQUIRE(replay.misfits() == 1);
  REQUIRE(replay.choose(choice) == 1);
  REQUIRE(replay.misfits() == 1);
  REQUIRE(replay.choose(choice) == 2);
  REQUIRE(replay.misfits() == 2);
  REQUIRE(replay.choose(choice) == 0);
  REQUIRE(replay.followed() == 3);
}

TEST_CASE("a random chooser is keyed by the name of the choice, not by how often it was asked", "[chooser]") {
  const Choice choice{Choice::Kind::tie, 1, 2, 3, 1000};
  RandomChooser fresh(5), used(5), other(6);
  for (std::uint64_t n = 0; n < 10; ++n) used.choose({Choice::Kind::fault, n, n, n, 7});
  REQUIRE(fresh.choose(choice) == used.choose(choice));
  REQUIRE(fresh.choose(choice) != other.choose(choice));
  REQUIRE(fresh.choose({Choice::Kind::duration, 1, 2, 3, 1000}) != fresh.choose(choice));
  REQUIRE(fresh.choose({Choice::Kind::tie, 2, 2, 3, 1000}) != fresh.choose(choice));
  REQUIRE(fresh.choose({Choice::Kind::tie, 1, 1, 3, 1000}) != fresh.choose(choice));
  REQUIRE(fresh.choose({Choice::Kind::tie, 1, 2, 4, 1000}) != fresh.choose(choice));
}

TEST_CASE("a random chooser is fair", "[chooser]") {
  RandomChooser random(1);
  std::array<int, 4> counts{};
  for (std::uint64_t n = 0; n < 40'000; ++n) ++counts[random.choose({Choice::Kind::tie, 0, 0, n, 4})];
  for (const int count : counts) {
    REQUIRE(count > 10'000 - 350);  // Four standard deviations.
    REQUIRE(count < 10'000 + 350);
  }
}
