// Accepting connections, and what all of them share: one read buffer, one timer, one list of those to be looked at.

#include "fakes/server/tcp_server.hpp"

#include <poll.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <utility>

#include "fakes/server/connection.hpp"

namespace premortem::fakes {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

namespace {

constexpr auto tick_every = std::chrono::milliseconds(250);
constexpr std::size_t read_buffer_size = 64 * 1024;
constexpr int accepts_per_turn = 64;

}  // namespace

class TcpServer::State final : public ConnectionOwner, public std::enable_shared_from_this<State> {
 public:
  State(asio::io_context& context, Spec the_spec, SessionFactory the_factory)
      : io(context), spec(std::move(the_spec)), factory(std::move(the_factory)), timer(context.get_executor()) {}

  std::span<char> read_buffer() override { return buffer; }
  void note_traffic() override { last_traffic = Clock::now(); }
  bool gathers() const override { return gathering; }
  void ended(std::uint64_t connection) override { connections.erase(connection); }
  void schedule(std::shared_ptr<Connection> connection) override {
    scheduled.push_back(std::move(connection));
    if (scheduled.size() == 1) asio::post(io.get_executor(), [self = shared_from_this()] { self->attend(); });
  }

  void listen();
  void accept();
  void accepted(Socket socket);
  bool listens(std::uint64_t which) const { return !stopped && acceptor && which == listening; }
  void attend();
  void tick();
  void wait();
  void stop();
  void log(const std::string& line) const {
    if (spec.log) spec.log(line);
  }

  asio::io_context& io;
  Spec spec;
  SessionFactory factory;
  std::optional<Acceptor> acceptor;
  std::uint64_t listening = 0;  // Counts listen(): a handler of a closed acceptor must not accept for the next one.
  Timer timer;
  std::vector<char> buffer = std::vector<char>(read_buffer_size);
  bool gathering = false;
  std::map<std::uint64_t, std::shared_ptr<Connection>> connections;
  std::vector<std::shared_ptr<Connection>> scheduled;
  std::uint64_t last_connection = 0;
  Clock::time_point last_traffic = Clock::now();
  bool accept_failed = false;
  bool stopped = false;
};

void TcpServer::State::listen() {
  acceptor.emplace(open_acceptor(io, spec.host, spec.port));
  ++listening;
  spec.port = acceptor->local_endpoint().port();
  acceptor->non_blocking(true);
  accept();
}

/// Waits first and accepts then, so that a peer is seen by idle() either in the queue of the system or among ours.
void TcpServer::State::accept() {
  accept_failed = false;
  acceptor->async_wait(Acceptor::wait_read, [self = shared_from_this(), now = listening](const error_code& failed) {
    for (int left = accepts_per_turn; !failed && left > 0 && self->listens(now); --left) {
      error_code error;
      Socket socket = self->acceptor->accept(error);
      if (error == asio::error::would_block || error == asio::error::try_again) break;
      if (!error) {
        self->accepted(std::move(socket));
      } else if (error != asio::error::connection_aborted) {
        self->log("a connection could not be accepted: " + error.message());
        self->accept_failed =
            true;  // Out of descriptors, say: the next tick tries again, at once would be a busy loop.
        return;
      }
    }
    if (self->listens(now)) self->accept();
  });
}

void TcpServer::State::accepted(Socket socket) {
  note_traffic();
  error_code error;
  const asio::ip::tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;  // Gone again already.
  if (connections.size() >= spec.connections_max) {
    log("a connection from " + peer.address().to_string() + ":" + std::to_string(peer.port()) +
        " was closed: " + std::to_string(connections.size()) + " are open already");
    return;
  }
  close_on_exec(socket.native_handle());
  const PeerInfo info{++last_connection, peer.address().to_string(), peer.port()};
  const auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket), info);
  connections.emplace(info.connection, connection);
  const std::weak_ptr<Connection> weak = connection;
  std::unique_ptr<WireSession> session = factory(info, [weak] {
    if (const auto alive = weak.lock()) alive->output_grew();
  });
  if (!stopped) connection->start(std::move(session));
}

void TcpServer::State::attend() {
  for (const auto& connection : std::exchange(scheduled, {})) connection->attend();
}

void TcpServer::State::wait() {
  timer.expires_after(tick_every);
  timer.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error && !self->stopped) self->tick();
  });
}

void TcpServer::State::tick() {
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
  for (auto next = connections.begin(); next != connections.end();) {
    const std::shared_ptr<Connection> connection = (next++)->second;  // It may end, and so leave the map.
    connection->tick(now);
    if (stopped) return;
  }
  if (accept_failed && acceptor) accept();
  wait();
}

void TcpServer::State::stop() {
  stopped = true;
  acceptor.reset();
  timer.cancel();
  scheduled.clear();
  for (const auto& entry : std::exchange(connections, {})) entry.second->drop();
}

TcpServer::TcpServer(asio::io_context& io, Spec spec, SessionFactory factory)
    : state_(std::make_shared<State>(io, std::move(spec), std::move(factory))) {
  state_->listen();
  state_->wait();
}

TcpServer::~TcpServer() { state_->stop(); }

std::uint16_t TcpServer::port() const { return state_->spec.port; }

bool TcpServer::listens() const { return state_->acceptor.has_value(); }

void TcpServer::stop_listening() { state_->acceptor.reset(); }

void TcpServer::listen() {
  if (!listens()) state_->listen();
}

std::vector<ConnectionInfo> TcpServer::connections() const {
  std::vector<ConnectionInfo> all;
  for (const auto& entry : state_->connections) {
    if (entry.second->has_session()) all.push_back(entry.second->info());
  }
  return all;
}

std::size_t TcpServer::connection_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(state_->connections, [](const auto& entry) { return entry.second->has_session(); }));
}

bool TcpServer::close(std::uint64_t connection, bool abort) {
  const auto found = state_->connections.find(connection);
  if (found == state_->connections.end() || !found->second->has_session()) return false;
  found->second->order(abort ? Connection::Order::abort : Connection::Order::close);
  return true;
}

void TcpServer::close_all(bool abort) {
  for (const auto& entry : state_->connections) {
    entry.second->order(abort ? Connection::Order::abort : Connection::Order::shut_down);
  }
}

void TcpServer::set_gathering(bool gathers) { state_->gathering = gathers; }

void TcpServer::hear() {
  if (!state_->gathering) return;
  std::vector<std::shared_ptr<Connection>> all;  // Whoever is heard may end others.
  all.reserve(state_->connections.size());
  for (const auto& entry : state_->connections) all.push_back(entry.second);
  for (const auto& one : all) one->hear();
}

bool TcpServer::idle(std::string& why) const {
  for (const auto& entry : state_->connections) {
    if (entry.second->is_busy(why)) return false;
  }
  if (!state_->acceptor) return true;
  pollfd entry{state_->acceptor->native_handle(), POLLIN, 0};
  if (::poll(&entry, 1, 0) <= 0) return true;
  why = "a connection waits to be accepted on port " + std::to_string(port());
  return false;
}

std::chrono::steady_clock::time_point TcpServer::last_traffic() const { return state_->last_traffic; }

}  // namespace premortem::fakes
