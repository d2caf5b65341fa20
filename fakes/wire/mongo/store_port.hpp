#pragma once
// What a MongoDB session needs of the simulated document store: a way in. The way out is MongoSession::told().

#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes {

class StorePort {
 public:
  virtual ~StorePort() = default;
  /// A number for a new connection, from 1.
  virtual std::uint32_t new_client() = 0;

  /// What hello says of the server.
  struct Topology {
    bool writable = true;
    std::uint64_t changes = 0;  ///< Counts the changes of `writable`.
    std::string set_name = "rs0";
    int max_wire_version = 21;  ///< 7.0: enough for every driver, below the command bulkWrite.
    std::int64_t now_ms = 0;    ///< Simulated, since 1970.
  };
  virtual Topology topology() const = 0;
  /// Whether a fail point names this command of the handshake: then it is asked for like any other.
  virtual bool strikes_handshake(std::string_view command) const = 0;
  /// Whether a fault rule lets nothing pass between that client and the store, either way.
  virtual bool is_stalled(std::uint32_t client) const = 0;
  /// The client has said what it calls itself.
  virtual void introduce(std::uint32_t client, std::string_view application) = 0;
  /// Carries out a command at the current simulated time: one BSON document, with $db. The answer comes through
  /// MongoSession::told(), before this returns or later.
  virtual void command(std::uint32_t client, std::int32_t request, bool wants_reply, std::string_view bytes) = 0;
  virtual void gone(std::uint32_t client) = 0;
};

}  // namespace premortem::fakes
