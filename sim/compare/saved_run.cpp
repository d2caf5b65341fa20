#include "sim/compare/saved_run.hpp"

#include <cstring>

#include "sim/history/record_digest.hpp"
#include "sim/models/world_file.hpp"

namespace premortem {

namespace {

constexpr std::string_view magic = "premortem run 1\n";
constexpr std::size_t begin_of_world = magic.size() + sizeof(std::uint64_t);

LoadedRun refused(std::string why) { return {std::nullopt, std::move(why)}; }

}  // namespace

std::string save_run(const SavedRun& run, const CompiledScenario& scenario) {
  const std::string world = save_world(run.world, *scenario.model, scenario.scenario_hash);
  const std::uint64_t size = world.size();
  std::string bytes(magic);
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += world;
  bytes.append(reinterpret_cast<const char*>(run.records.data()), run.records.size() * sizeof(Record));
  return bytes;
}

LoadedRun load_run(std::string_view bytes, const CompiledScenario& scenario) {
  const std::string_view first = bytes.substr(0, magic.size());
  if (first != magic.substr(0, first.size())) return refused("is not a saved run");
  if (bytes.size() < begin_of_world) return refused("is truncated: its first bytes are not all there");
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data() + magic.size(), sizeof size);
  bytes.remove_prefix(begin_of_world);
  LoadedWorld loaded = load_world(bytes.substr(0, size), *scenario.model, scenario.scenario_hash);
  if (!loaded.world) return refused(std::move(loaded.error));
  bytes.remove_prefix(size);
  SavedRun run{std::move(*loaded.world), {}};
  const std::size_t expected = run.world.kernel.records;
  if (bytes.size() > expected * sizeof(Record)) return refused("is damaged: something stands behind its history");
  if (bytes.size() < expected * sizeof(Record)) {
    return refused("is truncated: " + std::to_string(bytes.size() / sizeof(Record)) + " of " +
                   std::to_string(expected) + " records are there");
  }
  run.records.resize(expected);
  if (expected != 0) std::memcpy(run.records.data(), bytes.data(), bytes.size());
  Digest digest;
  for (const Record& record : run.records) add_record(digest, record);
  if (digest != run.world.kernel.digest) return refused("is damaged: its history is not that of its World");
  return {std::move(run), ""};
}

}  // namespace premortem
