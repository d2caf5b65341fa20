#pragma once
// One accepted connection: moves bytes between its socket and its session. Internal to TcpServer.

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>

#include "fakes/server/acceptor.hpp"
#include "fakes/server/tcp_server.hpp"

namespace premortem::fakes {

class Connection;

/// What a connection needs of its server.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  /// One for all connections: an idle one holds no buffer.
  virtual std::span<char> read_buffer() = 0;
  /// Asks for attend(), once, at the end of this turn.
  virtual void schedule(std::shared_ptr<Connection> connection) = 0;
  virtual void note_traffic() = 0;
  /// What comes is kept until hear().
  virtual bool gathers() const = 0;
  virtual void ended(std::uint64_t connection) = 0;
};

/// Lives as long as a handler of its socket or its server holds it. Its session lives shorter: see end().
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  enum class Order : std::uint8_t { none, shut_down, close, abort };

  Connection(std::shared_ptr<ConnectionOwner> owner, Socket socket, PeerInfo peer);
  void start(std::unique_ptr<WireSession> session);

  void output_grew();
  /// Carried out at the end of this turn, since whoever asks may be in the middle of some session's call.
  void order(Order what);
  void attend();
  void tick(std::int64_t now);
  /// The server is being destroyed.
  void drop();

  bool has_session() const { return session_ != nullptr; }
  const ConnectionInfo& info() const { return info_; }
  bool is_busy(std::string& why);
  /// The session hears what has been gathered.
  void hear();

 private:
  template <class Call>
  bool call(Call&& what);
  void settle();
  bool send();
  bool send_rest();
  void wait_readable();
  void on_readable(const boost::system::error_code& error);
  bool read_once(bool& more);
  void on_writable(const boost::system::error_code& error);
  void linger();
  void end(bool reset);
  void release_buffers();
  bool accepts_bytes() const;
  std::string name() const;

  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  std::shared_ptr<ConnectionOwner> owner_;
  Socket socket_;
  std::unique_ptr<WireSession> session_;
  std::string gathered_;
  ConnectionInfo info_;
  std::string outgoing_;  // Taken from the session's output; its memory goes back there after it has been sent.
  std::size_t sent_ = 0;  // Of outgoing_.
  std::int64_t next_tick_ = 0;
  std::int64_t close_by_ = never;
  std::uint64_t bytes_at_tick_ = 0;
  Order order_ = Order::none;
  bool in_call_ = false;
  bool scheduled_ = false;
  bool reading_ = false;         // A wait for readability is under way.
  bool writing_ = false;         // The same for writability: outgoing_ is not empty.
  bool unacknowledged_ = false;  // The system may still hold bytes that we sent.
};

}  // namespace premortem::fakes
