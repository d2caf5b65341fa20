#include "fakes/wire/amqp/transcript.hpp"

#include "tests/fakes/wire/amqp/scripted_port.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Lines = std::vector<std::string>;

namespace {
Lines lines_of(const std::string& who, std::string_view sent, std::size_t cut = 1'000'000) {
  Lines lines;
  fakes::amqp::Transcript transcript(who);
  for (std::size_t at = 0; at < sent.size(); at += cut) {
    transcript.feed(sent.substr(at, cut), [&](const std::string& line) { lines.push_back(line); });
  }
  return lines;
}
}  // namespace

TEST_CASE("a connection reads as one line a frame", "[amqp]") {
  const std::string headers = short_text("n") + "b" + bytes("\xff") + short_text("a") + "A" +
                              long_text("S" + long_text("x") + "t" + bytes("\0"));
  const std::string sent = protocol_header + tune_ok() + publish(1, "x", "k", 1) +
                           header(1, 3, bytes("\xb0\0") + short_text("text/plain") + long_text(headers) + bytes("\2")) +
                           frame(3, 1, "abc") + frame(3, 1, bytes("\0\xff")) + frame(8, 0, "") + method(2, 60, 77) +
                           method(2, 60, 80, "x") + frame(5, 0, "?");
  const Lines expected{
      "C protocol header AMQP 4 bytes 00000901",
      "C connection.tune-ok channel=0 channel-max=2047 frame-max=131072 heartbeat=0",
      "C basic.publish channel=1 exchange='x' routing-key='k' mandatory=true immediate=false",
      "C header channel=1 size=3 content-type='text/plain' headers={'n':i8 -1, 'a':['x', false]} delivery-mode=2",
      "C body channel=1 'abc'",
      "C body channel=1 2 bytes 00ff",
      "C heartbeat",
      "C unknown method 60.77 channel=2",
      "C basic.ack channel=2 malformed arguments 'x'",
      "C frame of type 5 channel=0 '?'",
  };
  CHECK(lines_of("C", sent) == expected);
  CHECK(lines_of("C", sent, 1) == expected);
}

TEST_CASE("a table's values are told by type", "[amqp]") {
  const auto entry = [](char type, const std::string& value) { return short_text("k") + type + value; };
  const auto text = [&](char type, const std::string& value) { return fakes::amqp::table_text(entry(type, value)); };
  CHECK(text('d', bytes("\x3f\xf8\0\0\0\0\0\0")) == "{'k':double 1.5}");
  CHECK(text('f', bytes("\x3d\xcc\xcc\xcd")) == "{'k':float 0.1}");
  CHECK(text('D', bytes("\2\0\0\0\x7b")) == "{'k':decimal 123e-2}");
  CHECK(text('l', std::string(8, '\xff')) == "{'k':i64 -1}");
  CHECK(text('T', big_endian(1700000000, 8)) == "{'k':timestamp 1700000000}");
  CHECK(text('x', long_text(bytes("\0\1"))) == "{'k':bytes 2 bytes 0001}");
  CHECK(text('F', long_text(entry('t', "\x01"))) == "{'k':{'k':true}}");
  CHECK(text('V', "") == "{'k':void}");
  CHECK(text('?', "") == "{malformed 3 bytes 016b3f}");
}

TEST_CASE("what is no AMQP is said once", "[amqp]") {
  CHECK(lines_of("C", "GET / HTTP/1.1\r\nHost: x\r\n\r\n") ==
        Lines{"C no AMQP from here on: a frame of type 71, size 539959368"});
}

TEST_CASE("what the server says is readable too", "[amqp]") {
  Client client;
  const Lines lines = lines_of("S", client.send(protocol_header + start_ok()));
  REQUIRE(lines.size() == 2);
  CHECK(
      lines[0].starts_with("S connection.start channel=0 version-major=0 version-minor=9 server-properties="
                           "{'capabilities':{'publisher_confirms':true, "));
  CHECK(lines[0].ends_with("mechanisms='PLAIN AMQPLAIN' locales='en_US'"));
  CHECK(lines[1] == "S connection.tune channel=0 channel-max=2047 frame-max=131072 heartbeat=60");
}
