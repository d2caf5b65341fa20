#include "sim/scenario/expression/compile.hpp"

#include "sim/scenario/expression/checker.hpp"
#include "sim/scenario/expression/generator.hpp"
#include "sim/scenario/expression/parser.hpp"
#include "sim/scenario/expression/token.hpp"

namespace premortem {

CompileResult compile_expression(std::string_view text, ExpressionScope& scope, std::optional<Type> wanted) {
  CompileResult result;
  try {
    const expression_syntax::NodePtr root = expression_syntax::parse(text);
    expression_syntax::Checker checker(text, scope);
    checker.check(*root, wanted);
    result.expression = expression_syntax::generate(*root, scope);
    result.notes = checker.notes();
  } catch (const expression_syntax::SyntaxError& error) {
    result.error = error.error;
  }
  return result;
}

}  // namespace premortem
