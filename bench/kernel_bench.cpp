// Each workload next to its bound, in one run. The table is made by main.cpp from the names: "workload/size/ours".

#include <benchmark/benchmark.h>

#include "bench/kernel_machine.hpp"

namespace {

using namespace premortem;

constexpr std::int64_t batch = 1 << 16;

void hold_bound_heap(benchmark::State& state) {
  bounds::Heap heap;
  bounds::Increments increments;
  for (std::int64_t n = 0; n < state.range(0); ++n) heap.push(increments.next(), static_cast<std::uint32_t>(n));
  for (auto _ : state) {
    for (std::int64_t n = 0; n < batch; ++n) {
      const bounds::Heap::Entry entry = heap.pop();
      heap.push(entry.time + increments.next(), static_cast<std::uint32_t>(entry.key & 0xFFFFFF));
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
}

void hold_bound_radix(benchmark::State& state) {
  bounds::Radix radix;
  bounds::Increments increments;
  for (std::int64_t n = 0; n < state.range(0); ++n) radix.push(increments.next(), static_cast<std::uint32_t>(n));
  for (auto _ : state) {
    for (std::int64_t n = 0; n < batch; ++n) {
      const bounds::Radix::Item item = radix.pop();
      radix.push(item.time + increments.next(), static_cast<std::uint32_t>(item.slot));
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
}

void hold_ours(benchmark::State& state) {
  FutureEvents events;
  bounds::Increments increments;
  std::vector<EventId> owner(static_cast<std::size_t>(state.range(0)));
  for (std::uint32_t n = 0; n < owner.size(); ++n) owner[n] = events.schedule(increments.next(), n);
  const auto live = [&owner](EventId id) { return owner[FutureEvents::slot_of(id)] == id; };
  Entry entry{};
  for (auto _ : state) {
    for (std::int64_t n = 0; n < batch; ++n) {
      events.pop(entry, FutureEvents::never, live);
      const std::uint32_t slot = FutureEvents::slot_of(entry.id);
      owner[slot] = events.schedule(entry.time + increments.next(), slot);
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
}

/// Each event also arms a time-out and cancels the one before: two schedules, one cancellation, one event.
void cancel_ours(benchmark::State& state) {
  FutureEvents events;
  bounds::Increments increments;
  const auto size = static_cast<std::uint32_t>(state.range(0));
  std::vector<EventId> owner(std::size_t{size} * 2);
  for (std::uint32_t n = 0; n < size; ++n) {
    owner[n] = events.schedule(increments.next(), n);
    owner[size + n] = events.schedule(increments.next() + (1 << 24), size + n);
  }
  const auto live = [&owner](EventId id) { return owner[FutureEvents::slot_of(id)] == id; };
  Entry entry{};
  for (auto _ : state) {
    for (std::int64_t n = 0; n < batch; ++n) {
      events.pop(entry, FutureEvents::never, live);
      const std::uint32_t slot = FutureEvents::slot_of(entry.id) % size;
      events.forget();
      owner[size + slot] = events.schedule(entry.time + (1 << 24), size + slot);
      owner[slot] = events.schedule(entry.time + increments.next(), slot);
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
}

bounds::Process sleeper(bounds::Coroutines& kernel, bounds::Increments& increments) {
  for (;;) co_await kernel.sleep(increments.next());
}

void sleeping_bound(benchmark::State& state) {
  bounds::Coroutines kernel;
  bounds::Increments increments;
  for (std::int64_t n = 0; n < state.range(0); ++n) kernel.start(sleeper(kernel, increments));
  kernel.run(static_cast<std::uint64_t>(state.range(0)) * 2);
  for (auto _ : state) kernel.run(batch);
  state.SetItemsProcessed(state.iterations() * batch);
  kernel.clear();
}

void sleeping_ours(benchmark::State& state) {
  Kernel kernel;
  kernel.activities = Activities(4);
  bench::KernelMachine machine(kernel, {{operation::sleep, 0, 0, 0}, {operation::jump, 0, 0, 0}});
  for (std::int64_t n = 0; n < state.range(0); ++n) start_activity(kernel, 0);
  bench::run(machine, static_cast<std::uint64_t>(state.range(0)) * 2);
  for (auto _ : state) bench::run(machine, batch);
  state.SetItemsProcessed(state.iterations() * batch);
}

/// M/M/1 at 80 %: every customer a process, one server.
struct Server {
  bool busy = false;
  std::deque<std::coroutine_handle<>> waiting;
};

bounds::Process customer(bounds::Coroutines& kernel, bounds::Increments& increments, Server& server) {
  struct Acquire {
    Server& server;
    bool await_ready() const noexcept { return !server.busy; }
    void await_suspend(std::coroutine_handle<> handle) { server.waiting.push_back(handle); }
    void await_resume() const noexcept { server.busy = true; }
  };
  co_await Acquire{server};
  const std::int64_t service = increments.next() * 4 / 5;
  co_await kernel.sleep(service);
  if (server.waiting.empty()) {
    server.busy = false;
  } else {
    kernel.wake(server.waiting.front());
    server.waiting.pop_front();
  }
}

bounds::Process arrivals(bounds::Coroutines& kernel, bounds::Increments& increments, Server& server) {
  for (;;) {
    kernel.start(customer(kernel, increments, server));
    const std::int64_t gap = increments.next();
    co_await kernel.sleep(gap);
  }
}

void queue_bound(benchmark::State& state) {
  bounds::Coroutines kernel;
  bounds::Increments increments;
  Server server;
  kernel.start(arrivals(kernel, increments, server));
  for (auto _ : state) kernel.run(batch);
  state.SetItemsProcessed(state.iterations() * batch);
}

void queue_ours(benchmark::State& state) {
  Kernel kernel;
  kernel.activities = Activities(4);
  kernel.resources.push_back({1, 1, {}});
  // Services are half as long as the gaps: close to the bound's load, with shifts instead of a division.
  bench::KernelMachine machine(kernel, {{operation::spawn, 0, 0, 3},
                                        {operation::sleep, 0, 0, 0},
                                        {operation::jump, 0, 0, 0},
                                        {operation::acquire, 0, 0, 0},
                                        {operation::sleep, 0, 1, 0},
                                        {operation::release, 0, 0, 0},
                                        {operation::end, 0, 0, 0}});
  start_activity(kernel, 0);
  for (auto _ : state) bench::run(machine, batch);
  state.SetItemsProcessed(state.iterations() * batch);
}

struct Channel {
  std::deque<std::uint64_t> letters;
  std::coroutine_handle<> waiting;
};

bounds::Process producer(bounds::Coroutines& kernel, bounds::Increments& increments, Channel& channel) {
  for (;;) {
    const std::int64_t gap = increments.next();
    co_await kernel.sleep(gap);
    channel.letters.push_back(1);
    if (channel.waiting) kernel.wake(std::exchange(channel.waiting, nullptr));
  }
}

bounds::Process consumer(Channel& channel) {
  struct Receive {
    Channel& channel;
    bool await_ready() const noexcept { return !channel.letters.empty(); }
    void await_suspend(std::coroutine_handle<> handle) { channel.waiting = handle; }
    void await_resume() const { channel.letters.pop_front(); }
  };
  for (;;) co_await Receive{channel};
}

void pairs_bound(benchmark::State& state) {
  bounds::Coroutines kernel;
  bounds::Increments increments;
  std::vector<Channel> channels(1000);
  for (Channel& channel : channels) {
    kernel.start(consumer(channel));
    kernel.start(producer(kernel, increments, channel));
  }
  for (auto _ : state) kernel.run(batch);
  state.SetItemsProcessed(state.iterations() * batch);
}

void pairs_ours(benchmark::State& state) {
  Kernel kernel;
  kernel.activities = Activities(4);
  kernel.mailboxes = Mailboxes(1000);
  CodeBlock code;
  for (std::uint32_t n = 0; n < 1000; ++n) {
    const auto at = static_cast<std::uint32_t>(code.size());
    code.insert(code.end(), {{operation::receive, 0, 0, n},
                             {operation::jump, 0, 0, at},
                             {operation::sleep, 0, 0, 0},
                             {operation::send, 1, 0, n},
                             {operation::jump, 0, 0, at + 2}});
  }
  bench::KernelMachine machine(kernel, code);
  for (std::uint32_t n = 0; n < 1000; ++n) start_activity(kernel, n * 5), start_activity(kernel, n * 5 + 2);
  for (auto _ : state) bench::run(machine, batch);
  state.SetItemsProcessed(state.iterations() * batch);
}

/// A whole small execution: 4 processes on 2 channels, about 100 events; made, run, thrown away.
void execution_bound(benchmark::State& state) {
  bounds::Increments increments;
  for (auto _ : state) {
    bounds::Coroutines kernel;
    std::vector<Channel> channels(2);
    for (Channel& channel : channels) {
      kernel.start(consumer(channel));
      kernel.start(producer(kernel, increments, channel));
    }
    kernel.run(104);
    for (Channel& channel : channels) {
      if (channel.waiting) channel.waiting.destroy();
    }
    kernel.clear();
  }
  state.SetItemsProcessed(state.iterations());
}

void execution_ours(benchmark::State& state) {
  Kernel fresh;
  fresh.activities = Activities(4);
  fresh.mailboxes = Mailboxes(2);
  CodeBlock code;
  for (std::uint32_t n = 0; n < 2; ++n) {
    code.insert(code.end(), {{operation::receive, 0, 0, n},
                             {operation::jump, 0, 0, n * 5},
                             {operation::sleep, 0, 0, 0},
                             {operation::send, 1, 0, n},
                             {operation::jump, 0, 0, n * 5 + 2}});
  }
  for (std::uint32_t n = 0; n < 2; ++n) start_activity(fresh, n * 5), start_activity(fresh, n * 5 + 2);
  Kernel used;
  bench::KernelMachine machine(used, code);
  for (auto _ : state) {
    used = fresh;  // Copy assignment into memory that is there already.
    bench::run(machine, 104);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(hold_bound_heap)->Name("hold/bound heap")->Arg(1)->Arg(1000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(hold_bound_radix)->Name("hold/bound radix")->Arg(1)->Arg(1000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(hold_ours)->Name("hold/ours")->Arg(1)->Arg(1000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(cancel_ours)->Name("cancellation/ours")->Arg(1)->Arg(1000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(sleeping_bound)->Name("sleeping/bound heap")->Arg(1000)->Arg(100'000);
BENCHMARK(sleeping_ours)->Name("sleeping/ours")->Arg(1000)->Arg(100'000);
BENCHMARK(queue_bound)->Name("M-M-1/bound heap")->Arg(1);
BENCHMARK(queue_ours)->Name("M-M-1/ours")->Arg(1);
BENCHMARK(pairs_bound)->Name("pairs/bound heap")->Arg(1000);
BENCHMARK(pairs_ours)->Name("pairs/ours")->Arg(1000);
BENCHMARK(execution_bound)->Name("execution/bound heap")->Arg(104);
BENCHMARK(execution_ours)->Name("execution/ours")->Arg(104);

}  // namespace
