#include "sim/explore/recorded_run.hpp"

#include "sim/scenario/history_names.hpp"

namespace premortem {

ToldRecord RecordedRun::tell(std::uint32_t number) const {
  const Record& record = records[number];
  ToldRecord told = premortem::tell(names, items, record);
  if (told.kind == RecordKind::field)
    told.what = scenario->model->items[trial.items[record.a].kind].fields[record.who].name;
  return told;
}

std::string RecordedRun::text(std::uint64_t number) const {
  return number < names.texts.size() ? names.texts[number] : std::string();
}

RecordedRun record_run(std::shared_ptr<const CompiledScenario> scenario, std::uint64_t seed,
                       std::optional<RepeatedChoices> choices) {
  RecordedRun run;
  History history;
  if (choices) {
    ReplayChooser replay(choices->choices);
    FaultBudget faults{choices->faults_max};
    SelectedChooser selected(replay, choices->kinds, choices->ties_from, faults);
    run.trial = run_trial(*scenario, seed, &selected, &history);
    run.misfits = replay.misfits();
  } else {
    run.trial = run_trial(*scenario, seed, nullptr, &history);
    run.misfits = run.trial.misfits;
  }
  run.choices = std::move(choices);
  run.records = history.records();
  run.names = history_names(*scenario);
  run.seed = seed;
  run.scenario = std::move(scenario);
  for (const JudgedItem& item : run.trial.items)
    run.items.push_back(run.names.kinds[item.kind].name + " " + std::to_string(item.id));
  run.last_marks.resize(run.trial.items.size());
  for (const Record& record : run.records) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::marked && record.a < run.last_marks.size())
      run.last_marks[record.a] = run.text(record.b);
  }
  return run;
}

}  // namespace premortem
