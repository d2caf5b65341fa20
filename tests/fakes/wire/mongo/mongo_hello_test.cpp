#include "fakes/wire/mongo/transcript.hpp"
#include "tests/fakes/wire/mongo/scripted_store.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using Fate = fakes::WireSession::Fate;

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::string hello(int id, const std::string& more = "", std::int64_t flags = 0) {
  return op_msg(id, body_section(R"({"hello":1)" + more + R"(,"$db":"admin"})"), flags);
}
std::string awaiting(int id, std::int64_t flags = 0, int counter = 0, int milliseconds = 10000) {
  return hello(id,
               R"(,"topologyVersion":{"processId":{"$oid":"7072656d6f7274656d2d3031"},"counter":{"$numberLong":")" +
                   std::to_string(counter) + R"("}},"maxAwaitTimeMS":)" + std::to_string(milliseconds),
               flags);
}
bool has(const std::string& line, const std::string& part) { return line.find(part) != std::string::npos; }

const std::string metadata =
    R"("client":{"application":{"name":"exporter"},"driver":{"name":"d","version":"1"},"os":{"type":"Linux"}})";

// What all answers to hello have in common, from hosts to readOnly, for a primary.
const std::string as_primary =
    R"("hosts" : [ "127.0.0.1:27017" ], "setName" : "rs0", "setVersion" : 1, "isWritablePrimary" : true, )"
    R"("secondary" : false, "primary" : "127.0.0.1:27017", "me" : "127.0.0.1:27017", )"
    R"("electionId" : { "$oid" : "7fffffff0000000000000001" }, "maxBsonObjectSize" : 16777216, )"
    R"("maxMessageSizeBytes" : 48000000, "maxWriteBatchSize" : 100000, )"
    R"("localTime" : { "$date" : "1970-01-01T00:00:01Z" }, "logicalSessionTimeoutMinutes" : 30, "connectionId" : 1, )"
    R"("minWireVersion" : 0, "maxWireVersion" : 21, "readOnly" : false)";
const std::string version_0 =
    R"("topologyVersion" : { "processId" : { "$oid" : "7072656d6f7274656d2d3031" }, "counter" : 0 }, )";

}  // namespace

TEST_CASE("hello tells of a primary that is a replica set of its own") {
  MongoClient client;
  CHECK(client.send(hello(2)) == Lines{"reply to 2: { " + version_0 + as_primary + ", \"ok\" : 1.0 }"});
  CHECK(client.store.asked.empty());
}

TEST_CASE("isMaster as a query: helloOk, and ismaster instead of isWritablePrimary") {
  MongoClient client;
  const std::string name = GENERATE("isMaster", "ismaster");
  const std::string line = client.send(op_query(3, "{\"" + name + R"(":1,"helloOk":true})")).at(0);
  CHECK(has(line, "reply to 3 by OP_REPLY, flags 8: { \"helloOk\" : true, "));
  CHECK(has(line, "\"ismaster\" : true"));
  CHECK_FALSE(has(line, "isWritablePrimary"));
}

TEST_CASE("during an election hello tells of a secondary that knows of no primary") {
  MongoClient client;
  client.store.now.writable = false;
  const std::string line = client.send(hello(2)).at(0);
  CHECK(has(line, R"("isWritablePrimary" : false, "secondary" : true, "me" : "127.0.0.1:27017")"));
  CHECK_FALSE(has(line, "\"primary\""));
  CHECK_FALSE(has(line, "electionId"));
}

TEST_CASE("where the store has a cluster time, hello tells of it and of the last write") {
  MongoClient client;
  client.store.now.cluster_seconds = 5;
  client.store.now.cluster_increment = 3;
  const std::string line = client.send(hello(2)).at(0);
  CHECK(has(line, R"("opTime" : { "ts" : { "$timestamp" : { "t" : 5, "i" : 3 } }, "t" : 1 })"));
  CHECK(has(line, R"("$clusterTime" : { "clusterTime" : { "$timestamp" : { "t" : 5, "i" : 3 } })"));
  CHECK(has(line, R"("operationTime" : { "$timestamp" : { "t" : 5, "i" : 3 } } })"));
}

TEST_CASE("the client names itself in its first hello, and never again") {
  MongoClient client;
  client.send(hello(1, "," + metadata));
  CHECK(client.store.asked == Lines{"introduced exporter"});
  CHECK(client.session.name() == "exporter");
  CHECK(has(client.send(hello(2, "," + metadata)).at(0),
            R"("errmsg" : "The client metadata document may only be sent in the first hello", "code" : 186, )"
            R"("codeName" : "ClientMetadataCannotBeMutated")"));
  CHECK(has(client.send(hello(3)).at(0), "\"ok\" : 1.0"));
}

TEST_CASE("what the server refuses of a client's description") {
  MongoClient client;
  const auto code_of = [&](const std::string& document, const std::string& code) {
    CHECK(has(client.send(hello(1, ",\"client\":" + document)).at(0), "\"code\" : " + code + ","));
  };
  code_of("1", "14");
  code_of(R"({"driver":{"name":"d","version":"1"}})", "183");
  code_of(R"({"os":{"type":"Linux"}})", "183");
  code_of(R"({"application":{"name":")" + std::string(129, 'a') + R"("}})", "184");
  code_of(R"({"much":")" + std::string(500, 'a') + R"("})", "185");
}

TEST_CASE("compression is agreed on in the client's order, among what the server has") {
  MongoClient client;
  CHECK(has(client.send(hello(1, R"(,"compression":["zlib","noop","snappy"])")).at(0),
            R"("compression" : [ "zlib", "snappy" ])"));
  CHECK_FALSE(has(client.send(hello(2, R"(,"compression":[])")).at(0), "compression"));
}

TEST_CASE("a hello that awaits a change is answered by it") {
  MongoClient client;
  CHECK(client.send(awaiting(4)).empty());
  CHECK(client.session.is_waiting_only());
  std::string why;
  CHECK_FALSE(client.session.is_busy(why));
  client.session.topology_changed();
  CHECK(client.take().empty());  // Nothing has changed yet.
  client.store.now.changes = 1;
  client.store.now.writable = false;
  client.session.topology_changed();
  const std::string line = client.take().at(0);
  CHECK(has(line, "reply to 4: "));
  CHECK(has(line, "\"counter\" : 1"));
  CHECK(client.times_grown == 1);
  CHECK_FALSE(client.session.is_waiting_only());
}

TEST_CASE("... or when its time is over, and what was sent behind it waits for that") {
  MongoClient client;
  client.session.tick(0);
  client.send(awaiting(4) + op_msg(5, body_section(R"({"ping":1,"$db":"a"})")));
  CHECK(client.session.tick(1 * second) == 1 * second + second / 10);
  client.session.tick(10 * second - 1);
  CHECK(client.take().empty());
  client.session.tick(10 * second);
  CHECK(has(client.take().at(0), "reply to 4: "));
  CHECK(client.session.has_unread());
  CHECK(client.send({}) == Lines{"reply to 5: { \"ok\" : 1.0 }"});
}

TEST_CASE("a hello that knows less than we do, or another process, is answered at once") {
  MongoClient client;
  client.store.now.changes = 3;
  CHECK(client.send(awaiting(4, 0, 2)).size() == 1);
  CHECK(client
            .send(hello(5, R"(,"topologyVersion":{"processId":{"$oid":"000000000000000000000000"},)"
                           R"("counter":{"$numberLong":"9"}},"maxAwaitTimeMS":5)"))
            .size() == 1);
  CHECK(has(client.send(awaiting(6, 0, 4)).at(0), "\"code\" : 31382"));
}

TEST_CASE("with exhaust-allowed replies keep coming, each in answer to the one before") {
  MongoClient client;
  constexpr std::int64_t exhaust = 1 << 16;
  CHECK(client.send(awaiting(4, exhaust)).empty());
  client.store.now.changes = 1;
  client.session.topology_changed();
  CHECK(has(client.take().at(0), "reply to 4 flags 2: "));
  CHECK(client.session.is_waiting_only());
  client.store.now.changes = 2;
  client.session.topology_changed();
  CHECK(has(client.take().at(0), "reply to 1 flags 2: "));
  client.session.tick(0);
  client.session.tick(10 * second);
  CHECK(has(client.take().at(0), "reply to 2 flags 2: "));
}

TEST_CASE("awaiting needs both the version and the time") {
  MongoClient client;
  const auto says = [&](const std::string& more, const std::string& part, std::int64_t flags = 0) {
    CHECK(has(client.send(hello(1, more, flags)).at(0), part));
  };
  const std::string version = R"(,"topologyVersion":{"processId":{"$oid":"000000000000000000000000"},"counter":)";
  says(",\"maxAwaitTimeMS\":5", "A request with 'maxAwaitTimeMS' must include a 'topologyVersion'");
  says(version + R"({"$numberLong":"0"}})", "A request with a 'topologyVersion' must include 'maxAwaitTimeMS'");
  says(version + R"({"$numberLong":"0"}},"maxAwaitTimeMS":-1)", "\"code\" : 31373");
  says(version + R"({"$numberLong":"-1"}},"maxAwaitTimeMS":1)", "\"code\" : 31372");
  says(version + R"("0"},"maxAwaitTimeMS":1)", "\"code\" : 14");
  says("", "\"code\" : 51756", 1 << 16);
}

TEST_CASE("a fail point that names hello gets it first: it fails it, cuts it, or lets it pass") {
  MongoClient client;
  client.store.strikes = "hello";
  client.store.answer = {};
  client.send(hello(1));
  CHECK(client.store.asked == Lines{R"(1 { "hello" : 1, "$db" : "admin" })"});
  SECTION("fails") {
    client.session.told(1, bson_of(R"({"ok":0.0,"code":91})"));
    CHECK(client.take() == Lines{R"(reply to 1: { "ok" : 0.0, "code" : 91 })"});
  }
  SECTION("cut") {
    client.session.told_cut();
    CHECK(client.take().empty());
    CHECK(client.session.fate() == Fate::closes);
    CHECK(client.store.asked.size() == 1);  // The store knows that it has hung up.
  }
  SECTION("passes") {
    client.session.told_pass(1);
    CHECK(has(client.take().at(0), "isWritablePrimary"));
  }
}

TEST_CASE("while a client is stalled nothing is read, and a waiting hello is not answered") {
  MongoClient client;
  client.send(awaiting(1));
  client.store.stalled = true;
  client.store.now.changes = 1;
  client.session.topology_changed();
  client.session.tick(100 * second);
  client.session.received(op_msg(2, body_section(R"({"ping":1,"$db":"a"})")));
  CHECK(client.take().empty());
  CHECK_FALSE(client.session.reads());
  CHECK_FALSE(client.session.has_unread());
  client.store.stalled = false;
  client.session.tick(101 * second);
  CHECK(has(client.take().at(0), "reply to 1: "));
  CHECK(client.session.has_unread());
  CHECK(client.send({}) == Lines{"reply to 2: { \"ok\" : 1.0 }"});
}

TEST_CASE("one command at a time: the second is asked when the first has been answered") {
  MongoClient client;
  client.store.answer = {};
  const std::string ping = body_section(R"({"ping":1,"$db":"a"})");
  client.send(op_msg(1, ping) + op_msg(2, ping));
  CHECK(client.store.asked.size() == 1);
  std::string why;
  CHECK_FALSE(client.session.is_busy(why));
  client.session.told(9, bson_of("{}"));  // Of nobody.
  CHECK(client.take().empty());
  client.session.told(1, bson_of("{}"));
  CHECK(client.session.is_busy(why));
  CHECK(why == "client 1: what it is to be told has not been sent");
  CHECK(client.take() == Lines{"reply to 1: { }"});
  CHECK(client.session.is_busy(why));
  CHECK(why == "client 1: what it has said has not been read");
  client.session.received({});
  CHECK(client.store.asked.size() == 2);
}

TEST_CASE("half a message is owed; who has gone is told of once") {
  MongoClient client;
  client.session.received("\x20");
  std::string why;
  CHECK(client.session.is_busy(why));
  CHECK(why == "client 1: half a message has arrived");
  client.session.peer_gone();
  client.session.shut_down();
  CHECK(client.store.asked == Lines{"gone"});
  CHECK_FALSE(client.session.is_busy(why));
}

TEST_CASE("a connection as text: a line a message, without secrets") {
  Lines lines;
  const auto keep = [&](const std::string& line) { lines.push_back(line); };
  fakes::mongo::Transcript from_client("C", 90), to_client("S", 90);
  MongoClient client;
  const std::string bytes =
      op_msg(1, body_section(R"({"saslStart":1,"payload":"secret","$db":"admin"})")) +
      op_msg(2, body_section(R"({"insert":"t","$db":"d"})") + sequence_section("documents", {R"({"_id":1})"}), 2) +
      op_query(3, R"({"buildInfo":1})") +
      op_msg(4, body_section("{\"a\":\"" + std::string(200, 'x') + "\",\"$db\":\"d\"}"));
  for (const char byte : bytes) from_client.feed(std::string(1, byte), keep);
  client.session.received(op_msg(5, body_section(R"({"ping":1,"$db":"a"})")));
  to_client.feed(client.session.output(), keep);
  from_client.feed(std::string(16, '\xff'), keep);
  from_client.feed("more", keep);
  CHECK(lines == Lines{"C 1 saslStart { saslStart: 1, payload: \"...\", $db: \"admin\" }",
                       "C 2 insert { insert: \"t\", $db: \"d\", documents: [ { _id: 1 } ] } more-to-come",
                       "C 3 buildInfo { buildInfo: 1, $db: \"admin\" } op-query",
                       "C 4 a { a: \"" + std::string(78, 'x') + "...", "S reply to 5 { ok: 1.0 }",
                       "C no message of MongoDB's"});
}

}  // namespace premortem::testing
