// Real programs as callers of services, and what their acknowledgements finish: what they ask begins here, and what
// they are told leaves from here.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

void Machine::ask_service(const BrokerRequest& request, std::uint32_t cause) {
  const std::string name = std::string(request.name) + "." + std::string(request.key);
  const auto known = std::find_if(model_.service_operations.begin(), model_.service_operations.end(),
                                  [&](const ServiceOperationSpec& one) { return one.name == name; });
  if (known == model_.service_operations.end() || form_ == nullptr) return;  // Whoever brings it in has seen to that.
  const auto number = static_cast<std::uint32_t>(known - model_.service_operations.begin());
  const PayloadId payload = form_->read_call(*this, number, request.body);
  const ItemId item = world_.payloads.head(payload).item;
  hold(item);  // So that it is never nobody's between two hands.
  // By what it is about and by the call: who tries again shall have other luck.
  const std::uint64_t luck = combine(luck_of_payload(payload), request.tag);
  Strike strike;
  if (!world_.faults.empty() || has_rules() || world_.outages != 0) {
    // Faults look at whoever asks, and that is an activity: for as long as they look, here is one.
    const ActivityId asker = start_driver(model_.clients_entry, model_.clients_component, no_program);
    const std::string client =
        request.text.empty() ? "client " + std::to_string(request.client) : std::string(request.text);
    Attempt attempt{known->operation, asker, payload, luck, cause};
    attempt.client = client;
    strike = this->strike(attempt);
    end_activity(*this, asker);
  }
  if ((strike.fails || strike.cuts) && !strike.applied) {
    ServiceReply refusal;
    refusal.client = request.client;
    refusal.call = request.tag;
    refusal.cut = strike.cuts ? 1 : 0;
    if (!strike.cuts) {
      refusal.error = model_.errors[strike.error];
      record(RecordKind::failed, client_component(), item, strike.error, cause);
    }
    release_payload(payload);
    reply_outside(refusal, 0);
  } else if (strike.lost) {  // The request never arrives, and nobody answers it.
    release_payload(payload);
  } else {
    if (strike.doubled) {
      retain_payload(payload);
      start_call(number, payload, no_activity, combine(luck, 2), cause);
    }
    OutsideCall call;
    call.callee = start_call(number, payload, no_activity, luck, cause);
    call.client = request.client;
    call.call = request.tag;
    call.answer_delay = strike.answer_delay;
    call.error = strike.fails ? strike.error + 1 : 0;
    call.unheard = strike.unheard ? 1 : 0;
    call.cut = strike.cuts ? 1 : 0;
    world_.outside_calls.push_back(call);
    if (strike.delay > 0) {  // Slow: it begins later.
      kernel().forget_wake(call.callee);
      kernel().wake_at(call.callee, now() + strike.delay);
    }
  }
  let_go(item);
}

void Machine::answer_outside(ActivityId callee, std::uint32_t error, Word value, bool has_value) {
  const auto at = std::find_if(world_.outside_calls.begin(), world_.outside_calls.end(),
                               [callee](const OutsideCall& one) { return one.callee == callee; });
  if (at == world_.outside_calls.end()) return;
  const OutsideCall call = *at;
  world_.outside_calls.erase(at);
  if (call.unheard != 0) return;
  ServiceReply reply;
  reply.client = call.client;
  reply.call = call.call;
  reply.cut = call.cut;
  if (call.error != 0) error = call.error;
  if (error != 0 && call.cut == 0) {
    reply.error = model_.errors[error - 1];
    record(RecordKind::failed, client_component(), item_in_hand(callee, 0), error - 1, head(callee).cause);
  } else if (has_value && call.cut == 0 && form_ != nullptr) {
    reply.value = form_->write_value(*this, model_.service_operations[head(callee).run].reply_type, value);
  }
  reply_outside(reply, call.answer_delay);
}

void Machine::reply_outside(const ServiceReply& reply, std::int64_t late) {
  if (late > 0) {
    world_.late_replies.push_back({now() + late, reply});
    return watch_clients();
  }
  if (sink_ != nullptr) sink_->replied(reply);
}

void Machine::release_replies() {
  for (std::size_t n = 0; n < world_.late_replies.size();) {
    if (world_.late_replies[n].due > now()) {
      ++n;
      continue;
    }
    const ServiceReply reply = world_.late_replies[n].reply;
    world_.late_replies.erase(world_.late_replies.begin() + static_cast<std::ptrdiff_t>(n));
    reply_outside(reply, 0);
  }
}

void Machine::acknowledged_by_client(std::uint32_t queue, ItemId item, std::uint32_t cause) {
  const std::uint32_t acknowledged = record(RecordKind::acknowledged, client_component(), item, 0, cause);
  if (item == item_none || world_.items[item].finished != 0) return;
  for (const ConsumerSpec& consumer : model_.consumers) {
    if (consumer.queue != queue || consumer.ack_finishes == unset || !model_.components[consumer.component].external)
      continue;
    Item& done = world_.items[item];
    done.finished = 1;
    done.finished_at = now();
    done.outcome = consumer.ack_finishes;
    record(RecordKind::finished, consumer.component, item, consumer.ack_finishes, acknowledged);
    return touch(item);
  }
}

}  // namespace premortem
