#pragma once
// Fault rules as the language writes them: in the section `faults` of a file, and one at a time from outside, while a
// run is served. Both are the same form, `rule`, of the vocabulary.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/models/outside.hpp"
#include "sim/scenario/node.hpp"

namespace premortem {

/// What a rule is read among.
class RuleSurroundings {
 public:
  virtual ~RuleSurroundings() = default;
  /// The id of a text, as ExpressionScope::intern().
  virtual std::uint32_t intern(std::string_view text) = 0;
  /// Nothing, with a diagnostic, when no system could ever see such an error.
  virtual std::optional<std::uint32_t> error_named(const Node& name, const std::string& address) = 0;
  /// Nothing, with a diagnostic, when the text is no instant.
  virtual std::optional<std::int64_t> instant(const Node& time, const std::string& address) = 0;
};

/// REQUIRES: `rule` is valid by its form. What else is wrong with it is said in `diagnostics`.
RuleSpec read_fault_rule(const std::string& name, const Node& rule, const std::string& address,
                         RuleSurroundings& surroundings, Diagnostics& diagnostics);

/// Rules that come from outside: JSON, as in a file.
class LiveRules final : public RuleReader {
 public:
  RuleSpec read(Machine& machine, const LiveRule& rule) const override;
  /// What is wrong with such a rule, a line for each thing; empty: nothing is. Changes nothing.
  static std::string objections(const Machine& machine, const LiveRule& rule);
};

}  // namespace premortem
