#include "sim/scenario/expression/parser.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace premortem::expression_syntax {

namespace {

struct Spelling {
  Operator op;
  std::string_view text;
};
constexpr std::array<Spelling, 16> spellings = {{{Operator::logical_not, "!"},
                                                 {Operator::negate, "-"},
                                                 {Operator::multiply, "*"},
                                                 {Operator::divide, "/"},
                                                 {Operator::remainder, "%"},
                                                 {Operator::add, "+"},
                                                 {Operator::subtract, "-"},
                                                 {Operator::less, "<"},
                                                 {Operator::less_or_equal, "<="},
                                                 {Operator::greater, ">"},
                                                 {Operator::greater_or_equal, ">="},
                                                 {Operator::equal, "=="},
                                                 {Operator::not_equal, "!="},
                                                 {Operator::in, "in"},
                                                 {Operator::logical_and, "&&"},
                                                 {Operator::logical_or, "||"}}};

constexpr std::array products = {Operator::multiply, Operator::divide, Operator::remainder};
constexpr std::array sums = {Operator::add, Operator::subtract};
constexpr std::array relations = {
    Operator::less,  Operator::less_or_equal, Operator::greater, Operator::greater_or_equal,
    Operator::equal, Operator::not_equal,     Operator::in};

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

  NodePtr whole() {
    if (now().kind == TokenKind::end) raise(now().offset, "an expression is missing");
    NodePtr node = conditional();
    if (now().kind == TokenKind::end) return node;
    if (now().is(")") || now().is("]")) raise(now().offset, "\"" + now().text + "\" closes nothing");
    raise(now().offset, "an operator is missing before " + shown(now()));
  }

 private:
  /// Counts the levels of recursion, so that no text can exhaust the stack.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.level_ > static_cast<int>(expression_depth_max)) parser_.too_deep(parser_.now().offset);
    }
    ~Level() { --parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  const Token& now() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool accept(std::string_view mark) { return now().is(mark) && (take(), true); }

  [[noreturn]] void too_deep(std::size_t offset) const {
    raise(offset, "nested more than " + std::to_string(expression_depth_max) + " deep");
  }

  static std::string shown(const Token& token) {
    if (token.kind == TokenKind::end) return "the end";
    if (token.kind == TokenKind::text) return "the text '" + token.text + "'";
    return "\"" + token.text + "\"";
  }

  void expect(std::string_view mark, const Token& opened) {
    if (accept(mark)) return;
    raise(now().offset, "\"" + std::string(mark) + "\" is missing for " + shown(opened) + ", before " + shown(now()));
  }

  template <class... Parts>
  NodePtr make(NodeKind kind, Operator op, std::size_t anchor, Parts... parts) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->op = op;
    node->anchor = anchor;
    (add_part(*node, std::move(parts)), ...);
    node->offset = sizeof...(parts) == 0 ? anchor : std::min(anchor, node->parts.front()->offset);
    node->end = tokens_[at_ == 0 ? 0 : at_ - 1].end;
    return node;
  }

  void add_part(Node& node, NodePtr part) {
    node.depth = std::max(node.depth, part->depth + 1);
    if (node.depth > static_cast<int>(expression_depth_max)) too_deep(part->offset);
    node.parts.push_back(std::move(part));
  }

  NodePtr conditional() {
    const Level level(*this);
    NodePtr condition = logical(Operator::logical_or);
    if (!now().is("?")) return condition;
    const Token question = take();
    NodePtr yes = conditional();
    expect(":", question);
    NodePtr no = conditional();
    return make(NodeKind::conditional, Operator::none, question.offset, std::move(condition), std::move(yes),
                std::move(no));
  }

  /// Chains are one node, however long: a hundred ids joined by || are not deep.
  NodePtr logical(Operator op) {
    const bool is_or = op == Operator::logical_or;
    const auto next = [&] { return is_or ? logical(Operator::logical_and) : relation(); };
    NodePtr first = next();
    if (!now().is(spelling_of(op))) return first;
    NodePtr node = make(NodeKind::logical, op, now().offset, std::move(first));
    while (accept(spelling_of(op))) add_part(*node, next());
    node->end = tokens_[at_ - 1].end;
    return node;
  }

  template <class Operators>
  std::optional<Operator> accept_one(const Operators& operators) {
    for (const Operator op : operators) {
      if (!now().is(spelling_of(op)) && !(op == Operator::in && now().is_name("in"))) continue;
      take();
      return op;
    }
    return std::nullopt;
  }

  NodePtr relation() {
    NodePtr left = sum();
    const std::size_t anchor = now().offset;
    const auto op = accept_one(relations);
    if (!op) return left;
    NodePtr node = make(NodeKind::binary, *op, anchor, std::move(left), sum());
    const std::size_t again = now().offset;
    if (accept_one(relations)) raise(again, "comparisons do not chain; join two with && or set parentheses");
    return node;
  }

  NodePtr sum() {
    return chain(sums, [this] { return product(); });
  }

  NodePtr product() {
    return chain(products, [this] { return unary(); });
  }

  template <class Operators, class Next>
  NodePtr chain(const Operators& operators, const Next& next) {
    NodePtr node = next();
    for (;;) {
      const std::size_t anchor = now().offset;
      const auto op = accept_one(operators);
      if (!op) return node;
      NodePtr right = next();
      node = make(NodeKind::binary, *op, anchor, std::move(node), std::move(right));
    }
  }

  NodePtr unary() {
    const Token token = now();
    if (!token.is("!") && !token.is("-")) return postfix();
    const Level level(*this);
    if (accept("!")) return make(NodeKind::unary, Operator::logical_not, token.offset, unary());
    take();
    if (now().kind == TokenKind::integer || now().kind == TokenKind::real) return negative(token.offset);
    return make(NodeKind::unary, Operator::negate, token.offset, unary());
  }

  /// A minus belongs to the number behind it; only so can the least int be written.
  NodePtr negative(std::size_t offset) {
    Token& token = tokens_[at_];
    negative_ = token.offset;
    NodePtr node = postfix();
    node->offset = offset;
    if (node->kind == NodeKind::integer || node->kind == NodeKind::real) node->anchor = offset;
    return node;
  }

  NodePtr postfix() {
    NodePtr node = primary();
    for (;;) {
      const Token token = now();
      if (accept(".")) {
        node = member(std::move(node), token);
      } else if (accept("[")) {
        NodePtr position = conditional();
        expect("]", token);
        node = make(NodeKind::index, Operator::none, token.offset, std::move(node), std::move(position));
      } else if (now().is("(")) {
        raise(token.offset, "only a function can be called");
      } else {
        return node;
      }
    }
  }

  NodePtr member(NodePtr target, const Token& dot) {
    if (now().kind != TokenKind::name) raise(now().offset, "a name is missing after \".\", before " + shown(now()));
    const Token name = take();
    if (now().is("(")) {
      NodePtr node = make(NodeKind::method, Operator::none, name.offset, std::move(target));
      node->names.push_back(name.text);
      arguments(*node);
      return node;
    }
    if (target->kind == NodeKind::name && !target->parenthesised) {
      if (target->names.size() >= expression_depth_max) too_deep(name.offset);
      target->names.push_back(name.text);
      target->end = name.end;
      return target;
    }
    NodePtr node = make(NodeKind::member, Operator::none, dot.offset, std::move(target));
    node->names.push_back(name.text);
    return node;
  }

  void arguments(Node& node) {
    const Token open = take();
    if (!accept(")")) {
      do {
        add_part(node, conditional());
      } while (accept(","));
      expect(")", open);
    }
    node.end = tokens_[at_ - 1].end;
  }

  NodePtr primary() {
    const Token token = take();
    switch (token.kind) {
      case TokenKind::integer:
      case TokenKind::real:
      case TokenKind::text:
        return literal(token);
      case TokenKind::name:
        return name(token);
      default:
        break;
    }
    if (token.is("(")) {
      NodePtr node = conditional();
      expect(")", token);
      node->parenthesised = true;
      node->offset = token.offset;
      node->end = tokens_[at_ - 1].end;
      return node;
    }
    if (token.is("[")) return list(token);
    raise(token.offset,
          token.kind == TokenKind::end ? "the expression ends too early" : "a value is missing before " + shown(token));
  }

  NodePtr literal(const Token& token) {
    NodePtr node = make(NodeKind::text, Operator::none, token.offset);
    node->text = token.text;
    const bool minus = negative_ && *negative_ == token.offset;
    if (token.kind == TokenKind::real) {
      node->kind = NodeKind::real;
      node->real = minus ? -token.real : token.real;
    } else if (token.kind == TokenKind::integer) {
      node->kind = NodeKind::integer;
      if (!minus && token.integer > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        raise(token.offset, token.text + " is too large for an int");
      }
      node->integer = static_cast<std::int64_t>(minus ? 0U - token.integer : token.integer);
    }
    return node;
  }

  NodePtr name(const Token& token) {
    if (token.text == "in") raise(token.offset, "a value is missing before \"in\"");
    NodePtr node = make(NodeKind::name, Operator::none, token.offset);
    if (token.text == "true" || token.text == "false") {
      node->kind = NodeKind::boolean;
      node->boolean = token.text == "true";
      return node;
    }
    if (token.text == "null") raise(token.offset, "there is no null; an empty text is '', an empty list []");
    node->names.push_back(token.text);
    if (!now().is("(")) return node;
    node->kind = NodeKind::call;
    arguments(*node);
    return node;
  }

  NodePtr list(const Token& open) {
    NodePtr node = make(NodeKind::list, Operator::none, open.offset);
    if (!accept("]")) {
      do {
        add_part(*node, conditional());
      } while (accept(","));
      expect("]", open);
    }
    node->end = tokens_[at_ - 1].end;
    return node;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int level_ = 0;
  std::optional<std::size_t> negative_;  ///< Offset of the number that the last minus belongs to.
};

}  // namespace

std::string_view spelling_of(Operator op) {
  for (const Spelling& spelling : spellings) {
    if (spelling.op == op) return spelling.text;
  }
  return "";
}

NodePtr parse(std::string_view text) {
  if (text.size() > expression_length_max) {
    raise(expression_length_max, "longer than " + std::to_string(expression_length_max) + " bytes");
  }
  return Parser(text).whole();
}

}  // namespace premortem::expression_syntax
