#include "sim/scenario/expression/generator.hpp"

#include <algorithm>

#include "sim/scenario/expression/emitter.hpp"
#include "sim/scenario/expression/equality_hints.hpp"
#include "sim/scenario/expression/folding_environment.hpp"
#include "sim/scenario/expression/token.hpp"

namespace premortem::expression_syntax {

namespace {

using Code = ExpressionCode;

bool is_literal(const Node& node) {
  return node.kind == NodeKind::boolean || node.kind == NodeKind::integer || node.kind == NodeKind::real ||
         node.kind == NodeKind::text;
}

ExpressionComparison comparison_of(Operator op) {
  // Both enumerations name them in the same order.
  return static_cast<ExpressionComparison>(static_cast<int>(op) - static_cast<int>(Operator::less));
}

class Generator {
 public:
  Generator(ExpressionScope& scope, FoldingEnvironment& folding) : scope_(scope), folding_(folding) {}

  Expression whole(const Node& root) {
    emit(root);
    return emitter_.finish(root);
  }

 private:
  /// Leaves the value of the node on the stack.
  void emit(const Node& node) {
    if (node.constant && node.type.base != BaseType::list && (!is_literal(node) || node.promote)) {
      return emitter_.constant(fold(node));
    }
    emit_unfolded(node);
    if (node.promote) emitter_.op(Code::integer_to_real);
  }

  Word fold(const Node& node) {
    Generator generator(scope_, folding_);
    generator.emit_unfolded(node);
    if (node.promote) generator.emitter_.op(Code::integer_to_real);
    const Expression expression = generator.emitter_.finish(node);
    emitter_.note_never_equal(expression.never_equal);
    const Word word = evaluate(expression, folding_);
    if (folding_.fault()) raise(node.anchor, std::string(name_of(*folding_.fault())));
    return word;
  }

  void emit_unfolded(const Node& node) {
    switch (node.kind) {
      case NodeKind::boolean:
        return emitter_.constant(word_of(node.boolean));
      case NodeKind::integer:
        return emitter_.constant(word_of(node.integer));
      case NodeKind::real:
        return emitter_.constant(word_of(node.real));
      case NodeKind::text:
        return emitter_.constant(folding_.intern(node.text));
      case NodeKind::list:
        return list(node);
      case NodeKind::name:
        return name(node);
      case NodeKind::member:
        emit(*node.parts[0]);
        return emitter_.field(node.fields[0]);
      case NodeKind::index:
        emit_parts(node);
        return emitter_.op(Code::index);
      case NodeKind::call:
        return call(node);
      case NodeKind::method:
        emit_parts(node);
        return emitter_.op(node.names[0] == "startsWith" ? Code::starts_with
                           : node.names[0] == "endsWith" ? Code::ends_with
                                                         : Code::contains);
      case NodeKind::unary:
        emit_parts(node);
        if (node.op == Operator::logical_not) return emitter_.op(Code::logical_not);
        return emitter_.op(node.type == types::real ? Code::negate_real : Code::negate);
      case NodeKind::binary:
        return binary(node);
      case NodeKind::logical:
        return logical(node);
      case NodeKind::conditional:
        return conditional(node);
    }
  }

  void emit_parts(const Node& node) {
    for (const NodePtr& part : node.parts) emit(*part);
  }

  std::vector<Word> constant_words(const Node& list) {
    std::vector<Word> words;
    for (const NodePtr& part : list.parts) words.push_back(fold(*part));
    return words;
  }

  void list(const Node& node) {
    if (node.constant) return emitter_.constant_list(constant_words(node));
    emit_parts(node);
    emitter_.make_list(node.parts.size());
  }

  void name(const Node& node) {
    if (node.names[0] == "now") return emitter_.op(Code::now);
    if (node.names[0] == "today") return emitter_.op(Code::today);
    emitter_.load(node.symbol);
    for (const FieldSymbol& field : node.fields) emitter_.field(field);
  }

  void call(const Node& node) {
    const std::string& function = node.names[0];
    if (function == "count" || function == "list") return set(node);
    if (function == "min" || function == "max") return extreme(node, function == "min");
    emit_parts(node);
    const Type from = node.parts[0]->type;
    if (function == "size") {
      emitter_.op(from == types::text ? Code::size_of_text : Code::size_of_list);
    } else if (function == "string" && from != types::text) {
      emitter_.op(Code::to_text, from.base);
    } else if (function == "int" && from != types::integer) {
      emitter_.op(from == types::real ? Code::real_to_integer : Code::text_to_integer);
    } else if (function == "double" && from != types::real) {
      emitter_.op(from == types::integer ? Code::integer_to_real : Code::text_to_real);
    } else if (function == "date" && from == types::time) {
      emitter_.op(Code::time_to_date);
    }
  }

  void extreme(const Node& node, bool least) {
    emit(*node.parts[0]);
    if (node.parts.size() == 1) return emitter_.op(least ? Code::least_in : Code::greatest_in, node.type.base);
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      emit(*node.parts[i]);
      emitter_.op(least ? Code::least : Code::greatest, node.type.base);
    }
  }

  Expression inner(const Node& node) { return Generator(scope_, folding_).whole(node); }

  void set(const Node& node) {
    std::vector<Expression> parts;
    if (node.names[0] == "list") parts.push_back(inner(*node.parts[2]));
    if (node.parts.size() > 1) {
      Expression condition = inner(*node.parts[1]);
      condition.equality_hints = equality_hints(*node.parts[1], [this](const Node& part) { return inner(part); });
      // A condition that is `true` is none.
      const Word* const literal = condition.literal();
      if (!literal || *literal == 0) parts.push_back(std::move(condition));
    }
    emitter_.set(node, std::move(parts));
  }

  void binary(const Node& node) {
    const Node& left = *node.parts[0];
    const Node& right = *node.parts[1];
    emit(left);
    if (node.op == Operator::in) return in(node);
    emit(right);
    if (node.op >= Operator::less && node.op <= Operator::not_equal) return comparison(node);
    arithmetic(node);
  }

  void in(const Node& node) {
    const Type left = node.parts[0]->type;
    const Node& list = *node.parts[1];
    const BaseType element = list.type.element;
    const bool words = element == BaseType::nothing || (left.base == element && left != types::real);
    if (words && list.kind == NodeKind::list && list.constant) {
      std::vector<Word> sorted = constant_words(list);
      std::sort(sorted.begin(), sorted.end());
      return emitter_.in_constants(sorted);
    }
    emit(list);
    if (node.never) return emitter_.differ(ExpressionComparison::equal);
    if (left == types::real && element == BaseType::integer) return emitter_.op(Code::in_real_integer);
    if (left == types::integer && element == BaseType::real) return emitter_.op(Code::in_integer_real);
    emitter_.op(left == types::real ? Code::in_reals : Code::in_words);
  }

  void comparison(const Node& node) {
    const Type left = node.parts[0]->type;
    const Type right = node.parts[1]->type;
    const ExpressionComparison comparison = comparison_of(node.op);
    const auto a = static_cast<std::uint16_t>(comparison);
    const bool equality = node.op == Operator::equal || node.op == Operator::not_equal;
    if (node.never) return emitter_.differ(comparison);
    if (left.base == BaseType::list) {
      const BaseType element = left.element == BaseType::nothing ? right.element : left.element;
      return emitter_.op(Code::compare_lists, element, a);
    }
    if (left == types::real && right == types::real) return emitter_.op(Code::compare_reals, BaseType::real, a);
    if (left == types::real) return emitter_.op(Code::compare_real_integer, BaseType::real, a);
    if (right == types::real) return emitter_.op(Code::compare_integer_real, BaseType::real, a);
    if (equality) return emitter_.op(Code::compare_words, left.base, a);
    emitter_.op(left == types::text ? Code::compare_texts : Code::compare_integers, left.base, a);
  }

  void arithmetic(const Node& node) {
    const bool real = node.type == types::real;
    switch (node.op) {
      case Operator::add:
        if (node.type == types::text) return emitter_.op(Code::concatenate);
        if (node.type.base == BaseType::list) return emitter_.op(Code::concatenate_list);
        return emitter_.op(real ? Code::add_real : Code::add);
      case Operator::subtract:
        return emitter_.op(real ? Code::subtract_real : Code::subtract);
      case Operator::multiply:
        return emitter_.op(real ? Code::multiply_real : Code::multiply);
      case Operator::divide:
        return emitter_.op(real ? Code::divide_real : Code::divide);
      default:
        return emitter_.op(Code::remainder);
    }
  }

  void logical(const Node& node) {
    std::vector<std::size_t> jumps;
    for (const NodePtr& part : node.parts) {
      emit(*part);
      if (part == node.parts.back()) break;
      jumps.push_back(emitter_.jump(node.op == Operator::logical_and ? Code::and_jump : Code::or_jump));
    }
    for (const std::size_t jump : jumps) emitter_.land(jump);
  }

  void conditional(const Node& node) {
    emit(*node.parts[0]);
    const std::size_t otherwise = emitter_.jump(Code::jump_if_false);
    emit(*node.parts[1]);
    const std::size_t end = emitter_.jump(Code::jump);
    emitter_.land(otherwise);
    emit(*node.parts[2]);
    emitter_.land(end);
  }

  ExpressionScope& scope_;
  FoldingEnvironment& folding_;
  Emitter emitter_;
};

}  // namespace

Expression generate(const Node& root, ExpressionScope& scope) {
  FoldingEnvironment folding(scope);
  const auto part = [&](const Node& node) { return Generator(scope, folding).whole(node); };
  Expression expression = part(root);
  if (root.type == types::boolean) {
    expression.equality_hints = equality_hints(root, part);
    expression.is_equalities = is_equalities(root, expression.equality_hints);
  }
  return expression;
}

}  // namespace premortem::expression_syntax
