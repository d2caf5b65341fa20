// premortem calendar: every firing of every schedule in a period, in the zone and in UTC, clock changes marked.

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/common.hpp"
#include "reports/query/table.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::string from, until;
  bool json = false;
};

struct Line {
  std::int64_t at;
  std::vector<std::string> cells;
};

/// More lines of one job are no calendar that anyone reads.
constexpr std::size_t firings_max = 100'000;

std::string hours(std::int64_t offset) {
  const std::int64_t minutes = offset / ns_per_minute, part = minutes < 0 ? -minutes : minutes;
  const std::string two = std::to_string(100 + part % 60).substr(1);
  return (offset < 0 ? "-" : "+") + std::to_string(100 + part / 60).substr(1) + ":" + two;
}

std::string joined(const std::string& a, const std::string& b) { return a.empty() || b.empty() ? a + b : a + "; " + b; }

class Calendar {
 public:
  Calendar(const Model& model, std::int64_t from, std::int64_t until) : model_(model), from_(from), until_(until) {}

  std::vector<Line> lines() {
    std::set<std::string> said;
    for (const Zone& zone : model_.zones) {
      if (said.insert(zone.name()).second) add(zone);  // Before what they bring about at the same instant.
    }
    for (const JobSpec& job : model_.jobs) {
      if (job.cron != unset) add(job);
    }
    std::stable_sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
    return std::move(lines_);
  }

 private:
  void line(std::int64_t at, const std::string& who, const std::string& note) {
    const Time time = time_from_nanoseconds(at);
    lines_.push_back({at, {model_.zone.format(time), Zone().format(time), who, note}});
  }

  void add(const JobSpec& job) {
    const ComponentSpec& component = model_.components[job.component];
    const Zone& zone = model_.zones[component.zone];
    const CronSchedule& schedule = model_.schedules[model_.settings[job.cron].value];
    // A job with a zone of its own also says what time it is there.
    const auto there = [&](const std::string& civil) {
      return component.zone == 0 ? std::string() : civil.substr(civil.find(' ') + 1) + " in " + zone.name();
    };
    std::size_t count = 0;
    for (auto next = schedule.next_after(zone, time_from_nanoseconds(from_ - 1));
         next && nanoseconds_of(next->at) < until_; next = schedule.next_after(zone, next->at)) {
      if (++count > firings_max) {
        std::cerr << "premortem: " << component.name << " fires more than " << firings_max
                  << " times in this period; the rest is left out\n";
        break;
      }
      const char* note = next->note == Firing::Note::moved_out_of_gap ? "moved out of the missing hour"
                         : next->note == Firing::Note::first_pass     ? "first pass of the repeated hour"
                         : next->note == Firing::Note::second_pass    ? "second pass of the repeated hour"
                                                                      : "";
      line(nanoseconds_of(next->at), component.name, joined(there(zone.format(next->at)), note));
    }
    for (const IrregularTime& time :
         schedule.irregular_times(zone, time_from_nanoseconds(from_), time_from_nanoseconds(until_))) {
      const std::string at = format_time_of_day(time.scheduled_for.nanoseconds);
      if (time.firings.empty()) {
        line(nanoseconds_of(time.meaning.first), component.name,
             "does not fire: the clock of " + zone.name() + " skips " + at);
      } else if (time.meaning.kind == LocalMeaning::Kind::repeated && time.firings.size() == 1) {
        const bool second = time.firings[0].note == Firing::Note::second_pass;
        line(nanoseconds_of(second ? time.meaning.first : time.meaning.second), component.name,
             joined(there(" " + at), second ? "silent: waits for the second pass" : "silent: ran in the first pass"));
      }
    }
  }

  void add(const Zone& zone) {
    for (const ZoneTransition& change : zone.transitions()) {
      if (change.at < from_ || change.at >= until_) continue;
      const std::int64_t before = zone.offset_at(time_from_nanoseconds(change.at - 1));
      line(change.at, "the clock",
           "of " + zone.name() + " changes from UTC" + hours(before) + " to UTC" + hours(change.offset));
    }
  }

  const Model& model_;
  std::int64_t from_, until_;
  std::vector<Line> lines_;
};

int calendar(const Options& options) {
  const LoadedScenario loaded = load(options.scenario.file);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, options.scenario.variant());
  const Model& model = *scenario->model;
  const auto instant = [&](const std::string& text, std::int64_t standard) {
    if (text.empty()) return standard;
    std::string error;
    const auto parsed = parse_time(text.size() == 10 ? text + " 00:00" : text, model.zone, Node::no_day, error);
    if (!parsed || parsed->kind != TimeSpec::Kind::absolute)
      throw UsageError("premortem: " + (error.empty() ? text + " is no instant" : error) + "\n");
    // The zones' rules were taken for the clock's span and a year around it.
    if (parsed->low < model.begins - 365 * ns_per_day || parsed->low > model.ends + 365 * ns_per_day)
      throw UsageError("premortem: " + text + " is more than a year away from the scenario's clock; change that\n");
    return parsed->low;
  };
  const std::int64_t from = instant(options.from, model.begins), until = instant(options.until, model.ends);
  if (until <= from) throw UsageError("premortem: the period ends before it begins\n");
  Table table{scenario->title, {{model.zone.name()}, {"UTC"}, {"job"}, {""}}, {}};
  std::vector<Line> lines = Calendar(model, from, until).lines();
  if (options.json) {
    nlohmann::ordered_json json = {
        {"scenario", scenario->title}, {"zone", model.zone.name()}, {"firings", nlohmann::ordered_json::array()}};
    for (const Line& line : lines)
      json["firings"].push_back({{"at", line.cells[0]},
                                 {"utc", line.cells[1]},
                                 {"what", line.cells[2]},
                                 {"note", line.cells[3]},
                                 {"ns", line.at}});
    std::cout << json.dump(2) << "\n";
    return lines.empty() ? not_exercised : as_expected;
  }
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
  command->add_flag("--json", options->json, "as JSON; ns counts from 1970, UTC");
  command->footer("Example:\n  premortem calendar incident.jsonc --from 2021-10-30 --until 2021-11-02");
  command->callback([options, &code] { code = calendar(*options); });
}

}  // namespace premortem::cli
