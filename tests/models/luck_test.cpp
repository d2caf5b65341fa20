// Luck goes by names: what else a scenario holds, and in which order things come, changes nobody's draws.

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

TEST_CASE("a draw beyond all time does not turn the clock back", "[luck]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "1000/h" } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "packer": { "is": "consumer", "reads": "orders", "workers": 5000, "prefetch": 1,
                  "does": [ { "id": "p", "work": "exponential 20000 days" }, { "finish": "ok" } ] } })",
                    1, {}, R"("from": "2021-03-01 08:00", "until": "2021-03-01 09:00", "zone": "UTC")");
  REQUIRE(story.finished() == Lines{});
  REQUIRE(story.count("order", Fate::in_flight) == 957);
  REQUIRE(std::is_sorted(story.records.begin(), story.records.end(),
                         [](const Record& left, const Record& right) { return left.at < right.at; }));
