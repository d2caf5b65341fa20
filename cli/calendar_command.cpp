// premortem calendar: every firing of every schedule in a period, in the zone and in UTC, clock changes marked.

#include <algorithm>
#include <iostream>

#include "cli/common.hpp"
#include "reports/query/table.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::string from, until;
};

struct Line {
  std::int64_t at;
  std::vector<std::string> cells;
};

std::string hours(std::int64_t offset) {
  const std::int64_t minutes = offset / ns_per_minute, part = minutes < 0 ? -minutes : minutes;
  const std::string two = std::to_string(100 + part % 60).substr(1);
  return (offset < 0 ? "-" : "+") + std::to_string(100 + part / 60).substr(1) + ":" + two;
}

int calendar(const Options& options) {
  const LoadedScenario loaded = load(options.scenario.file);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, options.scenario.variant());
  const Model& model = *scenario->model;
  std::string error;
  const auto instant = [&](const std::string& text, std::int64_t standard) {
    if (text.empty()) return standard;
    const auto parsed = parse_time(text.size() == 10 ? text + " 00:00" : text, model.zone, Node::no_day, error);
    if (!parsed || parsed->kind != TimeSpec::Kind::absolute)
      throw UsageError("premortem: " + (error.empty() ? text + " is no instant" : error) + "\n");
    return parsed->low;
  };
  const std::int64_t from = instant(options.from, model.begins), until = instant(options.until, model.ends);
  std::vector<Line> lines;
  const Zone utc;
  for (const JobSpec& job : model.jobs) {
    if (job.cron == unset) continue;
    const ComponentSpec& component = model.components[job.component];
    const Zone& zone = model.zones[component.zone];
    const CronSchedule& schedule = model.schedules[model.settings[job.cron].value];
    std::size_t count = 0;
    for (auto next = schedule.next_after(zone, time_from_nanoseconds(from - 1));
         next && nanoseconds_of(next->at) < until && count < 100'000;
         next = schedule.next_after(zone, next->at), ++count) {
      const char* note = next->note == Firing::Note::moved_out_of_gap ? "moved out of the missing hour"
                         : next->note == Firing::Note::first_pass     ? "first pass of the repeated hour"
                         : next->note == Firing::Note::second_pass    ? "second pass of the repeated hour"
                                                                      : "";
      lines.push_back(
          {nanoseconds_of(next->at), {model.zone.format(next->at), utc.format(next->at), component.name, note}});
    }
    for (const CivilDateTime& missed :
         schedule.never_fired(zone, time_from_nanoseconds(from), time_from_nanoseconds(until))) {
      const std::int64_t at = nanoseconds_of(zone.to_time(missed).first);
      lines.push_back({at,
                       {model.zone.format(time_from_nanoseconds(at)), utc.format(time_from_nanoseconds(at)),
                        component.name, "does not fire: the clock skips its time"}});
    }
  }
  for (const ZoneTransition& change : model.zone.transitions()) {
    if (change.at < from || change.at >= until) continue;
    const Time at = time_from_nanoseconds(change.at);
    const std::int64_t before = model.zone.offset_at(time_from_nanoseconds(change.at - 1));
    lines.push_back({change.at,
                     {model.zone.format(at), utc.format(at), "the clock",
                      "changes from UTC" + hours(before) + " to UTC" + hours(change.offset)}});
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
  Table table{scenario->title, {{model.zone.name()}, {"UTC"}, {"job"}, {""}}, {}};
  for (Line& line : lines) table.rows.push_back(std::move(line.cells));
  if (table.rows.empty()) {
    std::cout << "No schedule fires in this period.\n";
    return not_exercised;
  }
  std::cout << to_terminal(table);
  return as_expected;
}

}  // namespace

void add_calendar(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("calendar", "list every firing of every schedule, clock changes marked");
  options->scenario.add_to(*command, true);
  command->add_option("--from", options->from, "civil time or date; without it, the clock's beginning");
  command->add_option("--until", options->until, "civil time or date; without it, the clock's end");
  command->footer("Example:\n  premortem calendar incident.jsonc --from 2021-10-30 --until 2021-11-02");
  command->callback([options, &code] { code = calendar(*options); });
}

}  // namespace premortem::cli
