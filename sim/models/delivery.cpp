// Handing over: from one system to a queue, an exchange, a log or a service.

#include "sim/kernel/random.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

ActivityId Machine::start_program(std::uint32_t program, std::uint16_t component, std::uint64_t luck,
                                  std::uint32_t cause, PayloadId hand) {
  const ActivityId activity = start_activity(kernel(), model_.programs[program].entry);
  Activity& started = head(activity);
  started.component = component;
  started.luck = luck;
  started.cause = cause;
  started.program = program;
  locals(activity)[0] = hand;
  return activity;
}

ActivityId Machine::start_call(std::uint32_t operation, PayloadId payload, ActivityId caller, std::uint64_t luck,
                               std::uint32_t cause) {
  const ServiceOperationSpec& spec = model_.service_operations[operation];
  const ActivityId callee = start_program(spec.program, spec.component, luck, cause, payload);
  head(callee).run = operation;
  head(callee).parent = caller;
  ++world_.components[spec.component].running;
  const ItemId item = world_.payloads.head(payload).item;
  hold(item);
  record_of(callee, RecordKind::called, item, operation);
  return callee;
}

void Machine::append_event(std::uint32_t log, PayloadId payload, std::uint64_t key, std::uint32_t attempt,
                           std::uint32_t cause) {
  const LogSpec& spec = model_.logs[log];
  const ItemId item = world_.payloads.head(payload).item;
  const std::uint32_t written = record(RecordKind::published, spec.component, item, spec.component, cause);
  world_.logs[log].append(key, payload, attempt, written, now());
  if (world_.expirers[log] != no_activity && head(world_.expirers[log]).waiting == Waiting::model)
    kernel().signal(world_.expirers[log]);
  for (const std::uint32_t stream : spec.streams) {
    StreamState& group = world_.streams[stream];
    if (group.joined == 0 && model_.streams[stream].from_latest) {
      // KAFKA-025: it will begin behind whatever is there by then, so nothing of this waits for it.
      for (std::uint32_t partition = 0; partition < group.positions.size(); ++partition) {
        group.positions[partition] = world_.logs[log].end_offset(partition);
        world_.logs[log].commit(group.group, partition, group.positions[partition]);
      }
      continue;
    }
    hold(item);
    signal_stream(stream);
  }
}

std::uint64_t Machine::partition_key(std::uint32_t expression, Word value) const {
  return model_.expressions[expression].type == types::text ? hash_name(text(value)) : value;
}

std::uint32_t Machine::component_of(ComponentKind kind, std::uint32_t number) const {
  for (std::uint32_t component = 0; component < model_.components.size(); ++component) {
    if (model_.components[component].kind == kind && model_.components[component].number == number) return component;
  }
  return unset;
}

PublishOutcome Machine::deliver(const Target& target, PayloadId payload, Word key, bool has_key, std::uint32_t attempt,
                                ActivityId self, std::int64_t ttl) {
  const ItemId item = world_.payloads.head(payload).item;
  PublishOutcome outcome;
  switch (target.kind) {
    case Target::Kind::log: {
      const std::uint32_t expression = model_.logs[target.number].key;
      std::uint64_t decides = item == item_none ? 0 : static_cast<std::uint64_t>(world_.items[item].id);
      if (expression != unset) decides = partition_key(expression, evaluate_about(expression, self, payload));
      append_event(target.number, payload, has_key ? key : decides, attempt, head(self).cause);
      break;
    }
    case Target::Kind::service:
      start_call(target.number, payload, no_activity, head(self).luck, head(self).cause);
      break;
    case Target::Kind::queue: {
      const std::uint32_t written = record(RecordKind::published, head(self).component, item,
                                           model_.queues[target.number].component, head(self).cause);
      outcome = world_.broker.publish_to_queue(target.number, payload, written, now(), ttl);
      drain_broker(written);
      break;
    }
    case Target::Kind::exchange: {
      const std::uint32_t written = record(RecordKind::published, head(self).component, item,
                                           component_of(ComponentKind::exchange, target.number), head(self).cause);
      outcome =
          world_.broker.publish(target.number, has_key ? text(key) : std::string_view(), payload, written, now(), ttl);
      drain_broker(written);
      break;
    }
  }
  return outcome;
}

/// Carries out what the broker's operation meant for others: wakes workers, writes what became of messages.
void Machine::drain_broker(std::uint32_t cause) {
  std::vector<Effect>& effects = world_.broker.effects();
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const Effect effect = effects[i];
    const ItemId item = effect.payload == 0 ? item_none : world_.payloads.head(effect.payload).item;
    const auto reason = static_cast<std::uint64_t>(effect.reason);
    if (effect.kind == EffectKind::unroutable) {
      const std::uint32_t exchange = component_of(ComponentKind::exchange, effect.from);
      record(RecordKind::dropped, exchange == unset ? client_component() : exchange, item, reason, cause);
      continue;
    }
    if (effect.kind == EffectKind::kept || effect.kind == EffectKind::given_back) {
      hold_for_transaction(effect);
      continue;
    }
    if (effect.kind == EffectKind::delivered && world_.clients.owns(effect.consumer)) {
      world_.clients.deliver(world_.broker, effect.consumer, now());
      tell_clients(cause);
      continue;
    }
    if (effect.queue >= model_.queues.size()) {
      drain_client_queue(effect, cause);
      continue;
    }
    const QueueExtra& queue = model_.queues[effect.queue];
    const bool died = effect.reason != DeathReason::none;
    switch (effect.kind) {
      case EffectKind::enqueued:
        retain_payload(effect.payload);
        if (queue.is_dead_letter) {
          dead_letter(item, reason, cause, died ? component_of_queue(effect.from) : queue.component);
          break;
        }
        hold(item);
        if (died && item != item_none) {  // It died there, and here somebody takes care of it.
          record(RecordKind::dead_lettered, component_of_queue(effect.from), item, reason, cause);
          record(RecordKind::revived, queue.component, item, 0, cause);
        }
        break;
      case EffectKind::delivered: {
        wake_idle(world_.worker_of_subscription[effect.consumer]);
        break;
      }
      case EffectKind::dropped:
        record(RecordKind::dropped, queue.component, item, reason, cause);
        break;
      case EffectKind::requeued:
        record(RecordKind::requeued, queue.component, item, 0, cause);
        break;
      case EffectKind::acknowledged:
        acknowledged_by_client(effect.queue, item, cause);
        break;
      case EffectKind::left:
        if (queue.is_dead_letter) {
          revive(item, cause, queue.component);
        } else {
          let_go(item);
        }
        release_payload(effect.payload);
        break;
      default:
        break;
    }
    if (queue.expires) watch_expiry(effect.queue);
  }
  effects.clear();
  if (!delivery_orders_.empty()) carry_out_delivery_orders(cause);
  if (model_.clients_component != no_component) watch_clients();
}

/// The same for a queue that a real client has declared.
void Machine::drain_client_queue(const Effect& effect, std::uint32_t cause) {
  const ItemId item = effect.payload == 0 ? item_none : world_.payloads.head(effect.payload).item;
  switch (effect.kind) {
    case EffectKind::enqueued:
      retain_payload(effect.payload);
      hold(item);
      break;
    case EffectKind::dropped:
      record(RecordKind::dropped, client_component(), item, static_cast<std::uint64_t>(effect.reason), cause);
      break;
    case EffectKind::requeued:
      record(RecordKind::requeued, client_component(), item, 0, cause);
      break;
    case EffectKind::acknowledged:
      record(RecordKind::acknowledged, client_component(), item, 0, cause);
      break;
    case EffectKind::left:
      let_go(item);
      release_payload(effect.payload);
      break;
    default:
      break;
  }
}

/// Between its publish and its commit a message is its client's, and with it what it is about.
void Machine::hold_for_transaction(const Effect& effect) {
  const ItemId item = world_.payloads.head(effect.payload).item;
  if (effect.kind == EffectKind::kept) {
    retain_payload(effect.payload);
    hold(item);
    return;
  }
  let_go(item);
  release_payload(effect.payload);
}

std::uint32_t Machine::component_of_queue(QueueId queue) const {
  return queue < model_.queues.size() ? model_.queues[queue].component : client_component();
}

}  // namespace premortem
