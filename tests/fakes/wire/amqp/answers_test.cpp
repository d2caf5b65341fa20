// What clients are told, as the bytes that they get.
#include "tests/fakes/wire/amqp/scripted_port.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Kind = ClientEvent::Kind;

namespace {

void deliver(Client& client, std::string_view properties, std::string_view body,
             const std::function<void(ClientEvent&)>& more = {}) {
  client.tell(
      Kind::delivered,
      [&](ClientEvent& event) {
        event.text = "T";
        event.tag = 7;
        event.redelivered = true;
        event.exchange = "x";
        event.key = "k";
        if (more) more(event);
      },
      properties, body);
}

const std::string delivered =
    method(1, 60, 60, short_text("T") + big_endian(7, 8) + "\x01" + short_text("x") + short_text("k"));
const std::string no_properties = bytes("\0\0");

}  // namespace

TEST_CASE("a delivery is a method, a header, and bodies as long as frames may be", "[amqp]") {
  Client client;
  client.open(0, 4096);
  client.open_channel();
  deliver(client, no_properties, std::string(4088, 'a') + "b");
  CHECK(client.take() == delivered + header(1, 4089) + frame(3, 1, std::string(4088, 'a')) + frame(3, 1, "b"));
  deliver(client, no_properties, "");
  CHECK(client.take() == delivered + header(1, 0));
}

TEST_CASE("headers that the broker adds take the place of the message's own", "[amqp]") {
  Client client;
  client.open();
  client.open_channel();
  const std::string mine = short_text("mine") + "S" + long_text("1"), old_death = short_text("x-death") + "V";
  const std::string death = short_text("x-death") + "A" + long_text("");
  const std::string count = short_text("x-delivery-count") + "l" + big_endian(2, 8);
  // content-type, headers, expiration
  const std::string properties =
      bytes("\xa1\0") + short_text("text/plain") + long_text(old_death + mine) + short_text("20");
  SECTION("nothing is changed") {
    deliver(client, properties, "a");
    CHECK(client.take() == delivered + header(1, 1, properties) + frame(3, 1, "a"));
  }
  SECTION("dead-lettered: x-death added, expiration gone") {
    deliver(client, properties, "a", [&](ClientEvent& event) {
      event.added_headers = death;
      event.without_expiration = true;
    });
    CHECK(client.take() == delivered +
                               header(1, 1, bytes("\xa0\0") + short_text("text/plain") + long_text(mine + death)) +
                               frame(3, 1, "a"));
  }
  SECTION("RABBIT-031: delivered again from a quorum queue, without headers of its own") {
    deliver(client, no_properties, "a",
            [](ClientEvent& event) { event.has_delivery_count = true, event.delivery_count = 2; });
    CHECK(client.take() == delivered + header(1, 1, bytes("\x20\0") + long_text(count)) + frame(3, 1, "a"));
  }
}

TEST_CASE("answers carry what was counted", "[amqp]") {
  Client client;
  client.open();
  client.open_channel();
  const auto told = [&](Kind kind, const std::function<void(ClientEvent&)>& fill = {}) {
    client.tell(kind, fill);
    return client.take();
  };
  CHECK(told(Kind::queue_declared, [](ClientEvent& event) {
          event.text = "q";
          event.count = 3;
          event.consumers = 2;
        }) == method(1, 50, 11, short_text("q") + big_endian(3, 4) + big_endian(2, 4)));
  CHECK(told(Kind::queue_deleted, [](ClientEvent& event) { event.count = 4; }) == method(1, 50, 41, big_endian(4, 4)));
  CHECK(told(Kind::exchange_unbound) == method(1, 40, 51));
  CHECK(told(Kind::got_nothing) == method(1, 60, 72, short_text("")));
  CHECK(told(Kind::flowing, [](ClientEvent& event) { event.redelivered = true; }) == method(1, 20, 21, "\x01"));
  CHECK(told(Kind::cancelled_by_us, [](ClientEvent& event) { event.text = "T"; }) ==
        method(1, 60, 30, short_text("T") + "\x01"));
  CHECK(told(Kind::got,
             [](ClientEvent& event) {
               event.tag = 1;
               event.exchange = "x";
               event.key = "k";
               event.count = 9;
             }) ==
        method(1, 60, 71, big_endian(1, 8) + bytes("\0") + short_text("x") + short_text("k") + big_endian(9, 4)) +
            header(1, 0));
  CHECK(told(Kind::returned,
             [](ClientEvent& event) {
               event.code = 312;
               event.text = "NO_ROUTE";
               event.exchange = "x";
               event.key = "k";
             }) == method(1, 60, 50, big_endian(312, 2) + short_text("NO_ROUTE") + short_text("x") + short_text("k")) +
                       header(1, 0));
}

TEST_CASE("confirms next to each other become one only if asked for, and never pass over an open one", "[amqp]") {
  const auto ack = [](Client& client, std::uint64_t tag, Kind kind = Kind::acked) {
    client.tell(kind, [&](ClientEvent& event) { event.tag = tag; });
  };
  const auto acked = [](std::uint64_t tag, bool multiple) {
    return method(1, 60, 80, big_endian(tag, 8) + std::string(1, multiple ? '\x01' : '\0'));
  };
  fakes::AmqpConfig config;
  SECTION("not asked for") {
    Client client;
    client.open();
    client.open_channel();
    ack(client, 1);
    ack(client, 2);
    CHECK(client.take() == acked(1, false) + acked(2, false));
  }
  config.join_confirms = true;
  Client client(config);
  client.open();
  client.open_channel();
  SECTION("joined") {
    ack(client, 1);
    ack(client, 2);
    ack(client, 3);
    CHECK(client.take() == acked(3, true));
    ack(client, 4);
    CHECK(client.take() == acked(4, false));
  }
  SECTION("2 is still open") {
    ack(client, 1);
    ack(client, 3);
    ack(client, 4);
    CHECK(client.take() == acked(1, false) + acked(3, false) + acked(4, false));
  }
  SECTION("2 is still open, and 3 was refused: that speaks for itself alone") {
    ack(client, 1);
    ack(client, 3, Kind::nacked);
    CHECK(client.take() == acked(1, false) + method(1, 60, 120, big_endian(3, 8) + bytes("\2")));
  }
  SECTION("2 was refused") {
    ack(client, 1);
    ack(client, 2, Kind::nacked);
    ack(client, 3);
    ack(client, 4);
    CHECK(client.take() == acked(1, false) + method(1, 60, 120, big_endian(2, 8) + bytes("\3")) + acked(4, true));
  }
}

TEST_CASE("RABBIT-064: whoever publishes under an alarm is told, and not read from; who does not, is", "[amqp]") {
  Client client;
  client.open();
  client.open_channel();
  client.tell(Kind::blocked, [](ClientEvent& event) { event.text = "low on memory"; });
  CHECK(client.take().empty());
  CHECK(client.session.reads());
  CHECK(client.send(publish(1, "", "q") + header(1, 0)) == method(0, 10, 60, short_text("low on memory")));
  CHECK(!client.session.reads());
  client.tell(Kind::unblocked);
  CHECK(client.take() == method(0, 10, 61));
  CHECK(client.session.reads());
  client.tell(Kind::blocked, [](ClientEvent& event) { event.text = "low on memory"; });
  client.tell(Kind::unblocked);
  CHECK(client.take().empty());
}

TEST_CASE("whoever does not take what it is sent is not read from", "[amqp]") {
  fakes::AmqpConfig config;
  config.limits.max_pending_output = 100;
  Client client(config);
  client.open();
  client.open_channel();
  deliver(client, no_properties, std::string(100, 'a'));
  CHECK(!client.session.reads());
  std::string why;
  CHECK(client.session.is_busy(why));
  CHECK(why == "client 1: what it is to be told has not been sent");
  client.take();
  CHECK(client.session.reads());
}

TEST_CASE("an error gets the name of its code and is cut where RabbitMQ cuts it", "[amqp]") {
  Client client;
  client.open();
  client.tell(Kind::connection_error, [](ClientEvent& event) {
    event.code = 320;
    event.text = std::string(300, 'a');
    event.channel = 0;
  });
  CHECK(client.take() == close(0, 320, "CONNECTION_FORCED - " + std::string(232, 'a') + "...", 0, 0));
  client.send(method(0, 10, 51));
  CHECK(client.port.requests.size() == 1);  // Only its connect: the broker knows that it is gone.
}
