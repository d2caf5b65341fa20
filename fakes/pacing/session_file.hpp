#pragma once
// A served session as a file: what it ran, and everything that came in from outside, with its simulated time.
//
// JSON Lines. The first line says what ran; every further one is one input. Texts that are no UTF-8, tables, properties
// and bodies are in base64. A session that was cut off is as good as what is there of it.

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "sim/models/broker/client_types.hpp"

namespace premortem::fakes {

/// What was served. `set` and `assume` as on the command line.
struct SessionHead {
  std::string file;  ///< The scenario's; empty: an empty world.
  std::string scenario_hash, strategy = "as-happened";
  std::vector<std::string> assume, set;
  std::uint64_t seed = 1;
  std::int64_t begins = 0;  ///< Of an empty world, ns since 1970.
  int rabbitmq = 3013;      ///< Of an empty world.
};

/// One request with texts of its own.
class KeptRequest {
 public:
  KeptRequest(std::int64_t at, const BrokerRequest& request);
  KeptRequest(const KeptRequest&) = delete;
  KeptRequest(KeptRequest&&) noexcept = default;
  KeptRequest& operator=(const KeptRequest&) = delete;
  KeptRequest& operator=(KeptRequest&&) noexcept = default;
  ~KeptRequest() = default;

  std::int64_t at() const { return at_; }
  /// Valid as long as this is.
  const BrokerRequest& request() const { return request_; }

 private:
  std::int64_t at_;
  std::vector<char> texts_;
  BrokerRequest request_;
};

std::string session_line(const SessionHead& head);
std::string session_line(std::int64_t at, const BrokerRequest& request);
/// How the session ended: the instant, ns, and the digest then.
std::string session_end_line(std::int64_t at, const std::string& digest);

struct Session {
  SessionHead head;
  std::vector<KeptRequest> requests;
  bool ended = false;  ///< Whether its end is there; else it was cut off.
  std::int64_t ends = 0;
  std::string digest;
};
/// Throws std::runtime_error with the number of the line that is none.
Session read_session(std::istream& in);

}  // namespace premortem::fakes
