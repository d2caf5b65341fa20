#include "sim/explore/search.hpp"

namespace premortem {

namespace {

constexpr std::uint64_t whether = hash_name("swarm: whether"), what = hash_name("swarm: what");

class SwarmChooser final : public Chooser {
 public:
  explicit SwarmChooser(std::uint64_t seed) : seed_(seed), random_(combine(seed, what)) {}

  std::uint64_t choose(const Choice& choice) override {
    // Of a whole kind, and within it of one purpose: an instant's ties, one step's durations, one fault.
    const std::uint64_t kind = static_cast<std::uint64_t>(choice.kind);
    if (!open(kind, 0) || !open(kind, choice.purpose)) return 0;
    return random_.choose(choice);
  }

 private:
  bool open(std::uint64_t kind, std::uint64_t purpose) const {
    return (random_bits(seed_, whether, combine(kind, purpose), 0) & 1U) != 0;
  }

  std::uint64_t seed_;
  RandomChooser random_;
};

class SwarmSearch final : public Search {
 public:
  explicit SwarmSearch(const Explored& explored) : explored_(explored) {}

  ExploredRun execute(std::uint64_t number) override {
    SwarmChooser chooser(combine(explored_.seed(), number));
    HalfRun run = explored_.fresh();
    return explored_.execute(run, chooser);
  }

 private:
  const Explored& explored_;
};

}  // namespace

std::unique_ptr<Search> swarm_search(const Explored& explored) { return std::make_unique<SwarmSearch>(explored); }

}  // namespace premortem
