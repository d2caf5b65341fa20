#include "sim/scenario/expression/scope.hpp"

#include "sim/scenario/expression/utc_time.hpp"

namespace premortem {

ExpressionScope::~ExpressionScope() = default;

std::optional<std::int64_t> ExpressionScope::time_literal(std::string_view text, std::string& error) const {
  const std::optional<std::int64_t> time = expression_syntax::utc_time(text);
  if (!time) error = "'" + std::string(text) + "' is not a time; write '2021-08-02 13:00 UTC'";
  return time;
}

}  // namespace premortem
