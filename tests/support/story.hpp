#pragma once
// A scenario as a test writes it, run to its end: what became of the items, and what was told on the way.

#include <initializer_list>
#include <string>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/history/names.hpp"
#include "sim/scenario/load.hpp"

namespace premortem::testing {

/// Runs once, in the constructor. Fails the test, with the diagnostics, when the scenario is not valid.
class Story {
 public:
  /// `body`: the members of a scenario without `premortem`, `title` and `clock`, e.g. R"("items": {...}, "systems":
  /// {...})". Without `checks` it gets one that always holds. The clock is 2021-01-04 (a Monday) 00:00 to 24:00, UTC,
  /// unless `clock` says otherwise: R"("from": "...", "until": "...", "zone": "...")".
  explicit Story(const std::string& body, std::uint64_t seed = 1, const Variant& variant = {},
                 const std::string& clock = "");

  /// How many items of a kind met that fate.
  std::uint64_t count(const std::string& item, Fate fate) const;
  /// "09:00:01.5 exporter failed export 3 WriteConflict": time of day in the clock's zone, system, kind of record, item
  /// where there is one, what else it names. Only records of these kinds, in order; of one system if given.
  std::vector<std::string> told(std::initializer_list<RecordKind> kinds, const std::string& system = "") const;
  /// Items in the order in which they finished, with the time: "10:00:02 job 3 done-it".
  std::vector<std::string> finished() const { return told({RecordKind::finished}); }
  const CheckResult& check(const std::string& name) const;
  /// What would be said aloud before the run.
  const std::vector<std::string>& notes() const { return compiled_->notes; }
  const CompiledScenario& compiled() const { return *compiled_; }

  std::string digest;
  std::vector<FateCounts> fates;
  std::vector<CheckResult> checks;
  std::vector<Record> records;

 private:
  std::string time_of_day(std::int64_t at) const;
  std::shared_ptr<const CompiledScenario> compiled_;
  HistoryNames names_;
  std::vector<std::string> items_;  ///< "export 3", by number.
};

/// The diagnostics of a scenario that is not valid, each line "line:column: error: ..."; empty when it is valid.
/// `clock` as in Story.
std::string diagnostics_of(const std::string& body, const Variant& variant = {}, const std::string& clock = "");

}  // namespace premortem::testing
