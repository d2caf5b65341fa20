#include "reports/query/story_data.hpp"

#include <algorithm>

#include "reports/query/figures.hpp"
#include "reports/query/item_states.hpp"
#include "reports/query/run_tables.hpp"
#include "reports/query/sentences.hpp"

namespace premortem {

namespace {

MarkData mark_of(const StoryLine& line, const HistoryNames& names) {
  MarkData mark;
  mark.at = microseconds(nanoseconds_of(line.at));
  mark.text = line.text;
  mark.skipped = line.skipped;
  mark.provenance = "modelled";  // What no step did, the models brought about.
  if (line.step >= names.steps.size()) return mark;
  mark.name = names.steps[line.step];
  if (line.step >= names.step_origins.size()) return mark;
  const HistoryNames::Origin& origin = names.step_origins[line.step];
  mark.provenance = origin.provenance;
  mark.source = origin.source;
  mark.believing = origin.believing;
  mark.by_operator = origin.by_person;
  return mark;
}

CheckData check_of(const CheckResult& check) {
  CheckData data;
  data.name = check.name;
  data.verdict = name_of(check.verdict);
  if (check.verdict == CheckVerdict::broken && check.broken_for)
    data.verdict += " for " + std::to_string(*check.broken_for);
  data.expected = check.expected;
  data.as_expected = check.as_expected;
  data.broken = check.verdict == CheckVerdict::broken;
  if (check.first_at) data.first_at = microseconds(nanoseconds_of(*check.first_at));
  data.examples = check.examples;
  return data;
}

/// Where work was left to nobody; else where the first check broke; else nowhere.
void find_decisive(const RunResult& run, StoryData& story) {
  for (const StoryLine& line : run.story) {
    if (!line.decisive) continue;
    story.decisive = microseconds(nanoseconds_of(line.at));
    story.decisive_text = line.text;
    return;
  }
  for (const CheckData& check : story.checks) {
    if (!check.broken || !check.first_at || (story.decisive && *story.decisive <= *check.first_at)) continue;
    story.decisive = check.first_at;
    story.decisive_text = "the check " + check.name + " is broken for the first time";
  }
}

}  // namespace

StoryData story_data(const StorySource& source, const std::string& command, const TimeFormat& format,
                     const HistoryBudget& budget) {
  const RunResult& run = source.run;
  StoryData story;
  story.title = run.title;
  story.file = run.file;
  story.strategy = run.strategy;
  std::vector<std::string> reading = run.assumptions;
  reading.insert(reading.end(), run.sets.begin(), run.sets.end());
  story.reading = reading.empty() ? "as written" : listed(reading);
  story.seed = run.seed;
  story.digest = run.digest;
  story.command = command;
  story.events = run.events;
  story.verdict = name_of(run.verdict);
  story.sentence = verdict_sentence(run);
  story.effort = effort(run);
  story.zone = source.names.zone;
  for (const HistoryNames::ZoneOffset& offset : source.names.zone_offsets)
    story.offsets.push_back({microseconds(offset.at), offset.offset / 1000});
  story.begins = microseconds(source.names.begins);
  story.ends = microseconds(source.names.ends);
  for (const Fate fate : fates_in_order) story.fates.emplace_back(name_of(fate));
  for (const FateCounts& counts : run.fates) {
    FateRow row{counts.item, counts.arrived, {}};
    for (const Fate fate : fates_in_order) row.counts.push_back(counts[fate]);
    story.fate_rows.push_back(std::move(row));
  }
  for (const CheckResult& check : run.checks) story.checks.push_back(check_of(check));
  for (const StoryLine& line : run.story) story.marks.push_back(mark_of(line, source.names));
  find_decisive(run, story);
  story.notes = run.notes;
  ToldHistory told = history_data(source.names, source.records, source.items, format, budget);
  story.history = std::move(told.data);
  story.left_out = std::move(told.left_out);
  story.records_all = source.records.size();
  story.records_kept = told.records_kept;
  return story;
}

}  // namespace premortem
