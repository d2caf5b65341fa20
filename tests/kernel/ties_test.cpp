// What is due at one instant: in order of scheduling, or in any order that a chooser wants.

#include <set>

#include "tests/kernel/telling_machine.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// Follows a script; behind its end takes the first. Remembers how many alternatives there were each time.
class ScriptedChooser final : public Chooser {
 public:
  explicit ScriptedChooser(std::vector<std::uint64_t> script) : script_(std::move(script)) {}
  std::uint64_t choose(const Choice& choice) override {
    REQUIRE(choice.kind == Choice::Kind::tie);
    alternatives.push_back(choice.alternatives);
    chosen.push_back(chosen.size() < script_.size() ? script_[chosen.size()] : 0);
    return chosen.back();
  }
  std::vector<std::uint64_t> alternatives, chosen;

 private:
  std::vector<std::uint64_t> script_;
};

/// Four activities that each sleep 10 ns and tell their name; how they are begun is no tie worth exploring, so they are
/// set down in their sleep.
TellingMachine four_sleepers() {
  CodeBlock code;
  for (std::uint32_t n = 0; n < 4; ++n) {
    code.push_back({tell_operation::tell, 0, 0, n});
    code.push_back({operation::end, 0, 0, 0});
  }
  TellingMachine machine(code, {"a", "b", "c", "d"});
  for (std::uint32_t n = 0; n < 4; ++n) machine.state.wake_at(machine.state.activities.create(n * 2), 10);
  return machine;
}

/// Every order that some chooser can bring about, by depth-first search over its answers.
std::set<Lines> reachable(const TellingMachine& begin) {
  std::set<Lines> orders;
  std::vector<std::uint64_t> script;
  for (;;) {
    TellingMachine machine = begin;
    ScriptedChooser chooser(script);
    machine.run(INT64_MAX, &chooser);
    orders.insert(machine.lines);
    script = chooser.chosen;
    while (!script.empty() && script.back() + 1 == chooser.alternatives[script.size() - 1]) script.pop_back();
    if (script.empty()) return orders;
    ++script.back();
  }
}

}  // namespace

TEST_CASE("what is due at one instant goes in order of scheduling, with a chooser that takes the first too", "[ties]") {
  TellingMachine machine = four_sleepers();
  REQUIRE(machine.run() == 4);
  REQUIRE(machine.lines == Lines{"10 a", "10 b", "10 c", "10 d"});
  TellingMachine chosen = four_sleepers();
  FirstChooser first;
  chosen.run(INT64_MAX, &first);
  REQUIRE(chosen.lines == machine.lines);
  REQUIRE(chosen.state.digest == machine.state.digest);
}

TEST_CASE("with a chooser every one of the 24 orders of four ties is reachable, and no other", "[ties]") {
  REQUIRE(reachable(four_sleepers()).size() == 24);
}

TEST_CASE("a choice is asked for only where there is one, and counts down as the tied go", "[ties]") {
  TellingMachine machine = four_sleepers();
  ScriptedChooser chooser({3, 1});
  machine.run(INT64_MAX, &chooser);
  REQUIRE(machine.lines == Lines{"10 d", "10 b", "10 a", "10 c"});
  REQUIRE(chooser.alternatives == std::vector<std::uint64_t>{4, 3, 2});  // The last one is alone: not asked.
}

TEST_CASE("the dead are not offered: of four with one cancelled there are six orders", "[ties]") {
  TellingMachine machine = four_sleepers();
  end_activity(machine, 1);
  ScriptedChooser chooser({});
  TellingMachine copy = machine;
  copy.run(INT64_MAX, &chooser);
  REQUIRE(chooser.alternatives == std::vector<std::uint64_t>{3, 2});
  const std::set<Lines> orders = reachable(machine);
  REQUIRE(orders.size() == 6);
  for (const Lines& order : orders) {
    for (const std::string& line : order) REQUIRE(line != "10 b");
  }
}

TEST_CASE("what becomes due at the same instant meanwhile is offered behind what waits already", "[ties]") {
  // a wakes d, which waits for it, at the instant at which b and c are due.
  TellingMachine machine({{tell_operation::tell, 0, 0, 0},
                          {tell_operation::signal, 0, 0, 3},
                          {operation::end, 0, 0, 0},
                          {tell_operation::tell, 0, 0, 1},
                          {operation::end, 0, 0, 0},
                          {tell_operation::tell, 0, 0, 2},
                          {operation::end, 0, 0, 0},
                          {tell_operation::tell, 0, 0, 3},
                          {operation::end, 0, 0, 0}},
                         {"a", "b", "c", "d"});
  for (const ProgramCounter counter : {0U, 3U, 5U}) machine.state.wake_at(machine.state.activities.create(counter), 10);
  REQUIRE(machine.state.activities.create(7) == 3);
  SECTION("without a chooser") {
    machine.run();
    REQUIRE(machine.lines == Lines{"10 a", "10 b", "10 c", "10 d"});
  }
  SECTION("with one") {
    ScriptedChooser chooser({0, 2});
    machine.run(INT64_MAX, &chooser);
    REQUIRE(chooser.alternatives == std::vector<std::uint64_t>{3, 3, 2});
    REQUIRE(machine.lines == Lines{"10 a", "10 d", "10 b", "10 c"});
  }
}

TEST_CASE("a copy taken between two ties goes on with the rest of them", "[ties]") {
  TellingMachine machine = four_sleepers();
  int left = 2;
  run_events(machine, time_max, nullptr, [&left] { return --left != 0; });
  TellingMachine copy = machine;
  copy.run();
  machine.run();
  REQUIRE(machine.lines == Lines{"10 a", "10 b", "10 c", "10 d"});
  REQUIRE(copy.lines == machine.lines);
}

TEST_CASE("a chooser may stop a run at a tie: nothing has been taken out, and a copy goes on in another order",
          "[ties]") {
  class Stopping final : public Chooser {
   public:
    std::uint64_t choose(const Choice&) override { return asked++ == 1 ? stop_here : 0; }
    int asked = 0;
  };
  TellingMachine machine = four_sleepers();
  Stopping stopping;
  REQUIRE(machine.run(INT64_MAX, &stopping) == 1);
  REQUIRE(machine.state.events.due().size() == 3);
  TellingMachine copy = machine;
  ScriptedChooser last_first({2, 1});
  copy.run(INT64_MAX, &last_first);
  machine.run();
  REQUIRE(machine.lines == Lines{"10 a", "10 b", "10 c", "10 d"});
  REQUIRE(copy.lines == Lines{"10 a", "10 d", "10 c", "10 b"});
}
