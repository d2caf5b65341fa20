#include "reports/query/run_tables.hpp"

#include <algorithm>

#include "reports/query/figures.hpp"

namespace premortem {

Table fates_table(const RunResult& run) {
  Table table{"", {{"items"}, {"arrived", true}}, {}};
  std::vector<Fate> shown;
  for (const Fate fate : fates_in_order) {
    const bool anywhere =
        std::any_of(run.fates.begin(), run.fates.end(), [&](const FateCounts& counts) { return counts[fate] != 0; });
    if (fate == Fate::done || anywhere) shown.push_back(fate);
  }
  for (const Fate fate : shown) table.columns.push_back({std::string(name_of(fate)), true});
  for (const FateCounts& counts : run.fates) {
    std::vector<std::string> row = {counts.item, std::to_string(counts.arrived)};
    for (const Fate fate : shown) row.push_back(std::to_string(counts[fate]));
    table.rows.push_back(row);
  }
  return table;
}

Table checks_table(const RunResult& run) {
  Table table{"", {{"check"}, {"verdict"}, {"expected"}, {""}}, {}};
  for (const CheckResult& check : run.checks) {
    std::string verdict(name_of(check.verdict));
    if (check.verdict == CheckVerdict::broken && check.broken_for)
      verdict += " for " + std::to_string(*check.broken_for);
    table.rows.push_back({check.name, verdict, check.expected, check.as_expected ? "as expected" : "DIFFERENT"});
  }
  return table;
}

Table unfinished_table(const RunResult& run, std::size_t most) {
  Table table{"", {{"", true}, {"unfinished"}, {"is in"}, {"waits for"}}, {}};
  std::uint64_t rest = 0;
  for (const UnfinishedGroup& group : run.unfinished.groups) {
    if (table.rows.size() >= most) {
      rest += group.count;
      continue;
    }
    const std::string first = group.item + " " + std::to_string(group.example);
    table.rows.push_back(
        {std::to_string(group.count), group.count > 1 ? first + " …" : first, group.where, group.waits});
  }
  if (rest > 0) table.rows.push_back({std::to_string(rest), "more", "", ""});
  return table;
}

Table times_table(const RunResult& run) {
  Table table{"", {{"time to done"}, {"p50", true}, {"p99", true}, {"max", true}}, {}};
  for (const FateCounts& counts : run.fates) {
    std::vector<std::string> row = {counts.item};
    for (const char* quantile : {"p50", "p99", "max"}) {
      const std::string name = counts.item + ".time-to-done." + quantile;
      const auto measure =
          std::find_if(run.measures.begin(), run.measures.end(), [&](const Measure& one) { return one.name == name; });
      row.push_back(measure == run.measures.end() ? "–" : figure(*measure));
    }
    table.rows.push_back(row);
  }
  return table;
}

std::string effort(const RunResult& run) {
  std::string text;
  for (const Measure& measure : run.measures) {
    if (measure.name == "detection")
      text += measure.value ? "Noticed " + figure(measure) + " after the first item that did not end done arrived"
                            : "Nobody noticed anything";
    if (measure.name == "operator-steps")
      text += (text.empty() ? "" : "; ") +
              counted(static_cast<std::uint64_t>(measure.value.value_or(0)), "operator step") + ".";
  }
  return text;
}

std::string broken_sentence(const CheckResult& check, const std::function<std::string(Time)>& format) {
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

}  // namespace premortem
