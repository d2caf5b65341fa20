// Arrivals: each stream is an activity that sleeps until its next item comes. All its draws are keyed by the stream's
// name and the item's place in it, so that no strategy can change them.

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {
// Locals of the activity of a stream.
constexpr std::uint8_t begun = 1, times = 2, lucks = 3, index = 4, rate_time = 5, rate_count = 6;
constexpr std::uint64_t gap_purpose = 0x67617021;
}  // namespace

/// The instants that are known from the start: fixed ones, and those inside windows, each with its own luck.
void Machine::fix_arrivals(ActivityId self, const ArrivalSpec& arrival) {
  std::vector<std::pair<std::int64_t, std::uint64_t>> fixed;
  for (std::size_t n = 0; n < arrival.at.size(); ++n) {
    fixed.emplace_back(arrival.at[n], combine(combine(arrival.entity, 0x6174), n));
  }
  for (const ArrivalWindow& window : arrival.windows) {
    const std::int64_t count = draw(window.count, window.purpose, arrival.entity);
    std::vector<std::int64_t> inside;
    for (std::int64_t n = 0; n < count; ++n) {
      const std::uint64_t bits =
          random_bits(kernel().seed, arrival.entity, window.purpose, static_cast<std::uint64_t>(n) + 1);
      inside.push_back(uniform_between(bits, window.from, window.until - 1));
    }
    std::sort(inside.begin(), inside.end());
    for (std::size_t n = 0; n < inside.size(); ++n) {
      fixed.emplace_back(inside[n], combine(combine(arrival.entity, window.purpose), n));
    }
  }
  std::stable_sort(fixed.begin(), fixed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const ListId at = world_.lists.create(false), luck = world_.lists.create(false);
  for (const auto& [time, name] : fixed) {
    world_.lists[at].values.push_back(static_cast<Word>(time));
    world_.lists[luck].values.push_back(name);
  }
  set_slot(self, times, SlotKind::list, at);
  set_slot(self, lucks, SlotKind::list, luck);
}

/// The next instant of the stream's rate; inside a window only what the window says arrives.
void Machine::next_by_rate(ActivityId self, const ArrivalSpec& arrival) {
  if (arrival.profile.empty()) {
    locals(self)[rate_time] = static_cast<Word>(INT64_MAX);
    return;
  }
  std::int64_t at = integer_of(locals(self)[rate_time]);
  for (bool inside = true; inside;) {
    const std::uint64_t bits = random_bits(kernel().seed, arrival.entity, gap_purpose, locals(self)[rate_count]++);
    at = arrival.profile.advance(at, exponential_fixed(bits));
    inside = false;
    for (const ArrivalWindow& window : arrival.windows) inside = inside || (at >= window.from && at < window.until);
  }
  locals(self)[rate_time] = static_cast<Word>(at);
}

Flow Machine::do_arrive(ActivityId self, Instruction i) {
  const ArrivalSpec& arrival = model_.arrivals[i.operand];
  if (locals(self)[begun] == 0) {
    locals(self)[begun] = 1;
    fix_arrivals(self, arrival);
    locals(self)[rate_time] = static_cast<Word>(model_.begins);
    next_by_rate(self, arrival);
  } else {
    const auto at = static_cast<ListId>(locals(self)[times]);
    const Word n = locals(self)[index];
    const bool fixed = n < world_.lists[at].values.size() && integer_of(world_.lists[at].values[n]) <= now();
    const std::uint64_t luck = fixed ? world_.lists[static_cast<ListId>(locals(self)[lucks])].values[n]
                                     : combine(arrival.entity, locals(self)[rate_count]);
    if (fixed) {
      ++locals(self)[index];
    } else {
      next_by_rate(self, arrival);
    }
    arrive_now(self, arrival, luck);
  }
  const auto at = static_cast<ListId>(locals(self)[times]);
  const Word n = locals(self)[index];
  const std::int64_t fixed = n < world_.lists[at].values.size() ? integer_of(world_.lists[at].values[n]) : INT64_MAX;
  const std::int64_t next = std::min(fixed, integer_of(locals(self)[rate_time]));
  if (next >= model_.ends) {
    end_activity(*this, self);
    return Flow::ended;
  }
  --head(self).counter;
  if (next <= now()) return Flow::next;
  return sleep(self, next - now());
}

void Machine::arrive_now(ActivityId self, const ArrivalSpec& arrival, std::uint64_t luck) {
  std::vector<Word>& fields = scratch_values_;
  fields.assign(model_.items[arrival.kind].fields.size(), 0);
  for (const FieldDraw& field : arrival.fields) {
    Word& word = fields[field.field];
    switch (field.kind) {
      case FieldDraw::Kind::constant:
        word = field.value;
        break;
      case FieldDraw::Kind::weighted:
        word = field.choices[static_cast<std::size_t>(draw(field.distribution, field.purpose, luck))];
        break;
      case FieldDraw::Kind::distribution:
        word = word_of(draw(field.distribution, field.purpose, luck));
        break;
      case FieldDraw::Kind::duration_from_arrival: {
        const std::int64_t instant = now() + draw(field.distribution, field.purpose, luck);
        word = field.to_date ? word_of(date_of(0, instant)) : word_of(instant);
        break;
      }
    }
  }
  const std::uint32_t number = kernel().records;
  const ItemId item = create_item(arrival.kind, luck, head(self).component, number, fields.data());
  head(self).cause = number;
  head(self).luck = luck;
  const PayloadId payload = build(model_.builds[arrival.target.build], 0, item, subject_of(self));
  const Strike strike =
      this->strike({arrival.target.operation, self, payload, luck, number, arrival.key, 0, false, true});
  if (strike.lost || (strike.fails && !strike.applied)) {  // Nobody stands behind it who would try again.
    record_of(self, RecordKind::dropped, item, 0);
    release_payload(payload);
    return;
  }
  if (strike.delay > 0) {
    PREMORTEM_CHECK(arrival.late_program != unset, "what a fault slows down has a program that hands it over");
    hold(item);
    const ActivityId late = start_program(arrival.late_program, head(self).component, luck, number, payload);
    locals(late)[1] = packed(strike);
    kernel().forget_wake(late);
    kernel().wake_at(late, now() + strike.delay);
    return;
  }
  hand_over_arrival(self, arrival, payload, strike.doubled);
}

void Machine::hand_over_arrival(ActivityId self, const ArrivalSpec& arrival, PayloadId payload, bool doubled) {
  Word key = arrival.key == unset ? 0 : evaluate_about(arrival.key, self, payload);
  if (arrival.key != unset && arrival.target.kind == Target::Kind::log) key = partition_key(arrival.key, key);
  if (doubled) {
    retain_payload(payload);
    hand_over(arrival.target, payload, key, arrival.key != unset, self);
  }
  hand_over(arrival.target, payload, key, arrival.key != unset, self);
}

Flow Machine::do_late_arrival(ActivityId self, Instruction i) {
  const auto payload = static_cast<PayloadId>(locals(self)[0]);
  const ItemId item = world_.payloads.head(payload).item;
  locals(self)[0] = 0;
  hand_over_arrival(self, model_.arrivals[i.operand], payload, unpacked(locals(self)[1]).doubled);
  let_go(item);
  return Flow::next;
}

}  // namespace premortem
