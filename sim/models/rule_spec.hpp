#pragma once
// Fault rules: one grammar for what simulated systems and real clients ask. Specifications are data of the Model, or
// come from outside while a run is served; what has become of each stands in the World.

#include <cstdint>
#include <string>

#include "sim/kernel/distribution.hpp"
#include "sim/models/expression/expression.hpp"

namespace premortem {

/// What `match` may ask of a command; their order is that of RuleSpec's element fields.
enum class RuleField : std::uint8_t {
  protocol,
  command,
  system,
  queue,
  exchange,
  key,
  client,
  attempt,
  item,
  collection
};
inline constexpr std::size_t rule_fields = 10;

struct RuleSpec {
  enum class Do : std::uint8_t { observe, error, nack, drop, delay, duplicate, close, stall, redeliver };
  enum class When : std::uint8_t {
    before,   ///< What the rule does comes first, then the command.
    instead,  ///< The command is not carried out.
    after     ///< It is carried out; the rule strikes what would be said of it.
  };
  std::string name;
  Expression match;  ///< Of type bool; its element has the RuleFields.
  Do act = Do::observe;
  When when = When::before;
  std::int64_t from = INT64_MIN, until = INT64_MAX;  ///< In force in [from, until), ns.
  std::int64_t nth = -1;                             ///< Only that one of those that match, from 1; -1: any.
  std::int64_t first = -1;                           ///< Only among the first so many that match; -1: all.
  std::int64_t share = -1;                           ///< This share of them, in 2^-32; -1: all.
  std::int64_t limit = -1;                           ///< Strikes so often at most; -1: without limit.
  std::uint32_t error = 0;                           ///< What simulated systems get: number in Model::errors.
  std::uint16_t code = 0;                            ///< What real clients get: AMQP's reply code or MongoDB's,
  std::string text;                                  ///< ... and what stands behind the code's name.
  bool has_length = false;                           ///< Of delay and stall; a stall without one is for ever.
  Distribution length;                               ///< ns
  std::uint64_t purpose = 0;                         ///< Names its draws.
};

/// What has become of a rule so far.
struct RuleState {
  std::int64_t seen = 0;    ///< Commands that matched while it was in force.
  std::int64_t struck = 0;  ///< Those of them to which it did something.
  std::int64_t vain = 0;    ///< Those to which it would have, and which it means nothing for.
  std::int64_t removed = 0;

  bool operator==(const RuleState&) const = default;
};

/// A rule that came in while the run was served, as it was written.
struct LiveRule {
  std::string name, text;
  std::int64_t at = 0;  ///< When it came, ns since 1970.

  template <class F>
  void fields(F&& f) {
    f(name), f(text), f(at);
  }
  template <class F>
  void fields(F&& f) const {
    f(name), f(text), f(at);
  }
};

}  // namespace premortem
