// Every fate by its rule, the first that fits.

#include "sim/kernel/random.hpp"
#include "tests/checks/hand_written.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::testing::HandWritten;

namespace {
constexpr std::uint64_t right = 1, wrong = 2;

HandWritten with_due(std::int64_t due) {
  HandWritten h;
  h.order().done = {right};
  h.order().due = due;
  return h;
}
}  // namespace

TEST_CASE("an item that finishes once, rightly and in time is done", "[fates]") {
  HandWritten h = with_due(100);
  const auto item = h.arrives(10);
  h.finishes(item, 110, right);  // At the last instant.
  REQUIRE(h.fate(item) == Fate::done);
}

TEST_CASE("an item that finishes after its due is late, by a nanosecond", "[fates]") {
  HandWritten h = with_due(100);
  const auto item = h.arrives(10);
  h.finishes(item, 111, right);
  REQUIRE(h.fate(item) == Fate::late);
}

TEST_CASE("a wrong outcome is misrouted, late or not; without a list of outcomes any is right", "[fates]") {
  HandWritten h = with_due(100);
  const auto item = h.arrives(10);
  h.finishes(item, 500, wrong);
  REQUIRE(h.fate(item) == Fate::misrouted);
  h.order().done = {};
  REQUIRE(h.fate(item) == Fate::late);
}

TEST_CASE("an item that finishes twice is duplicated, whatever else; unless its kind may repeat", "[fates]") {
  HandWritten h = with_due(100);
  const auto item = h.arrives(10);
  h.finishes(item, 20, right);
  h.finishes(item, 900, right);
  REQUIRE(h.fate(item) == Fate::duplicated);
  h.order().may_repeat = true;
  REQUIRE(h.fate(item) == Fate::done);  // The first finish counts for the due.
  h.finishes(item, 950, wrong);
  REQUIRE(h.fate(item) == Fate::misrouted);
  h.order().may_repeat = false;
  REQUIRE(h.fate(item) == Fate::duplicated);
}

TEST_CASE("an unfinished item is dead-lettered, in flight, stuck or lost by who holds it at the end", "[fates]") {
  HandWritten h = with_due(100);
  const auto dead = h.arrives(950), held = h.arrives(900), overdue = h.arrives(899), frozen = h.arrives(950),
             gone = h.arrives(950), untold = h.arrives(950);
  h.remains(dead, Remains::dead_letter);
  h.remains(held, Remains::held);
  h.remains(overdue, Remains::held);
  h.remains(frozen, Remains::nothing_moves);
  h.remains(gone, Remains::nobody);
  REQUIRE(h.fate(dead) == Fate::dead_lettered);
  REQUIRE(h.fate(held) == Fate::in_flight);  // Its due ends with the clock.
  REQUIRE(h.fate(overdue) == Fate::stuck);
  REQUIRE(h.fate(frozen) == Fate::stuck);  // Nothing will ever move it.
  REQUIRE(h.fate(gone) == Fate::lost);
  REQUIRE(h.fate(untold) == Fate::lost);  // Of whom nobody says who holds it, nobody holds.
  h.order().due = -1;
  REQUIRE(h.fate(overdue) == Fate::in_flight);  // Without a due there is always time.
}

TEST_CASE("a finished item keeps its fate whoever holds it", "[fates]") {
  HandWritten h = with_due(100);
  const auto item = h.arrives(10);
  h.finishes(item, 20, right);
  h.remains(item, Remains::dead_letter);
  REQUIRE(h.fate(item) == Fate::done);
}

TEST_CASE("PROP-001: fates add up to what arrived, kind by kind, whatever the history", "[fates]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U, 4U, 5U);
  HandWritten h = with_due(50);
  h.kind("bill").may_repeat = true;
  std::uint64_t arrived[2] = {};
  for (std::uint64_t n = 0; n < 400; ++n) {
    const std::uint64_t bits = random_bits(seed, 0, 0, n);
    const std::uint32_t kind = bits & 1;
    const auto at = static_cast<std::int64_t>(n * 2);
    const auto item = h.arrives(at, kind);
    ++arrived[kind];
    for (std::uint64_t times = (bits >> 1) % 4; times > 1; --times)
      h.finishes(item, at + static_cast<std::int64_t>((bits >> 8) % 100), 1 + (bits >> 20) % 2);
    if ((bits >> 1) % 4 < 2) h.remains(item, static_cast<Remains>((bits >> 16) % 4));
  }
  const std::vector<FateCounts> fates = h.judged().fates();
  std::uint64_t seen = 0;
  for (std::size_t kind = 0; kind < 2; ++kind) {
    std::uint64_t sum = 0;
    for (const std::uint64_t of : fates[kind].of) sum += of, seen += of > 0 ? 1 : 0;
    CHECK(fates[kind].arrived == arrived[kind]);
    CHECK(sum == arrived[kind]);
  }
  CHECK(seen >= 12);  // The histories have met most fates of both kinds.
}
