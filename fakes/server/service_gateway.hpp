#pragma once
// Services of a scenario over HTTP: POST /SERVICE/OPERATION one way, what the simulated operation replied the other.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fakes/pacing/pacer.hpp"
#include "fakes/server/http_server.hpp"

namespace premortem::fakes {

/// A call is answered when the simulated operation has replied: 200 with {"reply": value}, or {} without a value; 503,
/// 504 or 500 with {"error": name} when it ended with Unavailable, Timeout or another error. What is no call is
/// answered at once and reaches no service: 400, 404, 405.
class ServiceGateway {
 public:
  /// `pacer` must outlive it.
  explicit ServiceGateway(Pacer& pacer) : pacer_(pacer) {}

  /// Hears what is asked and answered, a line each.
  void set_transcript(std::function<void(const std::string& line)> transcript) { transcript_ = std::move(transcript); }
  /// For an HttpServer.
  void handle(const HttpRequest& request, const HttpResponder& responder);
  /// While it gathers, calls are kept until hear(). Calls of several connections have no order among them: those that
  /// are heard in one go are heard by caller, target and body, whatever way they came.
  void set_gathering(bool gathers);
  void hear();

  /// What a service says.
  void replied(const ServiceReply& reply);
  /// Whether somebody waits for a service: only time, or another program, can bring the answer.
  bool waits() const;
  bool has_unheard() const { return !unheard_.empty(); }
  /// Whether anybody has ever called.
  bool was_called() const { return calls_ != 0; }

 private:
  struct Call {
    std::string caller;  ///< User-Agent; empty: it does not say.
    std::string target, body;
    std::uint32_t operation = 0;
    HttpResponder responder;
  };
  struct Waiting {
    std::string caller;
    HttpResponder responder;
  };

  void ask(const Call& call);
  std::uint32_t number_of(const Call& call);
  void tell(const std::string& caller, const HttpResponder& responder, const HttpResponse& response) const;
  void note(const std::string& caller, const std::string& what) const;

  Pacer& pacer_;
  std::function<void(const std::string& line)> transcript_;
  bool gathers_ = false;
  std::vector<Call> unheard_;
  std::map<std::uint64_t, Waiting> waiting_;  ///< By the number of the call.
  std::uint64_t calls_ = 0;
  /// The numbers by which the simulation knows callers: one for each name, however many connections it comes by, and
  /// one for each connection without a name.
  std::map<std::string, std::uint32_t> by_name_;
  std::map<std::uint64_t, std::uint32_t> by_connection_;
  std::uint32_t callers_ = 0;
};

}  // namespace premortem::fakes
