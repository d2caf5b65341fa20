// Names of things are parts of addresses: what would break an address, or mean two things, cannot be a name.

#include <algorithm>

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

constexpr std::string_view sections[] = {"timeline", "arrivals", "items",  "lists",
                                         "clock",    "checks",   "expect", "faults"};

/// Letters of all alphabets: a byte of such a letter in UTF-8 is 0x80 or more.
bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

void judge(const std::string& name, Position at, const std::string& address, Diagnostics& diagnostics) {
  if (name.empty() || !std::ranges::all_of(name, is_of_a_name)) {
    diagnostics.error(
        at, address,
        "\"" + name + "\" cannot be a name; write letters, digits, _ and -, as addresses are made of names");
  }
}

void judge_keys(const Node* things, const std::string& address, Diagnostics& diagnostics) {
  if (things == nullptr) return;
  for (const Node::Member& member : things->members) judge(member.first, member.second.key_at, address, diagnostics);
}

void judge_ids(const Node* steps, const std::string& address, Diagnostics& diagnostics) {
  if (steps == nullptr || !steps->is(Node::Kind::array)) return;
  for (const Node& step : steps->items) {
    if (const Node* id = step.find("id")) judge(id->text, id->at, address, diagnostics);
    if (const Node* name = step.find("as")) judge(name->text, name->at, address, diagnostics);
    judge_ids(step.find("does"), address, diagnostics);
  }
}

}  // namespace

void refuse_bad_names(const Node& root, Diagnostics& diagnostics) {
  for (const std::string_view section : {"lists", "items", "arrivals", "checks", "strategies", "remedies", "faults"})
    judge_keys(root.find(section), "/" + std::string(section), diagnostics);
  if (const Node* strategies = root.find("strategies")) {
    if (const Node* taken = strategies->find("as-happened"))
      diagnostics.error(taken->key_at, "/strategies/as-happened", "is what the unchanged file is called; rename it");
  }
  judge_ids(root.find("timeline"), "/timeline", diagnostics);
  for (const std::string_view section : {"items", "arrivals"}) {
    if (const Node* things = root.find(section)) {
      for (const Node::Member& member : things->members) {
        const std::string place = "/" + std::string(section) + "/" + member.first;
        judge_keys(member.second.find("fields"), place + "/fields", diagnostics);
        judge_keys(member.second.find("exactly"), place + "/exactly", diagnostics);
      }
    }
  }
  const Node* systems = root.find("systems");
  judge_keys(systems, "/systems", diagnostics);
  if (systems == nullptr) return;
  for (const Node::Member& member : systems->members) {
    const std::string place = "/systems/" + member.first;
    for (const std::string_view section : sections) {
      if (member.first == section)
        diagnostics.error(member.second.key_at, place,
                          "is the name of a section, too; an address could mean both, rename it");
    }
    if (const Node* is = member.second.find("is"); is != nullptr && is->text == "toggles")
      judge_keys(&member.second, place, diagnostics);
    judge_keys(member.second.find("fields"), place + "/fields", diagnostics);
    judge_ids(member.second.find("does"), place + "/does", diagnostics);
    for (const std::string_view holder : {"offers", "collections"}) {
      const Node* inner = member.second.find(holder);
      judge_keys(inner, place + "/" + std::string(holder), diagnostics);
      if (inner == nullptr) continue;
      for (const Node::Member& thing : inner->members) {
        judge_keys(thing.second.find("fields"), place + "/" + std::string(holder) + "/" + thing.first + "/fields",
                   diagnostics);
        judge_ids(thing.second.find("does"), place + "/" + std::string(holder) + "/" + thing.first + "/does",
                  diagnostics);
      }
    }
  }
}

}  // namespace premortem
