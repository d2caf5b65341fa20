// What an event costs in memory: nothing, once buffers have grown; and how large they grow.

#include <cstdlib>
#include <new>

#include "sim/kernel/random.hpp"
#include "tests/kernel/telling_machine.hpp"
#include "tests/support/catch.hpp"

namespace {
std::uint64_t allocations = 0;
std::size_t allocated = 0;  ///< Bytes in use, as asked for.
constexpr std::size_t before_block = alignof(std::max_align_t);

void* take_or_null(std::size_t size) noexcept {
  ++allocations;
  allocated += size;
  auto* block = static_cast<std::size_t*>(std::malloc(size + before_block));
  if (block == nullptr) return nullptr;
  *block = size;
  return reinterpret_cast<char*>(block) + before_block;
}

void* take(std::size_t size) {
  if (void* memory = take_or_null(size)) return memory;
  throw std::bad_alloc();
}

void give(void* memory) noexcept {
  if (memory == nullptr) return;
  void* block = static_cast<char*>(memory) - before_block;
  allocated -= *static_cast<std::size_t*>(block);
  std::free(block);
}
}  // namespace

// For this whole program; Catch2's own allocations do not matter, as only differences are looked at. All of the forms:
// what one of them takes, another may give back.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take_or_null(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take_or_null(size); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { give(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { give(memory); }
void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void operator delete(void* memory) noexcept { give(memory); }
void operator delete[](void* memory) noexcept { give(memory); }
void operator delete(void* memory, std::size_t) noexcept { give(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give(memory); }

using namespace premortem;
namespace op = operation;

namespace {

/// Runs programs of the kernel's own operations; sleeps are drawn, between 1 ns and about a millisecond.
class SleepyMachine {
 public:
  explicit SleepyMachine(CodeBlock code) : code_(std::move(code)) {}
  Kernel state;

  Kernel& kernel() { return state; }
  const Instruction* code() const { return code_.data(); }
  std::int64_t sleep_for(ActivityId, Instruction i) {
    return 1 + static_cast<std::int64_t>(random_bits(1, 2, 3, draws_++) >> (44 + i.small));
  }
  Flow execute(ActivityId, Instruction) { return Flow::next; }
  void ended(ActivityId) {}
  void run(std::uint64_t events) {
    run_events(*this, time_max, nullptr, [&events] { return --events != 0; });
  }

 private:
  CodeBlock code_;
  std::uint64_t draws_ = 0;
};

/// Allocations of 200,000 events after as many to grow into.
std::uint64_t allocations_in_steady_state(SleepyMachine& machine, std::uint64_t growing = 4'000'000) {
  machine.run(growing);
  const std::uint64_t before = allocations;
  machine.run(200'000);
  return allocations - before;
}

const CodeBlock sleeping = {{op::sleep, 0, 0, 0}, {op::jump, 0, 0, 0}};

}  // namespace

TEST_CASE("the counter counts", "[allocation]") {
  const std::uint64_t before = allocations;
  const std::size_t bytes = allocated;
  auto* memory = new std::vector<int>(100);
  const std::uint64_t counted = allocations - before;
  const std::size_t held = allocated - bytes;
  delete memory;
  REQUIRE(counted == 2);
  REQUIRE(held == sizeof(std::vector<int>) + 100 * sizeof(int));
  REQUIRE(allocated == bytes);
}

TEST_CASE("hold: taking one event out and putting one in allocates nothing", "[allocation]") {
  for (const std::uint32_t size : {1U, 1000U, 100'000U}) {
    FutureEvents events;
    std::vector<EventId> owners(size);
    std::uint64_t draws = 0;
    const auto next = [&draws] { return static_cast<std::int64_t>(random_bits(1, 1, 1, draws++) >> 44); };
    for (std::uint32_t n = 0; n < size; ++n) owners[n] = events.schedule(next(), n);
    const auto live = [&owners](EventId id) { return owners[FutureEvents::slot_of(id)] == id; };
    const auto hold = [&](std::uint64_t times) {
      Entry entry{};
      for (std::uint64_t n = 0; n < times; ++n) {
        events.pop(entry, FutureEvents::never, live);
        const std::uint32_t slot = FutureEvents::slot_of(entry.id);
        owners[slot] = events.schedule(entry.time + next(), slot);
      }
    };
    hold(2'000'000);
    const std::uint64_t before = allocations;
    hold(200'000);
    const std::uint64_t counted = allocations - before;
    INFO("size " << size);
    CHECK(counted == 0);
  }
}

TEST_CASE("sleeping activities allocate nothing an event", "[allocation]") {
  for (const std::uint32_t size : {1U, 1000U, 20'000U}) {
    SleepyMachine machine(sleeping);
    for (std::uint32_t n = 0; n < size; ++n) start_activity(machine.state, 0);
    INFO("size " << size);
    CHECK(allocations_in_steady_state(machine) == 0);
  }
}

TEST_CASE("customers of a queue with one server allocate nothing", "[allocation]") {
  SleepyMachine machine({{op::spawn, 0, 0, 3},
                         {op::sleep, 0, 0, 0},
                         {op::jump, 0, 0, 0},
                         {op::acquire, 0, 0, 0},
                         {op::sleep, 0, 1, 0},
                         {op::release, 0, 0, 0},
                         {op::end, 0, 0, 0}});
  machine.state.resources.push_back({1, 1, {}});
  start_activity(machine.state, 0);
  CHECK(allocations_in_steady_state(machine) == 0);
  REQUIRE(machine.state.activities.capacity() > 3);  // There was a queue.
}

TEST_CASE("pairs that send and receive allocate nothing", "[allocation]") {
  CodeBlock code;
  for (std::uint32_t n = 0; n < 100; ++n) {
    code.insert(code.end(), {{op::receive, 0, 0, n},
                             {op::jump, 0, 0, n * 5},
                             {op::sleep, 0, 0, 0},
                             {op::send, 1, 0, n},
                             {op::jump, 0, 0, n * 5 + 2}});
  }
  SleepyMachine machine(code);
  machine.state.mailboxes = Mailboxes(100);
  for (std::uint32_t n = 0; n < 100; ++n)
    start_activity(machine.state, n * 5), start_activity(machine.state, n * 5 + 2);
  CHECK(allocations_in_steady_state(machine) == 0);
}

TEST_CASE("a hundred thousand events due at one instant cost what they hold, not the square of their number",
          "[allocation]") {
  FutureEvents events;
  const std::uint64_t before = allocations;
  for (std::uint32_t n = 0; n < 100'000; ++n) events.schedule(1000, n);
  const std::uint64_t counted = allocations - before;
  REQUIRE(counted < 200);  // Growing, and a vain try to split at each doubling: not at every event.
  Entry entry{};
  std::uint32_t next = 0;
  while (events.pop(entry, FutureEvents::never, [](EventId) { return true; })) {
    if (FutureEvents::slot_of(entry.id) != next) break;
    ++next;
  }
  REQUIRE(next == 100'000);
}

TEST_CASE("a pending event and a waiting activity take at most 160 bytes, however many there are", "[allocation]") {
  for (const std::uint32_t size : {1000U, 100'000U, 1'000'000U}) {
    const std::size_t before = allocated;
    std::size_t events = 0, whole = 0;
    {
      FutureEvents list;
      for (std::uint32_t n = 0; n < size; ++n) {
        list.schedule(static_cast<std::int64_t>(random_bits(1, 2, 3, n) >> 34), n);
      }
      events = allocated - before;
    }
    {
      SleepyMachine machine(sleeping);
      for (std::uint32_t n = 0; n < size; ++n) start_activity(machine.state, 0);
      machine.run(std::uint64_t{size} * 2);
      whole = allocated - before;
      REQUIRE(machine.state.activities.count() == size);
    }
    INFO(size << " events: " << events / size << " bytes each; sleeping activities: " << whole / size);
    CHECK(events / size <= 24);
    CHECK(whole / size <= 160);
  }
}
