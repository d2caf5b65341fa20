// One run for spreadsheets and notebooks: every table of its report, one row a cell.

#include "reports/render/csv_text.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

class Cells {
 public:
  explicit Cells(const RunResult& run) {
    std::string reading;
    for (const std::string& one : run.assumptions) reading += (reading.empty() ? "" : "; ") + one;
    for (const std::string& one : run.sets) reading += (reading.empty() ? "" : "; ") + one;
    begin_ = csv_text(reading.empty() ? "as written" : reading) + "," + csv_text(run.strategy) + "," +
             std::to_string(run.seed) + ",";
  }

  std::string text = "reading,strategy,seed,table,row,column,value,unit\r\n";

  void add(const char* table, const std::string& row, const std::string& column, const std::string& value,
           const char* unit = "") {
    text += begin_ + table + "," + csv_text(row) + "," + csv_text(column) + "," + csv_text(value) + "," + unit + "\r\n";
  }
  /// Not as a text: a negative number would get an apostrophe.
  void add(const char* table, const std::string& row, const std::string& column, std::int64_t value, const char* unit) {
    text += begin_ + table + "," + csv_text(row) + "," + csv_text(column) + "," + std::to_string(value) + "," + unit +
            "\r\n";
  }
  void count(const char* table, const std::string& row, const std::string& column, std::uint64_t value) {
    add(table, row, column, static_cast<std::int64_t>(value), "count");
  }

 private:
  std::string begin_;  ///< What is the same in every row.
};

void add_checks(const RunResult& run, const TimeFormat& format, Cells& cells) {
  for (const CheckResult& check : run.checks) {
    cells.add("checks", check.name, "verdict", std::string(name_of(check.verdict)));
    cells.add("checks", check.name, "expected", check.expected);
    cells.add("checks", check.name, "as-expected", check.as_expected ? "yes" : "no");
    cells.count("checks", check.name, "judged", check.judged);
    if (check.broken_for) cells.count("checks", check.name, "broken-for", *check.broken_for);
    if (check.first_at) cells.add("checks", check.name, "first-at", format(*check.first_at), "time");
    for (const std::string& example : check.examples) cells.add("checks", check.name, "example", example);
  }
}

}  // namespace

std::string run_to_csv(const RunResult& run, const TimeFormat& format) {
  Cells cells(run);
  cells.add("run", "", "title", run.title);
  cells.add("run", "", "file", run.file);
  cells.add("run", "", "verdict", std::string(name_of(run.verdict)));
  cells.add("run", "", "digest", run.digest);
  cells.add("run", "", "zone", run.zone);
  for (std::size_t n = 0; n < run.story.size(); ++n) {
    const std::string row = std::to_string(n + 1);
    cells.add("timeline", row, "at", format(run.story[n].at), "time");
    cells.add("timeline", row, "text", run.story[n].text);
  }
  for (const FateCounts& counts : run.fates) {
    cells.count("fates", counts.item, "arrived", counts.arrived);
    for (const Fate fate : fates_in_order) cells.count("fates", counts.item, std::string(name_of(fate)), counts[fate]);
  }
  add_checks(run, format, cells);
  for (const Measure& measure : run.measures) {
    const char* unit = measure.unit == Measure::Unit::duration ? "ns" : "count";
    if (measure.value) {
      cells.add("measures", measure.name, "value", *measure.value, unit);
    } else {
      cells.add("measures", measure.name, "value", "", unit);  // It does not apply: nobody noticed, nothing finished.
    }
  }
  for (std::size_t n = 0; n < run.unfinished.groups.size(); ++n) {
    const UnfinishedGroup& group = run.unfinished.groups[n];
    const std::string row = std::to_string(n + 1);
    cells.add("unfinished", row, "item", group.item + " " + std::to_string(group.example));
    cells.count("unfinished", row, "items", group.count);
    cells.add("unfinished", row, "where", group.where);
    cells.add("unfinished", row, "waits-for", group.waits);
  }
  for (std::size_t n = 0; n < run.notes.size(); ++n) cells.add("notes", std::to_string(n + 1), "text", run.notes[n]);
  return cells.text;
}

}  // namespace premortem
