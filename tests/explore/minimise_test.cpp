// The smallest story: short, failing in the same way, with nothing left to take away; and always whole on the way
// there.

#include "sim/explore/minimise.hpp"

#include <set>

#include "sim/explore/reduction.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/scenario_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem;
using testing::esr, testing::nav, testing::scenario_file;

namespace {

Minimised smallest(const std::string& file, const std::string& check, const Variant& variant = {}) {
  MinimiseOptions options;
  options.check = check;
  std::string error;
  const auto found = minimise(scenario_file(file), variant, options, error);
  INFO(error);
  REQUIRE(found);
  return *found;
}

/// How a file with this text breaks the check; nothing when it does not, or is no valid scenario.
std::optional<Failure> failure_of_text(const std::string& text, const std::string& check, std::uint64_t seed = 1) {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  const auto loaded = root ? load_scenario("", std::move(*root), diagnostics) : std::nullopt;
  const auto compiled = loaded ? compile_variant(*loaded, {}, diagnostics) : nullptr;
  return compiled ? failure_of(*compiled, seed, check) : std::nullopt;
}

/// Every node that can be taken away by itself.
void each_removal(const Node& root, const std::function<void(const Node&)>& see) {
  for (std::size_t depth = 0;; ++depth) {
    const std::vector<NodePath> paths = paths_of_depth(root, depth);
    if (paths.empty()) return;
    for (const NodePath& path : paths) {
      for (std::size_t child = 0; child < children_of(node_at(root, path)); ++child) {
        Node without = root;
        erase_children(node_at(without, path), child, 1);
        see(without);
      }
    }
  }
}

}  // namespace

TEST_CASE("ESR: two deaneries, two workers and one document are the whole story", "[minimise]") {
  const Minimised story = smallest(esr, "exports-finish");
  CHECK(scenario_text(story.root) == testing::golden("explore/esr-smallest.jsonc", scenario_text(story.root)));
  CHECK(story.minimal);
  CHECK(story.failure.cause == "lost after WriteConflict, given up");
  CHECK(story.root.find("lists")->find("deaneries")->items.size() == 2);
  CHECK(story.root.find("systems")->find("exporter")->find("workers")->integer == 2);
}

TEST_CASE("NAV: two toggles of one flag and a late replay are the whole story", "[minimise]") {
  const Minimised story = smallest(nav, "in-time");
  CHECK(scenario_text(story.root) == testing::golden("explore/nav-smallest.jsonc", scenario_text(story.root)));
  CHECK(story.minimal);
  CHECK(story.failure.cause == "late after a filter held it back");
}

TEST_CASE("what is called minimal is: every element alone, taken away, ends the failure or changes its cause",
          "[minimise]") {
  const std::string file = GENERATE(as<std::string>{}, esr, "scenarios/gallery/watermark-late-commit.jsonc",
                                    "scenarios/gallery/hee-older-data-wins.jsonc");
  const std::string check = file == esr                              ? "exports-finish"
                            : file.find("late") != std::string::npos ? "none-missed"
                                                                     : "newest-wins";
  const Minimised story = smallest(file, check);
  REQUIRE(story.minimal);
  int removals = 0;
  each_removal(story.root, [&](const Node& without) {
    const std::string text = scenario_text(without);
    INFO(text);
    const auto failure = failure_of_text(text, check);
    const bool same = failure && failure->cause == story.failure.cause &&
                      (failure->others_fare_well || !story.failure.others_fare_well);
    CHECK(!same);
    ++removals;
  });
  CHECK(removals > 30);
}

TEST_CASE("a story that holds choices is minimal, too: without any one element or answer it does not fail only by them",
          "[minimise]") {
  const Node root = scenario_file("tests/golden/minimise/six-saved.jsonc").root;
  REQUIRE(failure_of_text(scenario_text(root), "all-exported"));
  int removals = 0;
  each_removal(root, [&](const Node& without) {
    INFO(scenario_text(without));
    const auto failure = failure_of_text(scenario_text(without), "all-exported");
    Node plain = without;
    plain.erase("choices");
    CHECK((!failure || failure->cause != "misrouted after a filter held it back" || !failure->others_fare_well ||
           failure_of_text(scenario_text(plain), "all-exported")));
    ++removals;
  });
  CHECK(removals == 47);
}

TEST_CASE("stopped at any instant, what there is fails as a file, and gets no longer", "[minimise]") {
  std::size_t told = 0, last_length = SIZE_MAX;
  MinimiseOptions options;
  options.check = "exports-finish";
  options.seed = 3;
  options.improved = [&](const Minimised& story) {
    ++told;
    const std::string text = scenario_text(story.root);
    const auto failure = failure_of_text(text, "exports-finish", 3);
    REQUIRE(failure);
    REQUIRE(failure->cause == "lost after WriteConflict, given up");
    CHECK(text.size() <= last_length + 40);  // An "at" may be longer than the "rate" in whose place it stands.
    last_length = text.size();
  };
  for (const std::size_t trials : {0U, 1U, 7U, 60U}) {
    std::size_t left = trials;
    last_length = SIZE_MAX - 40;
    options.go_on = [&left] { return left-- > 0; };
    std::string error;
    const auto story = minimise(scenario_file(esr), {}, options, error);
    REQUIRE(story);
    CHECK(story->trials == trials);
    CHECK(!story->minimal);
  }
  CHECK(told > 8);
}

TEST_CASE("the same case gives the same story", "[minimise][determinism]") {
  const std::string once = scenario_text(smallest(nav, "in-time").root);
  CHECK(scenario_text(smallest(nav, "in-time").root) == once);
}

TEST_CASE("a check that holds has nothing to minimise", "[minimise]") {
  MinimiseOptions options;
  options.check = "none-missed";
  std::string error;
  CHECK(!minimise(scenario_file(nav), {"one-more-batch", {}, {}}, options, error));
  CHECK(error == "the check \"none-missed\" is not broken under seed 1; there is nothing to minimise");
}

TEST_CASE("values that are easier to read", "[minimise]") {
  const auto easier = [](const std::string& text) {
    std::string all;
    for (const Node& value : simpler_values(Node::of_text(text, {}))) all += value.to_json() + " ";
    return all;
  };
  CHECK(easier("2 s .. 6 s") == "\"2 s\" \"6 s\" ");
  CHECK(easier("20 h 39 min") == "\"1 h\" \"20 h\" \"21 h\" \"1 min\" \"20 h 40 min\" \"1 s\" \"0.001 s\" ");
  CHECK(easier("2020-01-27 12:58:41") ==
        "\"2020-01-27 00:00\" \"2020-01-27 12:00\" \"2020-01-27 13:00\" \"2020-01-27 12:50\" \"2020-01-27 12:58\" ");
  CHECK(easier("2020-01-27 00:00") == "");
  CHECK(easier("poisson 10") == "1 2 ");
  CHECK(easier("name == 'a && b' && (x || y)") == "\"name == 'a && b'\" \"(x || y)\" ");
  CHECK(easier("queue") == "");
}

TEST_CASE("a scenario as text reads back as it was", "[minimise]") {
  for (const std::string& file : {esr, nav}) {
    const Node root = scenario_file(file).root;
    const std::string text = scenario_text(root);
    Diagnostics diagnostics;
    const auto again = read_scenario_text(text, diagnostics);
    REQUIRE(again);
    CHECK(again->to_json() == root.to_json());
    CHECK(scenario_text(*again) == text);
  }
}
