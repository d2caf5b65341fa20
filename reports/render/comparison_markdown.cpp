// A comparison in Markdown: the answer, one row a strategy, and as much of the figures as fits into a comment.

#include <fmt/format.h>

#include <algorithm>

#include "reports/query/comparison_tables.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/headline.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/markdown.hpp"

namespace premortem {

namespace {

constexpr std::size_t rows_max = 30;  ///< Leaves room for the answer above, whatever it is.
constexpr std::size_t readings_max = 4;

struct Section {
  std::string name, heading;
  Table table;
};

/// The figures of one reading, what people ask for first in front.
std::vector<Section> sections_of(const Comparison& comparison) {
  const std::string level = fmt::format("{:g} %", comparison.level * 100);
  std::vector<Section> sections;
  sections.push_back({"fates", "What became of the items: mean and " + level + " interval", fates_table(comparison)});
  sections.push_back({"checks", "Runs in which each check held", check_counts_table(comparison)});
  sections.push_back({"times", "Times and effort: mean and " + level + " interval", times_table(comparison)});
  sections.push_back(
      {"differences",
       "Difference to " + comparison.baseline + ", paired by seed (none shown: the " + level + " interval holds 0)",
       paired_table(comparison)});
  sections.push_back({"ranges", "Smallest and largest over the seeds", fate_ranges_table(comparison)});
  return sections;
}

std::string mean_of(const StrategySummary& strategy, const std::string& name) {
  for (const MeasureSummary& measure : strategy.measures) {
    if (measure.name == name) return mean_with_interval(measure.of, measure.unit);
  }
  return "–";
}

std::vector<std::string> row_of(const StrategySummary& strategy, const std::string& time) {
  const std::string wrong = what_goes_wrong(strategy);
  std::string verdict = strategy.flawless() ? "goes well" : "goes wrong";
  if (strategy.as_expected != strategy.runs)
    verdict += ", NOT AS EXPECTED in " + std::to_string(strategy.runs - strategy.as_expected) + " of " +
               counted(strategy.runs, "run");
  return {wrong.empty() ? "–" : wrong, mean_of(strategy, time), mean_of(strategy, "operator-steps"), verdict};
}

/// One row a strategy, and a reading where it makes a difference.
Table overview_table(const std::vector<Comparison>& readings) {
  const std::string time = time_that_matters(readings.front());
  Table table{"", {{"strategy"}}, {}};
  if (readings.size() > 1) table.columns.push_back({"reading"});
  table.columns.insert(table.columns.end(), {{"what goes wrong"},
                                             {"delay" + (time.empty() ? "" : ": " + time), true},
                                             {"operator steps", true},
                                             {"verdict"}});
  for (const StrategySummary& strategy : readings.front().strategies) {
    std::vector<std::pair<std::string, std::vector<std::string>>> rows;
    for (std::size_t n = 0; n < readings.size(); ++n) {
      for (const StrategySummary& one : readings[n].strategies) {
        if (one.name == strategy.name) rows.emplace_back(std::to_string(n + 1), row_of(one, time));
      }
    }
    const bool same =
        std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return row.second == rows[0].second; });
    if (same) rows = {{"any", rows.front().second}};
    for (const auto& [reading, cells] : rows) {
      std::vector<std::string> row = {strategy.name};
      if (readings.size() > 1) row.push_back(reading);
      row.insert(row.end(), cells.begin(), cells.end());
      table.rows.push_back(row);
    }
  }
  return table;
}

std::string line(const std::string& text) { return text.empty() ? "" : text + "\n\n"; }

/// What a reading amounts to, in one paragraph.
std::string answer(const Comparison& comparison) {
  std::string text = comparison.stopping + ".";
  for (const std::string& sentence : verdict_sentences(comparison)) text += " " + sentence;
  return markdown_text(text);
}

std::string answers(const std::vector<Comparison>& readings, std::size_t most) {
  std::string out;
  const Verdict verdict = judge_readings(readings);
  out += line("**" + markdown_text(verdict.headline) + "**");
  for (const std::string& sentence : overall_sentences(readings)) out += line(markdown_text(sentence));
  std::string assumed;  // One paragraph: there may be many readings.
  for (const std::string& sentence : verdict.assumed) assumed += (assumed.empty() ? "" : " ") + sentence;
  out += line(markdown_text(assumed));
  for (std::size_t n = 0; n < std::min(readings.size(), most); ++n) {
    const std::string name = reading_name(readings[n]);
    if (readings.size() > 1) out += "Reading " + std::to_string(n + 1) + ", " + markdown_text(name) + ": ";
    if (readings.size() == 1 && name != "as written") out += "Under " + markdown_text(name) + ": ";
    out += line(answer(readings[n]));
  }
  if (readings.size() > most) out += line("And " + counted(readings.size() - most, "more reading") + ".");
  return out;
}

/// Sections of the only reading: all of them with one heading each.
std::string all_sections(const std::vector<Comparison>& readings, const std::string& name) {
  std::string out;
  for (std::size_t n = 0; n < readings.size(); ++n) {
    for (const Section& section : sections_of(readings[n])) {
      const std::string text = table_text(section.table);
      if (section.name != name || text.empty()) continue;
      if (readings.size() > 1) out += line("Reading " + std::to_string(n + 1) + ", " + reading_name(readings[n]) + ":");
      out += line(text);
    }
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

/// As many of the figures of the only reading as fit into so many lines, folded away; and what is left out.
std::string folded(const std::vector<Comparison>& readings, std::size_t room, std::string& left_out) {
  std::string inside;
  std::vector<std::string> rest;
  for (const Section& section : sections_of(readings.front())) {
    if (section.table.rows.empty()) continue;
    const std::string text = line(markdown_text(section.heading) + ":") + line(table_text(section.table));
    constexpr std::size_t frame = 4;
    if (readings.size() == 1 && lines_in(inside) + lines_in(text) + frame <= room) {
      inside += text;
    } else {
      rest.push_back(section.name);
    }
  }
  if (!rest.empty())
    left_out = "Left out, to keep this short: " + listed(rest) +
               (readings.size() > 1 ? " of " + counted(readings.size(), "reading") : "") +
               ". They stand in the report on the terminal and in that of --html; --csv has every figure.";
  return inside.empty() ? "" : "<details><summary>Figures</summary>\n\n" + inside + "</details>\n\n";
}

}  // namespace

std::vector<MarkdownPart> comparison_parts(const std::vector<Comparison>& readings, const std::string& again) {
  const Comparison& first = readings.front();
  std::string summary = answers(readings, SIZE_MAX);
  while (summary.ends_with('\n')) summary.pop_back();
  std::vector<MarkdownPart> parts = {{"title", markdown_text(first.title), "–", false},
                                     {"summary", summary, "–", true},
                                     {"table", table_text(overview_table(readings)), "No strategies.", true},
                                     {"file", markdown_code(first.file), "–", false},
                                     {"baseline", markdown_text(first.baseline), "–", false},
                                     {"reproduce", again.empty() ? "" : markdown_code(again), "–", false}};
  const std::pair<const char*, const char*> sections[] = {{"fates", "No items."},
                                                          {"checks", "No checks."},
                                                          {"times", "No times."},
                                                          {"differences", "No differences between strategies."},
                                                          {"ranges", "Nothing differs between seeds."}};
  for (const auto& [name, none] : sections) parts.push_back({name, all_sections(readings, name), none, true});
  return parts;
}

std::string comparisons_to_markdown(const std::vector<Comparison>& readings, const std::string& again) {
  const std::string head = line("## " + markdown_text(readings.front().title)) + answers(readings, readings_max);
  const std::string overview = line(table_text(with_fewer_rows(overview_table(readings), rows_max)));
  const std::string command = again.empty() ? "" : markdown_code(again) + "\n";
  // Two lines more say what is left out.
  const std::size_t taken = lines_in(head + overview + command) + 2;
  std::string left_out;
  const std::string figures = folded(readings, taken < markdown_lines ? markdown_lines - 1 - taken : 0, left_out);
  std::string report = head + overview + figures + line(left_out) + command;
  while (report.ends_with("\n\n")) report.pop_back();
  return report;
}

}  // namespace premortem
