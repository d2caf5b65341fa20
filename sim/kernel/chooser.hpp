#pragma once
// The one interface through which everything passes that could have gone otherwise. A schedule is a value.

#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "sim/kernel/random.hpp"

namespace premortem {

/// One choice point, by name. `alternatives` > 1.
struct Choice {
  enum class Kind : std::uint8_t {
    tie,            ///< Which of the events due at one instant goes first; 0 is the order of scheduling.
    duration,       ///< A duration or count given as a range; 0 is its low end.
    fault,          ///< Whether and where a fault of the budget strikes.
    operator_delay  ///< When within its range a person acts.
  };
  Kind kind = Kind::tie;
  std::uint64_t entity = 0;
  std::uint64_t purpose = 0;
  std::uint64_t occurrence = 0;
  std::uint64_t alternatives = 2;
};

/// Decides. Without a chooser, ties go by order of scheduling and the rest is drawn by name.
class Chooser {
 public:
  /// The one other answer, to a tie only: the run stops before it, and can go on from there.
  static constexpr std::uint64_t stop_here = UINT64_MAX;

  virtual ~Chooser() = default;
  /// An index below `choice.alternatives`, or `stop_here`. Asked only about kinds that it decides.
  virtual std::uint64_t choose(const Choice& choice) = 0;
  /// Whether choices of this kind are its own. The others are made as without a chooser. Always the same answer.
  virtual bool decides(Choice::Kind) const { return true; }
};

/// Always the first alternative: ties as without a chooser, everything at its low end.
class FirstChooser final : public Chooser {
 public:
  std::uint64_t choose(const Choice&) override { return 0; }
};

/// Uniform, keyed by the name of the choice.
class RandomChooser final : public Chooser {
 public:
  explicit RandomChooser(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t choose(const Choice& choice) override {
    const std::uint64_t purpose = combine(choice.purpose, static_cast<std::uint64_t>(choice.kind));
    return uniform_below(random_bits(seed_, choice.entity, purpose, choice.occurrence), choice.alternatives);
  }

 private:
  std::uint64_t seed_;
};

/// A set of kinds of choices.
class ChoiceKinds {
 public:
  constexpr ChoiceKinds(std::initializer_list<Choice::Kind> kinds) {
    for (const Choice::Kind kind : kinds) bits_ |= 1U << static_cast<unsigned>(kind);
  }
  constexpr bool has(Choice::Kind kind) const { return (bits_ >> static_cast<unsigned>(kind) & 1U) != 0; }
  constexpr void add(Choice::Kind kind) { bits_ |= 1U << static_cast<unsigned>(kind); }
  constexpr bool empty() const { return bits_ == 0; }
  bool operator==(const ChoiceKinds&) const = default;

 private:
  unsigned bits_ = 0;
};

/// How many more faults may be chosen to strike in one run, and what became of that. A value beside the World.
struct FaultBudget {
  static constexpr std::uint64_t unlimited = UINT64_MAX;
  std::uint64_t left = unlimited;
  std::uint64_t struck = 0;  ///< Chosen to strike; not counted while unlimited.
  std::uint64_t asked = 0;   ///< Choices about faults, those over the budget, too.
};

/// Passes choices of some kinds on to another chooser, and leaves the others to chance, as without one. Ties before
/// `ties_from`, ns, go by order of scheduling; a fault over the budget does not strike. Neither is a choice: nobody is
/// asked.
class SelectedChooser final : public Chooser {
 public:
  SelectedChooser(Chooser& inner, ChoiceKinds kinds, std::int64_t ties_from,
                  FaultBudget& faults)  // `inner` and `faults` must outlive it.
      : inner_(inner), kinds_(kinds), ties_from_(ties_from), faults_(faults) {}
  std::uint64_t choose(const Choice& choice) override {
    // The purpose of a tie is its instant.
    if (choice.kind == Choice::Kind::tie && static_cast<std::int64_t>(choice.purpose) < ties_from_) return 0;
    return choice.kind == Choice::Kind::fault ? choose_fault(choice) : inner_.choose(choice);
  }
  bool decides(Choice::Kind kind) const override { return kinds_.has(kind) && inner_.decides(kind); }

 private:
  std::uint64_t choose_fault(const Choice& choice) {
    ++faults_.asked;
    if (faults_.left == 0) return 0;
    const std::uint64_t chosen = inner_.choose(choice);
    if (chosen != 0 && faults_.left != FaultBudget::unlimited) --faults_.left, ++faults_.struck;
    return chosen;
  }

  Chooser& inner_;
  ChoiceKinds kinds_;
  std::int64_t ties_from_;
  FaultBudget& faults_;
};

/// Passes on to another chooser and remembers what it said.
class RecordingChooser final : public Chooser {
 public:
  explicit RecordingChooser(Chooser& inner) : inner_(inner) {}  // `inner` must outlive it.
  bool decides(Choice::Kind kind) const override { return inner_.decides(kind); }
  std::uint64_t choose(const Choice& choice) override {
    choices_.push_back(inner_.choose(choice));
    return choices_.back();
  }
  const std::vector<std::uint64_t>& choices() const { return choices_; }

 private:
  Chooser& inner_;
  std::vector<std::uint64_t> choices_;
};

/// Says again what was recorded; behind the end, the first alternative. A recorded index that is no longer possible
/// becomes the last alternative, and is counted.
class ReplayChooser final : public Chooser {
 public:
  explicit ReplayChooser(std::vector<std::uint64_t> choices) : choices_(std::move(choices)) {}
  std::uint64_t choose(const Choice& choice) override {
    if (next_ >= choices_.size()) return 0;
    const std::uint64_t chosen = choices_[next_++];
    if (chosen < choice.alternatives) return chosen;
    ++misfits_;
    return choice.alternatives - 1;
  }
  std::size_t followed() const { return next_; }
  std::size_t misfits() const { return misfits_; }

 private:
  std::vector<std::uint64_t> choices_;
  std::size_t next_ = 0;
  std::size_t misfits_ = 0;
};

}  // namespace premortem
