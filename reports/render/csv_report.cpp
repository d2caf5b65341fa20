// Figures for spreadsheets and notebooks: RFC 4180, one row a reading, strategy and measure.

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/query/sentences.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

/// A text that a spreadsheet would take for a formula gets an apostrophe: names come from files of others.
std::string field(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// The shortest text that reads back as the same number; empty: there is none.
std::string number(double value) {
  if (!std::isfinite(value)) return "";
  return value == std::floor(value) && std::abs(value) < 1e15 ? std::to_string(static_cast<std::int64_t>(value))
                                                              : nlohmann::json(value).dump();
}

std::string figures(const Summary& of) {
  if (of.n == 0) return "0,,,,,";
  return std::to_string(of.n) + "," + number(of.mean) + "," + number(of.min) + "," + number(of.max) + "," +
         number(of.mean - of.half_width) + "," + number(of.mean + of.half_width);
}

class Rows {
 public:
  std::string text =
      "reading,strategy,measure,unit,runs,mean,min,max,low,high,difference,difference-low,"
      "difference-high,difference-verdict\r\n";

  void add(const Comparison& comparison) {
    const std::string reading = reading_name(comparison);
    for (const StrategySummary& strategy : comparison.strategies) {
      begin_ = field(reading) + "," + field(strategy.name) + ",";
      for (const FateSummary& fates : strategy.fates) {
        row(comparison, strategy.name, fates.item + ".arrived", Measure::Unit::count, fates.arrived);
        for (const Fate fate : fates_in_order)
          row(comparison, strategy.name, fates.item + "." + std::string(name_of(fate)), Measure::Unit::count,
              fates.of[static_cast<std::size_t>(fate)]);
      }
      for (const CheckCount& check : strategy.checks) held(check, strategy.runs);
      for (const MeasureSummary& measure : strategy.measures)
        row(comparison, strategy.name, measure.name, measure.unit, measure.of);
    }
  }

 private:
  void row(const Comparison& comparison, const std::string& strategy, const std::string& measure, Measure::Unit unit,
           const Summary& of) {
    text += begin_ + field(measure) + "," + (unit == Measure::Unit::duration ? "ns" : "count") + "," + figures(of);
    for (const PairedMeasure& one : comparison.paired) {
      if (one.strategy != strategy || one.measure != measure || one.paired.of.n == 0) continue;
      const Summary& difference = one.paired.of;
      text += "," + number(difference.mean) + "," + number(difference.mean - difference.half_width) + "," +
              number(difference.mean + difference.half_width) + "," + std::string(name_of(one.paired.difference)) +
              "\r\n";
      return;
    }
    text += ",,,,\r\n";
  }
  void held(const CheckCount& check, std::uint64_t runs) {
    const double share = runs == 0 ? 0 : static_cast<double>(check.held) / static_cast<double>(runs);
    text +=
        begin_ + field("held." + check.name) + ",share," + std::to_string(runs) + "," + number(share) + ",,,,,,,,\r\n";
  }

  std::string begin_;
};

}  // namespace

std::string comparisons_to_csv(const std::vector<Comparison>& readings) {
  Rows rows;
  for (const Comparison& one : readings) rows.add(one);
  return rows.text;
}

}  // namespace premortem
