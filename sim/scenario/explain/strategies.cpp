#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"

namespace premortem::explain {

namespace {

/// What something is set to; whole things are named, not retold.
std::string new_value(const Node& node) {
  if (!node.is(Node::Kind::object)) return literal(node);
  std::vector<std::string> parts;
  for (const Node::Member& member : node.members) {
    const bool plain = !member.second.is(Node::Kind::object) && !member.second.is(Node::Kind::array);
    parts.push_back(plain ? member.first + " " + value(member.second) : member.first);
  }
  return parts.empty() ? std::string("nothing") : listed(parts);
}

std::string kind_of(const Node& node) {
  if (const Node* is = node.find("is")) return with_article(is->text);
  if (node.is(Node::Kind::array))
    return std::to_string(node.items.size()) + (node.items.size() == 1 ? " step" : " steps");
  return node.is(Node::Kind::object) ? new_value(node) : literal(node);
}

void overlay(const Node& node, int depth, std::vector<Sentence>& out) {
  const auto say = [&](std::string text) { out.push_back({depth, std::move(text)}); };
  if (const Node* why = node.find("why")) say(sentence(why->text));
  if (const Node* removed = node.find("remove")) say("Without " + listed(texts_of(*removed)) + ".");
  if (const Node* added = node.find("add")) {
    for (const Node::Member& member : added->members) say("New: " + member.first + ", " + kind_of(member.second) + ".");
  }
  if (const Node* changed = node.find("change")) {
    for (const Node::Member& member : changed->members)
      say(member.first + " becomes " + new_value(member.second) + ".");
  }
  const Node* expect = node.find("expect");
  if (expect == nullptr || expect->members.empty()) return;
  std::vector<std::string> parts;
  for (const Node::Member& member : expect->members) parts.push_back(member.first + " " + member.second.text);
  say("Expected then: " + listed(parts) + ".");
}

}  // namespace

ExplainedPart strategies(const Node& root) {
  ExplainedPart passage{"What could have been done instead", {}};
  const Node* strategies = root.find("strategies");
  if (strategies == nullptr || strategies->members.empty()) {
    passage.sentences.push_back({0, "The file names no strategy."});
    return passage;
  }
  for (const Node::Member& member : strategies->members) {
    passage.sentences.push_back({1, member.first + ":" + sources(member.second)});
    overlay(member.second, 2, passage.sentences);
  }
  return passage;
}

ExplainedPart assumptions(const Node& root, const EffectiveScenario& effective) {
  ExplainedPart passage{"What is assumed, because it is not known", {}};
  for (const std::string& chosen : effective.assumptions)
    passage.sentences.push_back({0, "Chosen here: " + chosen + "."});
  const Node* assumed = root.find("assumed");
  if (assumed == nullptr || assumed->members.empty()) {
    passage.sentences.push_back({0, "Nothing is declared as unknown."});
    return passage;
  }
  for (const Node::Member& member : assumed->members) {
    const Node& alternatives = *member.second.find("or");
    std::string text = member.first;
    if (const Node* why = member.second.find("why")) text += ": " + why->text;
    if (alternatives.is(Node::Kind::object)) {
      passage.sentences.push_back({1, text + ". Besides what is written there is:" + sources(member.second)});
      for (const Node::Member& other : alternatives.members) {
        passage.sentences.push_back({2, other.first + ":" + sources(other.second)});
        overlay(other.second, 3, passage.sentences);
      }
      continue;
    }
    std::vector<std::string> values;
    for (const Node& other : alternatives.items)
      values.push_back(other.is(Node::Kind::array) ? list_of(other) : new_value(other));
    if (alternatives.is(Node::Kind::text)) values = {"anything from " + value(alternatives)};
    passage.sentences.push_back({1, text + ". It could be " + listed(values, "or") + "." + sources(member.second)});
  }
  return passage;
}

}  // namespace premortem::explain
