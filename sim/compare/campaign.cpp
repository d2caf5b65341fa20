#include "sim/compare/campaign.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "sim/compare/store_writer.hpp"

namespace premortem {

namespace {

/// Whole rounds of seeds, so that all strategies have the same ones.
class Campaign {
 public:
  Campaign(const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios, const CampaignOptions& options)
      : scenarios_(scenarios), options_(options), writer_(options.store) {
    result_.runs.resize(scenarios.size());
  }

  CampaignResult run() {
    const std::uint64_t first_wanted = std::min<std::uint64_t>(10, options_.runs_max);
    bool going = extend_to(options_.runs != 0 ? options_.runs : first_wanted);
    while (going && options_.runs == 0) {
      looked_after_.push_back(done());
      width_ = widest(compare_runs(result_.runs, options_.level), options_.by);
      if (width_ <= options_.half_width || done() >= options_.runs_max) break;
      going = extend_to(next_look());
    }
    result_.stopped = !going;
    result_.from_store = from_store_;
    result_.computed = computed_;
    result_.comparison = compare_runs(result_.runs, options_.level);
    result_.comparison.by = options_.by;
    result_.comparison.stopping = sentence(going);
    return std::move(result_);
  }

 private:
  std::uint64_t done() const { return result_.runs.empty() ? 0 : result_.runs.front().size(); }

  /// An interval narrows with the root of the number of runs.
  std::uint64_t next_look() const {
    const double ratio = width_ / options_.half_width;
    const double expected = static_cast<double>(done()) * ratio * ratio;
    const double twice = static_cast<double>(done() * 2);
    const auto next = static_cast<std::uint64_t>(std::ceil(std::min(expected, twice)));
    return std::min(options_.runs_max, std::max(next, done() + 1));
  }

  /// More seeds for every strategy, up to `wanted` each. False: stopped from outside.
  bool extend_to(std::uint64_t wanted) {
    // In rounds of some hundred runs: a round is held twice in memory, a campaign only once.
    const std::uint64_t seeds = std::max<std::uint64_t>(1, 512 / std::max<std::size_t>(1, scenarios_.size()));
    while (done() < wanted) {
      if (!round(std::min(wanted - done(), seeds), wanted)) return false;
    }
    return true;
  }

  bool round(std::uint64_t seeds, std::uint64_t wanted) {
    const std::uint64_t jobs = seeds * scenarios_.size(), before = done() * scenarios_.size();
    std::vector<std::optional<RunResult>> results(jobs);
    std::atomic<std::uint64_t> next{0}, finished{0};
    std::exception_ptr failure;
    std::mutex guard;
    const auto work = [&] {
      for (std::uint64_t job = next++; job < jobs; job = next++) {
        if (options_.stop != nullptr && *options_.stop) return;
        try {
          results[job] =
              one(*scenarios_[job % scenarios_.size()], options_.first_seed + done() + job / scenarios_.size());
        } catch (...) {
          const std::lock_guard lock(guard);
          if (!failure) failure = std::current_exception();
          next = jobs;  // Nobody begins another one.
          return;
        }
        const std::uint64_t ready = before + ++finished;
        if (!options_.progress) continue;
        const std::lock_guard lock(guard);
        options_.progress(ready, wanted * scenarios_.size());
      }
    };
    std::vector<std::thread> threads;
    for (unsigned n = 1; n < std::max(1U, options_.threads); ++n) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
    writer_.flush();
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const auto first = results.begin() + static_cast<std::ptrdiff_t>(seed * scenarios_.size());
      const auto last = first + static_cast<std::ptrdiff_t>(scenarios_.size());
      if (!std::all_of(first, last, [](const auto& result) { return result.has_value(); })) return false;
      for (auto run = first; run != last; ++run)
        result_.runs[static_cast<std::size_t>(run - first)].push_back(std::move(**run));
    }
    return true;
  }

  RunResult one(const CompiledScenario& scenario, std::uint64_t seed) {
    const RunKey key{scenario.scenario_hash, scenario.strategy, scenario.assumptions, scenario.sets, seed};
    std::optional<RunResult> result = writer_.find(key);
    if (result) {
      ++from_store_;
    } else {
      RunOptions how;
      how.seed = seed;
      how.goals = options_.store != nullptr;
      result = run_scenario(scenario, how);
      result->file = options_.file;  // Before it is kept: the store says where a run came from.
      writer_.keep(*result);
      result->goals.clear();  // They are added up there; what comes out of the store has none.
      ++computed_;
    }
    result->file = options_.file;
    return std::move(*result);
  }

  std::string sentence(bool going) const {
    const std::string runs = std::to_string(done()) + (done() == 1 ? " run" : " runs") + " of each strategy";
    if (!going) return runs + "; stopped before it was done";
    if (options_.runs != 0) return runs + ", as asked";
    std::string fates = "fate";
    for (const std::string& measure : options_.by) {
      if (measure.find('.') != std::string::npos) fates = "fate in \"by\"";
    }
    const double half = options_.half_width;
    const std::string wanted =
        "±" + (half == std::floor(half) ? std::to_string(static_cast<std::int64_t>(half)) : std::to_string(half)) +
        (half == 1 ? " item" : " items");
    std::string looked;
    for (std::size_t n = 0; n < looked_after_.size(); ++n) {
      looked += (n == 0                          ? "; looked at after "
                 : n + 1 == looked_after_.size() ? " and "
                                                 : ", ") +
                std::to_string(looked_after_[n]);
    }
    if (width_ <= half) return runs + ": every interval of a " + fates + " is within " + wanted + looked;
    return runs + ", the most that were allowed: some interval of a " + fates + " is still wider than " + wanted +
           looked;
  }

  const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios_;
  const CampaignOptions& options_;
  StoreWriter writer_;
  std::atomic<std::uint64_t> from_store_{0}, computed_{0};
  std::vector<std::uint64_t> looked_after_;
  double width_ = 0;
  CampaignResult result_;
};

}  // namespace

CampaignResult run_campaign(const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios,
                            const CampaignOptions& options) {
  return Campaign(scenarios, options).run();
}

}  // namespace premortem
