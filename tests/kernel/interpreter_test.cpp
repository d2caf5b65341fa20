// Activities on the kernel's own operations: sleeping, waking, time-outs, cancellation, children.

#include "tests/kernel/telling_machine.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
namespace op = operation;
namespace test_op = tell_operation;

TEST_CASE("an activity sleeps, tells, and gives its frame back at its end", "[interpreter]") {
  TellingMachine machine({{test_op::tell, 0, 0, 0}, {op::sleep, 0, 0, 7}, {test_op::tell, 0, 0, 1}, {op::end, 0, 0, 0}},
                         {"begins", "ends"});
  machine.start(0);
  REQUIRE(machine.run() == 2);
  REQUIRE(machine.lines == Lines{"0 begins", "7 ends"});
  REQUIRE(machine.state.activities.count() == 0);
  REQUIRE(machine.state.events_done == 2);
  REQUIRE(machine.state.events.empty());
}

TEST_CASE("nothing at or after `until` happens, and the clock stays at the last event", "[interpreter]") {
  TellingMachine machine({{op::sleep, 0, 0, 10}, {test_op::tell, 0, 0, 0}, {op::jump, 0, 0, 0}}, {"tick"});
  machine.start(0);
  machine.run(30);
  REQUIRE(machine.lines == Lines{"10 tick", "20 tick"});
  REQUIRE(machine.state.events.now() == 20);
  machine.run(31);
  REQUIRE(machine.lines == Lines{"10 tick", "20 tick", "30 tick"});
}

TEST_CASE("a sleep of zero takes no event; a yield lets the others of the instant go first", "[interpreter]") {
  TellingMachine machine({{op::sleep, 0, 0, 0},
                          {test_op::tell, 0, 0, 0},
                          {op::yield, 0, 0, 0},
                          {test_op::tell, 0, 0, 1},
                          {op::end, 0, 0, 0},
                          {test_op::tell, 0, 0, 2},
                          {op::end, 0, 0, 0}},
                         {"a", "a again", "b"});
  machine.start(0);
  machine.start(5);
  REQUIRE(machine.run() == 3);
  REQUIRE(machine.lines == Lines{"0 a", "0 b", "0 a again"});
}

TEST_CASE("a loop counts down", "[interpreter]") {
  TellingMachine machine(
      {{test_op::put, 1, 0, 3}, {test_op::tell_local, 1, 0, 0}, {op::count_down, 1, 0, 1}, {op::end, 0, 0, 0}}, {});
  machine.start(0);
  machine.run();
  REQUIRE(machine.lines == Lines{"0 3", "0 2", "0 1"});
}

TEST_CASE("a waiting activity goes on by signal before its time-out, and the time-out never comes", "[interpreter]") {
  TellingMachine machine({{test_op::wait_at_most, 0, 0, 100},
                          {test_op::tell_why, 0, 0, 0},
                          {op::sleep, 0, 0, 500},
                          {test_op::tell_why, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 30},
                          {test_op::signal, 0, 0, 0},
                          {op::end, 0, 0, 0}},
                         {});
  REQUIRE(machine.start(0) == 0);
  machine.start(5);
  machine.run();
  REQUIRE(machine.lines == Lines{"30 signal", "530 time"});
  REQUIRE(machine.state.events.empty());
}

TEST_CASE("a waiting activity that nobody signals goes on by its time-out", "[interpreter]") {
  TellingMachine machine({{test_op::wait_at_most, 0, 0, 100}, {test_op::tell_why, 0, 0, 0}, {op::end, 0, 0, 0}}, {});
  machine.start(0);
  machine.run();
  REQUIRE(machine.lines == Lines{"100 time"});
}

TEST_CASE("signalled twice at one instant, an activity goes on once", "[interpreter]") {
  TellingMachine machine({{test_op::wait, 0, 0, 0},
                          {test_op::tell_why, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 5},
                          {test_op::signal, 0, 0, 0},
                          {test_op::signal, 0, 0, 0},
                          {op::end, 0, 0, 0}},
                         {});
  machine.start(0);
  machine.start(3);
  REQUIRE(machine.run() == 4);  // Two begin, one signals, one goes on.
  REQUIRE(machine.lines == Lines{"5 signal"});
}

TEST_CASE("a cancelled sleeper never wakes, does not hold the clock, and its frame is used again", "[interpreter]") {
  TellingMachine machine({{op::sleep, 0, 0, 100},
                          {test_op::tell, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 40},
                          {test_op::cancel, 0, 0, 0},
                          {op::spawn, 0, 0, 7},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 10},
                          {test_op::tell, 0, 0, 1},
                          {op::end, 0, 0, 0}},
                         {"the cancelled one", "its successor"});
  REQUIRE(machine.start(0) == 0);
  machine.start(3);
  machine.run();
  REQUIRE(machine.lines == Lines{"50 its successor"});
  REQUIRE(machine.state.events.now() == 50);  // Not 100: what is dead moves no clock.
  REQUIRE(machine.state.activities.capacity() == 2);
}

TEST_CASE("children run side by side, and a join waits for the slowest", "[interpreter]") {
  TellingMachine machine({{op::spawn, 0, 0, 5},
                          {op::spawn, 0, 0, 8},
                          {op::join, 0, 0, 0},
                          {test_op::tell, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 30},
                          {test_op::tell, 0, 0, 1},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 20},
                          {test_op::tell, 0, 0, 2},
                          {op::end, 0, 0, 0}},
                         {"joined", "slow", "fast"});
  const ActivityId parent = machine.start(0);
  machine.state.activities[parent].luck = 77;
  machine.state.activities[parent].component = 3;
  machine.state.activities[parent].cause = 12;
  machine.run(1);
  for (const ActivityId child : {1U, 2U}) {  // What a child owes its parent.
    REQUIRE(machine.state.activities[child].parent == parent);
    REQUIRE(machine.state.activities[child].luck == 77);
    REQUIRE(machine.state.activities[child].component == 3);
    REQUIRE(machine.state.activities[child].cause == 12);
  }
  REQUIRE(machine.state.activities[parent].children == 2);
  machine.run();
  REQUIRE(machine.lines == Lines{"20 fast", "30 slow", "30 joined"});
}

TEST_CASE("a join without children, or after they have ended, does not wait", "[interpreter]") {
  TellingMachine machine({{op::join, 0, 0, 0},
                          {test_op::tell, 0, 0, 0},
                          {op::spawn, 0, 0, 7},
                          {op::sleep, 0, 0, 5},
                          {op::join, 0, 0, 0},
                          {test_op::tell, 0, 0, 1},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 2},
                          {op::end, 0, 0, 0}},
                         {"none", "over"});
  machine.start(0);
  machine.run();
  REQUIRE(machine.lines == Lines{"0 none", "5 over"});
}

TEST_CASE("a parent that ends first leaves its children alone: who gets its frame does not inherit them",
          "[interpreter]") {
  // 0 spawns 1 and ends; 2 becomes the new 0, has a child of its own, and joins: 1 ends first and must not count.
  TellingMachine machine({{op::spawn, 0, 0, 2},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 10},
                          {test_op::tell, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::spawn, 0, 0, 9},
                          {op::join, 0, 0, 0},
                          {test_op::tell, 0, 0, 2},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 20},
                          {test_op::tell, 0, 0, 1},
                          {op::end, 0, 0, 0}},
                         {"an orphan ends", "the child ends", "joined"});
  REQUIRE(machine.start(0) == 0);
  machine.run(1);
  REQUIRE(machine.start(5) == 0);
  machine.run();
  REQUIRE(machine.lines == Lines{"10 an orphan ends", "20 the child ends", "20 joined"});
}

TEST_CASE("a cancelled child counts as ended: its parent goes on", "[interpreter]") {
  TellingMachine machine({{op::spawn, 0, 0, 4},
                          {op::join, 0, 0, 0},
                          {test_op::tell, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 1000},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 9},
                          {test_op::cancel, 0, 0, 2},
                          {op::end, 0, 0, 0}},
                         {"joined"});
  machine.start(0);
  machine.start(6);
  machine.run();
  REQUIRE(machine.lines == Lines{"9 joined"});
}

TEST_CASE("spawning a thousand children at once moves every frame, and nobody notices", "[interpreter]") {
  TellingMachine machine({{test_op::put, 0, 0, 1000},
                          {test_op::put, 1, 0, 41},
                          {op::spawn, 0, 0, 7},
                          {op::count_down, 0, 0, 2},
                          {op::join, 0, 0, 0},
                          {test_op::tell_local, 1, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 5},
                          {op::end, 0, 0, 0}},
                         {});
  machine.start(0);
  REQUIRE(machine.run() == 1 + 2 * 1000 + 1);
  REQUIRE(machine.lines == Lines{"5 41"});
}

TEST_CASE("a copy in the middle goes on as the original does, and the two do not touch", "[interpreter]") {
  TellingMachine machine({{op::spawn, 0, 0, 4},
                          {op::join, 0, 0, 0},
                          {test_op::tell, 0, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 30},
                          {op::end, 0, 0, 0}},
                         {"joined"});
  machine.start(0);
  machine.run(10);
  TellingMachine copy = machine;
  machine.run();
  REQUIRE(copy.state.events.now() == 0);
  copy.run();
  REQUIRE(machine.lines == Lines{"30 joined"});
  REQUIRE(copy.lines == machine.lines);
}
