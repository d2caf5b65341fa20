#include "sim/scenario/node.hpp"

namespace premortem {

Node::Node() = default;
Node::~Node() = default;
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}
Node* Node::find(std::string_view key) { return const_cast<Node*>(static_cast<const Node*>(this)->find(key)); }

Node& Node::set(std::string_view key, Node value) {
  if (Node* there = find(key)) {
    const Position key_place = there->key_at;
    *there = std::move(value);
    there->key_at = key_place;
    return *there;
  }
  members.emplace_back(std::string(key), std::move(value));
  return members.back().second;
}

bool Node::erase(std::string_view key) {
  for (auto member = members.begin(); member != members.end(); ++member) {
    if (member->first != key) continue;
    members.erase(member);
    return true;
  }
  return false;
}

std::vector<std::string> Node::keys() const {
  std::vector<std::string> all;
  for (const Member& member : members) all.push_back(member.first);
  return all;
}

namespace {

void quote(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out += '\\', out += letter;
    } else if (byte < 0x20) {
      out += "\\u00", out += digits[byte >> 4], out += digits[byte & 15];
    } else {
      out += letter;
    }
  }
  out += '"';
}

void line(std::string& out, int indent, int depth) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
}

void write(const Node& node, std::string& out, int indent, int depth) {
  switch (node.kind) {
    case Node::Kind::null:
      out += "null";
      return;
    case Node::Kind::boolean:
      out += node.boolean ? "true" : "false";
      return;
    case Node::Kind::integer:
      out += std::to_string(node.integer);
      return;
    case Node::Kind::number:
      out += node.text;
      return;
    case Node::Kind::text:
      quote(out, node.text);
      return;
    case Node::Kind::array:
      out += '[';
      for (std::size_t n = 0; n < node.items.size(); ++n) {
        if (n > 0) out += indent < 0 ? "," : ", ";
        write(node.items[n], out, indent, depth + 1);
      }
      out += ']';
      return;
    case Node::Kind::object:
      out += '{';
      for (std::size_t n = 0; n < node.members.size(); ++n) {
        if (n > 0) out += ',';
        line(out, indent, depth + 1);
        quote(out, node.members[n].first);
        out += indent < 0 ? ":" : ": ";
        write(node.members[n].second, out, indent, depth + 1);
      }
      if (!node.members.empty()) line(out, indent, depth);
      out += '}';
  }
}

}  // namespace

std::string Node::to_json(int indent) const {
  std::string out;
  write(*this, out, indent, 0);
  return out;
}

Node Node::of_text(std::string value, Position at) {
  Node node;
  node.kind = Kind::text, node.text = std::move(value), node.at = node.key_at = at;
  return node;
}
Node Node::of_integer(std::int64_t value, Position at) {
  Node node;
  node.kind = Kind::integer, node.integer = value, node.text = std::to_string(value), node.at = node.key_at = at;
  return node;
}
Node Node::of_boolean(bool value, Position at) {
  Node node;
  node.kind = Kind::boolean, node.boolean = value, node.at = node.key_at = at;
  return node;
}
Node Node::of_object(Position at) {
  Node node;
  node.kind = Kind::object, node.at = node.key_at = at;
  return node;
}
Node Node::of_array(Position at) {
  Node node;
  node.kind = Kind::array, node.at = node.key_at = at;
  return node;
}

std::string_view describe(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return "true or false";
    case Node::Kind::integer:
      return "a count";
    case Node::Kind::number:
      return "a number";
    case Node::Kind::text:
      return "a text";
    case Node::Kind::array:
      return "a list";
    default:
      return "an object";
  }
}

}  // namespace premortem
