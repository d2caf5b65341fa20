// Echo sessions over real loopback sockets.

#include "fakes/server/tcp_server.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "fakes/server/open_files.hpp"
#include "tests/fakes/server/echo_session.hpp"
#include "tests/fakes/server/loopback.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::fakes::TcpServer;
using premortem::test::EchoLog;
using premortem::test::EchoSession;
using premortem::test::Peer;

namespace {

/// A server of echo sessions, with what became of each.
struct EchoServer {
  explicit EchoServer(TcpServer::Spec spec = {})
      : server(std::make_unique<TcpServer>(io, std::move(spec),
                                           [this](const fakes::PeerInfo&, std::function<void()> grew) {
                                             logs.push_back(std::make_shared<EchoLog>());
                                             auto session = std::make_unique<EchoSession>(logs.back(), std::move(grew));
                                             sessions.push_back(session.get());
                                             return session;
                                           })) {}

  bool until(const std::function<bool()>& holds) { return test::run_until(io, holds); }
  bool until_open(std::size_t count) {
    return until([&] { return logs.size() == count; });
  }
  bool until_text(Peer& peer, std::string_view text) {
    return until([&] {
      peer.read();
      return peer.text == text;
    });
  }
  bool until_end(Peer& peer) {
    return until([&] {
      peer.read();
      return peer.ended;
    });
  }

  boost::asio::io_context io;
  std::vector<std::shared_ptr<EchoLog>> logs;
  std::vector<EchoSession*> sessions;  // Valid while their logs do not say destroyed.
  std::unique_ptr<TcpServer> server;
};

}  // namespace

TEST_CASE("what two peers send comes back to each, and is counted", "[tcp_server]") {
  EchoServer echo;
  Peer one(echo.server->port());
  REQUIRE(echo.until_open(1));
  Peer two(echo.server->port());
  REQUIRE(echo.until_open(2));
  one.send("one");
  two.send("second");
  REQUIRE(echo.until_text(one, "one"));
  REQUIRE(echo.until_text(two, "second"));
  const auto open = echo.server->connections();
  REQUIRE(open.size() == 2);
  CHECK(open[0].peer.connection == 1);
  CHECK(open[0].peer.address == "127.0.0.1");
  CHECK(open[0].bytes_in == 3);
  CHECK(open[1].bytes_in == 6);
  CHECK(open[1].bytes_out == 6);
  one.close();
  REQUIRE(echo.until([&] { return echo.logs[0]->destroyed; }));
  CHECK(echo.logs[0]->gone == 1);
  CHECK(echo.server->connection_count() == 1);
}

TEST_CASE("a peer that does not read gets the rest when it does; others are served meanwhile", "[tcp_server]") {
  EchoServer echo;
  Peer slow(echo.server->port());
  slow.send("flood");
  REQUIRE(echo.until([&] { return !echo.logs.empty() && !echo.logs[0]->received.empty(); }));
  Peer other(echo.server->port());
  other.send("hello");
  REQUIRE(echo.until_text(other, "hello"));
  std::string why;
  CHECK_FALSE(echo.server->idle(why));
  CHECK(why.find("connection 1 (127.0.0.1:") == 0);
  CHECK(why.find("bytes not yet taken by the peer") != std::string::npos);
  REQUIRE(echo.until([&] {
    slow.read();
    return slow.text.size() == 8'000'000;
  }));
  CHECK(slow.text.find_first_not_of('x') == std::string::npos);
  CHECK(echo.until([&] { return echo.server->idle(why); }));
}

TEST_CASE("what a session does not want to read stays in the socket until it wants to", "[tcp_server]") {
  EchoServer echo;
  Peer peer(echo.server->port());
  REQUIRE(echo.until_open(1));
  echo.sessions[0]->set_reads(false);
  peer.send("later");
  REQUIRE(echo.until([&] { return echo.logs[0]->ticks == 1; }));
  echo.sessions[0]->push("now;");
  REQUIRE(echo.until_text(peer, "now;"));
  CHECK(echo.logs[0]->received.empty());
  std::string why;
  CHECK(echo.server->idle(why));  // Unread on purpose: simulated time may have to pass before it is read.
  echo.sessions[0]->set_reads(true);
  CHECK_FALSE(echo.server->idle(why));
  REQUIRE(echo.until_text(peer, "now;later"));
}

TEST_CASE("a peer that resets while much is still to be sent is gone once, also if its session does not read",
          "[tcp_server]") {
  EchoServer echo;
  Peer peer(echo.server->port());
  SECTION("in the middle of a write") {
    peer.send("flood");
    REQUIRE(echo.until([&] { return !echo.logs.empty() && !echo.logs[0]->received.empty(); }));
  }
  SECTION("unread") {
    REQUIRE(echo.until_open(1));
    echo.sessions[0]->set_reads(false);
    peer.send("unread");
    REQUIRE(echo.until([&] { return echo.logs[0]->ticks == 1; }));
  }
  peer.reset();
  REQUIRE(echo.until([&] { return echo.logs[0]->destroyed; }));
  CHECK(echo.logs[0]->gone == 1);
  CHECK(echo.server->connection_count() == 0);
}

TEST_CASE("a session closes after its last byte, or resets without it", "[tcp_server]") {
  EchoServer echo;
  Peer peer(echo.server->port());
  SECTION("closes: also what the peer has sent meanwhile does not cost it the last bytes") {
    peer.send("quit");
    REQUIRE(echo.until([&] { return !echo.logs.empty() && echo.logs[0]->destroyed; }));
    peer.send("too late");
    REQUIRE(echo.until_end(peer));
    CHECK(peer.text == "quit");
    CHECK_FALSE(peer.was_reset);
  }
  SECTION("aborts") {
    peer.send("abort");
    REQUIRE(echo.until_end(peer));
    CHECK(peer.text.empty());
    CHECK(peer.was_reset);
  }
  CHECK(echo.logs[0]->gone == 1);
  CHECK(echo.server->connection_count() == 0);
}

TEST_CASE("connections are closed from outside, also from within their own session's call", "[tcp_server]") {
  EchoServer echo;
  Peer peer(echo.server->port());
  REQUIRE(echo.until_open(1));
  CHECK_FALSE(echo.server->close(2, true));
  SECTION("with a reset") {
    echo.sessions[0]->on_received = [&](std::string_view) { CHECK(echo.server->close(1, true)); };
    peer.send("x");
    REQUIRE(echo.until_end(peer));
    CHECK(peer.was_reset);
  }
  SECTION("after its output") {
    echo.sessions[0]->on_received = [&](std::string_view) { CHECK(echo.server->close(1, false)); };
    peer.send("x");
    REQUIRE(echo.until_end(peer));
    CHECK(peer.text == "x");
    CHECK_FALSE(peer.was_reset);
  }
  SECTION("all, with a goodbye") {
    echo.server->close_all();
    REQUIRE(echo.until_end(peer));
    CHECK(peer.text == "goodbye");
    CHECK(echo.logs[0]->shut_downs == 1);
  }
  CHECK(echo.logs[0]->gone == 1);
  CHECK(echo.logs[0]->destroyed);
}

TEST_CASE("a server may be destroyed inside a session's call", "[tcp_server]") {
  EchoServer echo;
  Peer peer(echo.server->port());
  REQUIRE(echo.until_open(1));
  echo.sessions[0]->on_received = [&](std::string_view) {
    echo.server.reset();
    CHECK_FALSE(echo.logs[0]->destroyed);
  };
  peer.send("x");
  REQUIRE(echo.until_end(peer));
  CHECK(echo.logs[0]->destroyed);
}

TEST_CASE("output that another session's call produces is sent in the same turn, once", "[tcp_server]") {
  EchoServer echo;
  Peer from(echo.server->port());
  REQUIRE(echo.until_open(1));
  Peer to(echo.server->port());
  REQUIRE(echo.until_open(2));
  echo.sessions[0]->on_received = [&](std::string_view) {
    for (const char* part : {"a", "b", "c"}) echo.sessions[1]->push(part);
    std::string why;
    CHECK_FALSE(echo.server->idle(why));
  };
  from.send("x");
  REQUIRE(echo.until_text(to, "abc"));
}

TEST_CASE("a busy session is the reason why time must not jump", "[tcp_server]") {
  EchoServer echo;
  std::string why;
  CHECK(echo.server->idle(why));
  Peer peer(echo.server->port());
  CHECK_FALSE(echo.server->idle(why));
  CHECK(why == "a connection waits to be accepted on port " + std::to_string(echo.server->port()));
  REQUIRE(echo.until_open(1));
  CHECK(echo.server->idle(why));
  echo.sessions[0]->busy = "delivery 17 unacknowledged";
  CHECK_FALSE(echo.server->idle(why));
  CHECK(why == "delivery 17 unacknowledged");
  const auto before = echo.server->last_traffic();
  peer.send("x");
  REQUIRE(echo.until_text(peer, "x"));
  CHECK(echo.server->last_traffic() > before);
}

TEST_CASE("a port that is taken is named, and can be listened on again once it is free", "[tcp_server]") {
  EchoServer first;
  const std::uint16_t port = first.server->port();
  std::string what;
  try {
    EchoServer second({.host = "127.0.0.1", .port = port, .connections_max = 1, .log = {}});
  } catch (const fakes::ListenError& error) {
    what = error.what();
  }
  CHECK(what ==
        "cannot listen on port " + std::to_string(port) + " of 127.0.0.1: another process listens there already");
  CHECK_THROWS_AS(EchoServer({.host = "nowhere", .port = 0, .connections_max = 1, .log = {}}), fakes::ListenError);

  Peer peer(port);
  REQUIRE(first.until_open(1));
  first.server->stop_listening();
  CHECK_FALSE(first.server->listens());
  CHECK_THROWS(Peer(port));
  peer.send("still here");
  REQUIRE(first.until_text(peer, "still here"));
  first.server->listen();
  Peer again(port);
  REQUIRE(first.until_open(2));
}

TEST_CASE("connections beyond the limit are closed with a line in the log", "[tcp_server]") {
  std::vector<std::string> lines;
  EchoServer echo({.host = "127.0.0.1", .port = 0, .connections_max = 1, .log = [&](const std::string& line) {
                     lines.push_back(line);
                   }});
  Peer one(echo.server->port());
  REQUIRE(echo.until_open(1));
  Peer two(echo.server->port());
  REQUIRE(echo.until_end(two));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("was closed: 1 are open already") != std::string::npos);
  one.send("x");
  REQUIRE(echo.until_text(one, "x"));
}

TEST_CASE("two thousand idle connections cost less than 8 KiB each", "[tcp_server]") {
  constexpr std::size_t count = 2'000;
  if (fakes::raise_open_files_limit() < 2 * count + 100) {
    WARN("this machine allows too few open files: not tried");
    return;
  }
  EchoServer echo;
  std::vector<Peer> peers;
  peers.reserve(count);
  const std::size_t before = test::resident_memory();
  while (peers.size() < count) {
    peers.emplace_back(echo.server->port());
    peers.back().send("hello, and some more bytes, as of a handshake");
    REQUIRE(echo.until_open(peers.size()));
  }
  std::string why;
  REQUIRE(echo.until([&] { return echo.server->idle(why); }));
  REQUIRE(echo.server->connection_count() == count);
  const std::size_t each = (test::resident_memory() - before) / count;
  INFO(each << " bytes of resident memory a connection");
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(each < 8 * 1024);
#endif
  peers.clear();
  REQUIRE(echo.until([&] { return echo.server->connection_count() == 0; }));
}
