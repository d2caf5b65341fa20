// A trial is a run, judged down to the single item.

#include "sim/explore/trial.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace premortem;
using testing::nav, testing::scenario;

TEST_CASE("under another strategy the same application arrives again, by kind and id, and fares better") {
  const Trial happened = run_trial(*scenario(nav), 1);
  const auto late = std::ranges::find(happened.items, Fate::late, &JudgedItem::fate);
  REQUIRE(late != happened.items.end());
  CHECK(std::ranges::count(happened.items, Fate::late, &JudgedItem::fate) == 182);

  const Trial better = run_trial(*scenario(nav, {"one-more-batch", {}, {}}), 1);
  const JudgedItem* same = better.item(late->kind, late->id);
  REQUIRE(same != nullptr);
  CHECK(same->arrived == late->arrived);
  CHECK(same->fate == Fate::done);
  CHECK(better.check("no such check") == nullptr);
}

}  // namespace
