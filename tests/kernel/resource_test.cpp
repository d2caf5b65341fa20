// Resources and mailboxes, and the queues before them.

#include "sim/kernel/resource.hpp"

#include "tests/kernel/telling_machine.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
namespace op = operation;
namespace test_op = tell_operation;

namespace {

/// Customers that come at once, are served for 10 ns each, and tell when they are done.
TellingMachine customers(std::uint32_t servers, std::uint32_t number) {
  CodeBlock code;
  std::vector<std::string> names;
  for (std::uint32_t n = 0; n < number; ++n) {
    code.insert(code.end(), {{op::acquire, 0, 0, 0},
                             {op::sleep, 0, 0, 10},
                             {test_op::tell, 0, 0, n},
                             {op::release, 0, 0, 0},
                             {op::end, 0, 0, 0}});
    names.push_back(std::string(1, static_cast<char>('a' + n)));
  }
  TellingMachine machine(code, names);
  machine.state.resources.push_back({servers, servers, {}});
  for (std::uint32_t n = 0; n < number; ++n) machine.start(n * 5);
  return machine;
}

}  // namespace

TEST_CASE("one server serves in order of arrival, two serve two at a time", "[resource]") {
  TellingMachine one = customers(1, 3);
  one.run();
  REQUIRE(one.lines == Lines{"10 a", "20 b", "30 c"});
  REQUIRE(one.state.resources[0].free == 1);
  TellingMachine two = customers(2, 5);
  two.run();
  REQUIRE(two.lines == Lines{"10 a", "10 b", "20 c", "20 d", "30 e"});
  REQUIRE(two.state.resources[0].free == 2);
}

TEST_CASE("a unit goes to the longest waiting at once: who asks at that instant does not overtake", "[resource]") {
  // a has the unit until 10; b waits for it since 0; c asks at 10, before b has gone on.
  TellingMachine machine({{op::acquire, 0, 0, 0},
                          {op::sleep, 0, 0, 10},
                          {op::release, 0, 0, 0},
                          {op::acquire, 0, 0, 0},
                          {test_op::tell, 0, 0, 2},
                          {op::end, 0, 0, 0},
                          {op::acquire, 0, 0, 0},
                          {test_op::tell, 0, 0, 1},
                          {op::sleep, 0, 0, 5},
                          {op::release, 0, 0, 0},
                          {op::end, 0, 0, 0}},
                         {"", "b", "a again"});
  machine.state.resources.push_back({1, 1, {}});
  machine.start(0);
  machine.start(6);
  machine.run();
  REQUIRE(machine.lines == Lines{"10 b", "15 a again"});
}

TEST_CASE("an activity that leaves the line is not served", "[resource]") {
  TellingMachine machine = customers(1, 3);
  machine.run(5);
  REQUIRE(machine.state.activities[1].waiting == Waiting::resource);
  REQUIRE(machine.state.resources[0].waiting.remove(machine.state.activities, 1));
  end_activity(machine, 1);
  machine.run();
  REQUIRE(machine.lines == Lines{"10 a", "20 c"});
}

TEST_CASE("letters wait in a mailbox, first in, first out", "[mailbox]") {
  Mailboxes boxes(2);
  REQUIRE(boxes.empty(0));
  boxes.put(0, 10);
  boxes.put(1, 20);
  boxes.put(0, 11);
  REQUIRE(boxes.take(0) == 10);
  boxes.put(0, 12);  // In the place of the first.
  REQUIRE(boxes.take(0) == 11);
  REQUIRE(boxes.take(0) == 12);
  REQUIRE(boxes.empty(0));
  REQUIRE(boxes.take(1) == 20);
  boxes.put(1, 21);
  REQUIRE(boxes.take(1) == 21);
  REQUIRE(boxes.empty(1));
}

TEST_CASE("receivers wait for letters in order of asking; a sender never waits", "[mailbox]") {
  TellingMachine machine({{op::receive, 2, 0, 0},
                          {test_op::tell_local, 2, 0, 0},
                          {op::end, 0, 0, 0},
                          {op::sleep, 0, 0, 10},
                          {op::receive, 1, 0, 0},
                          {test_op::tell, 0, 0, 0},
                          {test_op::tell_local, 1, 0, 0},
                          {op::end, 0, 0, 0},
                          {test_op::put, 0, 0, 41},
                          {op::sleep, 0, 0, 20},
                          {op::send, 0, 0, 0},
                          {test_op::put, 0, 0, 42},
                          {op::send, 0, 0, 0},
                          {test_op::put, 0, 0, 43},
                          {op::send, 0, 0, 0},
                          {op::end, 0, 0, 0}},
                         {"the second"});
  machine.state.mailboxes = Mailboxes(1);
  machine.start(3);
  machine.start(0);
  machine.start(8);
  machine.run();
  REQUIRE(machine.lines == Lines{"20 41", "20 the second", "20 42"});
  REQUIRE(machine.state.mailboxes.take(0) == 43);
  REQUIRE(machine.state.mailboxes.empty(0));
}

TEST_CASE("a letter that is there already is taken without waiting", "[mailbox]") {
  TellingMachine machine({{test_op::put, 0, 0, 7},
                          {op::send, 0, 0, 0},
                          {op::receive, 1, 0, 0},
                          {test_op::tell_local, 1, 0, 0},
                          {op::end, 0, 0, 0}},
                         {});
  machine.state.mailboxes = Mailboxes(1);
  machine.start(0);
  REQUIRE(machine.run() == 1);
  REQUIRE(machine.lines == Lines{"0 7"});
}
