#include "cli/side_by_side.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace premortem::cli {

void side_by_side(unsigned threads, std::uint64_t jobs, const std::function<void(std::uint64_t)>& work) {
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  const auto take_turns = [&] {
    for (std::uint64_t job = next++; job < jobs; job = next++) {
      try {
        work(job);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!failure) failure = std::current_exception();
        next = jobs;
        return;
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned n = 1; n < threads; ++n) others.emplace_back(take_turns);
  take_turns();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace premortem::cli
