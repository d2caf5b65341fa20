#include "sim/explore/search.hpp"

namespace premortem {

namespace {

class RandomSearch final : public Search {
 public:
  explicit RandomSearch(const Explored& explored) : explored_(explored) {}

  ExploredRun execute(std::uint64_t number) override {
    RandomChooser chooser(combine(explored_.seed(), number));
    HalfRun run = explored_.fresh();
    return explored_.execute(run, chooser);
  }

 private:
  const Explored& explored_;
};

}  // namespace

std::unique_ptr<Search> random_search(const Explored& explored) { return std::make_unique<RandomSearch>(explored); }

}  // namespace premortem
