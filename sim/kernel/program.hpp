#pragma once
// Step programs: what an activity does, compiled to eight-byte instructions that live outside every World.

#include <cstdint>
#include <vector>

namespace premortem {

/// Index of an instruction in a CodeBlock.
using ProgramCounter = std::uint32_t;

/// One instruction. What `small` and `operand` mean is said at each operation.
struct Instruction {
  std::uint8_t operation = 0;
  std::uint8_t slot = 0;      ///< Usually: the local that the operation reads or writes.
  std::uint16_t small = 0;    ///< Usually: an index into a short table.
  std::uint32_t operand = 0;  ///< Usually: a jump target or an index into a table of specifications.
};
static_assert(sizeof(Instruction) == 8);

/// Operations that the kernel itself carries out. A machine's own operations start at `first_of_machine`.
namespace operation {
enum Kernel : std::uint8_t {
  end,         ///< The activity is over; children that it has not waited for go on alone.
  jump,        ///< Goes on at `operand`.
  sleep,       ///< Waits for machine.sleep_for(...) nanoseconds; zero takes no event.
  acquire,     ///< Takes one unit of resource `operand`; waits in order of arrival while none is free.
  release,     ///< Gives one unit of resource `operand` back; the longest waiting activity gets it at this instant.
  send,        ///< Puts the value of local `slot` into mailbox `operand`; never waits.
  receive,     ///< Takes the oldest value of mailbox `operand` into local `slot`; waits while there is none.
  spawn,       ///< Starts a child at instruction `operand`; it runs when this activity waits next, at this instant.
  join,        ///< Waits until all children have ended.
  count_down,  ///< Decrements local `slot`; goes on at `operand` unless it is zero now.
  yield,       ///< Lets everything else that is due at this instant go first.
  first_of_machine = 32
};
}  // namespace operation

/// All programs of a model, back to back: immutable while any World runs them, shared by all copies.
using CodeBlock = std::vector<Instruction>;

/// What an instruction did to its activity.
enum class Flow : std::uint8_t {
  next,     ///< Goes on with the instruction at its program counter.
  blocked,  ///< Waits for an event or for somebody to wake it.
  ended     ///< Is over; its frame has been given back.
};

}  // namespace premortem
