#pragma once
// One kernel, two clocks: a World whose time goes by the wall clock, or as fast as the programs outside allow.

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "sim/models/outside.hpp"

namespace premortem::fakes {

/// How fast simulated time goes.
struct Pace {
  double speed = 1;  ///< Simulated seconds a second; 0: as fast as the programs outside allow, see Outside.
  /// With speed 0, wall time in ns: so long nobody must have sent or been sent anything before time moves,
  std::int64_t grace = 20'000'000;
  /// ... and so long a program may keep time from moving.
  std::int64_t patience = 30'000'000'000;
};

/// What the pacer must know of the programs outside.
class Outside {
 public:
  virtual ~Outside() = default;
  enum class State : std::uint8_t {
    idle,   ///< Everybody has read everything, owes nothing, and waits for something to come.
    busy,   ///< Somebody still owes something: `why` says who and what. Time waits for Pace::patience.
    absent  ///< Somebody has yet to come: time waits for as long as it takes.
  };
  virtual State state(std::string& why) const = 0;
  /// When bytes last went either way, ns of the steady clock; 0: never.
  virtual std::int64_t last_traffic() const = 0;
  /// Whether the programs outside can be watched at all, and then, whether they have nothing left to do but to listen.
  /// Asked with speed 0: who is watched is answered only when it listens, so that it hears the same in as many pieces
  /// in every run.
  enum class Watch : std::uint8_t { blind, works, listens };
  virtual Watch watch() const { return Watch::blind; }
  /// What whoever is watched has said so far is to be answered now.
  virtual void hear() {}
  /// Whether something has just changed that the programs outside are to hear of, though nobody was told anything.
  virtual bool has_news() const { return false; }
  /// Whoever was there has gone for good: nobody is left for whom time would have to take its time.
  virtual bool is_deserted() const { return false; }
};

/// Drives one machine, with an io_context of the caller's, on the caller's thread: models and sockets take turns.
/// Between two turns everything due up to now() has happened, so that what comes from outside always meets the same
/// state: SessionReplay relies on that.
class Pacer final : public Driver {
 public:
  /// `say` hears what a person should know: for whom time had waited in vain. All must outlive the pacer.
  Pacer(boost::asio::io_context& io, const Pace& pace, Outside& outside, std::function<void(std::string)> say);

  /// Until `until`, or until stop(). With speed 0 and nothing left to happen it goes straight to `until`; if that is
  /// INT64_MAX, it waits for what comes from outside.
  std::int64_t drive(Machine& machine, std::int64_t until) override;

  /// Hears of each input before it is carried out: at which instant, and what.
  void set_recorder(std::function<void(std::int64_t, const BrokerRequest&)> recorder) {
    recorder_ = std::move(recorder);
  }
  /// Carries out what a client asks, at the current simulated time. Ignored before and after drive().
  void request(const BrokerRequest& request);
  /// Somebody outside is told something: with speed 0, time waits until it has been read.
  void told() { ++told_; }
  /// Ends the run at the current instant.
  void stop() { stopped_ = true; }

  // --- For whoever holds the clock in hand while it goes: between two turns, as request() is.
  /// As Pace::speed, from the current instant on.
  void set_speed(double speed);
  /// Time stands still, whatever the speed, until it is let go on. What is asked meanwhile is carried out.
  void set_paused(bool paused);
  bool is_paused() const { return paused_; }
  /// Everything due up to `to` happens at once, also while time is paused, and it goes on from there; never past the
  /// end of drive(). False: `to` is over already. REQUIRES: is_driving().
  bool advance_to(std::int64_t to);
  /// Null before and after drive().
  Machine* machine() const { return machine_; }
  bool is_driving() const { return machine_ != nullptr; }
  /// Simulated time, ns since 1970. REQUIRES: is_driving().
  std::int64_t now() const;
  /// For whom time waits at present; empty: for nobody, or it goes by the wall clock.
  const std::string& waits_for() const { return waits_for_; }
  const Pace& pace() const { return pace_; }

 private:
  bool by_wall_clock(std::int64_t until);
  bool as_fast_as_allowed(std::int64_t until);
  void go_on_from(std::int64_t at);
  bool may_move();
  void advance(std::int64_t until);
  void take_turn(std::int64_t wait);
  void let_settle();

  boost::asio::io_context& io_;
  Pace pace_;
  Outside& outside_;
  std::function<void(std::string)> say_;
  std::function<void(std::int64_t, const BrokerRequest&)> recorder_;
  Machine* machine_ = nullptr;
  std::int64_t wall_begins_ = 0, simulated_begins_ = 0;
  std::int64_t busy_since_ = 0;  ///< Wall time; 0: nobody keeps time from moving.
  std::uint64_t told_ = 0;
  std::string waits_for_;
  std::int64_t until_ = INT64_MAX;
  bool stopped_ = false, paused_ = false;
};

}  // namespace premortem::fakes
