#include "sim/compare/campaign.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

namespace premortem {

namespace {

/// Whole rounds of seeds, so that all strategies have the same ones.
class Campaign {
 public:
  Campaign(const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios, const CampaignOptions& options)
      : scenarios_(scenarios), options_(options) {
    result_.runs.resize(scenarios.size());
  }

  CampaignResult run() {
    const std::uint64_t wanted = options_.runs != 0 ? options_.runs : std::min<std::uint64_t>(10, options_.runs_max);
    bool going = extend(wanted);
    while (going && options_.runs == 0 && !precise() && done() < options_.runs_max) {
      going = extend(std::min(options_.runs_max, done() * 2));
    }
    result_.stopped = !going;
    result_.comparison = compare_runs(result_.runs, options_.level);
    result_.comparison.stopping = sentence(going);
    return std::move(result_);
  }

 private:
  std::uint64_t done() const { return result_.runs.empty() ? 0 : result_.runs.front().size(); }
  bool precise() const { return widest(compare_runs(result_.runs, options_.level)) <= options_.half_width; }

  /// More seeds for every strategy, up to `wanted` each. False: stopped from outside.
  bool extend(std::uint64_t wanted) {
    const std::uint64_t from = done(), count = wanted - from, jobs = count * scenarios_.size();
    std::vector<RunResult> results(jobs);
    std::vector<std::uint8_t> ready(jobs, 0), fresh(jobs, 0);
    std::atomic<std::uint64_t> next{0}, finished{0};
    std::exception_ptr failure;
    std::mutex guard;
    const auto work = [&] {
      for (std::uint64_t job = next++; job < jobs; job = next++) {
        if (options_.stop != nullptr && *options_.stop) return;
        try {
          const CompiledScenario& scenario = *scenarios_[job % scenarios_.size()];
          RunOptions run;
          run.seed = options_.first_seed + from + job / scenarios_.size();
          std::optional<RunResult> known;
          if (options_.store != nullptr) {
            const std::lock_guard lock(guard);
            known = options_.store->find(scenario.scenario_hash, scenario.strategy, scenario.assumptions, run.seed);
            if (known) ++result_.from_store;
          }
          results[job] = known ? *known : run_scenario(scenario, run);
          results[job].file = options_.file;
          fresh[job] = known ? 0 : 1;
          ready[job] = 1;
        } catch (...) {
          const std::lock_guard lock(guard);
          if (!failure) failure = std::current_exception();
          return;
        }
        ++finished;
        if (options_.progress) {
          const std::lock_guard lock(guard);
          options_.progress(from * scenarios_.size() + finished, wanted * scenarios_.size());
        }
      }
    };
    std::vector<std::thread> threads;
    for (unsigned n = 1; n < std::max(1U, options_.threads); ++n) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
    if (options_.store != nullptr) {
      std::vector<RunResult> kept;
      for (std::uint64_t job = 0; job < jobs; ++job) {
        if (ready[job] != 0 && fresh[job] != 0) kept.push_back(results[job]);
      }
      if (!kept.empty()) options_.store->put_all(kept);
    }
    if (failure) std::rethrow_exception(failure);
    for (std::uint64_t seed = 0; seed < count; ++seed) {
      const auto first = static_cast<std::ptrdiff_t>(seed * scenarios_.size());
      const bool whole =
          std::all_of(ready.begin() + first, ready.begin() + first + static_cast<std::ptrdiff_t>(scenarios_.size()),
                      [](std::uint8_t r) { return r != 0; });
      if (!whole) return false;
      for (std::size_t n = 0; n < scenarios_.size(); ++n)
        result_.runs[n].push_back(std::move(results[seed * scenarios_.size() + n]));
    }
    return true;
  }

  std::string sentence(bool going) const {
    const std::string runs = std::to_string(done()) + (done() == 1 ? " run" : " runs") + " of each strategy";
    if (!going) return runs + "; stopped before it was done";
    if (options_.runs != 0) return runs + ", as asked";
    const std::string wanted =
        options_.half_width == 1 ? "±1 item" : "±" + std::to_string(options_.half_width) + " items";
    if (precise()) return runs + ": every interval of a fate is within " + wanted;
    return runs + ", the most that were allowed: some interval is still wider than " + wanted;
  }

  const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios_;
  const CampaignOptions& options_;
  CampaignResult result_;
};

}  // namespace

CampaignResult run_campaign(const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios,
                            const CampaignOptions& options) {
  return Campaign(scenarios, options).run();
}

}  // namespace premortem
