#include "sim/scenario/expression/explain.hpp"

#include "sim/scenario/expression/parser.hpp"

namespace premortem {

namespace {

using expression_syntax::Node;
using expression_syntax::NodeKind;
using expression_syntax::NodePtr;
using expression_syntax::Operator;

/// Says a tree in English, keeping every operator's meaning. Where two readings were possible, parentheses stand.
class Speaker {
 public:
  Speaker(std::string_view text, std::string_view it) : text_(text), it_(it) {}

  std::string say(const Node& node) const {
    switch (node.kind) {
      case NodeKind::name:
        return name(node);
      case NodeKind::unary:
        return unary(node);
      case NodeKind::binary:
        return binary(node);
      case NodeKind::logical:
        return joined(node, node.op == Operator::logical_and ? " and " : " or ", 0);
      case NodeKind::conditional:
        return "if " + part(node, 0) + " then " + part(node, 1) + ", otherwise " + part(node, 2);
      case NodeKind::list:
        return "[" + list(node, 0) + "]";
      case NodeKind::member:
        return node.names[0] + " of " + part(node, 0);
      case NodeKind::index:
        return index(node);
      case NodeKind::method:
        return method(node);
      case NodeKind::call:
        return call(node);
      default:
        return written(node);
    }
  }

 private:
  std::string written(const Node& node) const { return std::string(text_.substr(node.offset, node.end - node.offset)); }

  /// What needs no parentheses as a part of something larger.
  static bool is_simple(const Node& node) {
    switch (node.kind) {
      case NodeKind::unary:
      case NodeKind::binary:
      case NodeKind::logical:
      case NodeKind::conditional:
      case NodeKind::method:
        return false;
      case NodeKind::call:
        // "the number of records where a and b": how far it reaches is open.
        return node.parts.size() == 1 || (node.names[0] != "count" && node.names[0] != "list");
      default:
        return true;
    }
  }

  std::string part(const Node& node, std::size_t i) const {
    const Node& inner = *node.parts[i];
    return is_simple(inner) ? say(inner) : "(" + say(inner) + ")";
  }

  /// Comparisons stand among `and` and `or` without parentheses, other joints do not.
  std::string joined(const Node& node, std::string_view word, std::size_t from) const {
    std::string text;
    for (std::size_t i = from; i < node.parts.size(); ++i) {
      const Node& inner = *node.parts[i];
      const bool plain =
          inner.kind == NodeKind::binary || inner.kind == NodeKind::unary || inner.kind == NodeKind::method;
      if (i > from) text += word;
      text += plain ? say(inner) : part(node, i);
    }
    return text;
  }

  std::string list(const Node& node, std::size_t from) const {
    std::string text;
    for (std::size_t i = from; i < node.parts.size(); ++i) text += (i > from ? ", " : "") + say(*node.parts[i]);
    return text;
  }

  std::string name(const Node& node) const {
    std::string text;
    for (std::size_t i = node.names[0] == "it" ? 1 : 0; i < node.names.size(); ++i) {
      text += (text.empty() ? "" : ".") + node.names[i];
    }
    if (node.names[0] != "it") return text;
    std::string it = it_.empty() ? "it" : "the " + std::string(it_);
    if (text.empty()) return it;
    return (it_.empty() ? "its" : it + "'s") + " " + text;
  }

  std::string unary(const Node& node) const {
    if (node.op == Operator::negate) return "-" + part(node, 0);
    return "not " + part(node, 0);
  }

  std::string binary(const Node& node) const {
    const Node& right = *node.parts[1];
    if (node.op == Operator::in && right.kind == NodeKind::list && !right.parts.empty()) {
      return part(node, 0) + " is one of " + say(right);
    }
    return operand(node, 0) + " " + word_for(node.op) + " " + operand(node, 1);
  }

  /// A sum or a count beside a comparison is clear without parentheses; elsewhere it is not.
  std::string operand(const Node& node, std::size_t i) const {
    const Node& inner = *node.parts[i];
    const bool compares = node.op >= Operator::less && node.op <= Operator::not_equal;
    const bool is_sum = inner.kind == NodeKind::binary && inner.op < Operator::less;
    return compares && is_sum ? say(inner) : part(node, i);
  }

  static std::string word_for(Operator op) {
    switch (op) {
      case Operator::less:
        return "is less than";
      case Operator::less_or_equal:
        return "is at most";
      case Operator::greater:
        return "is more than";
      case Operator::greater_or_equal:
        return "is at least";
      case Operator::equal:
        return "is";
      case Operator::not_equal:
        return "is not";
      case Operator::in:
        return "is in";
      case Operator::add:
        return "plus";
      case Operator::subtract:
        return "minus";
      case Operator::multiply:
        return "times";
      case Operator::divide:
        return "divided by";
      default:
        return "modulo";
    }
  }

  std::string index(const Node& node) const {
    const Node& position = *node.parts[1];
    if (position.kind == NodeKind::integer && position.integer == 0) return "the first of " + part(node, 0);
    return "element " + part(node, 1) + " (from 0) of " + part(node, 0);
  }

  std::string method(const Node& node) const {
    const std::string& verb = node.names[0];
    const std::string word = verb == "startsWith" ? "starts with"
                             : verb == "endsWith" ? "ends with"
                             : verb == "contains" ? "contains"
                                                  : "";
    if (word.empty() || node.parts.size() != 2) return written(node);
    return part(node, 0) + " " + word + " " + part(node, 1);
  }

  std::string call(const Node& node) const {
    const std::string& function = node.names[0];
    const std::size_t count = node.parts.size();
    if (count == 0) return written(node);
    if (function == "count") {
      return "the number of " + say(*node.parts[0]) + (count > 1 ? " where " + say(*node.parts[1]) : "");
    }
    if (function == "list" && count == 3) {
      return "the list of " + part(node, 2) + " of every " + say(*node.parts[0]) + " where " + say(*node.parts[1]);
    }
    if (count == 1 && node.parts[0]->kind == NodeKind::text) {
      const bool is_literal = function == "date" || function == "time" || function == "duration";
      if (is_literal) return node.parts[0]->text;
    }
    const std::string first = part(node, 0);
    if (function == "size") return "the size of " + first;
    if (function == "min" || function == "max")
      return "the " + std::string(function == "min" ? "least" : "greatest") + " of " + list(node, 0);
    if (function == "dyn") return first + " (whatever its type)";
    if (function == "date") return "the day of " + first;
    if (function == "string") return first + " as text";
    if (function == "int") return first + " as a whole number";
    if (function == "double") return first + " as a number";
    return written(node);
  }

  std::string_view text_;
  std::string_view it_;
};

}  // namespace

std::string explain_expression(std::string_view text, std::string_view it) {
  try {
    const NodePtr root = expression_syntax::parse(text);
    return Speaker(text, it).say(*root);
  } catch (const expression_syntax::SyntaxError&) {
    return std::string(text);
  }
}

}  // namespace premortem
