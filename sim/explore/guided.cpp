#include <algorithm>

#include "sim/explore/search.hpp"

namespace premortem {

namespace {

constexpr std::uint64_t places = hash_name("guided: places"), many = hash_name("guided: how many");
constexpr std::uint64_t round = 32, patience = 8;

/// Says again what was chosen, but for a few places and behind the end, where chance decides.
class MutatingChooser final : public Chooser {
 public:
  MutatingChooser(const std::vector<std::uint64_t>& base, std::uint64_t seed) : base_(base), random_(seed) {
    if (base.empty()) return;
    const std::uint64_t changes = 1 + uniform_below(random_bits(seed, many, 0, 0), 4);
    for (std::uint64_t n = 0; n < changes; ++n)
      changed_.push_back(uniform_below(random_bits(seed, places, n, 0), base.size()));
  }

  std::uint64_t choose(const Choice& choice) override {
    const std::uint64_t place = next_++;
    if (place >= base_.size() || std::ranges::find(changed_, place) != changed_.end()) return random_.choose(choice);
    return std::min(base_[place], choice.alternatives - 1);
  }

 private:
  const std::vector<std::uint64_t>& base_;
  RandomChooser random_;
  std::vector<std::uint64_t> changed_;
  std::uint64_t next_ = 0;
};

class GuidedSearch final : public Search {
 public:
  explicit GuidedSearch(const Explored& explored) : explored_(explored) {}

  std::uint64_t round_max() const override { return round; }

  ExploredRun execute(std::uint64_t number) override {
    MutatingChooser chooser(best_, combine(explored_.seed(), number));
    HalfRun run = explored_.fresh();
    return explored_.execute(run, chooser);
  }

  /// As good is good enough: on a plain, going on is the only way off it.
  void learn(const ExploredRun& execution) override {
    ++since_better_;
    const std::int64_t score = execution.endless ? INT64_MAX : execution.score;
    if (!climbing_ || score >= score_) {
      if (!climbing_ || score > score_) since_better_ = 0;
      climbing_ = true;
      score_ = score;
      best_ = execution.choices;
    }
    if (since_better_ < round * patience) return;
    climbing_ = false;
    since_better_ = 0;
    best_.clear();
  }

 private:
  const Explored& explored_;
  bool climbing_ = false;
  std::int64_t score_ = 0;
  std::uint64_t since_better_ = 0;
  std::vector<std::uint64_t> best_;
};

}  // namespace

std::unique_ptr<Search> guided_search(const Explored& explored) { return std::make_unique<GuidedSearch>(explored); }

}  // namespace premortem
