// `uses`: lists, items, systems, remedies and strategies that several files share.

#include "sim/scenario/overlay.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

constexpr std::string_view shared[] = {"lists", "items", "systems", "remedies", "strategies", "source"};

bool is_shared(std::string_view section) {
  for (const std::string_view one : shared) {
    if (one == section) return true;
  }
  return false;
}

/// What is wrong with something from another file is said where this file names that one.
void stand_at(Node& node, Position at) {
  node.at = node.key_at = at;
  for (Node& item : node.items) stand_at(item, at);
  for (Node::Member& member : node.members) stand_at(member.second, at);
}

/// The first things that are wrong in the other file, with its own lines.
void pass_on(const Diagnostics& inner, const Node& file, Diagnostics& diagnostics) {
  for (const Diagnostic& one : inner.sorted()) {
    std::string where = "\"" + file.text + "\"";
    if (one.at.line != 0) where += ":" + std::to_string(one.at.line) + ":" + std::to_string(one.at.column);
    diagnostics.error(file.at, "/uses", where + ": " + (one.address.empty() ? "" : one.address + ": ") + one.message);
  }
}

void merge(Node& root, const Node& file, const std::string& directory, Diagnostics& diagnostics) {
  Diagnostics inner;
  const std::string path = directory.empty() || file.text.starts_with('/') ? file.text : directory + "/" + file.text;
  std::optional<Node> used = read_scenario_file(path, inner);
  if (used && used->find("uses") != nullptr) {
    diagnostics.error(
        file.at, "/uses",
        "\"" + file.text + "\" uses other files itself, perhaps this one again; one level only, name them all here");
    return;
  }
  if (used) validate_shared(*used, inner);
  if (!inner.ok()) return pass_on(inner, file, diagnostics);
  for (Node::Member& section : used->members) {
    const std::string& name = section.first;
    if (name == "premortem" || name == "$schema" || name == "title") continue;
    if (!is_shared(name)) {
      diagnostics.error(
          file.at, "/uses",
          "\"" + file.text + "\" holds \"" + name + "\"; share lists, items, systems, remedies or strategies only");
      continue;
    }
    Node* own = root.find(name);
    if (own == nullptr) own = &root.set(name, Node::of_object(file.at));
    if (!own->is(Node::Kind::object)) continue;  // validate() says so.
    for (Node::Member& thing : section.second.members) {
      if (own->find(thing.first) != nullptr) {
        diagnostics.error(file.at, "/uses",
                          "\"" + thing.first + "\" of \"" + file.text + "\" is defined here, too; rename one");
        continue;
      }
      stand_at(thing.second, file.at);
      own->set(thing.first, std::move(thing.second));
    }
  }
}

}  // namespace

void merge_uses(Node& root, const std::string& directory, Diagnostics& diagnostics) {
  const Node* uses = root.find("uses");
  if (uses == nullptr) return;
  const std::vector<Node> files = uses->is(Node::Kind::array) ? uses->items : std::vector<Node>{*uses};
  for (const Node& file : files) {
    if (file.is(Node::Kind::text)) {
      merge(root, file, directory, diagnostics);
    } else {
      diagnostics.error(file.at, "/uses", "must be a path, not " + std::string(describe(file.kind)));
    }
  }
  root.erase("uses");
}

}  // namespace premortem
