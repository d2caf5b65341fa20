#include "reports/query/backlog.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "reports/query/item_states.hpp"

namespace premortem {

namespace {

struct Step {
  std::int64_t at, value;
};

/// A step function that is written while time goes on.
class Level {
 public:
  void add(std::int64_t at, std::int64_t by) {
    value_ += by;
    if (!steps_.empty() && steps_.back().at == at) {
      steps_.back().value = value_;
    } else {
      steps_.push_back({at, value_});
    }
  }
  std::int64_t value() const { return value_; }
  bool empty() const { return steps_.empty(); }

  SeriesData series(std::int64_t system, std::string name, std::string unit, std::size_t steps_max) const {
    SeriesData data;
    data.system = system;
    data.name = std::move(name);
    data.unit = std::move(unit);
    data.thinned = steps_.size() > steps_max;
    std::int64_t last = 0;
    for (const Step& step : data.thinned ? thinned(steps_max) : steps_) {
      data.at.push_back(step.at - last);
      data.value.push_back(step.value);
      last = step.at;
    }
    return data;
  }

 private:
  /// Of each of equally long stretches the largest value and the last: a peak stays to be seen.
  std::vector<Step> thinned(std::size_t steps_max) const {
    std::vector<Step> few;
    const std::int64_t begin = steps_.front().at;
    const std::int64_t width = (steps_.back().at - begin) / static_cast<std::int64_t>(steps_max / 2) + 1;
    for (std::size_t n = 0; n < steps_.size();) {
      const std::int64_t stretch = (steps_[n].at - begin) / width;
      std::size_t largest = n, end = n;
      for (; end < steps_.size() && (steps_[end].at - begin) / width == stretch; ++end) {
        if (steps_[end].value > steps_[largest].value) largest = end;
      }
      few.push_back(steps_[largest]);
      if (largest != end - 1) few.push_back(steps_[end - 1]);
      n = end;
    }
    return few;
  }

  std::vector<Step> steps_;
  std::int64_t value_ = 0;
};

/// Why a message left a queue without having reached a worker, as the broker counts: expired, too many, refused, lost
/// on the way. What was rejected or came back too often had been delivered.
bool left_while_waiting(std::uint64_t reason) { return reason == 2 || reason == 3 || reason == 6 || reason == 8; }

class Backlogs {
 public:
  explicit Backlogs(const HistoryNames& names)
      : names_(names),
        queues_(names.systems.size()),
        appended_(names.systems.size()),
        lags_(names.systems.size()),
        kinds_(names.kinds.size()) {}

  void take(const Record& record) {
    const std::int64_t at = microseconds(record.at);
    switch (static_cast<RecordKind>(record.kind)) {
      case RecordKind::arrived:
        if (record.b < kinds_.size()) kinds_[record.b].add(at, 1);
        kind_of_[record.a] = record.b;
        return;
      case RecordKind::finished:
        if (unheld_items_.erase(record.a) != 0) unheld_.add(at, -1);
        if (const auto kind = kind_of_.find(record.a); kind != kind_of_.end()) {
          if (kind->second < kinds_.size()) kinds_[kind->second].add(at, -1);
          kind_of_.erase(kind);  // A second finish changes nothing.
        }
        return;
      case RecordKind::released:
        if (unheld_items_.insert(record.a).second) unheld_.add(at, 1);
        return;
      case RecordKind::held:
        if (unheld_items_.erase(record.a) != 0) unheld_.add(at, -1);
        return;
      case RecordKind::published:
        publish(at, static_cast<std::uint32_t>(record.b));
        return;
      case RecordKind::requeued:
        change(at, record.who, 1);
        return;
      case RecordKind::delivered:
        if (record.who < names_.system_sources.size()) change(at, names_.system_sources[record.who], -1);
        return;
      case RecordKind::dropped:
      case RecordKind::dead_lettered:
        if (left_while_waiting(record.b)) change(at, queue_of(record.who), -1);
        return;
      case RecordKind::committed_offset:
        commit(at, record);
        return;
      default:
        return;
    }
  }

  std::vector<SeriesData> series(std::size_t steps_max, bool& through_exchanges) const {
    std::vector<SeriesData> all;
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind)
      all.push_back(kinds_[kind].series(-1, "unfinished " + names_.kinds[kind].name, "items", steps_max));
    all.push_back(unheld_.series(-1, "held by nobody", "items", steps_max));
    for (std::size_t n = 0; n < names_.systems.size(); ++n) {
      const auto system = static_cast<std::int64_t>(n);
      through_exchanges = through_exchanges || unseen_[n];
      if (!queues_[n].empty() && !unseen_[n])
        all.push_back(queues_[n].series(system, "waiting in " + names_.systems[n], "messages", steps_max));
      if (!lags_[n].empty())
        all.push_back(lags_[n].series(system, names_.systems[n] + " is behind", "events", steps_max));
    }
    std::erase_if(all, [](const SeriesData& one) { return one.at.empty(); });
    return all;
  }

 private:
  bool is(std::uint32_t system, std::string_view kind) const {
    return system < names_.system_kinds.size() && names_.system_kinds[system] == kind;
  }
  std::uint32_t queue_of(std::uint32_t who) const {
    return is(who, "queue") || who >= names_.system_sources.size() ? who : names_.system_sources[who];
  }
  void publish(std::int64_t at, std::uint32_t target) {
    if (is(target, "queue")) change(at, target, 1);
    if (!is(target, "log")) return;
    ++appended_[target];
    for (std::uint32_t stream = 0; stream < names_.system_sources.size(); ++stream) {
      if (is(stream, "stream") && names_.system_sources[stream] == target) lags_[stream].add(at, 1);
    }
  }
  /// What leaves a queue in which nothing is known to wait came in unseen: through an exchange, as a dead letter.
  void change(std::int64_t at, std::uint32_t queue, std::int64_t by) {
    if (!is(queue, "queue")) return;
    if (by < 0 && queues_[queue].value() == 0) unseen_[queue] = true;
    if (!unseen_[queue]) queues_[queue].add(at, by);
  }
  void commit(std::int64_t at, const Record& record) {
    const std::uint32_t log = record.who < names_.system_sources.size() ? names_.system_sources[record.who] : 0;
    if (!is(log, "log")) return;
    committed_[{record.who, record.a}] = static_cast<std::int64_t>(record.b);
    std::int64_t sum = 0;
    for (auto one = committed_.lower_bound({record.who, 0}); one != committed_.end() && one->first.first == record.who;
         ++one)
      sum += one->second;
    Level& lag = lags_[record.who];
    lag.add(at, std::max<std::int64_t>(appended_[log] - sum, 0) - lag.value());
  }

  const HistoryNames& names_;
  std::vector<Level> queues_;
  std::vector<std::int64_t> appended_;
  std::vector<Level> lags_, kinds_;
  Level unheld_;
  std::set<std::uint64_t> unheld_items_;
  std::map<std::uint64_t, std::uint64_t> kind_of_;  ///< Of unfinished items.
  std::vector<bool> unseen_ = std::vector<bool>(names_.systems.size(), false);
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::int64_t> committed_;  ///< By stream and partition.
};

}  // namespace

std::vector<SeriesData> backlogs(const HistoryNames& names, const std::vector<Record>& records, std::size_t steps_max,
                                 bool& through_exchanges) {
  Backlogs all(names);
  for (const Record& record : records) all.take(record);
  return all.series(steps_max, through_exchanges);
}

}  // namespace premortem
