#include "bench/memory.hpp"

#include <malloc.h>

#include <cstdio>

#include "bench/kernel_machine.hpp"

namespace bench {

namespace {

using namespace premortem;

/// What the allocator has given out, its own rounding included.
std::size_t in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

double pending_events(std::uint32_t size) {
  const std::size_t before = in_use();
  FutureEvents events;
  bounds::Increments increments;
  for (std::uint32_t n = 0; n < size; ++n) events.schedule(increments.next(), n);
  return static_cast<double>(in_use() - before) / size;
}

/// Frames, four locals each, and the events that will wake them, after all have slept twice.
double sleeping_activities(std::uint32_t size) {
  const std::size_t before = in_use();
  Kernel kernel;
  KernelMachine machine(kernel, {{operation::sleep, 0, 0, 0}, {operation::jump, 0, 0, 0}});
  for (std::uint32_t n = 0; n < size; ++n) start_activity(kernel, 0);
  run(machine, std::uint64_t{size} * 2);
  return static_cast<double>(in_use() - before) / size;
}

}  // namespace

void print_memory() {
  std::printf("\n| bytes each | 1,000 | 100,000 | 1,000,000 | aim |\n|---|--:|--:|--:|--:|\n");
  const auto row = [](const char* name, double (*measure)(std::uint32_t)) {
    std::printf("| %s | %.0f | %.0f | %.0f | 160 |\n", name, measure(1'000), measure(100'000), measure(1'000'000));
  };
  row("pending event", pending_events);
  row("waiting activity, its event included", sleeping_activities);
}

}  // namespace bench
