#pragma once
// What a MongoDB session needs of the simulated store: a way in. The way out is MongoSession::told() and its like.

#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes {

class StorePort {
 public:
  virtual ~StorePort() = default;
  /// A number for a new connection.
  virtual std::uint32_t new_client() = 0;

  /// What hello tells of the store.
  struct Topology {
    bool writable = true;       ///< False: a secondary that knows of no primary, as during an election.
    std::uint64_t changes = 0;  ///< Grows with every change of the others; see MongoSession::topology_changed().
    std::int64_t term = 1;      ///< Of the last election.
    std::string set_name = "rs0";
    int max_wire_version = 21;
    std::string version = "7.0.14";
    std::int64_t now_ms = 0;  ///< Simulated time since 1970.
    /// $clusterTime, operationTime and lastWrite of the answer; both 0: it has none of them.
    std::uint32_t cluster_seconds = 0, cluster_increment = 0;
  };
  virtual Topology topology() const = 0;

  /// The client has named itself: `application` may be empty, `metadata` is the BSON of hello's field `client`.
  virtual void introduced(std::uint32_t /*client*/, std::string_view /*application*/, std::string_view /*metadata*/) {}
  /// A hello of the client has been answered by what topology() was after so many changes.
  virtual void topology_told(std::uint32_t /*client*/, std::uint64_t /*changes*/) {}
  /// Whether a fail point is set for this command of the handshake (hello, isMaster, saslStart, ...) and this client.
  /// Then it goes to command(), which fails it by told() or told_cut(), or lets it go on by told_pass().
  virtual bool strikes_handshake(std::uint32_t /*client*/, std::string_view /*name*/) { return false; }
  /// Whether a fault rule lets nothing pass between that client and the store, either way.
  virtual bool is_stalled(std::uint32_t /*client*/) const { return false; }

  /// Carries the command out at the current simulated time. `bytes`: one BSON document with `$db`, the sections of
  /// kind 1 put in as arrays; valid during the call only. It is answered by exactly one MongoSession::told() or its
  /// like, before this returns or later, whether or not the client wants a reply: a connection carries out one command
  /// at a time, so the session waits for it.
  virtual void command(std::uint32_t client, std::int32_t request, bool wants_reply, std::string_view bytes) = 0;
  /// The connection is over. Said once; the session asks nothing more after it.
  virtual void gone(std::uint32_t client) = 0;
};

}  // namespace premortem::fakes
