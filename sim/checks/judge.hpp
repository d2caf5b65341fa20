#pragma once
// Fates and checks as a fold over the history: a pure function of records, told what the scenario holds right.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/checks/fate.hpp"
#include "sim/checks/measure.hpp"
#include "sim/checks/verdict.hpp"
#include "sim/history/history.hpp"
#include "sim/kernel/digest.hpp"

namespace premortem {

/// What the judge must know of one kind of item.
struct JudgedKind {
  std::string name;
  std::vector<std::uint64_t> done;  ///< Outcomes that are right; empty: any.
  std::int64_t due = -1;            ///< ns after arrival; -1: none.
  bool may_repeat = false;
  std::int64_t first_id = 1;
};

/// One entry of `checks`.
struct CheckSpec {
  enum class Form : std::uint8_t {
    ends,             ///< Every judged item ends in one of `fates`; with `negated`, none does.
    finishes_within,  ///< Every judged item finishes within `limit` ns.
    finishes_count,   ///< Every judged item finishes finishes_min to finishes_max times within `limit` ns.
    item_always,      ///< Observed: violated by each item once.
    in_order,         ///< Items finish in the order of field `by` among equal `per`.
    states,           ///< A watched field changes only as `allowed` says.
    always,           ///< Observed.
    at,               ///< Observed.
    eventually,       ///< Observed.
    sometimes,        ///< Observed.
    measure           ///< A measure keeps a bound.
  };
  std::string name;
  Form form = Form::ends;
  std::uint32_t kind = 0;
  bool members_only = false;  ///< Judges only items recorded as members of this check.
  bool negated = false;
  std::vector<Fate> fates;
  std::int64_t limit = -1;  ///< -1: the kind's due; of finishes_count: to the end.
  std::uint64_t finishes_min = 0, finishes_max = UINT64_MAX;
  std::int32_t per = -1;  ///< Field, -1: all together.
  std::int32_t by = -1;   ///< Field, -1: id, which is the order of arrival.
  std::uint32_t watch = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> allowed;
  MeasureName measure;
  std::vector<Bound> bounds;  ///< All must be kept.
};

struct JudgeSpec {
  std::vector<JudgedKind> kinds;
  std::vector<CheckSpec> checks;
  std::vector<bool> operator_steps;  ///< By timeline entry: whether a person does it.
  std::int64_t begins = 0, ends = 0;
};

/// What became of one item.
struct JudgedItem {
  std::uint32_t kind = 0;
  Fate fate = Fate::in_flight;
  std::uint32_t finished = 0;
  std::uint32_t remains = 0;
  std::int64_t arrived = 0;
  std::int64_t finished_at = 0;
  std::uint64_t outcome = 0;
  std::int64_t released_at = -1;  ///< First instant at which nobody held it.
  bool right = true;              ///< All its outcomes so far are among `done`.
  std::int64_t id = 0;
};

/// Watches a run and judges it at its end.
class Judge final : public Observer {
 public:
  explicit Judge(const JudgeSpec& spec);  // `spec` must outlive the judge.
  void observe(const Record& record) override;
  RecordKinds wants() const override;
  /// After the last record. Once.
  void conclude();

  /// Adds everything seen so far on which its judgement may depend. What it read, not how it came to be written: judges
  /// with equal digests judge the same future alike.
  void add_to(Digest& digest) const;

  /// One per kind; they add up to what arrived, or an InternalError is thrown.
  std::vector<FateCounts> fates() const;
  const std::vector<JudgedItem>& items() const { return items_; }
  /// One per check, without `expected`. `broken_items`, when given, gets one list per check: the items (numbers, each
  /// once, in ascending order) that break it; empty for a check that judges no single item.
  std::vector<CheckResult> checks(std::vector<std::vector<std::uint32_t>>* broken_items = nullptr) const;
  /// Instant of the first notice; none: nobody noticed.
  std::optional<std::int64_t> noticed_at() const {
    return notices_.empty() ? std::nullopt : std::optional(notices_.front());
  }
  /// From the arrival of the first item that did not end done to the first notice from then on.
  std::optional<std::int64_t> detection() const;
  std::uint64_t operator_steps() const { return operator_steps_; }
  /// Time from arrival to finish of the finished items of a kind, sorted, ns.
  std::vector<std::int64_t> times_to_done(std::uint32_t kind) const;
  /// As measure_named() says; none: does not apply, or `known` is false.
  std::optional<std::int64_t> measure(const std::string& name, bool& known) const;

 private:
  using Items = std::vector<std::uint32_t>;  ///< Numbers of items.

  Fate fate_of(const JudgedItem& item) const;
  bool judged(const CheckSpec& check, std::size_t number, std::size_t item) const;
  CheckResult judge_items(const CheckSpec& check, std::size_t number, Items& broken) const;
  CheckResult judge_order(const CheckSpec& check, std::size_t number, Items& broken) const;
  CheckResult judge_observed(const CheckSpec& check, std::size_t number, Items& broken) const;
  CheckResult judge_measure(const CheckSpec& check, std::size_t number) const;
  CheckResult judge_finishes(const CheckSpec& check, std::size_t number, Items& broken) const;
  void count_finish(const Record& record);
  std::optional<std::int64_t> first_failing() const;
  void add_broken(CheckResult& result, Items& broken, std::size_t item) const;

  struct Observed {
    std::uint64_t asked = 0, broken = 0, fulfilled = 0;
    std::optional<std::int64_t> first_broken;
    std::vector<std::uint32_t> items;
  };
  struct Changes {
    std::uint64_t seen = 0, wrong = 0;
    std::optional<std::int64_t> first;
  };

  struct Finishes {
    std::vector<std::uint32_t> of;  ///< By item.
    std::optional<std::int64_t> first_over;
  };

  const JudgeSpec& spec_;
  std::vector<JudgedItem> items_;
  std::vector<std::vector<std::uint64_t>> item_fields_;  ///< Only kept when a check needs them.
  std::vector<std::vector<bool>> members_;               ///< By check and item.
  std::vector<std::uint32_t> finish_order_;              ///< Items in the order of their first finish.
  std::vector<Observed> observed_;                       ///< By check.
  std::vector<Changes> changes_;                         ///< By check.
  std::vector<std::int64_t> next_ids_;
  std::vector<std::int64_t> notices_;    ///< Instants.
  std::vector<std::uint32_t> counting_;  ///< Checks that count finishes.
  std::vector<Finishes> finishes_;       ///< By check.
  std::uint64_t operator_steps_ = 0;
  bool keeps_fields_ = false;
};

}  // namespace premortem
