#include "sim/explore/recorded_run.hpp"

#include "sim/scenario/history_names.hpp"

namespace premortem {

std::string RecordedRun::item_name(std::uint64_t item) const {
  if (item >= trial.items.size()) return "";
  const JudgedItem& judged = trial.items[item];
  return names.kinds[judged.kind].name + " " + std::to_string(judged.id);
}

std::string RecordedRun::text(std::uint64_t number) const {
  return number < names.texts.size() ? names.texts[number] : std::string();
}

RecordedRun record_run(std::shared_ptr<const CompiledScenario> scenario, std::uint64_t seed) {
  RecordedRun run;
  History history;
  run.trial = run_trial(*scenario, seed, nullptr, &history);
  run.records = history.records();
  run.names = history_names(*scenario);
  run.seed = seed;
  run.scenario = std::move(scenario);
  run.last_marks.resize(run.trial.items.size());
  for (const Record& record : run.records) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::marked && record.a < run.last_marks.size())
      run.last_marks[record.a] = run.text(record.b);
  }
  return run;
}

}  // namespace premortem
