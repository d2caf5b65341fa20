#pragma once
// Listens on a TCP port and joins each connection to a WireSession. Everything happens on the one thread that runs the
// io_context; nothing here knows of simulated time.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fakes/server/listen_error.hpp"
#include "fakes/wire/wire_session.hpp"

namespace boost::asio {
class io_context;  // Its header takes a second to compile.
}

namespace premortem::fakes {

/// Who has connected.
struct PeerInfo {
  std::uint64_t connection = 0;  ///< Counts from 1 in order of acceptance; never used twice.
  std::string address;
  std::uint16_t port = 0;
};

struct ConnectionInfo {
  PeerInfo peer;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

/// Makes the session of a new connection. The session calls `output_grew` whenever its output(), fate() or reads() may
/// have changed in a call that was not for itself; inside its own calls it need not. Calling it often is cheap, and
/// harmless after the connection's end.
using SessionFactory =
    std::function<std::unique_ptr<WireSession>(const PeerInfo& peer, std::function<void()> output_grew)>;

/// Of a session's calls none is ever made inside another session's: what that would need waits for the end of the turn.
/// peer_gone() is called exactly once, as the last call, however a connection ends; only the server's destruction
/// destroys its sessions without.
class TcpServer {
 public:
  struct Spec {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;                ///< 0: any free one.
    std::size_t connections_max = 16'384;  ///< Further ones are accepted and closed at once, with a line in the log.
    std::function<void(const std::string&)> log;  ///< One line for people, without its end. May be empty.
  };

  /// Listens at once: throws ListenError. `io` must outlive the server.
  TcpServer(boost::asio::io_context& io, Spec spec, SessionFactory factory);
  /// Closes everything at once. Allowed inside a session's call: that session lives until the call returns.
  ~TcpServer();
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  /// The port that is, or was last, listened on.
  std::uint16_t port() const;
  bool listens() const;
  /// Further peers are refused; open connections stay.
  void stop_listening();
  /// Listens again, on the same port. Throws ListenError.
  void listen();

  /// Open connections in order of acceptance.
  std::vector<ConnectionInfo> connections() const;
  std::size_t connection_count() const;
  /// Ends a connection in the next turn of the io_context: with a reset, or after its output has been sent. False:
  /// there is none of that number.
  bool close(std::uint64_t connection, bool abort);
  /// The same for all; without `abort` each session is told to shut_down() and closes when it wants to. Does not stop
  /// listening.
  void close_all(bool abort = false);

  /// While it gathers, what peers send is read and kept, and their sessions hear of it with hear(): so what a peer says
  /// in one go is heard as one piece, however it was cut on its way.
  void set_gathering(bool gathers);
  /// Hands over what has been gathered, connection by connection.
  void hear();

  /// Whether no peer owes us anything and we owe no peer anything: nothing to be accepted, nothing unread (where the
  /// session reads), nothing unsent, no session busy. Otherwise `why` says what, for people.
  bool idle(std::string& why) const;
  /// When bytes last came or went, or a connection did.
  std::chrono::steady_clock::time_point last_traffic() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace premortem::fakes
