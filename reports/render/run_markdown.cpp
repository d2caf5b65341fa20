// One run in Markdown: the draft of a postmortem, short enough for a comment.

#include <algorithm>

#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/run_tables.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/markdown.hpp"
#include "reports/render/mermaid.hpp"

namespace premortem {

namespace {

constexpr std::size_t messages_max = 20;  ///< More of them nobody follows in a diagram.
constexpr std::size_t no_limit = SIZE_MAX;

/// How much of each list is shown.
struct Limits {
  std::size_t steps = 12, kinds = 8, checks = 16, unfinished = 8, notes = 5;

  /// One line less of the list that has most to spare; false: none has any.
  bool shorten() {
    struct List {
      std::size_t* limit;
      std::size_t least;
    };
    const List lists[] = {{&checks, 5}, {&steps, 6}, {&kinds, 3}, {&unfinished, 3}, {&notes, 2}};
    const List* most = nullptr;
    for (const List& one : lists) {
      if (*one.limit > one.least && (most == nullptr || *one.limit > *most->limit)) most = &one;
    }
    if (most != nullptr) --*most->limit;
    return most != nullptr;
  }
};

/// Those that are not as expected first, then those that are broken, when not all of them fit.
Table most_telling_checks(const RunResult& run, std::size_t most) {
  if (run.checks.size() <= most) return checks_table(run);
  RunResult ordered;
  ordered.checks = run.checks;
  const auto rank = [](const CheckResult& check) {
    return !check.as_expected ? 0 : check.verdict == CheckVerdict::broken ? 1 : 2;
  };
  std::stable_sort(ordered.checks.begin(), ordered.checks.end(),
                   [&](const CheckResult& a, const CheckResult& b) { return rank(a) < rank(b); });
  return with_fewer_rows(checks_table(ordered), most);
}

std::string timeline(const RunResult& run, const TimeFormat& format) {
  std::string out;
  for (const StoryLine& line : run.story)
    out += (out.empty() ? "- **" : "\n- **") + format(line.at) + "** " + markdown_text(line.text);
  return out;
}

std::string gantt(const RunResult& run, const TimeFormat& format, std::size_t most) {
  const std::string chart = story_to_gantt(run.story, format, most);
  return chart.empty() ? "" : fenced("mermaid", chart);
}

std::string unfinished(const RunResult& run, std::size_t most) {
  if (run.unfinished.groups.empty()) return "";
  return (run.unfinished.nothing_moves ? "Nothing moves any more:\n\n" : "") + table_text(unfinished_table(run, most));
}

std::string broken(const RunResult& run, const TimeFormat& format) {
  std::string out;
  for (const CheckResult& check : run.checks) {
    if (check.verdict != CheckVerdict::broken) continue;
    const std::string said = check.examples.empty() ? check.name + " is broken" : broken_sentence(check, format);
    out += (out.empty() ? "- " : "\n- ") + markdown_text(said);
  }
  return out;
}

std::string notes(const RunResult& run, std::size_t most) {
  std::string out;
  const std::size_t shown = std::min(run.notes.size(), most);
  for (std::size_t n = 0; n < shown; ++n) out += (n == 0 ? "- " : "\n- ") + markdown_text(run.notes[n]);
  if (shown < run.notes.size()) out += "\n- and " + counted(run.notes.size() - shown, "more note");
  return out;
}

/// A sentence and a diagram; "" without an item, or when so few messages would tell nothing.
std::string sequence(const std::optional<ItemStory>& item, const TimeFormat& format, std::size_t most) {
  if (!item || item->messages.empty() || most < 3) return "";
  const std::vector<ItemMessage> shown = most_telling(item->messages, std::min(most, messages_max));
  const std::string diagram = messages_to_sequence(shown, format);
  if (diagram.empty()) return "";
  const std::string all = std::to_string(item->messages.size());
  return "What " + markdown_text(item->item) + " went through, for which " + markdown_text(item->check) + " is broken" +
         (shown.size() < item->messages.size()
              ? " (the most telling " + std::to_string(shown.size()) + " of " + all + " steps; --history has all)"
              : "") +
         ":\n\n" + fenced("mermaid", diagram);
}

std::string in_paragraphs(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (!text.empty()) out += (out.empty() ? "" : "\n\n") + text;
  }
  return out;
}

}  // namespace

std::vector<MarkdownPart> run_parts(const RunResult& run, const TimeFormat& format,
                                    const std::optional<ItemStory>& item) {
  const std::string nothing = "Nothing happened.", no_story = "No check is broken for an item that could be shown.";
  return {{"title", markdown_text(run.title), "–", false},
          {"verdict", verdict_sentence(run), "–", false},
          {"summary", in_paragraphs({verdict_sentence(run), effort(run)}), "–", true},
          {"ran", markdown_text(what_ran(run)), "–", false},
          {"file", markdown_code(run.file), "–", false},
          {"strategy", markdown_text(run.strategy), "–", false},
          {"seed", std::to_string(run.seed), "–", false},
          {"zone", markdown_text(run.zone), "–", false},
          {"digest", run.digest, "–", false},
          {"timeline", timeline(run, format), nothing, true},
          {"gantt", gantt(run, format, 40), nothing, true},
          {"fates", table_text(fates_table(run)), "No items.", true},
          {"checks", table_text(checks_table(run)), "No checks.", true},
          {"broken", broken(run, format), "No check is broken.", true},
          {"times", table_text(times_table(run)), "No items.", true},
          {"effort", effort(run), "–", false},
          {"unfinished", unfinished(run, no_limit), "Nothing is unfinished.", true},
          {"sequence", sequence(item, format, messages_max), no_story, true},
          {"notes", notes(run, no_limit), "No notes.", true},
          {"reproduce", markdown_code(reproduce(run)), "–", false}};
}

std::string run_to_markdown(const RunResult& run, const TimeFormat& format, const std::optional<ItemStory>& item) {
  const auto report = [&](const Limits& limits, const std::string& of_item) {
    return in_paragraphs({"## " + markdown_text(run.title), verdict_sentence(run), markdown_text(what_ran(run)),
                          gantt(run, format, limits.steps), table_text(with_fewer_rows(fates_table(run), limits.kinds)),
                          table_text(most_telling_checks(run, limits.checks)), of_item,
                          unfinished(run, limits.unfinished), effort(run), notes(run, limits.notes),
                          markdown_code(reproduce(run))}) +
           "\n";
  };
  // The item's steps are worth more than the ends of long lists: two lines say whose they are, five are the frame of
  // their diagram.
  constexpr std::size_t frame = 7, messages_least = 6;
  const std::size_t wanted =
      item && !item->messages.empty() ? frame + std::min(item->messages.size(), messages_least) : 0;
  Limits limits;
  std::size_t lines = lines_in(report(limits, ""));
  while (lines + wanted >= markdown_lines && limits.shorten()) lines = lines_in(report(limits, ""));
  const std::size_t left = markdown_lines - 1 - std::min(lines, markdown_lines - 1);
  std::string of_item = sequence(item, format, left > frame ? left - frame : 0);
  if (of_item.empty() && item && !item->messages.empty() && left >= 2)
    of_item = "What " + markdown_text(item->item) + " went through is left out, to keep this short: --history has it.";
  return report(limits, of_item);
}

}  // namespace premortem
