// A World as bytes: saved, loaded and continued it ends as if nothing had happened, and nobody takes what is not whole.

#include "sim/models/world_file.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/machine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/scenarios.hpp"

using namespace premortem;
using testing::esr, testing::nav, testing::scenario;

namespace {

World begun(const CompiledScenario& compiled, std::int64_t until, std::uint64_t seed = 5) {
  World world = new_world(*compiled.model, seed);
  Machine machine(*compiled.model, world);
  machine.begin();
  machine.run_until(time_from_nanoseconds(until));
  return world;
}

/// Continues to the end.
std::string ending(const CompiledScenario& compiled, World& world) {
  Machine machine(*compiled.model, world);
  machine.run_until(time_from_nanoseconds(compiled.model->ends));
  machine.finish();
  return world.kernel.digest.hex();
}

/// A World of the ESR incident in mid-run: transactions open, messages unacknowledged.
struct Saved {
  std::shared_ptr<const CompiledScenario> compiled = scenario(esr);
  World world = begun(*compiled, compiled->model->begins + (compiled->model->ends - compiled->model->begins) / 2);
  std::string bytes = save_world(world, *compiled->model, compiled->scenario_hash);

  LoadedWorld load(std::string_view from) const { return load_world(from, *compiled->model, compiled->scenario_hash); }
  std::string refusal(std::string_view from) const {
    const LoadedWorld loaded = load(from);
    REQUIRE(!loaded.world);
    return loaded.error;
  }
};

/// Sums the sizes of the members visited, those of vectors and texts as they stand in their owner.
struct MemberSizes {
  std::size_t sum = 0;
  template <class T>
  void operator()(const T&) {
    sum += sizeof(T);
  }
};

}  // namespace

TEST_CASE("saved, loaded and continued, a run has the same digest as uninterrupted", "[world]") {
  const std::string file = GENERATE(as<std::string>{}, nav, esr);
  const auto compiled = scenario(file);
  const Model& model = *compiled->model;
  World whole = begun(*compiled, model.begins);
  const std::string uninterrupted = ending(*compiled, whole);
  for (std::uint64_t n = 0; n < 12; ++n) {
    const std::int64_t at = uniform_between(random_bits(11, hash_name(file), 0, n), model.begins, model.ends - 1);
    INFO(file << ", cut at " << model.zone.format(time_from_nanoseconds(at)));
    World original = begun(*compiled, at);
    const std::string bytes = save_world(original, model, compiled->scenario_hash);
    LoadedWorld loaded = load_world(bytes, model, compiled->scenario_hash);
    REQUIRE(loaded.error == "");
    REQUIRE(*loaded.world == original);
    REQUIRE(save_world(*loaded.world, model, compiled->scenario_hash) == bytes);
    REQUIRE(ending(*compiled, *loaded.world) == uninterrupted);
    REQUIRE(ending(*compiled, original) == uninterrupted);
    REQUIRE(*loaded.world == original);  // Not only what the digest sees.
  }
}

TEST_CASE("interrupted every day, saved and loaded each time, the run ends the same", "[world]") {
  const auto compiled = scenario(esr);
  World whole = begun(*compiled, compiled->model->begins);
  const std::string uninterrupted = ending(*compiled, whole);
  World world = begun(*compiled, compiled->model->begins);
  for (std::int64_t at = compiled->model->begins; at < compiled->model->ends; at += 86'400'000'000'000) {
    Machine(*compiled->model, world).run_until(time_from_nanoseconds(at));
    LoadedWorld loaded = load_world(save_world(world, *compiled->model, compiled->scenario_hash), *compiled->model,
                                    compiled->scenario_hash);
    REQUIRE(loaded.error == "");
    world = std::move(*loaded.world);
  }
  REQUIRE(ending(*compiled, world) == uninterrupted);
}

TEST_CASE("two Worlds are equal when every number is", "[world]") {
  const Saved saved;
  World copy = saved.world;
  REQUIRE(copy == saved.world);
  SECTION("another seed") { copy.kernel.seed = 6; }
  SECTION("one event further") {
    Machine machine(*saved.compiled->model, copy);
    machine.run_until(time_from_nanoseconds(saved.compiled->model->ends));
  }
  SECTION("another mark") { copy.items.at(0).mark += 1; }
  SECTION("one text more") { copy.texts.intern(saved.compiled->model->texts, "never seen before"); }
  SECTION("another place in the log of a list") { copy.lists.create(false); }
  REQUIRE(!(copy == saved.world));
}

TEST_CASE("a truncated World is refused, wherever it is cut", "[world]") {
  const Saved saved;
  REQUIRE(saved.load(saved.bytes).error == "");
  const std::string all = std::to_string(saved.bytes.size());
  REQUIRE(saved.refusal("") == "is truncated: 0 of at least 72 bytes are there");
  REQUIRE(saved.refusal(saved.bytes.substr(0, 71)) == "is truncated: 71 of at least 72 bytes are there");
  REQUIRE(saved.refusal(saved.bytes.substr(0, 72)) == "is truncated: 72 of " + all + " bytes are there");
  for (std::uint64_t n = 0; n < 200; ++n) {
    const std::size_t size = uniform_below(random_bits(1, 2, 3, n), saved.bytes.size());
    REQUIRE(saved.refusal(std::string_view(saved.bytes).substr(0, size)).starts_with("is truncated: "));
  }
  REQUIRE(saved.refusal(saved.bytes + "x") == "is damaged: its bytes and its checksum disagree");
}

TEST_CASE("a World with one wrong bit is refused, wherever it stands", "[world]") {
  const Saved saved;
  for (std::uint64_t n = 0; n < 400; ++n) {
    std::string bytes = saved.bytes;
    // Every bit of the first bytes, then anywhere; the last are those of the checksum.
    const std::size_t at = n < 80 ? n : n < 96 ? bytes.size() - 1 - (n - 80) : uniform_below(mix64(n), bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (mix64(n) & 7)));
    INFO("byte " << at);
    REQUIRE(!saved.load(bytes).world);
  }
  std::string bytes = saved.bytes;
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  REQUIRE(saved.refusal(bytes) == "is damaged: its bytes and its checksum disagree");
}

TEST_CASE("what is no World, or one of another format, is refused for what it is", "[world]") {
  const Saved saved;
  REQUIRE(saved.refusal(std::string(1000, 'x')) == "is not a saved World");
  REQUIRE(saved.refusal("{ \"premortem\": 1 }") == "is not a saved World");
  std::string later = saved.bytes;
  later[16] = 9;  // Behind the 16 bytes that say what it is.
  REQUIRE(saved.refusal(later) == "is of format 9, and this premortem reads format 1; save it again with this one");
  std::string turned = saved.bytes;
  std::reverse(turned.begin() + 20, turned.begin() + 24);
  REQUIRE(saved.refusal(turned) == "was saved on a machine of another byte order; save it on this one");
}

TEST_CASE("a World of another scenario, strategy or setting is refused", "[world]") {
  const Saved saved;
  const std::string why =
      "belongs to another scenario, strategy, assumption or setting; continue it with those it was saved with";
  const std::vector<std::shared_ptr<const CompiledScenario>> others = {
      scenario(nav), scenario(esr, {"claim", {}, {}}),
      scenario(esr, {"as-happened", {{"conflict", "H2-upserts"}}, {}})};
  for (const auto& other : others) {
    const LoadedWorld loaded = load_world(saved.bytes, *other->model, other->scenario_hash);
    REQUIRE(!loaded.world);
    REQUIRE(loaded.error == why);
  }
  // The same scenario, compiled to other programs: another version of premortem.
  Model recompiled = *saved.compiled->model;
  recompiled.code.push_back({});
  REQUIRE(load_world(saved.bytes, recompiled, saved.compiled->scenario_hash).error ==
          "was saved by another version of premortem; save it again with this one");
}

TEST_CASE("no member of a World is forgotten when it is saved", "[world]") {
  MemberSizes visited;
  const World world;
  world.fields(visited);
  // The broker's specification is the Model's: a shared pointer, and no part of the state. What clients are to be told
  // is taken away at once. The rest is padding, less than the smallest vector.
  const std::size_t stateless = sizeof(std::shared_ptr<const BrokerSpec>) + sizeof(std::vector<ClientEvent>);
  const std::size_t unvisited = sizeof(World) - stateless - visited.sum;
  INFO(unvisited << " bytes");
  REQUIRE(unvisited < sizeof(std::vector<int>));
}
