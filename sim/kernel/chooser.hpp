#pragma once
// The one interface through which everything passes that could have gone otherwise. A schedule is a value.

#include <cstdint>
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
  virtual ~Chooser() = default;
  /// An index below `choice.alternatives`.
  virtual std::uint64_t choose(const Choice& choice) = 0;
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

/// Passes on to another chooser and remembers what it said.
class RecordingChooser final : public Chooser {
 public:
  explicit RecordingChooser(Chooser& inner) : inner_(inner) {}  // `inner` must outlive it.
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
