#include "sim/explore/diff.hpp"

#include <algorithm>

#include "sim/explore/alignment.hpp"
#include "sim/explore/diff_results.hpp"
#include "sim/explore/retimed_step.hpp"

namespace premortem {

namespace {

/// Runs again at most so often to set steps aside.
constexpr int reruns_max = 16;

/// Of two runs whose texts have the same numbers.
bool fares_alike(const RecordedRun& a, const RecordedRun& b) {
  const auto same = [](const JudgedItem& x, const JudgedItem& y) {
    return x.kind == y.kind && x.id == y.id && x.fate == y.fate && x.finished_at == y.finished_at &&
           x.outcome == y.outcome && x.released_at == y.released_at;
  };
  return std::ranges::equal(a.trial.items, b.trial.items, same) && a.last_marks == b.last_marks;
}

bool is_step(const RecordedRun& run, std::uint32_t number) {
  return number != no_record && static_cast<RecordKind>(run.records[number].kind) == RecordKind::step_done;
}

/// The runs side by side, and the same with steps set aside.
class Parting {
 public:
  Parting(const RecordedRun& a, const RecordedRun& b, const Alignment& alignment)
      : a_(a), b_(b), alignment_(alignment) {}

  void look(RunDiff& diff) {
    if (!changed_ends(a_, b_).empty() || !finish_shifts(a_, b_).empty()) {
      for (int n = 0; n < reruns_max && set_aside(diff); ++n) alignment_ = align(a_, b_);
    }
    if (!alignment_.first.empty()) diff.first = tell_divergence(alignment_.first.front());
  }

 private:
  /// Whether the first divergence is a step that changes nothing for any item; then it is as in the other run from
  /// here on.
  bool set_aside(RunDiff& diff) {
    if (alignment_.first.empty()) return false;
    const RecordPair pair = alignment_.first.front();
    const bool in_a = is_step(a_, pair.a), in_b = is_step(b_, pair.b);
    if (!in_a && !in_b) return false;
    RecordedRun& run = in_a ? a_ : b_;  // Moved as in B, or left out of where it is.
    const std::uint64_t entry = run.records[in_a ? pair.a : pair.b].a;
    const std::optional<std::int64_t> at = in_a && in_b ? std::optional(b_.records[pair.b].at) : std::nullopt;
    RecordedRun other =
        record_run(with_step_at(*run.scenario, static_cast<std::uint32_t>(entry), at), run.seed, run.choices);
    if (!fares_alike(run, other)) return false;
    diff.set_aside.push_back(tell_divergence(pair));
    run = std::move(other);
    return true;
  }

  Divergence tell_divergence(RecordPair pair) const {
    Divergence divergence;
    const RecordedRun& run = pair.a != no_record ? a_ : b_;
    const std::uint32_t number = pair.a != no_record ? pair.a : pair.b;
    const std::uint32_t cause = run.records[number].cause;
    const bool caused = cause < number && static_cast<RecordKind>(run.records[cause].kind) != RecordKind::began;
    if (caused) divergence.cause = run.tell(cause);
    if (caused && (pair.a == no_record || pair.b == no_record)) other_way(pair);
    if (pair.a != no_record) divergence.a = a_.tell(pair.a);
    if (pair.b != no_record) divergence.b = b_.tell(pair.b);
    return divergence;
  }

  /// What the same cause brought about in the run in which this did not happen.
  void other_way(RecordPair& pair) const {
    const bool missing_in_a = pair.a == no_record;
    const RecordedRun& run = missing_in_a ? a_ : b_;
    const std::uint32_t cause =
        missing_in_a ? alignment_.in_a[b_.records[pair.b].cause] : alignment_.in_b[a_.records[pair.a].cause];
    const std::vector<bool>& differs = missing_in_a ? alignment_.differs_a : alignment_.differs_b;
    for (std::uint32_t n = cause + 1; n < run.records.size(); ++n) {
      if (run.records[n].cause != cause || !differs[n]) continue;
      (missing_in_a ? pair.a : pair.b) = n;
      return;
    }
  }

  RecordedRun a_, b_;
  Alignment alignment_;
};

}  // namespace

RunDiff diff_runs(const RecordedRun& a, const RecordedRun& b) {
  const Alignment alignment = align(a, b);
  RunDiff diff;
  diff.records_a = a.records.size();
  diff.records_b = b.records.size();
  diff.records_equal = alignment.equal;
  diff.items = changed_ends(a, b);
  diff.checks = changed_checks(a, b);
  diff.same = alignment.first.empty() && diff.items.empty() && diff.checks.empty();
  if (alignment.first.empty()) return diff;  // At most it is judged otherwise.
  Parting(a, b, alignment).look(diff);
  diff.finished = finish_shifts(a, b);
  diff.runs = job_run_shifts(a, b, alignment);
  diff.moved = moved_steps_and_notices(a, b);
  return diff;
}

}  // namespace premortem
