#include "reports/query/item_states.hpp"

#include <algorithm>

namespace premortem {

namespace {

enum State : std::int64_t {
  under_way,
  held_by_nobody,
  overdue,
  overdue_and_held_by_nobody,
  dead_lettered,
  finished,
  finished_late,
  finished_wrongly
};

struct Change {
  std::int64_t at;
  std::uint64_t item;
  State state;
};

/// What is known of one item while its history is read.
struct Known {
  bool unheld = false, late = false, dead = false;
  std::uint32_t finishes = 0;
  State said = under_way;
};

class States {
 public:
  States(const HistoryNames& names, const std::vector<JudgedItem>& items) : items_(items) {
    known_.resize(items.size());
    for (std::size_t item = 0; item < items.size(); ++item) {
      const std::int64_t due = names.kinds[items[item].kind].due;
      // Not beyond the end: nothing is seen to be overdue after that.
      if (due >= 0 && items[item].arrived <= names.ends - due)
        dues_.push_back({items[item].arrived + due, item, overdue});
    }
    std::ranges::stable_sort(dues_, {}, &Change::at);
  }

  void take(const Record& record) {
    const auto kind = static_cast<RecordKind>(record.kind);
    become_due(record.at);
    const bool about = form_of(kind).a == Operand::item && record.a < known_.size();
    if (!about) return;
    Known& item = known_[record.a];
    if (kind == RecordKind::released)
      item.unheld = true;
    else if (kind == RecordKind::held)
      item.unheld = false;
    else if (kind == RecordKind::dead_lettered)
      item.dead = true;
    else if (kind == RecordKind::revived)
      item.dead = false;
    else if (kind == RecordKind::finished)
      ++item.finishes;
    else
      return;
    say(record.at, record.a);
  }

  /// At the very instant it is not overdue yet: what finishes then is in time.
  void become_due(std::int64_t at) {
    for (; next_due_ < dues_.size() && dues_[next_due_].at < at; ++next_due_) {
      known_[dues_[next_due_].item].late = true;
      say(dues_[next_due_].at, dues_[next_due_].item);
    }
  }

  std::vector<Change> changes;

 private:
  State state_of(std::uint64_t number) const {
    const Known& item = known_[number];
    if (item.finishes > 0) {
      const Fate fate = items_[number].fate;
      if (fate == Fate::misrouted || (fate == Fate::duplicated && item.finishes > 1)) return finished_wrongly;
      return item.late ? finished_late : finished;
    }
    if (item.dead) return dead_lettered;
    if (item.unheld) return item.late ? overdue_and_held_by_nobody : held_by_nobody;
    return item.late ? overdue : under_way;
  }
  void say(std::int64_t at, std::uint64_t number) {
    Known& item = known_[number];
    if (item.finishes > 0 && item.said >= finished && item.said != finished_wrongly && item.finishes == 1) return;
    const State state = state_of(number);
    if (state == item.said) return;
    item.said = state;
    changes.push_back({at, number, state});
  }

  const std::vector<JudgedItem>& items_;
  std::vector<Known> known_;
  std::vector<Change> dues_;
  std::size_t next_due_ = 0;
};

}  // namespace

const std::vector<std::string>& item_states() {
  static const std::vector<std::string> names = {
      "under way",     "held by nobody", "overdue",       "overdue and held by nobody",
      "dead-lettered", "finished",       "finished late", "finished wrongly"};
  return names;
}

StateTable item_state_changes(const HistoryNames& names, const std::vector<Record>& records,
                              const std::vector<JudgedItem>& items) {
  States states(names, items);
  for (const Record& record : records) states.take(record);
  states.become_due(names.ends);
  StateTable table;
  std::int64_t last = 0;
  for (const Change& change : states.changes) {
    const std::int64_t at = microseconds(change.at);
    table.item.push_back(static_cast<std::int64_t>(change.item));
    table.at.push_back(at - last);
    table.state.push_back(change.state);
    last = at;
  }
  return table;
}

}  // namespace premortem
