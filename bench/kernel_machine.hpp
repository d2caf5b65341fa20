#pragma once
// The smallest machine on our interpreter: the kernel's own operations and nothing else.

#include "bench/bounds.hpp"
#include "sim/kernel/interpreter.hpp"

namespace bench {

class KernelMachine {
 public:
  KernelMachine(premortem::Kernel& kernel, premortem::CodeBlock code) : kernel_(kernel), code_(std::move(code)) {}
  premortem::Kernel& kernel() { return kernel_; }
  const premortem::Instruction* code() const { return code_.data(); }
  std::int64_t sleep_for(premortem::ActivityId, premortem::Instruction i) { return increments_.next() >> i.small; }
  premortem::Flow execute(premortem::ActivityId, premortem::Instruction) { return premortem::Flow::next; }
  void ended(premortem::ActivityId) {}

 private:
  premortem::Kernel& kernel_;
  premortem::CodeBlock code_;
  bounds::Increments increments_;
};

/// Runs about so many events.
inline void run(KernelMachine& machine, std::uint64_t events) {
  premortem::run_events(machine, premortem::time_max, nullptr, [&events] { return --events != 0; });
}

}  // namespace bench
