#include "sim/explore/failure.hpp"

#include <algorithm>

#include "sim/models/livelock.hpp"
#include "sim/scenario/history_names.hpp"

namespace premortem {

namespace {

/// "application 467991301", as a check's examples name it; the number of that item in the run.
std::optional<std::size_t> item_named(const CompiledScenario& scenario, const Trial& trial,
                                      const std::string& example) {
  const std::size_t space = example.rfind(' ');
  if (space == std::string::npos) return std::nullopt;
  const std::string kind = example.substr(0, space), id = example.substr(space + 1);
  for (std::size_t number = 0; number < trial.items.size(); ++number) {
    const JudgedItem& item = trial.items[number];
    if (scenario.judge->kinds[item.kind].name == kind && std::to_string(item.id) == id) return number;
  }
  return std::nullopt;
}

/// The last thing that went wrong with the item, an error before anything else: named, as numbers change when a
/// scenario does.
std::string last_mishap(const History& history, const HistoryNames& names, std::size_t item) {
  std::string error, other;
  for (const Record& record : history.records()) {
    if (record.a != item) continue;
    switch (static_cast<RecordKind>(record.kind)) {
      case RecordKind::failed:
        error = " after " + names.errors.at(record.b);
        break;
      case RecordKind::given_up:
        error = " after " + names.errors.at(record.b >> 8) + ", given up";
        break;
      case RecordKind::dropped:
        other = " after its message was dropped";
        break;
      case RecordKind::dead_lettered:
        other = " after it was dead-lettered";
        break;
      case RecordKind::filtered:
        other = " after a filter held it back";
        break;
      default:
        break;
    }
  }
  return error.empty() ? other : error;
}

}  // namespace

std::optional<Failure> failure_of(const CompiledScenario& scenario, std::uint64_t seed, const std::string& check,
                                  std::uint64_t events_max, Chooser* chooser) {
  History history;
  Trial trial;
  try {
    trial = run_trial(scenario, seed, chooser, &history, events_max);
  } catch (const Livelock&) {
    return std::nullopt;
  }
  const CheckResult* result = trial.check(check);
  if (result == nullptr || result->verdict != CheckVerdict::broken) return std::nullopt;
  Failure failure;
  failure.events = trial.events;
  if (result->first_at) failure.first_at = nanoseconds_of(*result->first_at);
  if (result->examples.empty()) return failure;
  if (const auto number = item_named(scenario, trial, result->examples.front())) {
    const JudgedItem& item = trial.items[*number];
    failure.cause = std::string(name_of(item.fate)) + last_mishap(history, history_names(scenario), *number);
    failure.arrived = item.arrived;
    if (item.finished != 0) failure.finished_at = item.finished_at;
    failure.others_fare_well = result->broken_for && *result->broken_for < result->judged;
    const auto well = std::ranges::find_if(
        trial.items, [&](const JudgedItem& other) { return other.kind == item.kind && other.fate == Fate::done; });
    if (well != trial.items.end()) failure.other_arrived = well->arrived;
  }
  return failure;
}

}  // namespace premortem
