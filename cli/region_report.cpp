#include "cli/region_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace premortem::cli {

std::string region_to_terminal(const RegionAnswer& region, const RegionQuestion& question,
                               const CompiledScenario& scenario) {
  const WindowQuestion& across = question.across;
  const auto of_across = [&](std::int64_t value) { return said(across.varied, scenario, value); };
  const auto of_down = [&](std::int64_t value) { return said(question.varied, scenario, value); };
  const std::string what = across.check.empty() ? "no check is broken" : across.check + " holds";
  std::string text = what + " for " + across.address + " between " + of_across(across.from) + " and " +
                     of_across(across.to) + ", for each " + question.down + ":\n";
  bool moves = false;
  for (std::size_t n = 0; n < region.rows.size(); ++n) {
    const RegionRow& row = region.rows[n];
    if (n > 0 && region.rows[n - 1].high + 1 < row.low) {
      text += "  ...\n";
      moves = true;
    }
    text += "  " + of_down(row.low) + (row.low == row.high ? "" : " to " + of_down(row.high)) + ":";
    if (row.holds.empty()) text += " nowhere";
    for (std::size_t k = 0; k < row.holds.size(); ++k) {
      const WindowInterval& one = row.holds[k];
      const bool whole = one.low == across.from && one.high == across.to;
      text += k == 0 ? " " : ", and ";
      text += whole ? "everywhere" : "from " + of_across(one.low) + " to " + of_across(one.high);
    }
    const bool all = question.varied == Varied::count && static_cast<std::int64_t>(row.looked) > row.high - row.low;
    text += all || row.low == row.high ? "\n" : " (in " + std::to_string(row.looked) + " rows)\n";
  }
  text += std::to_string(region.runs) +
          " runs; in each row that was looked at, each boundary is a run that passes and one that fails, " +
          (across.varied == Varied::count ? "one" : "one nanosecond") + " apart\n";
  if (moves)
    text += std::string("... in between the window changes") +
            (region.complete ? ", and keeps its shape wherever it was looked at\n" : "; where was not looked for\n");
  if (region.unexamined > 0)
    text += "in these rows " + std::to_string(region.unexamined) +
            (across.varied == Varied::instant ? " instants at which a job, step or setting changes were not run at\n"
                                              : " values that were to be run at were not\n");
  if (region.refused > 0)
    text += std::to_string(region.refused) + " pairs are refused by the language; they count as failing\n";
  if (region.stopped) return text + stopped_line();
  if (region.left_out > 0)
    return text + "incomplete: --runs-max was reached before " + std::to_string(region.left_out) +
           " of the values of " + question.down + " were looked at\n";
  if (!region.complete) text += "incomplete: --runs-max was reached before all rows were brought together\n";
  return text;
}

nlohmann::ordered_json region_to_json(const RegionAnswer& region, const RegionQuestion& question) {
  const WindowQuestion& across = question.across;
  const auto of_across = [&](std::int64_t value) { return window_value(across.varied, value); };
  const auto of_down = [&](std::int64_t value) { return window_value(question.varied, value); };
  nlohmann::ordered_json json = {
      {"check", across.check},
      {"seed", across.seed},
      {"across", {{"address", across.address}, {"from", of_across(across.from)}, {"to", of_across(across.to)}}},
      {"down", {{"address", question.down}, {"from", of_down(question.from)}, {"to", of_down(question.to)}}}};
  json["rows"] = nlohmann::ordered_json::array();
  for (const RegionRow& row : region.rows) {
    nlohmann::ordered_json told = {{"low", of_down(row.low)}, {"high", of_down(row.high)}, {"looked-at", row.looked}};
    told["holds"] = nlohmann::ordered_json::array();
    for (const WindowInterval& one : row.holds)
      told["holds"].push_back({{"low", of_across(one.low)}, {"high", of_across(one.high)}});
    json["rows"].push_back(std::move(told));
  }
  json["runs"] = region.runs;
  json["left-out"] = region.left_out;
  json["unexamined"] = region.unexamined;
  json["refused"] = region.refused;
  json["complete"] = region.complete;
  return json;
}

}  // namespace premortem::cli
