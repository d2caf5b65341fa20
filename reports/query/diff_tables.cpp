#include "reports/query/diff_tables.hpp"

#include <fmt/format.h>

#include "reports/query/figures.hpp"

namespace premortem {

std::string shift_in_words(std::int64_t ns) {
  return ns > 0 ? short_duration(ns) + " later" : short_duration(-ns) + " earlier";
}

std::string end_in_words(const ItemEnd& end, const ItemEnd& other) {
  if (!end.there) return "not there";
  std::string words = (end.unheld ? "lost for a time, " : "") + std::string(name_of(end.fate));
  std::string how = end.outcome;
  if (end.mark != other.mark && !end.mark.empty()) how += (how.empty() ? "" : ", ") + ("marked " + end.mark);
  return how.empty() ? words : words + " (" + how + ")";
}

Table changed_items_table(const RunDiff& diff) {
  Table table{"", {{"", true}, {"items", false}, {"in A", false}, {"in B", false}, {"for example", false}}, {}};
  for (const ItemGroup& group : diff.items) {
    table.rows.push_back({std::to_string(group.ids.size()), group.kind, end_in_words(group.a, group.b),
                          end_in_words(group.b, group.a), std::to_string(group.ids.front())});
  }
  return table;
}

Table moved_times_table(const RunDiff& diff, const TimeFormat& format) {
  Table table{"", {{"times", false}, {"in A", false}, {"in B", false}, {"moved (+ is later)", false}}, {}};
  const auto by = [](std::int64_t ns) { return (ns > 0 ? "+" : "") + short_duration(ns); };
  const auto spread = [&](const Shifts& shifts, const std::string& what) {
    if (shifts.by.empty()) return std::string();
    const std::int64_t first = shifts.by.front(), last = shifts.by.back();
    const std::string count = counted(shifts.by.size(), what) + ", ";
    if (first == last) return count + (shifts.by.size() > 1 ? "each " : "") + by(first);
    return count + "median " + by(shifts.by[(shifts.by.size() - 1) / 2]) + ", most " + by(-first > last ? first : last);
  };
  for (const Shifts& shifts : diff.finished)
    table.rows.push_back({shifts.name + " finished", "", "", spread(shifts, "item")});
  for (const Moved& moved : diff.moved) {
    const bool step = moved.kind == Moved::Kind::step;
    const auto at = [&](const std::optional<std::int64_t>& time) {
      return time ? format(time_from_nanoseconds(*time)) : std::string(step ? "not done" : "never");
    };
    table.rows.push_back({(step ? "step " : "notice ") + moved.name, at(moved.a), at(moved.b),
                          moved.a && moved.b ? by(*moved.b - *moved.a) : ""});
  }
  for (const Shifts& shifts : diff.runs) {
    const auto only = [](std::uint64_t count) { return count == 0 ? std::string() : counted(count, "run") + " more"; };
    table.rows.push_back({"runs of " + shifts.name, only(shifts.only_a), only(shifts.only_b), spread(shifts, "run")});
  }
  return table;
}

}  // namespace premortem
