#include <algorithm>

#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/run_tables.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/circle_report.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

/// "in-time is broken for application 1, 2, 3 and 179 more; first at 2020-01-28 11:01:59"
std::string who_broke_it(const CheckResult& check, const TimeFormat& format) {
  std::string text = check.name + " is broken for ", kind;
  for (std::size_t n = 0; n < check.examples.size(); ++n) {
    const std::string& example = check.examples[n];
    const std::size_t space = example.rfind(' ');
    const bool same = n > 0 && space != std::string::npos && example.substr(0, space) == kind;
    if (space != std::string::npos) kind = example.substr(0, space);
    text += (n == 0 ? "" : ", ") + (same ? example.substr(space + 1) : example);
  }
  if (check.broken_for && *check.broken_for > check.examples.size())
    text += " and " + std::to_string(*check.broken_for - check.examples.size()) + " more";
  if (check.first_at) text += "; first at " + format(*check.first_at);
  return text;
}

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

/// At most so many checks: those that are not as expected first, then those that are broken.
RunResult with_fewer_checks(const RunResult& run, std::size_t most) {
  RunResult fewer = run;
  if (run.checks.size() <= most) return fewer;
  const auto rank = [](const CheckResult& check) {
    return !check.as_expected ? 0 : check.verdict == CheckVerdict::broken ? 1 : 2;
  };
  std::stable_sort(fewer.checks.begin(), fewer.checks.end(),
                   [&](const CheckResult& a, const CheckResult& b) { return rank(a) < rank(b); });
  fewer.checks.resize(most);
  return fewer;
}

/// Code in Markdown, whatever the text holds.
std::string code(const std::string& text) {
  const std::string fence = text.find('`') == std::string::npos ? "`" : "``";
  return fence + visible(text) + fence;
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
    out += (first ? "\n" : "") + wrapped(who_broke_it(check, format), "  ") + "\n";
    first = false;
  }
  if (!run.notes.empty()) out += "\n";
  for (const std::string& note : run.notes) out += wrapped("note: " + note, "  ") + "\n";
  out += "\n" + verdict_sentence(run) + "\n";
  if (run.verdict != RunVerdict::as_expected) out += "Again: " + reproduce(run) + "\n";
  return out;
}

std::string run_to_markdown(const RunResult& run, const TimeFormat& format) {
  // Nobody reads a comment of more than a screen or two: the middle of a long story, and of many notes, is left out.
  constexpr std::size_t lines_max = 12, notes_max = 5, checks_max = 16;
  std::string out = "## " + markdown_text(run.title) + "\n\n" + verdict_sentence(run) + "\n\n" +
                    markdown_text(what_ran(run)) + "\n\n";
  const std::size_t left_out = run.story.size() > lines_max ? run.story.size() - lines_max : 0;
  for (std::size_t n = 0; n < run.story.size(); ++n) {
    if (left_out > 0 && n == lines_max / 2) {
      out += "- … " + counted(left_out, "line") + " of the story left out …\n";
      n += left_out;
    }
    out += "- **" + format(run.story[n].at) + "** " + markdown_text(run.story[n].text) + "\n";
  }
  if (!run.story.empty()) out += "\n";
  const RunResult shown = with_fewer_checks(run, checks_max);
  out += to_markdown(fates_table(run)) + "\n" + to_markdown(checks_table(shown)) + "\n";
  if (shown.checks.size() < run.checks.size())
    out += "And " + counted(run.checks.size() - shown.checks.size(), "more check") + ".\n\n";
  if (!run.unfinished.groups.empty()) {
    if (run.unfinished.nothing_moves) out += "Nothing moves any more:\n\n";
    out += to_markdown(unfinished_table(run, 8)) + "\n";
  }
  const std::string steps = effort(run);
  if (!steps.empty()) out += steps + "\n\n";
  for (std::size_t n = 0; n < run.notes.size() && n < notes_max; ++n) out += "- " + markdown_text(run.notes[n]) + "\n";
  if (run.notes.size() > notes_max) out += "- and " + counted(run.notes.size() - notes_max, "more note") + "\n";
  return out + (run.notes.empty() ? "" : "\n") + code(reproduce(run)) + "\n";
}

}  // namespace premortem
