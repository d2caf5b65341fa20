#include "sim/scenario/lint.hpp"

#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

constexpr std::uint32_t story_lines_max = 20;
constexpr std::size_t named_max = 6;

bool is_number(const Node& node) {
  std::string ignored;
  if (node.is(Node::Kind::integer)) return true;
  if (!node.is(Node::Kind::text)) return false;
  return parse_duration(node.text) || parse_rate(node.text) || parse_distribution(node.text, Unit::duration, ignored);
}

/// Collects the addresses of numbers for which nothing answers.
class Unanswered {
 public:
  explicit Unanswered(const Node* assumed) : assumed_(assumed) {}

  void look(const Node& node, const std::string& address) {
    if (is_assumed(address)) return;
    if (node.is(Node::Kind::array)) return list(node, address);
    if (!node.is(Node::Kind::object)) {
      if (is_number(node)) found.push_back(address);
      return;
    }
    if (node.find("source") != nullptr) return;
    for (const Node::Member& member : node.members) {
      const std::string& key = member.first;
      if (key == "with" || key == "holds" || key == "first-id" || key == "at" || key == "each" || key == "set")
        continue;
      const bool left_out = key == "offers" || key == "collections";
      if (key == "does" && address.ends_with(']')) {  // Steps in steps have their handler's address.
        list(member.second, address.substr(0, address.rfind('[')));
        continue;
      }
      look(member.second, left_out ? address : address.empty() ? key : address + "." + key);
    }
  }

  std::vector<std::string> found;

 private:
  void list(const Node& node, const std::string& address) {
    for (const Node& item : node.items) {
      if (!item.is(Node::Kind::object)) continue;
      const Node* id = item.find("id");
      look(item, id != nullptr ? address + "[" + id->text + "]" : address + "[a step without id]");
    }
  }
  bool is_assumed(const std::string& address) const {
    return assumed_ != nullptr && !address.empty() && assumed_->find(address) != nullptr;
  }

  const Node* assumed_;
};

}  // namespace

std::vector<std::string> lint(const Node& root) {
  std::vector<std::string> notes;
  const Node *title = root.find("title"), *timeline = root.find("timeline");
  if (title != nullptr && timeline != nullptr && !timeline->items.empty()) {
    const std::uint32_t first = title->key_at.line, last = timeline->items.back().at.line;
    const std::uint32_t lines = last >= first ? last - first + 1 : 0;
    if (lines > story_lines_max)
      notes.push_back("from title to timeline it takes " + std::to_string(lines) +
                      " lines; a reader wants the story in " + std::to_string(story_lines_max));
  }
  Unanswered unanswered(root.find("assumed"));
  for (const std::string_view section : {"arrivals", "items"}) {
    if (const Node* things = root.find(section)) unanswered.look(*things, std::string(section));
  }
  if (timeline != nullptr) unanswered.look(*timeline, "timeline");
  if (const Node* systems = root.find("systems")) unanswered.look(*systems, "");
  if (unanswered.found.empty()) return notes;
  const std::size_t count = unanswered.found.size();
  std::string note = count == 1 ? "1 number has" : std::to_string(count) + " numbers have";
  note += " neither a \"source\" nor a place in \"assumed\": ";
  for (std::size_t n = 0; n < count && n < named_max; ++n) note += (n > 0 ? ", " : "") + unanswered.found[n];
  if (count > named_max) note += " and " + std::to_string(count - named_max) + " more";
  notes.push_back(note);
  return notes;
}

}  // namespace premortem
