#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/run_tables.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/circle_report.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

/// Where unfinished items are and what they wait for; "" when there is nothing to tell.
std::string why_unfinished(const RunResult& run, const TimeFormat& format) {
  const Diagnosis& diagnosis = run.unfinished;
  std::string out;
  if (!diagnosis.groups.empty()) {
    out += diagnosis.nothing_moves ? "\nNothing moves any more:\n" : "\n";
    out += to_terminal(unfinished_table(run, 12));
  }
  for (const Circle& circle : diagnosis.circles) {
    const std::string pace = circle.lasts == 0 ? "" : ", " + short_duration(circle.lasts) + " a turn";
    out += "\n" + circle.item + " goes round in a circle" + pace + ":\n" + steps_to_terminal(circle.turn, format);
  }
  return out;
}

}  // namespace

std::string run_to_terminal(const RunResult& run, const TimeFormat& format) {
  std::string out = wrapped(run.title, "") + "\n" + wrapped(what_ran(run), "  ") + "\n\n";
  for (const StoryLine& line : run.story) out += "  " + wrapped(format(line.at) + "  " + line.text, "      ") + "\n";
  if (!run.story.empty()) out += "\n";
  out += to_terminal(fates_table(run)) + "\n" + to_terminal(checks_table(run)) + "\n" + to_terminal(times_table(run)) +
         why_unfinished(run, format);
  const std::string steps = effort(run);
  if (!steps.empty()) out += "\n" + steps + "\n";
  bool first = true;
  for (const CheckResult& check : run.checks) {
    if (check.verdict != CheckVerdict::broken || check.examples.empty()) continue;
    out += (first ? "\n" : "") + wrapped(broken_sentence(check, format), "  ") + "\n";
    first = false;
  }
  if (!run.notes.empty()) out += "\n";
  for (const std::string& note : run.notes) out += wrapped("note: " + note, "  ") + "\n";
  out += "\n" + verdict_sentence(run) + "\n";
  if (run.verdict != RunVerdict::as_expected) out += "Again: " + reproduce(run) + "\n";
  return out;
}

}  // namespace premortem
