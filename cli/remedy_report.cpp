#include "cli/remedy_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace premortem::cli {

namespace {

class Telling {
 public:
  explicit Telling(const RemedyReport& report) : report_(report), question_(report.question) {}

  std::string all(const RemedyLimits& limits) const {
    std::string text = question_.remedy + ", done once between " + at(question_.from) + " and " + at(question_.to) +
                       ", with seed " + std::to_string(question_.seed) + ":\n";
    if (limits.checks.empty() && limits.complete) return text + "  no check is broken without it; nothing to save\n";
    for (const CheckLimit& check : limits.checks) text += of(check);
    if (std::ranges::none_of(limits.checks, [](const CheckLimit& check) { return check.broken; })) return text;
    text += std::to_string(limits.runs) + " runs";
    if (all_certified(limits))
      text += "; each \"until\" is a run that is in time and one that is not, one nanosecond later";
    text += "\n";
    text += std::to_string(limits.examined) + " of " + std::to_string(limits.critical) +
            " instants at which a job, step or setting changes were run at, and one nanosecond behind\n";
    return text;
  }

 private:
  std::string at(std::int64_t instant) const { return said(Varied::instant, report_.scenario, instant); }

  /// Whether an "until" is printed, and each that is has its two runs.
  bool all_certified(const RemedyLimits& limits) const {
    bool any = false, all = true;
    const auto printed = [&](bool certified) {
      any = true;
      all = all && certified;
    };
    for (const CheckLimit& check : limits.checks) {
      for (const WindowInterval& one : check.holds)
        printed(one.high < question_.to &&
                std::ranges::find(check.open, one.high, &WindowGap::below) == check.open.end());
      const std::size_t saved = count_saved(check);
      for (std::size_t n = 0; n < saved; ++n) {
        if (n == 0 || n + 1 == saved || report_.every_item) printed(check.items[n].certified());
      }
    }
    return any && all;
  }

  static std::size_t count_saved(const CheckLimit& check) {
    return static_cast<std::size_t>(
        std::ranges::count_if(check.items, [](const ItemLimit& item) { return item.saved.has_value(); }));
  }

  std::string of(const CheckLimit& check) const {
    if (!check.broken) return "  " + check.check + " is not broken without it; nothing to save\n";
    std::string text = "  " + check.check + " is broken without it" +
                       (check.items.empty() ? "" : " for " + std::to_string(check.items.size())) + "\n";
    for (const WindowInterval& one : check.holds)
      text += "    holds if it is done from " + at(one.low) +
              (one.low == question_.from ? " (where the search began)" : "") + " until " + at(one.high) +
              (one.high == question_.to ? " (where it ended)" : "") + "\n";
    for (const WindowGap& gap : check.open)
      text += "    changes somewhere between " + at(gap.below) + " and " + at(gap.above) + "\n";
    if (check.holds.empty()) {
      text += "    holds at no instant at which it was tried\n";
    } else {
      text += command(check.holds.back().high);
    }
    for (const std::string& other : check.broken_instead)
      text += "    done then, it breaks " + other + ", which holds without it\n";
    return text + of_items(check);
  }

  std::string command(std::int64_t instant) const {
    return "      " + report_.command + shell_word(question_.remedy + "=" + at(instant)) + "\n";
  }

  std::string of_items(const CheckLimit& check) const {
    if (check.items.empty()) return "";
    const std::size_t saved = count_saved(check), never = check.items.size() - saved;
    std::string text;
    if (saved > 0) {
      text +=
          "    first beyond saving: " + with_equals(check, 0, saved) + ", saved until " + until(check.items[0]) + "\n";
      const bool shown = !check.holds.empty() && check.holds.back().high == *check.items[0].saved;
      if (!shown && *check.items[0].saved < question_.to) text += command(*check.items[0].saved);
      if (saved > 1)
        text += "    last: " + with_equals(check, saved - 1, saved) + ", until " + until(check.items[saved - 1]) + "\n";
    }
    if (never > 0)
      text += "    saved at no instant at which it was tried: " + std::to_string(never) + " of " +
              std::to_string(check.items.size()) + ", " + (never == check.items.size() ? "" : "among them ") +
              check.items[saved].item + (never == check.items.size() && never > 1 ? " and the others" : "") + "\n";
    if (!report_.every_item) return text;
    for (std::size_t n = 0; n < saved; ++n)
      text += "      " + check.items[n].item + " until " + until(check.items[n]) + "\n";
    return text;
  }

  /// The item at `n`, with how many share its last instant.
  std::string with_equals(const CheckLimit& check, std::size_t n, std::size_t saved) const {
    std::string name = check.items[n].item;
    std::size_t equal = 0;
    for (std::size_t other = 0; other < saved; ++other) {
      const bool same = *check.items[other].saved == *check.items[n].saved;
      if (same && equal++ == 0) name = check.items[other].item;
    }
    return equal < 2 ? name : name + " and " + std::to_string(equal - 1) + " more";
  }

  std::string until(const ItemLimit& item) const {
    if (!item.beyond) return at(*item.saved) + " (where the search ended)";
    return at(*item.saved) + (item.certified() ? "" : ", or longer, but not at " + at(*item.beyond));
  }

  const RemedyReport& report_;
  const RemedyQuestion& question_;
};

}  // namespace

std::string remedy_to_terminal(const RemedyLimits& limits, const RemedyReport& report) {
  return Telling(report).all(limits);
}

nlohmann::ordered_json remedy_to_json(const RemedyLimits& limits, const RemedyReport& report) {
  const auto value = [](std::int64_t instant) { return window_value(Varied::instant, instant); };
  nlohmann::ordered_json json = {{"remedy", report.question.remedy},
                                 {"from", value(report.question.from)},
                                 {"to", value(report.question.to)},
                                 {"seed", report.question.seed}};
  json["checks"] = nlohmann::ordered_json::array();
  for (const CheckLimit& check : limits.checks) {
    nlohmann::ordered_json one = {{"check", check.check}, {"broken-without", check.broken}};
    one["holds"] = nlohmann::ordered_json::array();
    for (const WindowInterval& interval : check.holds)
      one["holds"].push_back({{"low", value(interval.low)}, {"high", value(interval.high)}});
    one["uncertified"] = nlohmann::ordered_json::array();
    for (const WindowGap& gap : check.open)
      one["uncertified"].push_back({{"below", value(gap.below)}, {"above", value(gap.above)}});
    one["breaks-instead"] = check.broken_instead;
    one["items"] = nlohmann::ordered_json::array();
    for (const ItemLimit& item : check.items) {
      nlohmann::ordered_json told = {{"item", item.item}, {"saved-until", nullptr}, {"not-saved-at", nullptr}};
      if (item.saved) {
        told["saved-until"] = value(*item.saved);
        if (item.beyond) told["not-saved-at"] = value(*item.beyond);
      }
      told["certified"] = item.certified();
      one["items"].push_back(std::move(told));
    }
    json["checks"].push_back(std::move(one));
  }
  json["runs"] = limits.runs;
  json["critical"] = limits.critical;
  json["examined"] = limits.examined;
  json["complete"] = limits.complete;
  return json;
}

}  // namespace premortem::cli
