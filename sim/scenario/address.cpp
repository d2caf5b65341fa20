#include "sim/scenario/address.hpp"

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

Node* Place::node() const {
  if (container == nullptr || !exists) return nullptr;
  return key.empty() ? &container->items[index] : container->find(key);
}

namespace {

/// "exporter.does[pick].where" as exporter, does, [pick], where.
std::vector<std::string> parts_of(std::string_view address) {
  std::vector<std::string> parts;
  std::string current;
  for (std::size_t n = 0; n < address.size(); ++n) {
    if (address[n] == '.') {
      if (!current.empty()) parts.push_back(std::move(current));
      current.clear();
    } else if (address[n] == '[') {
      if (!current.empty()) parts.push_back(std::move(current));
      const std::size_t end = std::min(address.find(']', n), address.size());
      parts.emplace_back(address.substr(n, end - n));
      current.clear();
      n = end;
    } else {
      current += address[n];
    }
  }
  if (!current.empty()) parts.push_back(std::move(current));
  return parts;
}

/// The step with that id, however deep; its list and place in it.
bool find_step(Node& steps, std::string_view id, Insertion& found) {
  for (std::size_t n = 0; n < steps.items.size(); ++n) {
    Node& step = steps.items[n];
    const Node* name = step.find("id");
    if (name != nullptr && name->text == id) {
      found = {&steps, n};
      return true;
    }
    Node* inner = step.find("does");
    if (inner != nullptr && inner->is(Node::Kind::array) && find_step(*inner, id, found)) return true;
  }
  return false;
}

std::string form_of_step(const Node& node, std::string_view prefix) {
  std::string error;
  const std::string form = form_of_verb(node, prefix, error);
  return form.empty() ? std::string(prefix.substr(0, prefix.size() - 1)) : form;
}

class Walk {
 public:
  Walk(Node& root, std::string_view address, bool may_be_default)
      : root_(root), parts_(parts_of(address)), default_(may_be_default) {}

  std::optional<Place> run() {
    if (parts_.empty()) return std::nullopt;
    const std::string& first = parts_[0];
    if (first == "timeline" && parts_.size() > 1) return entry();
    for (const std::string_view section : {"arrivals", "items", "lists", "faults"}) {
      const std::string_view form = section == "arrivals" ? "arrival"
                                    : section == "items"  ? "item"
                                    : section == "faults" ? "rule"
                                                          : "";
      if (first == section) return named(section, form);
    }
    if (first == "clock") return in_object(root_.find("clock"), "clock", 1);
    return system();
  }

 private:
  std::optional<Place> entry() {
    Node* timeline = root_.find("timeline");
    Insertion found;
    const std::string id = parts_[1].substr(1);
    if (timeline == nullptr || !find_step(*timeline, id, found)) return std::nullopt;
    if (parts_.size() == 2) return Place{found.steps, "", found.index, "entry", true};
    Node& node = found.steps->items[found.index];
    return in_object(&node, form_of_step(node, "entry:"), 2);
  }

  std::optional<Place> named(std::string_view section, std::string_view form) {
    Node* things = root_.find(section);
    if (things == nullptr || parts_.size() < 2) return std::nullopt;
    Node* thing = things->find(parts_[1]);
    if (thing == nullptr) return std::nullopt;
    if (parts_.size() == 2) return Place{things, parts_[1], 0, "", true};
    return in_object(thing, std::string(form), 2);
  }

  std::optional<Place> system() {
    Node* systems = root_.find("systems");
    Node* system = systems == nullptr ? nullptr : systems->find(parts_[0]);
    if (system == nullptr) return std::nullopt;
    if (parts_.size() == 1) return Place{systems, parts_[0], 0, "", true};
    const Node* is = system->find("is");
    const std::string kind = is == nullptr ? "" : is->text;
    for (const auto& [holder, form] : {std::pair("offers", "operation"), std::pair("collections", "collection")}) {
      Node* inner = system->find(holder);
      Node* thing = inner == nullptr ? nullptr : inner->find(parts_[1]);
      if (thing == nullptr) continue;
      if (parts_.size() == 2) return Place{inner, parts_[1], 0, "", true};
      return in_object(thing, form, 2);
    }
    return in_object(system, "system:" + kind, 1);
  }

  std::optional<Place> in_object(Node* node, const std::string& form, std::size_t next) {
    if (node == nullptr || !node->is(Node::Kind::object) || next >= parts_.size()) return std::nullopt;
    const std::string& key = parts_[next];
    Node* child = node->find(key);
    const Form* known = find_form(form);
    const KeyRule* rule = known == nullptr ? nullptr : find_key(*known, key);
    const bool last = next + 1 == parts_.size();
    if (child == nullptr) {
      const bool free_name = form.empty();
      if (rule == nullptr && !free_name) return std::nullopt;
      if (last) return default_ ? std::optional(Place{node, key, 0, form, false}) : std::nullopt;
      if (!default_ || rule == nullptr || rule->type != ValueType::errors) return std::nullopt;
      child = &node->set(key, Node::of_object(node->at));
    }
    if (last) return Place{node, key, 0, form, true};
    if (parts_[next + 1].starts_with('[')) return in_steps(*child, next + 1);
    if (rule != nullptr && rule->type == ValueType::errors) return in_errors(*child, next + 1);
    if (rule != nullptr && rule->type == ValueType::map_of) {
      const std::string inner(rule->detail == "window" ? "window" : "");
      if (!inner.empty() && next + 2 < parts_.size()) {
        Node* thing = child->find(parts_[next + 1]);
        return thing == nullptr ? std::nullopt : in_object(thing, inner, next + 2);
      }
      return in_object(child, "", next + 1);
    }
    return in_object(child, "", next + 1);
  }

  std::optional<Place> in_errors(Node& rules, std::size_t next) {
    Node* rule = rules.find(parts_[next]);
    if (next + 1 == parts_.size()) {
      if (rule == nullptr && !default_) return std::nullopt;
      return Place{&rules, parts_[next], 0, "", rule != nullptr};
    }
    if (rule == nullptr) {
      if (!default_) return std::nullopt;
      rule = &rules.set(parts_[next], Node::of_object(rules.at));
    }
    return in_object(rule, "error", next + 1);
  }

  std::optional<Place> in_steps(Node& steps, std::size_t next) {
    Insertion found;
    if (!find_step(steps, parts_[next].substr(1), found)) return std::nullopt;
    if (next + 1 == parts_.size()) return Place{found.steps, "", found.index, "step", true};
    Node& step = found.steps->items[found.index];
    return in_object(&step, form_of_step(step, "step:"), next + 1);
  }

  Node& root_;
  std::vector<std::string> parts_;
  bool default_;
};

void list_addresses(const Node& node, const std::string& prefix, std::vector<std::string>& out) {
  if (node.is(Node::Kind::array)) {
    for (const Node& item : node.items) {
      const Node* id = item.find("id");
      if (id != nullptr) {
        const std::string here = prefix + "[" + id->text + "]";
        out.push_back(here);
        list_addresses(item, here, out);
      } else if (const Node* inner = item.find("does")) {
        list_addresses(*inner, prefix, out);
      }
    }
    return;
  }
  for (const Node::Member& member : node.members) {
    if (member.first == "offers" || member.first == "collections") {
      list_addresses(member.second, prefix, out);
      continue;
    }
    if (member.first == "does" && prefix.ends_with("]")) {
      const std::size_t bracket = prefix.rfind('[');
      list_addresses(member.second, prefix.substr(0, bracket), out);
      continue;
    }
    const std::string here = prefix.empty() ? member.first : prefix + "." + member.first;
    out.push_back(here);
    if (member.second.is(Node::Kind::object) || member.second.is(Node::Kind::array))
      list_addresses(member.second, here, out);
  }
}

}  // namespace

std::vector<std::string> all_addresses(const Node& root) {
  std::vector<std::string> all;
  for (const std::string_view section : {"timeline", "arrivals", "items", "lists", "faults", "clock"}) {
    if (const Node* node = root.find(section)) list_addresses(*node, std::string(section), all);
  }
  const Node* systems = root.find("systems");
  if (systems == nullptr) return all;
  list_addresses(*systems, "", all);
  for (const Node::Member& system : systems->members) {  // What is not written has its default, and an address, too.
    const Node* is = system.second.find("is");
    const Form* form = is == nullptr ? nullptr : find_form("system:" + is->text);
    if (form == nullptr) continue;
    for (const KeyRule& rule : keys_of(*form)) {
      if (rule.name != "is" && system.second.find(rule.name) == nullptr)
        all.push_back(system.first + "." + std::string(rule.name));
    }
  }
  return all;
}

std::optional<Place> find_place(Node& root, std::string_view address, bool may_be_default, std::string& error) {
  std::optional<Place> place = Walk(root, address, may_be_default).run();
  if (!place) error = "\"" + std::string(address) + "\" hits nothing" + did_you_mean(address, all_addresses(root));
  return place;
}

std::optional<Insertion> find_insertion(Node& root, std::string_view address, std::string& error) {
  const std::size_t bracket = address.rfind('[');
  const std::string_view inside =
      address.ends_with(']') ? address.substr(bracket + 1, address.size() - bracket - 2) : std::string_view();
  const bool before = inside.starts_with("before ");
  if (!before && !inside.starts_with("after ")) {
    error =
        "\"" + std::string(address) + "\" is no place; write exporter.does[before pick] or exporter.does[after pick]";
    return std::nullopt;
  }
  const std::string_view id = inside.substr(before ? 7 : 6);
  const std::string anchor = std::string(address.substr(0, bracket)) + "[" + std::string(id) + "]";
  const std::optional<Place> place = find_place(root, anchor, false, error);
  if (!place) return std::nullopt;
  return Insertion{place->container, place->index + (before ? 0 : 1)};
}

}  // namespace premortem
