#pragma once
// One connection's side of a protocol, without sockets: bytes in, bytes out.

#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes {

/// A server's half of one connection. Single-threaded; whoever owns the socket calls it.
class WireSession {
 public:
  virtual ~WireSession() = default;

  /// Bytes from the peer, in order, cut anywhere. Never throws: rubbish ends this session only.
  virtual void received(std::string_view bytes) = 0;
  /// The peer has closed, or the connection broke. Nothing is called after it but the destructor.
  virtual void peer_gone() = 0;
  /// Called from time to time by a steady wall clock, ns; returns when it wants to be called next (INT64_MAX: never).
  /// Heartbeats and handshake time-outs live by it, never by simulated time.
  virtual std::int64_t tick(std::int64_t now) = 0;
  /// The server stops: says goodbye as the protocol has it, and wants to be closed.
  virtual void shut_down() = 0;

  /// What is to be sent; whoever sends it takes it away. May grow in any call, also in one for another connection:
  /// the server is told through the function that the session was made with.
  virtual std::string& output() = 0;
  enum class Fate : std::uint8_t {
    goes_on,
    closes,  ///< As soon as output() has been sent.
    aborts   ///< At once, with a reset; output() is not sent.
  };
  virtual Fate fate() const = 0;
  /// False: what the peer sends shall stay unread for now (alarms, stalls); output still goes out.
  virtual bool reads() const { return true; }
  /// Whether bytes that it has been given wait until it reads again: then received() with no bytes lets it go on.
  virtual bool has_unread() const { return false; }
  /// Whether this peer still owes something, so that simulated time must not jump; `why` is then filled, for people:
  /// "consumer 2 of client 1: delivery 17 unacknowledged".
  virtual bool is_busy(std::string& why) const = 0;
};

}  // namespace premortem::fakes
