// Figures for spreadsheets and notebooks: RFC 4180, one row a reading, strategy and measure.

#include "reports/query/sentences.hpp"
#include "reports/render/csv_text.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

std::string figures(const Summary& of) {
  if (of.n == 0) return "0,,,,,";
  return std::to_string(of.n) + "," + csv_number(of.mean) + "," + csv_number(of.min) + "," + csv_number(of.max) + "," +
         csv_number(of.mean - of.half_width) + "," + csv_number(of.mean + of.half_width);
}

class CsvRows {
 public:
  std::string text =
      "reading,strategy,measure,unit,runs,mean,min,max,low,high,difference,difference-low,"
      "difference-high,difference-verdict\r\n";

  void add(const Comparison& comparison) {
    const std::string reading = reading_name(comparison);
    for (const StrategySummary& strategy : comparison.strategies) {
      begin_ = csv_text(reading) + "," + csv_text(strategy.name) + ",";
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
    text += begin_ + csv_text(measure) + "," + (unit == Measure::Unit::duration ? "ns" : "count") + "," + figures(of);
    for (const PairedMeasure& one : comparison.paired) {
      if (one.strategy != strategy || one.measure != measure || one.paired.of.n == 0) continue;
      const Summary& difference = one.paired.of;
      text += "," + csv_number(difference.mean) + "," + csv_number(difference.mean - difference.half_width) + "," +
              csv_number(difference.mean + difference.half_width) + "," + std::string(name_of(one.paired.difference)) +
              "\r\n";
      return;
    }
    text += ",,,,\r\n";
  }
  void held(const CheckCount& check, std::uint64_t runs) {
    const double share = runs == 0 ? 0 : static_cast<double>(check.held) / static_cast<double>(runs);
    text += begin_ + csv_text("held." + check.name) + ",share," + std::to_string(runs) + "," + csv_number(share) +
            ",,,,,,,,\r\n";
  }

  std::string begin_;
};

}  // namespace

std::string comparisons_to_csv(const std::vector<Comparison>& readings) {
  CsvRows rows;
  for (const Comparison& one : readings) rows.add(one);
  return rows.text;
}

}  // namespace premortem
