#include "sim/models/expression/type.hpp"

#include <array>

#include "sim/models/expression/expression.hpp"

namespace premortem {

namespace {

struct Names {
  std::string_view name, article, plural;
};
constexpr std::array<Names, 10> names = {{{"bool", "a bool", "bools"},
                                          {"int", "an int", "ints"},
                                          {"double", "a double", "doubles"},
                                          {"string", "a string", "strings"},
                                          {"date", "a date", "dates"},
                                          {"time", "a time", "times"},
                                          {"duration", "a duration", "durations"},
                                          {"list", "a list", "lists"},
                                          {"object", "an object", "objects"},
                                          {"nothing", "nothing", "nothing"}}};

const Names& names_of(BaseType type) { return names[static_cast<std::size_t>(type)]; }

}  // namespace

std::string name_of(Type type) {
  if (type.base != BaseType::list) return std::string(names_of(type.base).name);
  return "list(" + std::string(type.element == BaseType::nothing ? "" : names_of(type.element).name) + ")";
}

std::string article_name_of(Type type) {
  if (type.base != BaseType::list) return std::string(names_of(type.base).article);
  if (type.element == BaseType::nothing) return "an empty list";
  return "a list of " + std::string(plural_name_of(type.element));
}

std::string_view plural_name_of(BaseType type) { return names_of(type).plural; }

std::string_view name_of(ExpressionFault fault) {
  constexpr std::array<std::string_view, 4> fault_names = {"index out of range", "division by zero", "overflow",
                                                           "not a number"};
  return fault_names[static_cast<std::size_t>(fault)];
}

const Word* Expression::literal() const {
  const bool is_literal = ops.size() == 1 && ops[0].code == static_cast<std::uint8_t>(ExpressionCode::constant);
  return is_literal ? &constants[ops[0].b] : nullptr;
}

}  // namespace premortem
