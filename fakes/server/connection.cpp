// How bytes move: what arrives goes to the session, and its answer is written in the same turn, with one call to the
// system. Only what the system does not take at once waits.

#include "fakes/server/connection.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <boost/asio/buffer.hpp>
#include <utility>

#include "fakes/pacing/steady_clock.hpp"

namespace premortem::fakes {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::int64_t second = 1'000'000'000;
// For a peer that does not read our last bytes, and for one that does not close after them.
constexpr std::int64_t closing_max = 10 * second;
constexpr std::int64_t lingering_max = 2 * second;
// Fair to the others: a peer that sends without end gets this many reads a turn.
constexpr int reads_per_turn = 4;

bool would_block(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

short poll_now(int descriptor, short events) {
  pollfd entry{descriptor, events, 0};
  return ::poll(&entry, 1, 0) > 0 ? entry.revents : short{0};
}

/// Clients that leave Nagle's algorithm on send nothing more before what they have sent is acknowledged, which Linux
/// puts off by up to 40 ms. It has to be asked again after each read.
void acknowledge_at_once([[maybe_unused]] int descriptor) {
#ifdef TCP_QUICKACK
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
}

int queued(int descriptor, unsigned long what) {
  int bytes = 0;
  return ::ioctl(descriptor, what, &bytes) == 0 ? bytes : 0;
}

}  // namespace

Connection::Connection(std::shared_ptr<ConnectionOwner> owner, Socket socket, PeerInfo peer)
    : owner_(std::move(owner)), socket_(std::move(socket)) {
  info_.peer = std::move(peer);
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  acknowledge_at_once(socket_.native_handle());
}

void Connection::start(std::unique_ptr<WireSession> session) {
  session_ = std::move(session);
  settle();
}

/// Calls the session; false: it is gone now, and nothing may be done any more.
template <class Call>
bool Connection::call(Call&& what) {
  in_call_ = true;
  what(*session_);
  in_call_ = false;
  if (!socket_.is_open()) session_.reset();  // Dropped meanwhile.
  return session_ != nullptr;
}

void Connection::output_grew() {
  if (in_call_ || scheduled_ || !session_) return;  // After its own call, settle() looks anyway.
  scheduled_ = true;
  owner_->schedule(shared_from_this());
}

void Connection::order(Order what) {
  if (what <= order_ || !session_) return;
  order_ = what;
  if (scheduled_) return;
  scheduled_ = true;
  owner_->schedule(shared_from_this());
}

void Connection::attend() {
  scheduled_ = false;
  if (!session_) return;
  if (order_ == Order::abort) return end(true);
  if (order_ == Order::shut_down && !call([](WireSession& session) { session.shut_down(); })) return;
  if (order_ == Order::shut_down) order_ = Order::none;
  settle();
}

/// Whatever a session's call may have changed is looked at here: fate, output, and whether it reads.
void Connection::settle() {
  const WireSession::Fate fate = session_->fate();
  if (fate == WireSession::Fate::aborts) return end(true);
  if (!writing_ && !send()) return;
  if (fate == WireSession::Fate::closes || order_ == Order::close) {
    if (!writing_) return linger();
    if (close_by_ == never) close_by_ = steady_now() + closing_max;
  }
  if (session_->has_unread() && accepts_bytes()) {
    if (call([](WireSession& session) { session.received({}); })) settle();
    return;
  }
  wait_readable();
}

bool Connection::send() {
  std::string& output = session_->output();
  if (output.empty()) return true;
  outgoing_.swap(output);
  return send_rest();
}

/// False: the connection broke.
bool Connection::send_rest() {
  owner_->note_traffic();
  unacknowledged_ = true;
  while (sent_ < outgoing_.size()) {
    error_code error;
    const std::size_t written = socket_.write_some(asio::buffer(outgoing_) + sent_, error);
    if (would_block(error)) {
      writing_ = true;
      socket_.async_wait(Socket::wait_write,
                         [self = shared_from_this()](const error_code& failed) { self->on_writable(failed); });
      return true;
    }
    if (error) {
      end(false);
      return false;
    }
    sent_ += written;
    info_.bytes_out += written;
  }
  outgoing_.clear();
  sent_ = 0;
  return true;
}

void Connection::on_writable(const error_code& error) {
  writing_ = false;
  if (!session_) return;
  if (error) return end(false);
  if (send_rest() && !writing_) settle();
}

bool Connection::accepts_bytes() const {
  return order_ != Order::close && session_->fate() == WireSession::Fate::goes_on && session_->reads();
}

void Connection::wait_readable() {
  if (reading_ || (session_ && !accepts_bytes())) return;
  reading_ = true;
  socket_.async_wait(Socket::wait_read,
                     [self = shared_from_this()](const error_code& failed) { self->on_readable(failed); });
}

void Connection::on_readable(const error_code& error) {
  if (!socket_.is_open() || error == asio::error::operation_aborted) return;
  if (error) return end(false);
  bool more = true;
  for (int reads = 0; more && reads < reads_per_turn; ++reads) {
    if (session_ && !accepts_bytes()) break;
    if (!read_once(more)) return;
  }
  reading_ = false;  // Only now: settle() shall not wait for what this loop reads.
  wait_readable();
}

/// False: the connection has ended. `more`: there may be more to read at once.
bool Connection::read_once(bool& more) {
  const std::span<char> buffer = owner_->read_buffer();
  error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
  more = size == buffer.size();  // A shorter read has emptied the socket: the next would say so at the price of a call.
  if (would_block(error)) return true;
  if (error) {
    end(false);
    return false;
  }
  if (!session_) return true;  // Lingering: nobody wants it.
  acknowledge_at_once(socket_.native_handle());
  owner_->note_traffic();
  info_.bytes_in += size;
  const std::string_view bytes(buffer.data(), size);
  if (owner_->gathers()) {
    gathered_ += bytes;
    return true;
  }
  if (!call([bytes](WireSession& session) { session.received(bytes); })) return false;
  settle();
  return socket_.is_open();
}

/// All is sent. Closing now would reset the connection if the peer has sent something that we have not read, and the
/// reset would take our last bytes from it: so say that we are done and wait for its end.
void Connection::linger() {
  error_code ignored;
  const std::unique_ptr<WireSession> session = std::move(session_);
  socket_.shutdown(Socket::shutdown_send, ignored);
  close_by_ = steady_now() + lingering_max;
  release_buffers();
  wait_readable();
  session->peer_gone();
}

/// The session is told and destroyed here, when none of its calls is under way.
void Connection::end(bool reset) {
  hear();  // What came before the end was said.
  if (!socket_.is_open()) return;
  const std::shared_ptr<Connection> self = shared_from_this();
  const std::unique_ptr<WireSession> session = std::move(session_);
  error_code ignored;
  if (reset) socket_.set_option(Socket::linger(true, 0), ignored);
  socket_.close(ignored);
  owner_->note_traffic();
  owner_->ended(info_.peer.connection);
  if (session) session->peer_gone();
}

void Connection::drop() {
  error_code ignored;
  socket_.close(ignored);
  if (!in_call_) session_.reset();
}

void Connection::tick(std::int64_t now) {
  if (now >= close_by_) return end(true);
  if (!session_) return;
  if (now >= next_tick_ && !call([&](WireSession& session) { next_tick_ = session.tick(now); })) return;
  // Who does not read does not see either that its peer has reset the connection.
  if (!reading_ && (poll_now(socket_.native_handle(), 0) & (POLLHUP | POLLERR)) != 0) return end(false);
  const std::uint64_t bytes = info_.bytes_in + info_.bytes_out;
  if (bytes == bytes_at_tick_ && !writing_) release_buffers();
  bytes_at_tick_ = bytes;
  settle();
}

void Connection::release_buffers() {
  if (outgoing_.empty()) std::string().swap(outgoing_);
  if (session_ && session_->output().empty()) std::string().swap(session_->output());
}

bool Connection::is_busy(std::string& why) {
  if (!session_) return false;
  if (session_->is_busy(why)) return true;
  const int descriptor = socket_.native_handle();
  std::size_t unsent = outgoing_.size() - sent_ + session_->output().size();
  if (unacknowledged_) {
    const int held = queued(descriptor, SIOCOUTQ);
    unacknowledged_ = held > 0;
    unsent += static_cast<std::size_t>(held);
  }
  if (unsent > 0) {
    why = name() + std::to_string(unsent) + " bytes not yet taken by the peer";
    return true;
  }
  if (!gathered_.empty()) {
    why = name() + std::to_string(gathered_.size()) + " bytes not yet heard";
    return true;
  }
  if (scheduled_) {
    why = name() + "to be looked at in this turn";
    return true;
  }
  if (accepts_bytes() && poll_now(descriptor, POLLIN) != 0) {  // Also its end is something to be read.
    why = name() + std::to_string(queued(descriptor, FIONREAD)) + " bytes unread";
    return true;
  }
  return false;
}

void Connection::hear() {
  if (gathered_.empty() || !session_) return;
  std::string bytes;
  bytes.swap(gathered_);
  if (call([&bytes](WireSession& session) { session.received(bytes); })) settle();
}

std::string Connection::name() const {
  const PeerInfo& peer = info_.peer;
  return "connection " + std::to_string(peer.connection) + " (" + peer.address + ":" + std::to_string(peer.port) +
         "): ";
}

}  // namespace premortem::fakes
