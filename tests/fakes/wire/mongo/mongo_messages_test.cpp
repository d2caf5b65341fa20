#include "fakes/wire/mongo/compression.hpp"
#include "tests/fakes/wire/mongo/scripted_store.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using Fate = fakes::WireSession::Fate;

namespace {

const std::string ping_message = op_msg(7, body_section(R"({"ping":1,"$db":"admin"})"));

std::string error_line(const std::string& begin, const std::string& message, int code, const std::string& name) {
  return begin + ": { \"ok\" : 0.0, \"errmsg\" : \"" + message + "\", \"code\" : " + std::to_string(code) +
         ", \"codeName\" : \"" + name + "\" }";
}

void closes_upon(const std::string& bytes) {
  MongoClient client;
  CHECK(client.send(bytes).empty());
  CHECK(client.session.fate() == Fate::closes);
  CHECK(client.store.asked == Lines{"gone"});
}

}  // namespace

TEST_CASE("CRC-32C is Castagnoli's: the check value of its catalogue") {
  CHECK(fakes::mongo::crc32c("123456789") == 0xE3069283U);
}

TEST_CASE("an OP_MSG byte for byte, and its answer") {
  MongoClient client;
  const std::string ping(
      "\x33\0\0\0\x07\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\x1e\0\0\0\x10ping\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0",
      51);
  CHECK(ping == ping_message);
  client.session.received(ping);
  CHECK(
      client.session.output() ==
      std::string("\x26\0\0\0\x01\0\0\0\x07\0\0\0\xdd\x07\0\0\0\0\0\0\0\x11\0\0\0\x01ok\0\0\0\0\0\0\0\xf0\x3f\0", 38));
  CHECK(client.store.asked == Lines{R"(7 { "ping" : 1, "$db" : "admin" })"});
}

TEST_CASE("messages may come byte by byte, and several at once") {
  MongoClient client;
  for (const char byte : ping_message) client.session.received(std::string(1, byte));
  CHECK(client.take() == Lines{"reply to 7: { \"ok\" : 1.0 }"});
  CHECK(client.send(op_msg(8, body_section(R"({"ping":1,"$db":"a"})")) +
                    op_msg(9, body_section(R"({"ping":2,"$db":"a"})"))) ==
        Lines{"reply to 8: { \"ok\" : 1.0 }", "reply to 9: { \"ok\" : 1.0 }"});
}

TEST_CASE("document sequences become arrays of the command, wherever its body stands") {
  MongoClient client;
  const std::string body = body_section(R"({"insert":"t","$db":"d"})");
  const std::string first = sequence_section("documents", {R"({"_id":1})", R"({"_id":2})"});
  const std::string second = sequence_section("more", {});
  client.send(op_msg(1, body + first));
  client.send(op_msg(2, second + body + first));
  CHECK(client.store.asked ==
        Lines{R"(1 { "insert" : "t", "$db" : "d", "documents" : [ { "_id" : 1 }, { "_id" : 2 } ] })",
              R"(2 { "insert" : "t", "$db" : "d", "more" : [  ], "documents" : [ { "_id" : 1 }, { "_id" : 2 } ] })"});
}

TEST_CASE("more-to-come from a client: no reply, not even an error, but the next command waits for the end") {
  MongoClient client;
  client.store.answer = {};
  client.send(op_msg(1, body_section(R"({"insert":"t","$db":"d"})"), 2) + ping_message);
  CHECK(client.store.asked == Lines{R"(1 unanswered { "insert" : "t", "$db" : "d" })"});
  client.session.told(1, bson_of(R"({"ok":0.0})"));
  CHECK(client.take().empty());
  CHECK(client.times_grown == 1);
  CHECK(client.session.has_unread());
  client.session.received({});
  CHECK(client.store.asked.back() == R"(7 { "ping" : 1, "$db" : "admin" })");
  client.session.told(7, bson_of(R"({"ok":1.0})"));
  client.take();
  CHECK(client.send(op_msg(3, "\x09", 2)).empty());
  CHECK(client.session.fate() == Fate::goes_on);
}

TEST_CASE("a checksum is checked, and answered in kind") {
  MongoClient client;
  std::string sections = body_section(R"({"ping":1,"$db":"a"})");
  std::string whole = op_msg(5, sections + "????", 1);
  whole.resize(whole.size() - 4);
  whole += little_endian(static_cast<std::int64_t>(fakes::mongo::crc32c(whole)));
  client.session.received(whole);
  const std::string output = client.session.output();
  CHECK(client.take() == Lines{"reply to 5 flags 1: { \"ok\" : 1.0 }"});
  CHECK(output.substr(output.size() - 4) ==
        little_endian(static_cast<std::int64_t>(fakes::mongo::crc32c(output.substr(0, output.size() - 4)))));

  whole.back() = static_cast<char>(whole.back() + 1);
  closes_upon(whole);
}

TEST_CASE("messages after which the server hangs up without a word") {
  SECTION("an unknown required flag") { closes_upon(op_msg(1, body_section(R"({"ping":1,"$db":"a"})"), 4)); }
  SECTION("three document sequences") {
    closes_upon(op_msg(1, sequence_section("a", {}) + sequence_section("b", {}) + sequence_section("c", {})));
  }
  SECTION("a length below the header's") { closes_upon(little_endian(15) + std::string(12, '\0')); }
  SECTION("a negative length") { closes_upon(little_endian(-1) + std::string(12, '\0')); }
  SECTION("more than 48,000,000 bytes") { closes_upon(little_endian(48'000'001) + std::string(12, '\0')); }
  SECTION("no flags") { closes_upon(message(2013, 1, "abc")); }
  SECTION("an unknown opcode") { closes_upon(message(2011, 1, "")); }
  SECTION("OP_INSERT") { closes_upon(message(2002, 1, "")); }
  SECTION("OP_UPDATE") { closes_upon(message(2001, 1, "")); }
  SECTION("OP_DELETE") { closes_upon(message(2006, 1, "")); }
  SECTION("OP_KILL_CURSORS") { closes_upon(message(2007, 1, "")); }
  SECTION("an unknown compressor") { closes_upon(message(2012, 1, little_endian(2013) + little_endian(9) + "\x09")); }
  SECTION("compressed twice") { closes_upon(message(2012, 1, little_endian(2012) + little_endian(9) + "\x01")); }
  SECTION("no snappy") { closes_upon(message(2012, 1, little_endian(2013) + little_endian(9) + "\x01\xff\xff")); }
  SECTION("no zlib") { closes_upon(message(2012, 1, little_endian(2013) + little_endian(9) + "\x02\xff\xff")); }
  SECTION("no zstd") { closes_upon(message(2012, 1, little_endian(2013) + little_endian(9) + "\x03\xff\xff")); }
  SECTION("a bomb") { closes_upon(message(2012, 1, little_endian(2013) + little_endian(0x7fffffff) + "\x02x")); }
}

TEST_CASE("messages that the server answers with an error, and then reads on") {
  MongoClient client;
  const std::string body = body_section(R"({"ping":1,"$db":"a"})");
  const std::string begin = "reply to 3";
  const auto says = [&](const std::string& sections, const std::string& text, int code, const std::string& name) {
    CHECK(client.send(op_msg(3, sections)) == Lines{error_line(begin, text, code, name)});
    CHECK(client.session.fate() == Fate::goes_on);
    CHECK(client.store.asked.empty());
  };
  says(body + body, "Multiple body sections in message", 40430, "Location40430");
  says(sequence_section("a", {}) + sequence_section("a", {}) + body, "Duplicate document sequence: a", 40431,
       "Location40431");
  says("\x05", "Unknown section kind 5", 40432, "Location40432");
  says(body + sequence_section("ping", {}), "Duplicate field between body and document sequence ping", 40433,
       "Location40433");
  says(sequence_section("a", {}), "OP_MSG messages must have a body", 40587, "Location40587");
  says(body_section(R"({"ping":1})"), "OP_MSG requests require a $db argument", 40571, "Location40571");
  const std::string cut = body.substr(0, body.size() - 3);
  says(cut, "Client Error: bad object in message: its length is wrong", 22, "InvalidBSON");
}

TEST_CASE("OP_QUERY is for the handshake alone") {
  MongoClient client;
  CHECK(client.send(op_query(4, R"({"buildInfo":1})")) == Lines{"reply to 4 by OP_REPLY, flags 8: { \"ok\" : 1.0 }"});
  CHECK(client.store.asked == Lines{R"(4 { "buildInfo" : 1, "$db" : "admin" })"});
  const std::string advice =
      " The client driver may require an upgrade. For more details see "
      "https://dochub.mongodb.org/core/legacy-opcode-removal";
  CHECK(client.send(op_query(5, R"({"find":"t"})", "d.$cmd")) ==
        Lines{error_line("reply to 5 by OP_REPLY, flags 8", "Unsupported OP_QUERY command: find." + advice, 352,
                         "UnsupportedOpQueryCommand")});
  const std::string gone = " is no longer supported." + advice + "\", \"code\" : 5739101, \"ok\" : 0.0 }";
  CHECK(client.send(op_query(6, R"({"a":1})", "d.t")) ==
        Lines{"reply to 6 by OP_REPLY, flags 2: { \"$err\" : \"OP_QUERY" + gone});
  CHECK(client.send(message(2005, 8, "")) ==
        Lines{"reply to 8 by OP_REPLY, flags 2: { \"$err\" : \"OP_GET_MORE" + gone});
  CHECK(client.session.fate() == Fate::goes_on);
}

TEST_CASE("whoever speaks HTTP is told so") {
  MongoClient client;
  client.session.received("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.session.output() ==
        "HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 85\r\n\r\n"
        "It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n");
  CHECK(client.session.fate() == Fate::closes);
}

TEST_CASE("compressed commands are answered compressed, by what they came in") {
  const std::string compressor = GENERATE("snappy", "zlib", "zstd");
  const std::uint8_t id = fakes::mongo::compressor_id(compressor);
  MongoClient client;
  client.session.received(fakes::mongo::compress_message(ping_message, id));
  CHECK(client.store.asked == Lines{R"(7 { "ping" : 1, "$db" : "admin" })"});
  std::uint8_t answered_by = 0;
  const std::string output = client.session.output();
  CHECK(replies_of(output) == Lines{"reply to 7 of opcode 2012"});
  CHECK(replies_of(fakes::mongo::decompress_message(output, 1000, answered_by)) ==
        Lines{"reply to 7: { \"ok\" : 1.0 }"});
  CHECK(answered_by == id);
}

}  // namespace premortem::testing
