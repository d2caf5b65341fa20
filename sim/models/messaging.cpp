// Steps that pass things on: publish, send, redrive.

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

bool Machine::on_its_way(ActivityId self, const Target& target, Strike& strike, PayloadId& payload) {
  if (target.strike_slot == 0 || locals(self)[target.strike_slot] == 0) return false;
  strike = unpacked(locals(self)[target.strike_slot]);
  payload = static_cast<PayloadId>(locals(self)[target.late_slot]);
  locals(self)[target.strike_slot] = 0;
  locals(self)[target.late_slot] = 0;
  let_go(world_.payloads.head(payload).item);  // Held again by whoever takes it, in the same event.
  return true;
}

Flow Machine::send_late(ActivityId self, const Target& target, const Strike& strike, PayloadId payload) {
  PREMORTEM_CHECK(target.strike_slot != 0, "what a fault can slow down has a place to wait in");
  locals(self)[target.strike_slot] = packed(strike);
  locals(self)[target.late_slot] = payload;
  hold(world_.payloads.head(payload).item);
  --head(self).counter;
  return sleep(self, strike.delay);
}

Flow Machine::do_publish(ActivityId self, Instruction i) {
  const PublishSpec& publish = model_.publishes[i.operand];
  const Target& target = publish.target;
  const auto hand = static_cast<PayloadId>(publish.hand_is_payload ? locals(self)[publish.hand_slot] : 0);
  const ItemId item = hand == 0 ? item_none : world_.payloads.head(hand).item;
  Strike strike;
  PayloadId payload = 0;
  if (!on_its_way(self, target, strike, payload)) {
    const std::uint64_t luck = told_apart(head(self).luck, publish.apart);
    payload = build(model_.builds[target.build], hand, item, subject_of(self));
    if (item == item_none) world_.payloads.head(payload).luck = combine(head(self).luck, publish.purpose);
    strike =
        this->strike({target.operation, self, payload, luck, head(self).cause, publish.key, 0, hears(publish.confirm)});
    if (strike.delay > 0) return send_late(self, target, strike, payload);
  }
  if (strike.lost || (strike.fails && !strike.applied)) {
    release_payload(payload);
    if (strike.fails) return raise(self, strike.error);
    record_of(self, RecordKind::dropped, item, 0);
    return listen(self, publish.confirm, {}, true);
  }
  Word key = publish.key == unset ? 0 : evaluate(publish.key, subject_of(self));
  if (publish.key != unset && target.kind == Target::Kind::log) key = partition_key(publish.key, key);
  const std::int64_t ttl = publish.ttl == unset ? -1
                                                : draw(publish.ttl, publish.confirm.purpose,
                                                       combine(told_apart(head(self).luck, publish.confirm.apart), 1));
  PublishOutcome outcome;
  if (strike.doubled) retain_payload(payload);
  for (int copy = strike.doubled ? 2 : 1; copy > 0; --copy) {
    if (publish.buffer_slot != 0) {
      if (locals(self)[publish.buffer_slot] == 0) locals(self)[publish.buffer_slot] = world_.lists.create(false);
      std::vector<Word>& buffer = world_.lists[static_cast<ListId>(locals(self)[publish.buffer_slot])].values;
      buffer.insert(buffer.end(), {i.operand, payload, key});
    } else {
      outcome = hand_over(target, payload, key, publish.key != unset, self, ttl);
    }
  }
  if (strike.fails) return raise(self, strike.error);
  return listen(self, publish.confirm, outcome, strike.unheard, strike.answer_delay);
}

/// Waits for the confirm, if the publisher wants one. The step that follows fails with what stands in the outcome then.
Flow Machine::listen(ActivityId self, const ConfirmSpec& confirm, const PublishOutcome& outcome, bool lost,
                     std::int64_t late) {
  if (confirm.confirms == unset) return Flow::next;
  std::int64_t delay = 0;
  const bool confirms = setting(confirm.confirms) != 0, mandatory = setting(confirm.mandatory) != 0;
  Word error = 0;
  if (confirms || mandatory) {
    if (outcome.refused && confirms) error = Word{error::refused} + 1;         // RABBIT-044
    if (outcome.unroutable && mandatory) error = Word{error::unroutable} + 1;  // RABBIT-003
    if (outcome.missing) error = Word{error::not_found} + 1;                   // RABBIT-004
  }
  if (confirms) {
    const std::uint64_t luck = told_apart(head(self).luck, confirm.apart);
    const std::int64_t timeout = draw(confirm.timeout, confirm.purpose, combine(luck, 2));
    const std::int64_t drawn = confirm.takes == unset ? 0 : draw(confirm.takes, confirm.purpose, combine(luck, 3));
    const std::int64_t takes = drawn + late;
    if (lost || takes > timeout) error = Word{error::timeout} + 1;  // It may be there all the same: RABBIT-007.
    delay += lost ? timeout : std::min(takes, timeout);
  }
  locals(self)[confirm.outcome_slot] = error;
  return sleep(self, delay);
}

/// deliver() for a payload that belongs to the caller until the target has taken its own reference.
PublishOutcome Machine::hand_over(const Target& target, PayloadId payload, Word key, bool has_key, ActivityId self,
                                  std::int64_t ttl) {
  const ItemId item = world_.payloads.head(payload).item;
  hold(item);  // So that it is never nobody's between two hands.
  const PublishOutcome outcome = deliver(target, payload, key, has_key, 0, self, ttl);
  // Queues hold references of their own.
  if (target.kind == Target::Kind::queue || target.kind == Target::Kind::exchange) release_payload(payload);
  let_go(item);
  return outcome;
}

Flow Machine::do_send(ActivityId self, Instruction i) {
  const SendSpec& send = model_.sends[i.operand];
  Strike strike;
  PayloadId payload = 0;
  std::uint64_t luck = 0;
  if (on_its_way(self, send.target, strike, payload)) {
    luck = world_.items[world_.payloads.head(payload).item].luck;
  } else {
    const auto hand = static_cast<PayloadId>(send.hand_is_payload ? locals(self)[send.hand_slot] : 0);
    std::vector<Word> fields(model_.items[send.kind].fields.size(), 0);
    for (std::size_t field = 0; field < fields.size(); ++field) {
      const FieldSource& source = send.fields[field];
      if (source.from == FieldSource::From::expression) fields[field] = evaluate(source.index, subject_of(self));
      if (source.from == FieldSource::From::carried && hand != 0)
        fields[field] = world_.payloads.words(hand)[source.index];
    }
    luck = combine(combine(head(self).luck, send.purpose), locals(self)[send.count_slot]++);
    const std::uint32_t before = kernel().records;
    const ItemId item = create_item(send.kind, luck, head(self).component, head(self).cause, fields.data());
    head(self).cause = before;
    ++world_.sent;
    if (send.counts_for != unset) ++world_.timeline[send.counts_for].times;
    payload = build(model_.builds[send.target.build], 0, item, subject_of(self));
    strike =
        this->strike({send.target.operation, self, payload, luck, head(self).cause, send.key, 0, hears(send.confirm)});
    if (strike.delay > 0) return send_late(self, send.target, strike, payload);
  }
  if (strike.lost || (strike.fails && !strike.applied)) {
    const ItemId item = world_.payloads.head(payload).item;
    release_payload(payload);
    if (strike.fails) return raise(self, strike.error);
    record_of(self, RecordKind::dropped, item, 0);
    return listen(self, send.confirm, {}, true);
  }
  Word key = send.key == unset ? 0 : evaluate(send.key, subject_of(self));
  if (send.key != unset && send.target.kind == Target::Kind::log) key = partition_key(send.key, key);
  const std::int64_t ttl = send.ttl == unset ? -1 : draw(send.ttl, send.purpose, combine(luck, 1));
  const std::uint64_t own_luck = head(self).luck;
  head(self).luck = luck;
  if (strike.doubled) {
    retain_payload(payload);
    hand_over(send.target, payload, key, send.key != unset, self, ttl);
  }
  const PublishOutcome outcome = hand_over(send.target, payload, key, send.key != unset, self, ttl);
  head(self).luck = own_luck;
  if (strike.fails) return raise(self, strike.error);
  return listen(self, send.confirm, outcome, strike.unheard, strike.answer_delay);
}

/// Moves what lay in the queue when the redrive began, one message after the other.
Flow Machine::do_redrive(ActivityId self, Instruction i) {
  const RedriveSpec& redrive = model_.redrives[i.operand];
  if (locals(self)[redrive.list_slot] == 0) {
    const ListId list = world_.lists.create(false);
    locals(self)[redrive.list_slot] = list;
    locals(self)[redrive.index_slot] = 0;
    std::vector<Word> chosen;
    for (const MessageId message : world_.broker.peek(redrive.from)) {
      const PayloadId payload = world_.broker.payload(message);
      const Word keep = locals(self)[redrive.hand_slot];
      locals(self)[redrive.hand_slot] = payload;
      if (redrive.where == unset || evaluate_setting(redrive.where, subject_of(self)) != 0) chosen.push_back(message);
      locals(self)[redrive.hand_slot] = keep;
    }
    if (redrive.sort >= 0) {
      const auto field = static_cast<std::size_t>(redrive.sort);
      std::stable_sort(chosen.begin(), chosen.end(), [&](Word left, Word right) {
        const Word x = world_.payloads.words(world_.broker.payload(static_cast<MessageId>(left)))[field];
        const Word y = world_.payloads.words(world_.broker.payload(static_cast<MessageId>(right)))[field];
        return redrive.sorts_text ? text(x) < text(y) : integer_of(x) < integer_of(y);
      });
    }
    world_.lists[list].values = chosen;
  }
  const auto list = static_cast<ListId>(locals(self)[redrive.list_slot]);
  const Word index = locals(self)[redrive.index_slot];
  if (index >= world_.lists[list].values.size()) {
    set_slot(self, redrive.list_slot, SlotKind::list, 0);
    return Flow::next;
  }
  if (redrive.counts_for != unset) ++world_.timeline[redrive.counts_for].times;
  ++locals(self)[redrive.index_slot];
  const auto message = static_cast<MessageId>(world_.lists[list].values[index]);
  if (world_.broker.is_ready(message, redrive.from)) {  // It may have been taken meanwhile.
    const PayloadId payload = world_.broker.payload(message);
    const ItemId item = world_.payloads.head(payload).item;
    hold(item);
    record_of(self, RecordKind::published, item, model_.queues[redrive.to].component);
    world_.broker.move(message, redrive.to, now());
    drain_broker(head(self).cause);
    let_go(item);
  }
  --head(self).counter;
  if (index + 1 >= world_.lists[list].values.size()) return Flow::next;
  return redrive.gap == unset ? Flow::next
                              : sleep(self, draw(redrive.gap, redrive.purpose, combine(head(self).luck, index)));
}

}  // namespace premortem
