#include "sim/models/world_file.hpp"

#include "sim/kernel/digest.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/world_bytes.hpp"

namespace premortem {

namespace {

constexpr std::string_view magic = "premortem world\n";
/// Raised whenever the same bytes would come to mean something else.
constexpr std::uint32_t format = 1;
/// Reads as another number on a machine of the other byte order.
constexpr std::uint32_t byte_order = 0x01020304;

/// What stands behind the magic; the World's own bytes follow, then the checksum over everything before it.
struct Header {
  std::uint32_t version = format;
  std::uint32_t order = byte_order;
  std::uint64_t size = 0;      ///< Of the whole, checksum included.
  std::uint64_t layout = 0;    ///< WorldLayout of the build.
  std::uint64_t model = 0;     ///< Fingerprint of the Model.
  std::uint64_t scenario = 0;  ///< Of the scenario's name.
};
static_assert(PlainValue<Header>);

constexpr std::size_t begin_of_world = magic.size() + sizeof(Header);
constexpr std::size_t checksum_size = 16;

std::uint64_t layout_of_build() {
  WorldLayout layout;
  const World sample;
  sample.fields(layout);
  return layout.number();
}

/// What a World refers to by number: another compilation of the same scenario may number differently.
std::uint64_t fingerprint(const Model& model) {
  Digest digest;
  for (const Instruction& i : model.code) {
    digest.add(std::uint64_t{i.operand} << 32 | std::uint64_t{i.small} << 16 | std::uint64_t{i.slot} << 8 |
               i.operation);
  }
  for (const ProgramSpec& program : model.programs) digest.add(program.entry);
  for (const SettingSpec& setting : model.settings) {
    digest.add(hash_name(setting.address));
    digest.add(setting.value);
  }
  for (const std::string& text : model.texts) digest.add(hash_name(text));
  for (const std::uint32_t units : model.resources) digest.add(units);
  for (const std::size_t size :
       {model.code.size(), model.expressions.size(), model.items.size(), model.components.size(), model.stores.size(),
        model.collections.size(), model.queues.size(), model.logs.size(), model.timeline.size(), model.probes.size()}) {
    digest.add(size);
  }
  for (const std::uint32_t width : {model.locals, model.payload_fields, model.item_fields}) digest.add(width);
  digest.add(static_cast<std::uint64_t>(model.begins));
  digest.add(static_cast<std::uint64_t>(model.ends));
  return mix64(digest.a ^ digest.b);
}

Digest checksum(std::string_view bytes) {
  Digest digest;
  digest.add(bytes.size());
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = bytes.size() < sizeof word ? bytes.size() : sizeof word;
    std::memcpy(&word, bytes.data(), size);
    digest.add(word);
    bytes.remove_prefix(size);
  }
  return digest;
}

std::string bytes_of(const World& world) {
  std::string bytes;
  WorldWriter writer(bytes);
  world.fields(writer);
  return bytes;
}

LoadedWorld refused(std::string why) { return {std::nullopt, std::move(why)}; }

}  // namespace

std::string save_world(const World& world, const Model& model, std::string_view scenario) {
  std::string bytes(magic);
  WorldWriter writer(bytes);
  Header header;
  header.layout = layout_of_build();
  header.model = fingerprint(model);
  header.scenario = hash_name(scenario);
  writer(header);
  world.fields(writer);
  header.size = bytes.size() + checksum_size;
  std::memcpy(bytes.data() + magic.size(), &header, sizeof header);
  writer(checksum(bytes));
  return bytes;
}

LoadedWorld load_world(std::string_view bytes, const Model& model, std::string_view scenario) {
  const std::string_view first = bytes.substr(0, magic.size());
  if (first != magic.substr(0, first.size())) return refused("is not a saved World");
  const auto truncated = [&bytes](const std::string& of) {
    return refused("is truncated: " + std::to_string(bytes.size()) + " of " + of + " bytes are there");
  };
  if (bytes.size() < begin_of_world + checksum_size) {
    return truncated("at least " + std::to_string(begin_of_world + checksum_size));
  }
  Header header;
  std::memcpy(&header, bytes.data() + magic.size(), sizeof header);
  if (header.order != byte_order) return refused("was saved on a machine of another byte order; save it on this one");
  if (header.version != format) {
    return refused("is of format " + std::to_string(header.version) + ", and this premortem reads format " +
                   std::to_string(format) + "; save it again with this one");
  }
  if (bytes.size() < header.size) return truncated(std::to_string(header.size));
  const std::string_view summed = bytes.substr(0, bytes.size() - checksum_size);
  Digest written;
  std::memcpy(&written, bytes.data() + summed.size(), sizeof written);
  if (bytes.size() != header.size || written != checksum(summed)) {
    return refused("is damaged: its bytes and its checksum disagree");
  }
  if (header.scenario != hash_name(scenario)) {
    return refused(
        "belongs to another scenario, strategy, assumption or setting; continue it with those it was saved with");
  }
  if (header.layout != layout_of_build() || header.model != fingerprint(model)) {
    return refused("was saved by another version of premortem; save it again with this one");
  }
  LoadedWorld loaded{new_world(model, 0),
                     ""};  // What does not change, as the broker's specification, comes from there.
  WorldReader reader(summed.substr(begin_of_world));
  loaded.world->fields(reader);
  if (!reader.exhausted()) return refused("is damaged: its parts have other sizes than they say");
  return loaded;
}

bool operator==(const World& left, const World& right) { return bytes_of(left) == bytes_of(right); }

}  // namespace premortem
