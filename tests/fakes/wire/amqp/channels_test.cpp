// What arrives on channels, and what protocol errors RabbitMQ 3.10.8 was seen to answer.
#include "tests/fakes/wire/amqp/scripted_port.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Fate = fakes::WireSession::Fate;
using Lines = std::vector<std::string>;
using Kind = ClientEvent::Kind;

namespace {

// A client with channel 1 open, whose requests up to then are forgotten.
struct OpenClient : Client {
  explicit OpenClient(fakes::AmqpConfig settings = {}) : Client(std::move(settings)) {
    open();
    open_channel();
    port.requests.clear();
  }
};

std::string body(int channel, std::string_view text) { return frame(3, channel, text); }

}  // namespace

TEST_CASE("a message is put together from its frames", "[amqp]") {
  OpenClient client;
  CHECK(client.send(publish(1, "x", "k", 1) + header(1, 3) + body(1, "abc")) == "");
  CHECK(client.send(publish(1, "", "q") + header(1, 0)) == "");
  CHECK(client.send(publish(1, "", "q") + header(1, 6) + body(1, "ab") + body(1, "") + body(1, "cd")) == "");
  std::string why;
  CHECK(client.session.is_busy(why));
  CHECK(why == "client 1: half a message has arrived");
  CHECK(client.send(frame(8, 0, "") + body(1, "ef").substr(0, 5)) == "");
  CHECK(client.session.is_busy(why));
  CHECK(why == "client 1: half a frame has arrived");
  CHECK(client.send(body(1, "ef").substr(5)) == "");
  CHECK(!client.session.is_busy(why));
  CHECK(client.port.requests == Lines{"publish x/k mandatory 'abc'", "publish /q ''", "publish /q 'abcdef'"});
}

TEST_CASE("messages on two channels may be interleaved", "[amqp]") {
  OpenClient client;
  client.open_channel(2);
  client.send(publish(1, "", "one") + publish(2, "", "two") + header(1, 2) + header(2, 2) + body(2, "b") +
              body(1, "aa") + body(2, "b"));
  CHECK(client.port.requests == Lines{"open 2", "publish /one 'aa'", "publish /two 'bb'"});
}

TEST_CASE("what a client sends is the same request wherever its bytes were cut", "[amqp]") {
  const std::string story = protocol_header + start_ok() + tune_ok() + open_vhost() +
                            method(1, 20, 10, short_text("")) + publish(1, "x", "k") + header(1, 5) + body(1, "abc") +
                            body(1, "de") + method(1, 60, 80, big_endian(7, 8) + bytes("\x01")) + frame(8, 0, "") +
                            close(0, 200, "bye", 0, 0);
  Client whole, cut;
  const std::string answer = whole.send(story);
  std::string answers;
  for (const char byte : story) answers += cut.send(std::string_view(&byte, 1));
  CHECK(answers == answer);
  CHECK(cut.port.requests == whole.port.requests);
  CHECK(whole.port.requests ==
        Lines{"connect guest to / as orders 3", "open 1", "publish x/k 'abcde'", "ack 7 multiple", "disconnect"});
}

TEST_CASE("protocol errors close the connection with RabbitMQ's texts", "[amqp]") {
  const std::string ack = method(1, 60, 80, big_endian(1, 8) + bytes("\0"));
  const std::string no_header = "UNEXPECTED_FRAME - expected content header for class 60, got ";
  const std::string no_body = "UNEXPECTED_FRAME - expected content body, got non content body frame instead";
  const std::string no_method = "UNEXPECTED_FRAME - expected method frame, got non method frame instead";
  struct Case {
    std::string sent;
    int code;
    std::string text;
    int class_id = 0, method_id = 0;
  };
  const std::vector<Case> cases{
      {header(1, 3), 505, no_method},
      {body(1, "abc"), 505, no_method},
      {body(5, "abc"), 505, no_method},
      {publish(1, "", "q") + body(1, "abc"), 505, no_header + "non content header frame instead", 60, 40},
      {publish(1, "", "q") + ack, 505, no_header + "non content header frame instead", 60, 40},
      {publish(1, "", "q") + frame(2, 1, bytes("\0\x32\0\0\0\0\0\0\0\0\0\3\0\0")), 505,
       no_header + "one for class 50 instead", 60, 40},
      {publish(1, "", "q") + frame(2, 1, bytes("\0\x3c\0\1\0\0\0\0\0\0\0\3\0\0")), 505,
       no_header + "non content header frame instead", 60, 40},
      {publish(1, "", "q") + header(1, 3) + ack, 505, no_body, 60, 40},
      {publish(1, "", "q") + header(1, 3) + body(1, "abcd") + body(1, "e") + ack, 505, no_body, 60, 40},
      {publish(1, "", "q") + header(1, 3) + body(1, "abc") + body(1, "abc"), 505, no_method},
      {publish(1, "", "q") + frame(2, 1, bytes("\0\x3c\0\0")), 501,
       "FRAME_ERROR - type 2, all octets = <<0,60,0,0>>: unknown_frame"},
      {publish(1, "", "q") + header(1, 3,
                                    bytes("\x80\0\x09"
                                          "a")),
       541, "INTERNAL_ERROR"},
      {publish(1, "", "q") + header(1, 3, bytes("\0\1\0\0")), 541, "INTERNAL_ERROR"},
      {publish(1, "", "q", 2) + header(1, 0), 540, "NOT_IMPLEMENTED - immediate=true", 60, 40},
      {method(1, 60, 10, bytes("\0\0\0\x64\0\1\0")), 540, "NOT_IMPLEMENTED - prefetch_size!=0 (100)", 60, 10},
      {method(1, 50, 10,
              bytes("\0\0\x09"
                    "ab")),
       501, "FRAME_ERROR - cannot decode <<0,0,9,97,98>>", 50, 10},
      {method(1, 60, 80, bytes("\0\0\0\0\0\0\0\1\0xx")), 501,
       "FRAME_ERROR - cannot decode <<0,0,0,0,0,0,0,1,0,120,120>>", 60, 80},
      {method(1, 50, 10, bytes("\0\0\1q\0") + long_text(short_text("x") + "?")), 502,
       "SYNTAX_ERROR - malformed table 'arguments'", 50, 10},
      {method(1, 60, 77), 540, "NOT_IMPLEMENTED - unknown method 60.77", 60, 77},
      {method(1, 77, 1), 540, "NOT_IMPLEMENTED - unknown method 77.1", 77, 1},
      {method(0, 10, 99), 540, "NOT_IMPLEMENTED - unknown method 10.99", 10, 99},
      {method(0, 10, 50, bytes("\0")), 541, "INTERNAL_ERROR"},
      {method(0, 60, 80, bytes("\0\0\0\0\0\0\0\0\0")), 504,
       "CHANNEL_ERROR - unexpected method in connection state running", 60, 80},
      {close(1, 200, "bye", 0, 0).replace(7, 4, bytes("\0\x0a\0\x32")), 503, "COMMAND_INVALID - unimplemented method",
       10, 50},
      {method(1, 50, 11, short_text("t") + std::string(8, '\0')), 503, "COMMAND_INVALID - unimplemented method", 50,
       11},
      {method(1, 60, 50, bytes("\0\0\0\0\0")) + header(1, 0), 503, "COMMAND_INVALID - unimplemented method", 60, 50},
      {method(7, 30, 10, short_text("/data") + bytes("\x1f")), 504, "CHANNEL_ERROR - expected 'channel.open'", 30, 10},
      {frame(1, 1, bytes("\0")), 501, "FRAME_ERROR - type 1, all octets = <<0>>: unknown_frame"},
      {frame(5, 1, "abc"), 501, "FRAME_ERROR - type 5, all octets = <<\"abc\">>: unknown_frame"},
      {frame(5, 0, "aaaaaaaaaaaaaaaaa"), 501,
       "FRAME_ERROR - type 5, first 16 octets = <<\"aaaaaaaaaaaaaaaa\">>: unknown_frame"},
      {frame(8, 1, ""), 505, "UNEXPECTED_FRAME - type 8, all octets = <<>>"},
      {frame(8, 0, "abc"), 501, "FRAME_ERROR - type 8, all octets = <<\"abc\">>: unknown_frame"},
      {body(0, "abc"), 505, "UNEXPECTED_FRAME - type 3, all octets = <<\"abc\">>"},
      {protocol_header, 501, "FRAME_ERROR - type 65, all octets = <<>>: {frame_too_large,1342177289,131064}"},
      {ack.substr(0, ack.size() - 1) + bytes("\0"), 501,
       "FRAME_ERROR - type 1, all octets = <<0,60,0,80,0,0,0,0,0,0,0,1,0>>: {invalid_frame_end_marker,0}"},
  };
  for (const Case& each : cases) {
    OpenClient client;
    CHECK(client.send(each.sent) == close(0, each.code, each.text, each.class_id, each.method_id));
    REQUIRE(client.port.requests.back() == "lost");
    const std::size_t asked = client.port.requests.size();
    CHECK(client.send(publish(1, "", "q") + header(1, 0)) == "");  // It hears of nothing but the close.
    client.tell(Kind::delivered);
    CHECK(client.take() == "");
    client.send(method(0, 10, 51));
    CHECK(client.session.fate() == Fate::closes);
    CHECK(client.port.requests.size() == asked);
  }
}

TEST_CASE("a frame may be as long as agreed and eight bytes longer, as in RabbitMQ", "[amqp]") {
  Client client;
  client.open(0, 4096);
  client.open_channel();
  CHECK(client.send(publish(1, "", "q") + header(1, 4096) + body(1, std::string(4096, 'a'))) == "");
  CHECK(client.send(body(1, std::string(4097, 'a'))) ==
        close(0, 501, "FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,4097,4088}", 0, 0));
}

TEST_CASE("not more channels at once than agreed on, whatever their numbers", "[amqp]") {
  Client client;
  client.open(0, 131072, 2);
  client.open_channel(1);
  client.open_channel(3000);
  CHECK(client.send(close(3000, 200, "bye", 0, 0)) == method(3000, 20, 41));
  client.open_channel(4);
  CHECK(client.send(method(5, 20, 10, short_text(""))) ==
        close(0, 530, "NOT_ALLOWED - number of channels opened (2) has reached the negotiated channel_max (2)", 0, 0));
}

TEST_CASE("after a channel error only close-ok counts; then the number is free again", "[amqp]") {
  OpenClient client;
  client.tell(Kind::channel_error, [](ClientEvent& event) {
    event.code = 404;
    event.text = "NOT_FOUND - no queue 'nope' in vhost '/'";
    event.request = BrokerRequest::Kind::declare_queue;
  });
  CHECK(client.take() == close(1, 404, "NOT_FOUND - no queue 'nope' in vhost '/'", 50, 10));
  CHECK(client.send(publish(1, "", "q") + header(1, 1) + body(1, "a") + method(1, 60, 80, std::string(9, '\0'))) == "");
  client.tell(Kind::delivered);
  CHECK(client.send(close(1, 200, "bye", 0, 0)) == method(1, 20, 41));  // It crossed ours.
  CHECK(client.port.requests == Lines{});
  CHECK(client.send(method(1, 20, 41)) == "");
  CHECK(client.send(method(1, 20, 10, short_text(""))) == method(1, 20, 11, long_text("")));
  CHECK(client.port.requests == Lines{"close 1", "open 1"});
}

TEST_CASE("a message that is too big closes its channel, and its bytes are not kept", "[amqp]") {
  fakes::AmqpConfig config;
  config.limits.max_message_size = 4;
  OpenClient client(config);
  CHECK(client.send(publish(1, "", "q") + header(1, 4) + body(1, "abcd")) == "");
  CHECK(client.send(publish(1, "", "q") + header(1, 5) + body(1, "abc")) == "");
  CHECK(client.send(body(1, "de")) ==
        close(1, 406, "PRECONDITION_FAILED - message size 5 is larger than configured max size 4", 60, 40));
  CHECK(client.port.requests == Lines{"publish /q 'abcd'", "close 1"});
}

TEST_CASE("unfinished messages of all channels together have a limit, and what was dropped does not count", "[amqp]") {
  fakes::AmqpConfig config;
  config.limits.max_unfinished = 6;
  OpenClient client(config);
  client.open_channel(2);
  const std::string half = publish(1, "", "q") + header(1, 6) + body(1, "abcd");
  CHECK(client.send(half + body(1, "ef")) == "");
  for (int round = 0; round < 3; ++round) {
    client.send(round == 0 ? publish(1, "", "q") : half);  // Then the channel dies with it.
    client.tell(Kind::channel_error, [](ClientEvent& event) { event.code = 406; });
    client.take();
    client.send(method(1, 20, 41));
    client.open_channel();
  }
  CHECK(client.send(half) == "");
  CHECK(client.send(publish(2, "", "q") + header(2, 6) + body(2, "abc")) ==
        close(0, 506, "RESOURCE_ERROR - too many bytes of messages that are not complete", 60, 40));
}

TEST_CASE("access.request is obsolete and answered", "[amqp]") {
  OpenClient client;
  CHECK(client.send(method(1, 30, 10, short_text("/data") + bytes("\x1f"))) == method(1, 30, 11, bytes("\0\1")));
}

TEST_CASE("a server that stops says so; a peer that is gone is lost", "[amqp]") {
  OpenClient client;
  SECTION("stop") {
    client.session.shut_down();
    CHECK(client.take() ==
          close(0, 320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", 0, 0));
    CHECK(client.session.fate() == Fate::closes);
  }
  SECTION("gone") { client.session.peer_gone(); }
  CHECK(client.port.requests == Lines{"lost"});
}
