#include <map>
#include <set>

#include "sim/explore/search.hpp"
#include "sim/explore/state_key.hpp"
#include "sim/models/livelock.hpp"

namespace premortem {

namespace {

using Key = std::pair<std::uint64_t, std::uint64_t>;
Key key_of(const Digest& digest) { return {digest.a, digest.b}; }

/// Class of outcomes -> orders that lead to it.
using Found = std::map<std::size_t, std::uint64_t>;

void add(std::uint64_t& sum, std::uint64_t more) { sum = sum > UINT64_MAX - more ? UINT64_MAX : sum + more; }
void add(Found& to, const Found& more) {
  for (const auto& [outcome, orders] : more) add(to[outcome], orders);
}

/// More copies of a World than this are not kept: what lies further back is run again from the beginning.
constexpr std::size_t copies_max = 256;
/// More ties at one instant are no burst any more; see Livelock.
constexpr std::uint64_t ties_at_once_max = 10'000;

/// Follows a script, then stops at the first tie; of other choices it takes the first alternative and remembers them.
class PathChooser final : public Chooser {
 public:
  struct Open {
    std::size_t place;
    std::uint64_t alternatives;
  };

  /// Says path[from], path[from + 1] ...; what it decides itself is put at the end.
  PathChooser(std::vector<std::uint64_t>& path, std::size_t from) : path_(path), next_(from) {}

  std::uint64_t choose(const Choice& choice) override {
    if (next_ < path_.size()) return path_[next_++];
    if (choice.kind == Choice::Kind::tie) {
      alternatives_ = choice.alternatives;
      return stop_here;
    }
    open.push_back({path_.size(), choice.alternatives});
    path_.push_back(0);
    ++next_;
    return 0;
  }
  /// Of the tie at which it stopped.
  std::uint64_t alternatives() const { return alternatives_; }

  std::vector<Open> open;

 private:
  std::vector<std::uint64_t>& path_;
  std::size_t next_;
  std::uint64_t alternatives_ = 0;
};

class ExhaustiveSearch final : public Search {
 public:
  ExhaustiveSearch(const Explored& explored, bool forking, bool merging)
      : explored_(explored), forking_(forking), merging_(merging) {}

  std::uint64_t round_max() const override { return 1; }
  bool over() const override { return begun_ && stack_.empty(); }

  ExploredRun execute(std::uint64_t) override {
    ExploredRun execution = begun_ ? next_alternative() : first();
    climb();
    return execution;
  }

  std::optional<Census> census() const override {
    Census census;
    Found all = found_;
    for (const Frame& frame : stack_) add(all, frame.found);
    census.complete = over();
    census.classes = classes_;
    census.merged = merged_;
    for (const auto& [number, orders] : all) {
      census.classes[number].orders = orders;
      add(census.orders, orders);
      if (classes_[number].example.surprising) add(census.failing, orders);
    }
    return census;
  }

 private:
  /// A choice with alternatives that have not been followed yet. The answers before it are path_[0 .. length).
  struct Frame {
    std::shared_ptr<const HalfRun> base;  ///< At or before the choice; null: none is kept.
    std::size_t base_length = 0;          ///< So many answers lead to `base`.
    std::size_t length = 0;
    std::uint64_t alternatives = 0, next = 1;
    std::optional<Key> key;
    Found found;
  };

  ExploredRun first() {
    begun_ = true;
    HalfRun run = explored_.fresh();
    return follow(run, true, 0, nullptr);
  }

  ExploredRun next_alternative() {
    Frame& frame = stack_.back();
    path_.resize(frame.length);
    path_.push_back(frame.next++);
    const std::shared_ptr<const HalfRun> base = frame.base;
    HalfRun run = base != nullptr ? *base : explored_.fresh();
    return follow(run, base == nullptr, base != nullptr ? frame.base_length : 0, base);
  }

  /// From `run`, which stands where path_[0 .. from) lead, to an end.
  ExploredRun follow(HalfRun& run, bool begins, std::size_t from, std::shared_ptr<const HalfRun> base) {
    std::size_t base_length = from;
    std::int64_t instant = INT64_MIN;
    std::uint64_t ties_at_once = 0;
    try {
      for (;;) {
        PathChooser chooser(path_, from);
        const bool ended = explored_.go_on(run, begins, chooser);
        begins = false;
        for (const PathChooser::Open& open : chooser.open) push(base, base_length, open.place, open.alternatives, {});
        if (ended) return found_end(explored_.conclude(run), run);
        ties_at_once = run.world.kernel.events.now() == instant ? ties_at_once + 1 : 0;
        instant = run.world.kernel.events.now();
        if (ties_at_once > ties_at_once_max) return found_endless(run);
        std::optional<Key> key;
        if (merging_) {
          key = key_of(settle_and_key(run, explored_.ties_from()));
          if (const auto known = known_.find(*key); known != known_.end()) return merge(known->second, run);
          if (under_way_.count(*key) != 0) return found_endless(run);
          under_way_.insert(*key);
        }
        base = forking_ ? std::make_shared<const HalfRun>(run) : nullptr;
        base_length = path_.size();
        push(base, base_length, path_.size(), chooser.alternatives(), key);
        from = path_.size();
        path_.push_back(0);
      }
    } catch (const Livelock&) {
      return found_endless(run);
    }
  }

  void push(const std::shared_ptr<const HalfRun>& base, std::size_t base_length, std::size_t length,
            std::uint64_t alternatives, std::optional<Key> key) {
    Frame frame;
    frame.base = forking_ ? base : nullptr;
    frame.base_length = base_length;
    frame.length = length;
    frame.alternatives = alternatives;
    frame.key = key;
    stack_.push_back(std::move(frame));
    if (stack_.size() > copies_max) stack_[stack_.size() - copies_max - 1].base = nullptr;
  }

  /// What has been followed to all its ends is known from now on.
  void climb() {
    while (!stack_.empty() && stack_.back().next == stack_.back().alternatives) {
      Frame done = std::move(stack_.back());
      stack_.pop_back();
      add(innermost(), done.found);
      if (!done.key) continue;
      under_way_.erase(*done.key);
      known_.emplace(*done.key, std::move(done.found));
    }
  }

  Found& innermost() { return stack_.empty() ? found_ : stack_.back().found; }

  ExploredRun found_end(ExploredRun execution, const HalfRun& run) {
    execution.choices = path_;
    execution.decisions = path_.size();
    execution.faults = run.faults;
    if (run.goals && execution.endless) execution.goals = run.goals->reached({});
    const auto [known, fresh] = class_of_.emplace(key_of(execution.outcome), classes_.size());
    if (fresh) classes_.push_back({execution.outcome, 0, execution});
    add(innermost()[known->second], 1);
    return execution;
  }

  ExploredRun found_endless(const HalfRun& run) {
    ExploredRun execution;
    execution.endless = execution.surprising = true;
    execution.outcome.add(hash_name("endless"));
    return found_end(std::move(execution), run);
  }

  ExploredRun merge(const Found& found, const HalfRun& run) {
    add(innermost(), found);
    ++merged_;
    ExploredRun execution;
    execution.merged = true;
    execution.decisions = path_.size();
    execution.faults = run.faults;
    if (run.goals) execution.goals = run.goals->reached({});  // On the way there; the rest was counted before.
    return execution;
  }

  const Explored& explored_;
  bool forking_, merging_;
  bool begun_ = false;
  std::vector<std::uint64_t> path_;
  std::vector<Frame> stack_;
  std::map<Key, Found> known_;
  std::set<Key> under_way_;
  std::map<Key, std::size_t> class_of_;
  std::vector<OutcomeCount> classes_;
  Found found_;
  std::uint64_t merged_ = 0;
};

}  // namespace

std::unique_ptr<Search> exhaustive_search(const Explored& explored, bool forking, bool merging) {
  return std::make_unique<ExhaustiveSearch>(explored, forking, merging);
}

}  // namespace premortem
