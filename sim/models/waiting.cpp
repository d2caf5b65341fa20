#include "sim/models/waiting.hpp"

#include <algorithm>

#include "sim/models/machine.hpp"

namespace premortem {

namespace {

const Activity& at(const World& world, ActivityId activity) { return world.kernel.activities[activity]; }

/// Whoever has the transaction open; no_activity: nobody who is still there.
ActivityId holder_of(const Model& model, const World& world, std::uint16_t store, TransactionId transaction) {
  for (ActivityId one = 0; one < world.kernel.activities.capacity(); ++one) {
    if (at(world, one).alive == 0 || at(world, one).program == no_program) continue;
    const ProgramSpec& program = model.programs[at(world, one).program];
    std::size_t number = 0;
    for (std::size_t slot = 0; slot < program.slots.size(); ++slot) {
      if (program.slots[slot] != SlotKind::transaction) continue;
      const bool same = program.transaction_stores[number++] == store;
      if (same && world.kernel.activities.locals(one)[slot] == transaction) return one;
    }
  }
  return no_activity;
}

std::string item_in_hand_of(const Model& model, const World& world, ActivityId activity) {
  if (at(world, activity).program == no_program || !model.programs[at(world, activity).program].holds_item) return "";
  const auto hand = static_cast<PayloadId>(world.kernel.activities.locals(activity)[0]);
  const ItemId item = hand == 0 ? item_none : world.payloads.head(hand).item;
  if (item == item_none) return "";
  return " with " + model.items[world.items[item].kind].name + " " + std::to_string(world.items[item].id);
}

/// Those that wait for each other, the first first: to notice a deadlock.
using Chain = std::vector<ActivityId>;

std::string waits_for(const Model& model, const World& world, ActivityId activity, Chain& chain);

std::string waits_for_transaction(const Model& model, const World& world, ActivityId activity, Chain& chain) {
  for (const TransactionWaiter& waiter : world.transaction_waiters) {
    if (waiter.activity != activity) continue;
    const std::string store = model.components[model.stores[waiter.store].component].name;
    const ActivityId holder = holder_of(model, world, waiter.store, waiter.transaction);
    if (holder == no_activity) return "a transaction in " + store + " that nobody ends";
    return "the transaction in " + store + " of " + place_of(model, world, holder) +
           item_in_hand_of(model, world, holder) + ": " + waits_for(model, world, holder, chain);
  }
  return "";
}

/// Of a caller: its reply, or what the operation that should give it waits for.
std::string waits_for_reply(const Model& model, const World& world, ActivityId activity, Chain& chain) {
  const Instruction next = model.code[at(world, activity).counter];
  if (next.operation != operation::called) return "";
  const CallSpec& call = model.calls[next.operand];
  const std::string& name = model.service_operations[call.operation].name;
  const Word state = world.kernel.activities.locals(activity)[call.state_slot];
  const auto callee = static_cast<ActivityId>((state & 0xFFFFFFFF) - 1);
  const bool under_way = (state & 0xFFFFFFFF) != 0 && callee < world.kernel.activities.capacity() &&
                         at(world, callee).alive != 0 && at(world, callee).parent == activity;
  if (!under_way) return "a reply of " + name + " that never comes, without a \"timeout\"";
  return "a reply of " + name + ": " + waits_for(model, world, callee, chain);
}

}  // namespace

std::string why_not_running(const Model& model, const World& world, std::uint32_t component) {
  const ComponentState& state = world.components[component];
  const std::string& name = model.components[component].name;
  if (state.up == 0) return name + " is down";
  if (state.on == 0) return name + " is stopped";
  if (state.paused != 0) return name + " is paused";
  return "";
}

std::string place_of(const Model& model, const World& world, ActivityId activity) {
  const Activity& head = at(world, activity);
  const std::string& system = model.components[head.component].name;
  // Whoever sleeps stands behind the step that takes the time.
  const ProgramCounter counter = head.waiting == Waiting::time && head.counter > 0 ? head.counter - 1 : head.counter;
  const auto after = std::upper_bound(model.places.begin(), model.places.end(), counter,
                                      [](ProgramCounter point, const StepPlace& place) { return point < place.begin; });
  if (after == model.places.begin()) return system;
  const std::string& address = (after - 1)->address;
  return address.starts_with(system + ".") || address.starts_with("timeline[") ? address : system;
}

namespace {

std::string waits_for(const Model& model, const World& world, ActivityId activity, Chain& chain) {
  if (std::ranges::find(chain, activity) != chain.end())
    return "a deadlock: " + place_of(model, world, activity) + item_in_hand_of(model, world, activity) +
           " is waited for";
  chain.push_back(activity);
  const Activity& head = at(world, activity);
  const std::string stopped = why_not_running(model, world, head.component);
  switch (head.waiting) {
    case Waiting::time:
      return stopped.empty() ? "time to pass" : stopped;
    case Waiting::resource:
      for (const ServiceOperationSpec& operation : model.service_operations) {
        if (operation.workers != head.waits_on) continue;
        const std::uint32_t units = world.kernel.resources[head.waits_on].units;
        return "one of the " + std::to_string(units) + " workers of " + model.components[operation.component].name;
      }
      return "a worker";
    case Waiting::children:
      return "its parallel branches";
    case Waiting::model:
      break;
    case Waiting::nothing:
    case Waiting::mailbox:
      return stopped.empty() ? "its turn" : stopped;
  }
  if (std::string transaction = waits_for_transaction(model, world, activity, chain); !transaction.empty())
    return transaction;
  if (std::ranges::find(world.condition_waiters, activity) != world.condition_waiters.end())
    return "its \"wait-for\" to come true";
  if (std::string reply = waits_for_reply(model, world, activity, chain); !reply.empty()) return reply;
  if (head.waits_on == service_waits) return stopped.empty() ? "another call for the same item" : stopped;
  for (std::uint32_t store = 0; store < model.stores.size(); ++store) {
    if (head.waits_on == store_is_paused + store)
      return model.components[model.stores[store].component].name + " to be resumed";
    if (head.waits_on == store_has_no_primary + store)
      return "a primary of " + model.components[model.stores[store].component].name;
    if (head.waits_on == majority_is_behind + store)
      return "a majority of " + model.components[model.stores[store].component].name + " to have its write";
  }
  return stopped.empty() ? "its turn" : stopped;
}

}  // namespace

std::string waits_for(const Model& model, const World& world, ActivityId activity) {
  Chain chain;
  return waits_for(model, world, activity, chain);
}

}  // namespace premortem
