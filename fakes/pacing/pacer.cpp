#include "fakes/pacing/pacer.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "fakes/pacing/steady_clock.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes {

namespace {
/// Nobody waits longer for a turn, so that a stop and the patience are noticed.
constexpr std::int64_t longest_turn = 100'000'000;
/// So many instants in a row are run through before sockets are looked at again.
constexpr int instants_at_once = 1000;
/// Who is watched and works for longer is answered all the same: it may wait for us while it does.
constexpr std::int64_t longest_work = 1'000'000'000;
/// Between two looks at whom we watch.
constexpr std::int64_t between_looks = 300'000;
}  // namespace

Pacer::Pacer(boost::asio::io_context& io, const Pace& pace, Outside& outside, std::function<void(std::string)> say)
    : io_(io), pace_(pace), outside_(outside), say_(std::move(say)) {}

std::int64_t Pacer::now() const {
  if (paused_) return std::max(machine_->now(), simulated_begins_);
  if (pace_.speed <= 0) return machine_->now();
  const auto passed = static_cast<double>(steady_now() - wall_begins_) * pace_.speed;
  return std::max(machine_->now(), simulated_begins_ + static_cast<std::int64_t>(passed));
}

std::int64_t Pacer::drive(Machine& machine, std::int64_t until) {
  machine_ = &machine;
  wall_begins_ = steady_now();
  simulated_begins_ = machine.now();
  until_ = until;
  machine.run_until(time_from_nanoseconds(machine.now() + 1));
  bool over = false;
  while (!over && !stopped_) {  // What a turn brings may change the pace.
    if (paused_) {
      over = now() >= until - 1;  // It may have been put forward so far.
      outside_.hear();
      if (!over) take_turn(longest_turn);
    } else {
      over = pace_.speed > 0 ? by_wall_clock(until) : as_fast_as_allowed(until);
    }
  }
  std::int64_t ends = until;
  if (stopped_) {  // What is due at this very instant has happened.
    const std::int64_t at = std::min(now(), until - 1);
    machine.run_until(time_from_nanoseconds(at + 1));
    ends = at + 1;
  }
  machine_ = nullptr;
  return ends;
}

void Pacer::request(const BrokerRequest& request) {
  if (machine_ == nullptr) return;
  const std::int64_t at = now();
  if (at >= until_) return;  // The run is over, though nobody has said so yet.
  machine_->run_until(time_from_nanoseconds(at + 1));
  machine_->set_now(at);
  if (recorder_) recorder_(at, request);
  machine_->request(request);
  machine_->run_until(time_from_nanoseconds(at + 1));
}

/// Sockets and timers have their turn; for `wait` ns of wall time at most they are waited for.
void Pacer::take_turn(std::int64_t wait) {
  io_.restart();
  if (io_.poll() == 0 && wait > 0 && !stopped_) io_.run_one_for(std::chrono::nanoseconds(std::min(wait, longest_turn)));
}

/// Until whoever is watched has said everything and has nothing left to do but to listen; then it is heard.
void Pacer::let_settle() {
  const std::int64_t since = steady_now();
  for (;;) {
    io_.restart();
    const bool said_something = io_.poll() != 0;
    const Outside::Watch watch = outside_.watch();
    if (watch == Outside::Watch::blind || stopped_) break;
    if (watch == Outside::Watch::listens && !said_something) break;
    if (steady_now() - since > longest_work) break;
    if (!said_something) std::this_thread::sleep_for(std::chrono::nanoseconds(between_looks));
  }
  outside_.hear();
}

/// One turn; whether the end is reached.
bool Pacer::by_wall_clock(std::int64_t until) {
  outside_.hear();
  const std::int64_t at = std::min(now(), until - 1);
  machine_->run_until(time_from_nanoseconds(at + 1));
  if (at == until - 1) return true;
  if (outside_.is_deserted()) {
    set_speed(0);
    return false;
  }
  const std::int64_t next = std::min(machine_->next_event(), until);
  const auto wait = static_cast<double>(next - at) / pace_.speed;
  take_turn(wait < static_cast<double>(longest_turn) ? static_cast<std::int64_t>(wait) + 1 : longest_turn);
  return false;
}

/// The same.
bool Pacer::as_fast_as_allowed(std::int64_t until) {
  let_settle();
  take_turn(0);
  if (stopped_ || paused_ || pace_.speed > 0 || !may_move()) return false;
  const std::int64_t next = machine_->next_event();
  if (next < until) {
    advance(until);
    return false;
  }
  if (until == INT64_MAX) {
    take_turn(longest_turn);
    return false;
  }
  machine_->run_until(time_from_nanoseconds(until));
  return true;
}

void Pacer::set_speed(double speed) {
  if (machine_ != nullptr) go_on_from(now());
  pace_.speed = speed;
}

void Pacer::set_paused(bool paused) {
  if (machine_ != nullptr) go_on_from(now());
  paused_ = paused;
}

bool Pacer::advance_to(std::int64_t to) {
  if (to < now()) return false;
  go_on_from(to);
  return true;
}

void Pacer::go_on_from(std::int64_t at) {
  at = std::min(at, until_ - 1);
  machine_->run_until(time_from_nanoseconds(at + 1));
  machine_->set_now(at);
  simulated_begins_ = at;
  wall_begins_ = steady_now();
  busy_since_ = 0;
  waits_for_.clear();
}

/// Whether everybody outside is idle, and has been for long enough; else waits a little.
bool Pacer::may_move() {
  waits_for_.clear();
  const Outside::State state = outside_.state(waits_for_);
  const std::int64_t wall = steady_now();
  if (state == Outside::State::idle) {
    waits_for_.clear();
    busy_since_ = 0;
    const std::int64_t quiet_at = outside_.last_traffic() + pace_.grace;
    if (wall >= quiet_at) return true;
    take_turn(quiet_at - wall);
    return false;
  }
  if (state == Outside::State::absent) busy_since_ = 0;
  if (state == Outside::State::busy) {
    if (busy_since_ == 0) busy_since_ = wall;
    if (wall - busy_since_ >= pace_.patience) {
      say_("time goes on, though it waits for " + waits_for_ + " since " +
           std::to_string((wall - busy_since_) / 1'000'000'000) + " s");
      busy_since_ = wall;
      return true;
    }
  }
  take_turn(longest_turn / 20);
  return false;
}

/// Runs through instants until somebody outside is told something.
void Pacer::advance(std::int64_t until) {
  const std::uint64_t told_before = told_;
  for (int instant = 0; instant < instants_at_once && told_ == told_before && !outside_.has_news(); ++instant) {
    const std::int64_t next = machine_->next_event();
    if (next >= until) return;
    machine_->run_until(time_from_nanoseconds(next + 1));
  }
}

}  // namespace premortem::fakes
