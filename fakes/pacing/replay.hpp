#pragma once
// A served session once more, without anybody outside: to the same digest.

#include <vector>

#include "fakes/pacing/session_file.hpp"
#include "sim/models/outside.hpp"

namespace premortem::fakes {

/// Puts what was asked back to where it happened. The session must outlive it.
class SessionReplay final : public Driver {
 public:
  explicit SessionReplay(const Session& session) : session_(session) {}
  /// Up to the session's own end, or, when it was cut off, to just behind its last input.
  std::int64_t drive(Machine& machine, std::int64_t until) override;

 private:
  const Session& session_;
};

}  // namespace premortem::fakes
