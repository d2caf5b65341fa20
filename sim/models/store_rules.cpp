// Fault rules on commands of real programs to document stores.

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/store_host.hpp"

namespace premortem {

namespace {

using Do = RuleSpec::Do;

/// What a rule's error is over MongoDB's protocol, where it gives no code of that.
int code_of(const RuleSpec& rule) {
  if (rule.code != 541) return rule.code;
  if (rule.error == error::write_conflict) return 112;
  if (rule.error == error::duplicate_key) return 11000;
  if (rule.error == error::timeout) return 50;
  if (rule.error == error::transaction_expired || rule.error == error::aborted) return 251;
  return 91;  // ShutdownInProgress: a driver takes it for a server that is going away.
}

}  // namespace

bool Machine::strike_command(std::uint16_t store, const BrokerRequest& request, AnswerOrders& orders,
                             std::uint32_t cause) {
  DocumentServer& server = world_.document_servers[store];
  const bson::Value parsed = bson::decode(request.body);
  if (parsed.fields().empty()) return true;
  const std::uint32_t who = model_.stores[store].component;
  const auto tag = static_cast<std::int32_t>(request.tag);
  Command command;
  command.protocol = "mongodb";
  command.name = parsed.fields().front().name;
  command.system = model_.components[who].name;
  const bson::Value& about = parsed.fields().front().value;
  if (about.is_string()) command.collection = about.as_text();
  if (command.name == "getMore" && parsed["collection"].is_string())
    command.collection = parsed["collection"].as_text();
  std::string client = "client " + std::to_string(request.client);
  for (const StoreClient& one : server.clients()) {
    if (one.id == request.client && !one.application.empty()) client = one.application;
  }
  command.client = client;
  command.luck = cause;
  std::vector<std::uint32_t> chosen;
  PREMORTEM_CHECK(interposer_ != nullptr, "a World with rules runs on a Machine that knows who decides on them");
  interposer_->choose_rules(*this, command, chosen);
  std::int64_t wait = 0;
  bool carried_out = true;
  const auto later = [](std::int64_t& length, std::int64_t more) {
    length = length > INT64_MAX - more ? INT64_MAX : length + more;
  };
  for (const std::uint32_t number : chosen) {
    const RuleSpec& one = rule(number);
    const bool after = one.when == RuleSpec::When::after;
    bool means_something = true;
    switch (one.act) {
      case Do::observe:
        break;
      case Do::error:
        if (after) {
          means_something = !request.no_wait && orders.error == 0;
          if (means_something) orders.error = code_of(one);
        } else if (carried_out) {
          carried_out = false;
          server.answer_with_error(request.client, tag, request.body, code_of(one), one.text);
        }
        break;
      case Do::drop:
        if (after) {
          orders.drops = 1;
          means_something = !request.no_wait;
        } else {
          carried_out = false;  // The client waits for ever, or for as long as it likes.
        }
        break;
      case Do::close:
        if (after) {
          orders.cuts = 1;
        } else if (carried_out) {
          carried_out = false;
          server.events().push_back({request.client, tag, true, false, {}});
        }
        break;
      case Do::delay:
      case Do::stall:
        if (after && request.no_wait) {
          means_something = false;
        } else {
          later(after ? orders.delay : wait, rule_length(one, combine(command.luck, number)));
        }
        break;
      case Do::nack:
      case Do::duplicate:
      case Do::redeliver:
        means_something = false;
        break;
    }
    rule_struck(number, means_something, who, item_none, cause);
  }
  if (carried_out && wait > 0) {
    carried_out = false;
    server.handle_later(request.client, tag, !request.no_wait, request.body, orders, now(),
                        wait == INT64_MAX ? INT64_MAX - 1 : now() + wait);
  }
  return carried_out;
}

}  // namespace premortem
