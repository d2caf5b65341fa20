// Two runs are compared by item and cause: where they part, what became of the items, what is set aside.

#include "sim/explore/diff.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/story.hpp"

namespace {

using namespace premortem;
using premortem::testing::Story;

RecordedRun incident(const std::string& file, const std::string& strategy, std::uint64_t seed = 1) {
  Diagnostics diagnostics;
  const auto loaded = load_scenario(testing::source_path("scenarios/incidents/" + file + ".jsonc"), diagnostics);
  REQUIRE(loaded);
  return record_run(compile_variant(*loaded, {strategy, {}, {}}, diagnostics), seed);
}

RecordedRun run_of(const std::string& body, const Variant& variant = {}, std::uint64_t seed = 1) {
  return record_run(std::make_shared<CompiledScenario>(Story(body, seed, variant).compiled()), seed);
}

constexpr std::int64_t minute = 60'000'000'000;

/// Two letters at 10:00 and 11:00 for a clerk who is away from 10:30 on.
const std::string office = R"("items": { "letter": { "done": "filed" } },
  "timeline": [ { "id": "away", "at": "10:30", "stop": "clerk" }, { "id": "back", "at": "15:00", "start": "clerk" } ],
  "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00", "11:00"] } },
  "systems": { "tray": { "is": "queue", "of": "letter" }, "lamp": { "is": "consumer", "reads": "attic", "does": [] },
    "attic": { "is": "queue", "of": "letter" },
    "clerk": { "is": "consumer", "reads": "tray", "does": [ { "id": "file", "work": "1 min .. 9 min" }, { "finish": "filed" } ] } },
  "strategies": {
    "decoy": { "add": { "timeline[dust]": { "at": "2021-01-04 09:00", "pause": "lamp" } }, "change": { "timeline[away].at": "2021-01-04 11:30" } },
    "lamp-out": { "add": { "timeline[dust]": { "at": "2021-01-04 09:00", "pause": "lamp" } } } })";

TEST_CASE("NAV, as it happened and with one more batch: they part at the stop, and 182 applications fare otherwise") {
  const RunDiff diff =
      diff_runs(incident("nav-brut-cutover", "as-happened"), incident("nav-brut-cutover", "one-more-batch"));
  REQUIRE(diff.first);
  REQUIRE((diff.first->a && diff.first->b));
  CHECK(diff.first->a->kind == RecordKind::step_done);
  CHECK(diff.first->a->what == "stop-brut");
  CHECK(diff.first->b->at - diff.first->a->at == 19 * 60 * minute);
  CHECK_FALSE(diff.first->cause);
  REQUIRE(diff.items.size() == 1);
  CHECK(diff.items[0].ids.size() == 182);
  CHECK(diff.items[0].a == ItemEnd{true, Fate::late, true, "routed", ""});
  CHECK(diff.items[0].b == ItemEnd{true, Fate::done, false, "routed", ""});
  REQUIRE(diff.runs.size() == 1);
  CHECK(diff.runs[0].name == "brut");
  CHECK(diff.runs[0].only_b == 1);
}

TEST_CASE("ESR, without and with a retry: they part where the first WriteConflict is handled") {
  const RunDiff diff = diff_runs(incident("esr-export-write-conflict", "as-happened"),
                                 incident("esr-export-write-conflict", "retry-3x1s"));
  REQUIRE(diff.first);
  REQUIRE((diff.first->cause && diff.first->a && diff.first->b));
  CHECK(diff.first->cause->kind == RecordKind::failed);
  CHECK(diff.first->cause->what == "WriteConflict");
  CHECK(diff.first->cause->item == "export 2");
  CHECK(diff.first->a->kind == RecordKind::given_up);
  CHECK(diff.first->b->kind == RecordKind::retried);
}

TEST_CASE("a run is the same as itself, and nothing is told") {
  const RunDiff diff = diff_runs(run_of(office), run_of(office));
  CHECK(diff.same);
  CHECK_FALSE(diff.first);
  CHECK(diff.items.empty());
  CHECK(diff.records_equal == diff.records_a);
}

TEST_CASE("two seeds part at the first duration that is drawn, told with what brought it about") {
  const RunDiff diff = diff_runs(run_of(office, {}, 1), run_of(office, {}, 2));
  REQUIRE(diff.first);
  REQUIRE((diff.first->cause && diff.first->a && diff.first->b));
  CHECK(diff.first->cause->kind == RecordKind::delivered);
  CHECK(diff.first->cause->item == "letter 1");
  CHECK(diff.first->a->kind == RecordKind::finished);
  CHECK(diff.first->b->kind == RecordKind::finished);
  CHECK(diff.first->a->at != diff.first->b->at);
  CHECK(diff.items.empty());
  REQUIRE(diff.finished.size() == 1);
  CHECK(diff.finished[0].by.size() == 2);
}

TEST_CASE("a decoy that differs earlier is set aside: without it no item fares otherwise") {
  const RunDiff diff = diff_runs(run_of(office), run_of(office, {"decoy", {}, {}}));
  REQUIRE(diff.first);
  REQUIRE((diff.first->a && diff.first->b));
  CHECK(diff.first->a->what == "away");
  CHECK(diff.first->b->at - diff.first->a->at == 60 * minute);
  REQUIRE(diff.set_aside.size() == 1);
  CHECK_FALSE(diff.set_aside[0].a);
  CHECK(diff.set_aside[0].b->what == "dust");
  REQUIRE(diff.moved.size() == 2);
  CHECK(diff.moved[0].name == "dust");
  CHECK(diff.moved[1].name == "away");
}

TEST_CASE("where no item fares otherwise at all, the decoy is what differs") {
  const RunDiff diff = diff_runs(run_of(office), run_of(office, {"lamp-out", {}, {}}));
  CHECK_FALSE(diff.same);
  REQUIRE(diff.first);
  CHECK(diff.first->b->what == "dust");
  CHECK(diff.set_aside.empty());
  CHECK(diff.items.empty());
}

TEST_CASE("a file whose systems and texts are numbered otherwise runs the same") {
  const std::string more = R"("items": { "card": { "done": "pinned" }, "letter": { "done": "filed" } },
    "timeline": [ { "id": "away", "at": "10:30", "stop": "clerk" }, { "id": "back", "at": "15:00", "start": "clerk" } ],
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00", "11:00"] } },
    "systems": { "wall": { "is": "queue", "of": "card" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "id": "file", "work": "1 min .. 9 min" }, { "finish": "filed" } ] },
      "attic": { "is": "queue", "of": "letter" },
      "lamp": { "is": "consumer", "reads": "attic", "does": [] }, "tray": { "is": "queue", "of": "letter" } })";
  CHECK(diff_runs(run_of(office), run_of(more)).same);
}

TEST_CASE("an item more in one run is there only in that run, and no other is taken for it") {
  const std::string early = R"("items": { "card": {}, "letter": {} },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00", "11:00"] },
                  "cards": { "item": "card", "into": "wall", "at": ["09:00"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" }, "wall": { "is": "queue", "of": "card" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "1 s" }, { "finish": "filed" } ] } },
    "strategies": { "no-cards": { "remove": ["arrivals.cards"] } })";
  const RunDiff diff = diff_runs(run_of(early), run_of(early, {"no-cards", {}, {}}));
  REQUIRE(diff.items.size() == 1);
  CHECK(diff.items[0].kind == "card");
  CHECK_FALSE(diff.items[0].b.there);
  CHECK(diff.finished.empty());
  CHECK(diff.first->a->kind == RecordKind::arrived);
  CHECK_FALSE(diff.first->b);
}

}  // namespace
