#pragma once
// The control endpoint: how far a served run is, and a hand on its clock. JSON over HTTP, without a password: it
// listens where the fakes do.

#include <string>

#include "fakes/pacing/pacer.hpp"
#include "fakes/server/control_history.hpp"
#include "fakes/server/http_message.hpp"

namespace premortem::fakes {

/// GET /clock, PUT /clock, POST /clock/advance, GET /state, GET /history, GET and POST /faults, GET and DELETE
/// /faults/NAME, POST /stop.
class Control {
 public:
  /// `pacer` must outlive it.
  explicit Control(Pacer& pacer) : pacer_(pacer) {}

  /// Begins to keep what /history tells. The machine must not outlive it.
  void attach(Machine& machine) { history_.attach(machine); }
  /// 503 before and after the run.
  HttpResponse answer(const HttpRequest& request);

 private:
  HttpResponse answer_history(const HttpRequest& request, const Machine& machine) const;  // control_history.cpp

  Pacer& pacer_;
  RecentHistory history_;
};

/// What the endpoints have in common.
namespace control {
HttpResponse method_not_allowed(std::string_view allowed);
HttpResponse answer_clock(const HttpRequest& request, Pacer& pacer);    // control_clock.cpp
HttpResponse answer_advance(const HttpRequest& request, Pacer& pacer);  // control_clock.cpp
HttpResponse answer_faults(const HttpRequest& request, Pacer& pacer);   // control_faults.cpp
HttpResponse answer_state(const Machine& machine, const Pacer& pacer);  // control_state.cpp
/// "2026-11-26T13:00:00Z", with a fraction if there is one.
std::string instant_text(std::int64_t at);
}  // namespace control

}  // namespace premortem::fakes
