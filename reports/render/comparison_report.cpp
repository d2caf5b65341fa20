#include <fmt/format.h>

#include "reports/query/comparison_tables.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

struct PrintedSection {
  std::string heading;
  Table table;
};

std::vector<PrintedSection> printed_sections_of(const Comparison& comparison) {
  const std::string level = fmt::format("{:g} %", comparison.level * 100);
  bool marked = false;
  for (const StrategySummary& strategy : comparison.strategies)
    marked = marked || strategy.as_expected != strategy.runs;
  std::vector<PrintedSection> sections;
  sections.push_back({"What became of the items: mean and " + level + " interval", fates_table(comparison)});
  sections.push_back({"Smallest and largest over the seeds", fate_ranges_table(comparison)});
  sections.push_back(
      {std::string("Runs in which each check held") + (marked ? " (!: not as expected in every run)" : ""),
       check_counts_table(comparison)});
  sections.push_back({"Times and effort: mean and " + level + " interval", times_table(comparison)});
  sections.push_back(
      {"Difference to " + comparison.baseline + ", paired by seed (none shown: the " + level + " interval holds 0)",
       paired_table(comparison)});
  std::erase_if(sections, [](const PrintedSection& section) { return section.table.rows.empty(); });
  return sections;
}

std::string one_to_terminal(const Comparison& comparison) {
  std::string out = wrapped(comparison.stopping + ".", "  ") + "\n";
  for (const std::string& sentence : verdict_sentences(comparison)) out += wrapped(sentence, "  ") + "\n";
  for (const PrintedSection& section : printed_sections_of(comparison))
    out += "\n" + wrapped(section.heading, "  ") + "\n" + to_terminal(section.table);
  return out;
}

}  // namespace

std::string comparisons_to_terminal(const std::vector<Comparison>& readings) {
  std::string out = wrapped(readings.front().title, "") + "\n";
  const bool several = readings.size() > 1;
  for (const std::string& sentence : overall_sentences(readings)) out += wrapped(sentence, "  ") + "\n";
  for (std::size_t n = 0; n < readings.size(); ++n) {
    const std::string name = reading_name(readings[n]);
    if (several) out += "\n" + wrapped("READING " + std::to_string(n + 1) + ": " + name, "  ") + "\n";
    if (!several && name != "as written") out += wrapped("under " + name, "  ") + "\n";
    out += one_to_terminal(readings[n]);
  }
  return out;
}

}  // namespace premortem
