// From the protocol header to an open connection, byte by byte as clients and RabbitMQ 3.10.8 were seen to speak.
#include "tests/fakes/wire/amqp/scripted_port.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Fate = fakes::WireSession::Fate;
using Lines = std::vector<std::string>;

namespace {
const std::string tune = bytes("\x01\0\0\0\0\0\x0c\0\x0a\0\x1e\x07\xff\0\x02\0\0\0\x3c\xce");
const std::string open_ok = bytes("\x01\0\0\0\0\0\x05\0\x0a\0\x29\0\xce");
}  // namespace

TEST_CASE("a client is let in: start, tune 2047/131072/60, open-ok", "[amqp]") {
  Client client;
  const std::string start = client.send(protocol_header);
  CHECK(start.substr(0, 13) ==
        frame(1, 0, start.substr(7, start.size() - 8)).substr(0, 7) + bytes("\0\x0a\0\x0a\0\x09"));
  CHECK(start.find(short_text("product") + "S" + long_text("RabbitMQ")) != std::string::npos);
  CHECK(start.find(short_text("version") + "S" + long_text("3.13.7")) != std::string::npos);
  CHECK(start.find(short_text("information") + "S" + long_text("premortem: a simulated broker")) != std::string::npos);
  CHECK(start.find(short_text("authentication_failure_close") + "t\x01") != std::string::npos);
  CHECK(start.ends_with(long_text("PLAIN AMQPLAIN") + long_text("en_US") + "\xCE"));
  CHECK(client.send(start_ok()) == tune);
  CHECK(client.send(tune_ok()) == "");
  CHECK(client.send(open_vhost()) == open_ok);
  CHECK(client.port.requests == Lines{"connect guest to / as orders 3"});
}

TEST_CASE("whatever is no AMQP 0-9-1 is told so and hung up on", "[amqp]") {
  Client client;
  CHECK(client.send("GET ") == "");
  CHECK(client.session.fate() == Fate::goes_on);
  CHECK(client.send("/ HTTP/1.1\r\n") == protocol_header);
  CHECK(client.session.fate() == Fate::closes);
}

TEST_CASE("AMQPLAIN is a table without its length", "[amqp]") {
  const std::string login = short_text("LOGIN") + "S" + long_text("guest");
  Client client;
  client.send(protocol_header);
  SECTION("right") {
    CHECK(client.send(start_ok(login + short_text("PASSWORD") + "S" + long_text("guest"), "AMQPLAIN")) == tune);
  }
  SECTION("wrong") {
    CHECK(
        client.send(start_ok(login + short_text("PASSWORD") + "S" + long_text("no"), "AMQPLAIN")) ==
        close(0, 403,
              "ACCESS_REFUSED - Login was refused using authentication mechanism AMQPLAIN. For details see the broker "
              "logfile.",
              0, 0));
  }
  SECTION("half of it") {
    CHECK(client.send(start_ok(login, "AMQPLAIN")) == "");
    CHECK(client.session.fate() == Fate::closes);
  }
}

TEST_CASE("a wrong password is answered only to those who understand it", "[amqp]") {
  const std::string wrong = bytes("\0guest\0nope");
  Client client;
  client.send(protocol_header);
  SECTION("it understands") {
    CHECK(client.send(start_ok(wrong)) ==
          close(0, 403,
                "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker "
                "logfile.",
                0, 0));
    CHECK(client.session.fate() == Fate::goes_on);
    CHECK(client.send(method(0, 10, 51)) == "");
  }
  SECTION("it does not") { CHECK(client.send(start_ok(wrong, "PLAIN", false)) == ""); }
  SECTION("nobody knows the mechanism") { CHECK(client.send(start_ok("", "EXTERNAL")) == ""); }
  CHECK(client.session.fate() == Fate::closes);
  CHECK(client.port.requests == Lines{});
}

TEST_CASE("a client cannot have more than it was offered, nor tiny frames", "[amqp]") {
  const auto [frame_max, channel_max, accepted] = GENERATE(table<int, int, bool>({
      {131072, 2047, true},
      {4096, 1, true},
      {4095, 2047, false},
      {131073, 2047, false},
      {0, 2047, false},
      {131072, 2048, false},
      {131072, 0, false},
  }));
  Client client;
  client.send(protocol_header + start_ok());
  CHECK(client.send(tune_ok(0, frame_max, channel_max) + open_vhost()) == (accepted ? open_ok : ""));
  CHECK(client.session.fate() == (accepted ? Fate::goes_on : Fate::closes));
}

TEST_CASE("an unknown vhost is 530", "[amqp]") {
  Client client;
  client.send(protocol_header + start_ok() + tune_ok());
  CHECK(client.send(open_vhost("nope")) == close(0, 530, "NOT_ALLOWED - vhost nope not found", 10, 40));
  CHECK(client.port.requests == Lines{});
}

TEST_CASE("methods out of order end the handshake without a word, and the open connection with 504", "[amqp]") {
  Client client;
  SECTION("open first") {
    client.send(protocol_header);
    CHECK(client.send(open_vhost()) == "");
    CHECK(client.session.fate() == Fate::closes);
  }
  SECTION("a channel before the connection") {
    client.send(protocol_header + start_ok());
    CHECK(client.send(method(1, 20, 10, short_text(""))) == "");
    CHECK(client.session.fate() == Fate::closes);
  }
  SECTION("open twice") {
    client.open();
    CHECK(client.send(open_vhost()) ==
          close(0, 504, "CHANNEL_ERROR - unexpected method in connection state running", 10, 40));
    CHECK(client.send(method(0, 10, 51)) == "");
    CHECK(client.session.fate() == Fate::closes);
    CHECK(client.port.requests == Lines{"connect guest to / as orders 3", "lost"});
  }
}

TEST_CASE("a client closes in good order, and renews its secret", "[amqp]") {
  Client client;
  client.open();
  CHECK(client.send(method(0, 10, 70, long_text("new") + short_text("old"))) == method(0, 10, 71));
  CHECK(client.send(close(0, 200, "bye", 0, 0)) == method(0, 10, 51));
  CHECK(client.session.fate() == Fate::closes);
  CHECK(client.port.requests == Lines{"connect guest to / as orders 3", "disconnect"});
}

TEST_CASE("time-outs live by the wall clock", "[amqp]") {
  constexpr std::int64_t second = 1'000'000'000;
  Client client;
  SECTION("a handshake that takes ten seconds is reset") {
    client.session.tick(0);
    client.send(protocol_header);
    CHECK(client.session.tick(10 * second - 1) == 10 * second);
    CHECK(client.session.fate() == Fate::goes_on);
    client.session.tick(10 * second);
    CHECK(client.session.fate() == Fate::aborts);
  }
  SECTION("RABBIT-024: heartbeats go out every half interval; two missed ones and the peer is given up") {
    client.open(10);
    client.session.tick(0);
    client.session.tick(4 * second);
    CHECK(client.take() == "");
    client.session.tick(5 * second);
    CHECK(client.take() == frame(8, 0, ""));
    client.send(frame(8, 0, ""));
    client.session.tick(9 * second);  // Here it was heard.
    client.session.tick(28 * second);
    CHECK(client.session.fate() == Fate::goes_on);
    client.session.tick(29 * second);
    CHECK(client.session.fate() == Fate::aborts);
    CHECK(client.port.requests.back() == "lost");
  }
  SECTION("close-ok is waited for three seconds") {
    client.open();
    client.send(open_vhost());
    client.session.tick(100 * second);
    client.session.tick(103 * second - 1);
    CHECK(client.session.fate() == Fate::goes_on);
    client.session.tick(103 * second);
    CHECK(client.session.fate() == Fate::closes);
  }
}
