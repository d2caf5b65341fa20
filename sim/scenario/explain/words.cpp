#include "sim/scenario/explain/words.hpp"

#include "sim/scenario/expression/explain.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::explain {

std::string listed(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (n > 0) text += n + 1 == parts.size() ? " " + std::string(last) + " " : ", ";
    text += parts[n];
  }
  return text;
}

std::vector<std::string> texts_of(const Node& node) {
  if (!node.is(Node::Kind::array)) return {node.text};
  std::vector<std::string> texts;
  for (const Node& item : node.items) texts.push_back(item.is(Node::Kind::text) ? item.text : item.to_json());
  return texts;
}

std::vector<std::string> quoted(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  all.reserve(texts.size());
  for (const std::string& text : texts) all.push_back("\"" + text + "\"");
  return all;
}

namespace {

/// "exponential 4 s" as "4 s on average (exponential)"; empty: not a distribution by name.
std::string distribution(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return {};
  const std::string_view name = text.substr(0, space);
  const std::string rest(text.substr(space + 1));
  if (name == "exponential") return rest + " on average (exponential)";
  if (name == "poisson") return rest + " on average (Poisson)";
  const std::size_t p99 = rest.find(" p99 "), shape = rest.find(" shape ");
  if (name == "lognormal" && p99 != std::string::npos)
    return rest.substr(0, p99) + " in the middle and below " + rest.substr(p99 + 5) + " in 99 of 100 cases (lognormal)";
  if (name == "gamma" && shape != std::string::npos)
    return rest.substr(0, shape) + " on average (gamma with shape " + rest.substr(shape + 7) + ")";
  return {};
}

bool is_value(const std::string& text) {
  std::string ignored;
  return parse_duration(text) || parse_rate(text) || parse_share(text) ||
         parse_distribution(text, Unit::duration, ignored) || parse_distribution(text, Unit::count, ignored);
}

}  // namespace

std::string value(const Node& node) {
  switch (node.kind) {
    case Node::Kind::text: {
      std::string named = distribution(node.text);
      if (!named.empty()) return named;
      const std::size_t dots = node.text.find(" .. ");
      return dots == std::string::npos ? node.text : node.text.substr(0, dots) + " to " + node.text.substr(dots + 4);
    }
    case Node::Kind::array:
      return "one of " + listed(texts_of(node), "or");
    case Node::Kind::object: {
      std::vector<std::string> parts;
      for (const Node::Member& member : node.members)
        parts.push_back("\"" + member.first + "\" for " + member.second.text);
      return listed(parts);
    }
    default:
      return node.to_json();
  }
}

std::string literal(const Node& node) {
  if (node.is(Node::Kind::text)) return is_value(node.text) ? value(node) : "\"" + node.text + "\"";
  if (!node.is(Node::Kind::array)) return node.to_json();
  return list_of(node);
}

std::string list_of(const Node& node) {
  if (node.items.empty()) return "the empty list";
  const std::vector<std::string> texts = texts_of(node);
  bool same = texts.size() > 3;
  for (const std::string& text : texts) same = same && text == texts.front();
  if (same) return std::to_string(texts.size()) + " times " + texts.front();
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return "[" + all + "]";
}

std::string sources(const Node& node) {
  const Node* marks = node.find("source");
  return marks == nullptr || !marks->is(Node::Kind::text) ? std::string() : " [" + marks->text + "]";
}

std::string with_article(std::string_view noun) {
  const bool vowel = !noun.empty() && std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

std::string assigned(const Node* with, const std::string& it) {
  if (with == nullptr || with->members.empty()) return {};
  std::vector<std::string> parts;
  for (const Node::Member& member : with->members)
    parts.push_back(member.first + " = " + explain_expression(member.second.text, it));
  return ", with " + listed(parts);
}

std::string text_of(const Node& node, std::string_view key, std::string_view standard) {
  const Node* member = node.find(key);
  return member == nullptr ? std::string(standard) : member->text;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 32);
  if (!text.empty() && !text.ends_with('.') && !text.ends_with(':')) text += '.';
  return text;
}

}  // namespace premortem::explain
