// Fault rules in force: where they stand, who counts them, and how the live ones come and go. sim/faults says which of
// them strike a command; client_rules.cpp and the operations themselves carry that out.

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

const RuleSpec& Machine::rule(std::size_t number) {
  if (number < model_.fault_rules.size()) return model_.fault_rules[number];
  while (read_rules_.size() < world_.live_rules.size()) {
    PREMORTEM_CHECK(rule_reader_ != nullptr, "a World with live rules runs on a Machine that knows who reads them");
    const LiveRule& next = world_.live_rules[read_rules_.size()];
    read_rules_.push_back(rule_reader_->read(*this, next));
  }
  return read_rules_[number - model_.fault_rules.size()];
}

void Machine::change_rules(const BrokerRequest& request) {
  if (request.kind == BrokerRequest::Kind::add_rule) {
    world_.live_rules.push_back({std::string(request.name), std::string(request.body), now()});
    world_.fault_rules.emplace_back();
    return;
  }
  for (std::size_t number = 0; number < world_.fault_rules.size(); ++number) {
    if (rule_name(number) == request.name) world_.fault_rules[number].removed = 1;
  }
}

void Machine::rule_struck(std::uint32_t number, bool means_something, std::uint32_t who, ItemId item,
                          std::uint32_t cause) {
  RuleState& state = world_.fault_rules[number];
  if (!means_something) {
    ++state.vain;
    return;
  }
  ++state.struck;
  record(RecordKind::fault_applied, who, item, model_.faults.size() + number, cause);
}

std::int64_t Machine::rule_length(const RuleSpec& rule, std::uint64_t luck) const {
  if (!rule.has_length) return INT64_MAX;
  return std::min(sample(rule.length, random_bits(world_.kernel.seed, combine(luck, 1), rule.purpose, 0)),
                  longest_length);
}

}  // namespace premortem
