// What expressions see of a World.

#include <algorithm>

#include "sim/models/expression/evaluate.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

/// The environment of one evaluation; the subject must outlive it. Lists that it makes live until it ends.
class Evaluation {
 public:
  Evaluation(Machine& machine, const Subject& subject, const Expression& whole)
      : machine_(machine),
        world_(machine.world()),
        model_(machine.model()),
        subject_(subject),
        whole_(whole),
        made_before_(machine.scratch_lists_.size()) {}
  ~Evaluation() {
    if (machine_.scratch_lists_.size() == made_before_) return;
    for (std::size_t n = made_before_; n < machine_.scratch_lists_.size(); ++n)
      machine_.release_list(machine_.scratch_lists_[n]);
    machine_.scratch_lists_.resize(made_before_);
  }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  /// Inlined into the loop over the operations: most of these are one look into memory.
  [[gnu::always_inline]] Word load(Source source, std::uint16_t a, std::uint32_t b) {
    switch (source) {
      case Source::it_field:
        return world_.payloads.words(static_cast<PayloadId>(local(b)))[a];
      case Source::it_property:
        return it_property(static_cast<Property>(a), b);
      case Source::local:
        return local(b);
      case Source::element_field:
        return subject_.element[a];
      case Source::element_property:
        return element_property(static_cast<Property>(a));
      case Source::setting:
        return model_.settings[b].kind == SettingSpec::Kind::list ? list_is_constant | world_.settings[b]
                                                                  : world_.settings[b];
      case Source::observable:
        return machine_.observable(a, b);
      case Source::list_constant:
        return list_is_constant | b;
    }
    return 0;
  }
  Word field(Word object, std::uint16_t field) const {
    return object == 0 ? 0 : world_.payloads.words(static_cast<PayloadId>(object))[field];
  }
  std::size_t list_size(Word list) const { return values(list).size(); }
  Word list_at(Word list, std::size_t index) const { return values(list)[index]; }
  Word make_list(const Word* words, std::size_t count) {
    const ListId list = make(false);
    world_.lists[list].values.assign(words, words + count);
    return list;
  }

  Word count_set(std::uint16_t set, const Expression* condition) {
    if (const std::uint64_t* taken = frozen(condition, nullptr)) return *taken;
    std::uint64_t count = 0;
    for_each_element(set, [&](const Subject& element) {
      if (condition == nullptr || inner(*condition, element) != 0) ++count;
    });
    return count;
  }
  Word list_set(std::uint16_t set, const Expression* condition, const Expression& value) {
    if (const std::uint64_t* taken = frozen(condition, &value)) return *taken;
    const ListId list = make(false);
    for_each_element(set, [&](const Subject& element) {
      if (condition != nullptr && inner(*condition, element) == 0) return;
      const Word word = inner(value, element);
      world_.lists[list].values.push_back(word);
    });
    return list;
  }

  Word intern(std::string_view text) { return world_.texts.intern(model_.texts, text); }
  std::string_view text(Word word) const { return machine_.text(word); }
  std::int64_t now_ns() const {
    const std::int64_t skew =
        subject_.component < world_.components.size() ? world_.components[subject_.component].skew : 0;
    return machine_.now() + skew;
  }
  std::int64_t today() const { return date_of(now_ns()); }
  std::int64_t date_of(std::int64_t time) const {
    const std::uint16_t zone =
        subject_.component < model_.components.size() ? model_.components[subject_.component].zone : 0;
    return machine_.date_of(zone, time);
  }
  Word fail(ExpressionFault fault) const {
    machine_.expression_failed(whole_, fault);
    return 0;
  }

 private:
  Word local(std::uint32_t slot) const { return world_.kernel.activities.locals(subject_.activity)[slot]; }

  Word it_property(Property property, std::uint32_t slot) {
    if (property == Property::self || property == Property::attempt || property == Property::redelivered ||
        property == Property::deaths) {
      return local(slot);
    }
    const PayloadId payload = static_cast<PayloadId>(local(slot));
    const PayloadHead& head = world_.payloads.head(payload);
    if (head.item == item_none) return 0;
    return item_property(property, head.item);
  }
  Word element_property(Property property) {
    if (property == Property::id) return word_of(subject_.element_id);
    if (subject_.element_item == item_none) return 0;
    return item_property(property, subject_.element_item);
  }
  Word item_property(Property property, ItemId number) {
    const Item& item = world_.items[number];
    switch (property) {
      case Property::id:
        return word_of(item.id);
      case Property::kind:
        return model_.items[item.kind].text;
      case Property::arrived:
        return word_of(item.arrived);
      case Property::age:
        return word_of(now_ns() - item.arrived);
      case Property::finished:
        return item.finished != 0 ? 1 : 0;
      case Property::outcome:
        return item.outcome;
      case Property::held:
        return machine_.is_held(number) ? 1 : 0;
      case Property::mark:
        return item.mark;
      default:
        return 0;
    }
  }

  const std::vector<Word>& values(Word list) const {
    if ((list & list_is_constant) != 0) return model_.lists[list & ~list_is_constant].values;
    return world_.lists[static_cast<ListId>(list)].values;
  }
  ListId make(bool holds_payloads) {
    const ListId list = world_.lists.create(holds_payloads);
    machine_.scratch_lists_.push_back(list);
    return list;
  }
  Word inner(const Expression& expression, const Subject& element) {
    Evaluation evaluation(machine_, element, expression);
    return premortem::evaluate(expression, evaluation);
  }

  template <class Visit>
  void for_each_element(std::uint16_t set, Visit&& visit) {
    Subject element = subject_;
    element.frozen = nullptr;
    if ((set & set_is_collection) != 0) {
      const CollectionRef ref = model_.collections[set & ~set_is_collection];
      world_.stores[ref.store].scan(ref.collection, 0, [&](DocumentId, const Word* words) {
        element.element = words;
        element.element_id = integer_of(words[0]);
        element.element_item = words[1] == 0 ? item_none : static_cast<ItemId>(words[1] - 1);
        visit(element);
        return true;
      });
      return;
    }
    for (const ItemId item : world_.items_of_kind[set]) {
      element.element = world_.item_words.data() + std::size_t{item} * model_.item_fields;
      element.element_item = item;
      element.element_id = world_.items[item].id;
      visit(element);
    }
  }

  /// Which of the sets taken earlier belongs to this count() or list(); null when none was taken.
  const std::uint64_t* frozen(const Expression* condition, const Expression* value) const {
    if (subject_.frozen == nullptr) return nullptr;
    std::size_t number = 0;
    for (const ExpressionOp& op : whole_.ops) {
      const auto code = static_cast<ExpressionCode>(op.code);
      if (code != ExpressionCode::count_set && code != ExpressionCode::list_set) continue;
      const Expression* mine = code == ExpressionCode::list_set ? value : condition;
      if (mine == nullptr ? op.b == Expression::no_inner
                          : op.b != Expression::no_inner && mine == &whole_.inner[op.b]) {
        return subject_.frozen + number;
      }
      ++number;
    }
    return nullptr;
  }

  Machine& machine_;
  World& world_;
  const Model& model_;
  const Subject& subject_;
  const Expression& whole_;
  std::size_t made_before_;
};

Word Machine::evaluate(std::uint32_t expression, const Subject& subject) {
  const Expression& whole = model_.expressions[expression];
  Evaluation evaluation(*this, subject, whole);
  return premortem::evaluate(whole, evaluation);
}

namespace {
bool is_part_of(const Expression& whole, const Expression& part) {
  if (&whole == &part) return true;
  for (const Expression& inner : whole.inner) {
    if (is_part_of(inner, part)) return true;
  }
  return false;
}
}  // namespace

/// An overflow, a division by zero, an index out of range: the value is 0, and that is said once for each expression.
void Machine::expression_failed(const Expression& part, ExpressionFault fault) {
  for (std::uint32_t number = 0; number < model_.expressions.size(); ++number) {
    if (!is_part_of(model_.expressions[number], part)) continue;
    if (world_.failed_expressions.empty()) world_.failed_expressions.resize(model_.expressions.size(), 0);
    if (world_.failed_expressions[number] != 0) return;
    world_.failed_expressions[number] = 1 + static_cast<std::uint8_t>(fault);
    record(RecordKind::expression_failed, 0, number, static_cast<std::uint64_t>(fault), kernel().records);
    return;
  }
}

std::int64_t Machine::date_of(std::uint16_t zone, std::int64_t time) {
  if (zone >= days_.size()) days_.resize(zone + std::size_t{1});
  Zone::Day& day = days_[zone];
  if (time < day.from || time >= day.until) day = model_.zones[zone].day_at(time_from_nanoseconds(time));
  return day.date;
}

Word Machine::evaluate_part(const Expression& part, const Subject& subject) {
  Evaluation evaluation(*this, subject, part);
  return premortem::evaluate(part, evaluation);
}

ListId Machine::evaluate_list(std::uint32_t expression, const Subject& subject) {
  const Expression& whole = model_.expressions[expression];
  Evaluation evaluation(*this, subject, whole);
  const Word list = premortem::evaluate(whole, evaluation);
  if ((list & list_is_constant) != 0) {
    const ListId copy = world_.lists.create(false);
    world_.lists[copy].values = model_.lists[list & ~list_is_constant].values;
    return copy;
  }
  if (list != 0) ++world_.lists[static_cast<ListId>(list)].references;
  return static_cast<ListId>(list);
}

void Machine::freeze_sets(std::uint32_t expression, const Subject& subject, std::vector<Word>& taken) {
  const Expression& whole = model_.expressions[expression];
  Evaluation evaluation(*this, subject, whole);
  for (const ExpressionOp& op : whole.ops) {
    const auto code = static_cast<ExpressionCode>(op.code);
    if (code == ExpressionCode::count_set) {
      taken.push_back(evaluation.count_set(op.a, op.b == Expression::no_inner ? nullptr : &whole.inner[op.b]));
    } else if (code == ExpressionCode::list_set) {
      const Word list =
          evaluation.list_set(op.a, op.source_or_type == 0 ? nullptr : &whole.inner[op.b + 1], whole.inner[op.b]);
      ++world_.lists[static_cast<ListId>(list)].references;
      taken.push_back(list);
    }
  }
}

std::int64_t Machine::draw(std::uint32_t number, std::uint64_t purpose, std::uint64_t luck, Choice::Kind kind) {
  const Distribution& distribution = model_.distributions[world_.settings[number]];
  if (distribution.kind == Distribution::Kind::constant) return std::min(distribution.low(), longest_length);
  if (distribution.is_range() && chooser(kind) != nullptr) {
    const auto alternatives = static_cast<std::uint64_t>(distribution.high() - distribution.low()) + 1;
    return distribution.low() + static_cast<std::int64_t>(chooser_->choose({kind, luck, purpose, 0, alternatives}));
  }
  return std::min(sample(distribution, random_bits(kernel().seed, luck, purpose, 0)), longest_length);
}

Word Machine::observable(std::uint32_t kind, std::uint32_t number) {
  const ComponentSpec& spec = model_.components[number];
  const ComponentState& state = world_.components[number];
  switch (static_cast<Observable>(kind)) {
    case Observable::on:
      return state.on;
    case Observable::up:
      return state.up;
    case Observable::paused:
      return state.paused;
    case Observable::crashes:
      return state.crashes;
    case Observable::ready:
      return world_.broker.ready(spec.number);
    case Observable::unacked:
      return world_.broker.unacked(spec.number);
    case Observable::oldest:
      return word_of(world_.broker.oldest(spec.number, now()));
    case Observable::unroutable:
      return world_.broker.unroutable(spec.number);
    case Observable::length:
      return world_.logs[spec.number].retained();
    case Observable::lag: {
      const StreamState& stream = world_.streams[spec.number];
      return world_.logs[model_.streams[spec.number].log].lag(stream.group);
    }
    case Observable::position: {
      std::uint64_t sum = 0;
      for (const std::uint64_t position : world_.streams[spec.number].positions) sum += position;
      return sum;
    }
    case Observable::busy:
    case Observable::running:
      return state.running;
    case Observable::last_end:
      return word_of(state.last_end);
    case Observable::fired:
      return world_.monitors_fired[spec.number];
  }
  return 0;
}

}  // namespace premortem
