#include <algorithm>
#include <map>
#include <set>

#include "sim/explore/search.hpp"

namespace premortem {

namespace {

constexpr std::uint64_t priorities = hash_name("pct: priorities"), changes = hash_name("pct: changes");

/// Executions by which n and k are found out before the first one that counts.
constexpr std::uint64_t pilots = 64;

/// Passes on, and remembers which activities took part in ties. A number that is used again stands for one activity
/// after the other, which are to PCT one thread.
class CountingTies final : public Chooser {
 public:
  CountingTies(const FutureEvents& events, Chooser& inner) : events_(events), inner_(inner) {}
  std::uint64_t choose(const Choice& choice) override {
    if (choice.kind == Choice::Kind::tie) {
      for (const EventId id : events_.due()) seen.insert(FutureEvents::slot_of(id));
    }
    return inner_.choose(choice);
  }
  std::set<std::uint32_t> seen;

 private:
  const FutureEvents& events_;
  Chooser& inner_;
};

class PctChooser final : public Chooser {
 public:
  PctChooser(const FutureEvents& events, std::uint64_t seed, std::uint64_t decisions, std::uint64_t depth)
      : events_(events), seed_(seed), random_(seed), depth_(depth) {
    for (std::uint64_t n = 1; n < depth; ++n) {
      changes_.push_back(1 + uniform_below(random_bits(seed, changes, n, 0), std::max<std::uint64_t>(decisions, 1)));
    }
  }

  std::uint64_t choose(const Choice& choice) override {
    if (choice.kind != Choice::Kind::tie) return random_.choose(choice);
    ++decision_;
    std::size_t first = highest();
    // As in the paper: a thread that comes to the n-th change point gets priority n, below all initial ones.
    for (std::size_t n = 0; n < changes_.size(); ++n) {
      if (changes_[n] != decision_) continue;
      lowered_[slot(first)] = n + 1;
      first = highest();
    }
    return first;
  }

  std::set<std::uint32_t> seen;

 private:
  std::uint32_t slot(std::size_t place) const { return FutureEvents::slot_of(events_.due()[place]); }
  std::uint64_t priority(std::uint32_t slot) const {
    const auto lowered = lowered_.find(slot);
    if (lowered != lowered_.end()) return lowered->second;
    return std::max(random_bits(seed_, priorities, slot, 0), depth_ + 1);
  }
  std::size_t highest() {
    std::size_t best = 0;
    for (std::size_t place = 0; place < events_.due().size(); ++place) {
      seen.insert(slot(place));
      if (priority(slot(place)) > priority(slot(best))) best = place;
    }
    return best;
  }

  const FutureEvents& events_;
  std::uint64_t seed_;
  RandomChooser random_;
  std::uint64_t depth_;
  std::uint64_t decision_ = 0;
  std::vector<std::uint64_t> changes_;
  std::map<std::uint32_t, std::uint64_t> lowered_;
};

class PctSearch final : public Search {
 public:
  /// n and k must be known beforehand: the most that are seen in some random executions.
  PctSearch(const Explored& explored, std::uint64_t depth) : explored_(explored) {
    for (std::uint64_t number = 1; number <= pilots; ++number) {
      RandomChooser random(combine(explored.seed(), combine(pilots, number)));
      HalfRun run = explored.fresh();
      CountingTies counting(run.world.kernel.events, random);
      bound_.decisions = std::max(bound_.decisions, explored.execute(run, counting).ties);
      bound_.activities = std::max<std::uint64_t>(bound_.activities, counting.seen.size());
    }
    bound_.depth = depth;
    bound_.one_in = pct_one_in(bound_.activities, bound_.decisions, depth);
  }

  ExploredRun execute(std::uint64_t number) override {
    HalfRun run = explored_.fresh();
    PctChooser chooser(run.world.kernel.events, combine(explored_.seed(), number), bound_.decisions, bound_.depth);
    ExploredRun execution = explored_.execute(run, chooser);
    execution.activities = chooser.seen.size();
    return execution;
  }
  void learn(const ExploredRun& execution) override {
    if (execution.ties > bound_.decisions || execution.activities > bound_.activities) ++bound_.beyond;
  }
  std::optional<PctBound> bound() const override { return bound_; }

 private:
  const Explored& explored_;
  PctBound bound_;
};

}  // namespace

std::uint64_t pct_one_in(std::uint64_t activities, std::uint64_t decisions, std::uint64_t depth) {
  unsigned __int128 product = activities;
  for (std::uint64_t n = 1; n < depth && product != 0; ++n) {
    product *= decisions;
    if (product >= UINT64_MAX) return UINT64_MAX;
  }
  return static_cast<std::uint64_t>(product);
}

std::unique_ptr<Search> pct_search(const Explored& explored, std::uint64_t depth) {
  return std::make_unique<PctSearch>(explored, depth);
}

}  // namespace premortem
