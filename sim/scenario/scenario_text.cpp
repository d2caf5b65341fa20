#include "sim/scenario/scenario_text.hpp"

namespace premortem {

namespace {

std::string quoted(const std::string& text) { return Node::of_text(text, {}).to_json(); }

std::string on_one_line(const Node& node) {
  const bool array = node.is(Node::Kind::array);
  if (!array && !node.is(Node::Kind::object)) return node.to_json();
  std::string line;
  for (const Node& item : node.items) line += (line.empty() ? "" : ", ") + on_one_line(item);
  for (const Node::Member& member : node.members) {
    line += (line.empty() ? "" : ", ") + quoted(member.first) + ": " + on_one_line(member.second);
  }
  if (line.empty()) return array ? "[]" : "{}";
  return array ? "[" + line + "]" : "{ " + line + " }";
}

/// `used`: columns before the value on its line.
void write(const Node& node, std::size_t indent, std::size_t used, std::size_t width, std::string& out) {
  const std::string line = on_one_line(node);
  const bool array = node.is(Node::Kind::array);
  const bool empty = node.items.empty() && node.members.empty();
  if (empty || (indent > 0 && used + line.size() < width)) {
    out += line;
    return;
  }
  const std::string margin(indent + 2, ' ');
  out += array ? "[" : "{";
  bool first = true;
  const auto begin = [&](const std::string& key) {
    out += std::string(first ? "\n" : ",\n") + margin + key;
    first = false;
    return margin.size() + key.size();
  };
  for (const Node& item : node.items) {
    const std::size_t column = begin("");
    write(item, indent + 2, column, width, out);
  }
  for (const Node::Member& member : node.members) {
    const std::size_t column = begin(quoted(member.first) + ": ");
    write(member.second, indent + 2, column, width, out);
  }
  out += "\n" + std::string(indent, ' ') + (array ? "]" : "}");
}

}  // namespace

std::string scenario_text(const Node& root, std::size_t width) {
  std::string text;
  write(root, 0, 0, width, text);
  return text + "\n";
}

}  // namespace premortem
