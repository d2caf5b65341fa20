// Fault rules that come in over the control endpoint and strike what a client asks of the broker, or is told. Each
// story is run again from its session, to the same digest.

#include <nlohmann/json.hpp>

#include "tests/fakes/server/served.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::fakes::HttpResponse;
using premortem::test::Served;
using Json = nlohmann::ordered_json;
using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;
using Lines = std::vector<std::string>;

namespace {

/// One client without a socket, and what it hears.
class Client final : public ClientSink {
 public:
  explicit Client(Served& served) : served_(served) {
    listen();
    served.ask(Kind::connect, [](BrokerRequest& request) {
      request.vhost = "/";
      request.name = "guest";
      request.text = "worker";
    });
    served.ask(Kind::open_channel);
    heard.clear();
  }
  ~Client() override { served_.gateway.listen_for(0, nullptr); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void told(const ClientEvent& event, std::string_view, std::string_view body) override {
    const std::string tag = std::to_string(event.tag);
    switch (event.kind) {
      case Told::acked:
        return heard.push_back("acked " + tag);
      case Told::nacked:
        return heard.push_back("nacked " + tag);
      case Told::delivered:
        return heard.push_back("delivered " + tag + " " + std::string(body) + (event.redelivered ? " again" : ""));
      case Told::queue_declared:
        return heard.push_back("declared " + event.text);
      case Told::channel_error:
      case Told::connection_error:
        return heard.push_back(std::to_string(event.code) + " " + event.text);
      case Told::cut:
        return heard.push_back("cut");
      case Told::blocked:
        return heard.push_back("blocked: " + event.text);
      case Told::unblocked:
        return heard.push_back("unblocked");
      default:
        return;
    }
  }
  /// Whoever manages has listened meanwhile.
  void listen() { served_.gateway.listen_for(900, this); }
  /// What it has heard since it was last asked.
  Lines take() { return std::exchange(heard, {}); }

  void confirms() { served_.ask(Kind::confirm_select); }
  void publish(const std::string& body) {
    served_.ask(Kind::publish, [&](BrokerRequest& request) {
      request.key = "jobs";
      request.properties = std::string_view("\0\0", 2);
      request.body = body;
    });
  }
  void consume() {
    served_.ask(Kind::consume, [](BrokerRequest& request) { request.name = "jobs"; });
  }
  void ack(std::uint64_t tag) {
    served_.ask(Kind::ack, [&](BrokerRequest& request) { request.tag = tag; });
  }
  void declare(const std::string& name) {
    served_.ask(Kind::declare_queue, [&](BrokerRequest& request) { request.name = name; });
  }

  Lines heard;

 private:
  Served& served_;
};

Json rule(Served& served, const std::string& text) {
  const HttpResponse response = served.control("POST", "/faults", text);
  INFO(response.body);
  REQUIRE(response.status == 201);
  return Json::parse(response.body);
}

void later(Served& served, const std::string& by) {
  REQUIRE(served.control("POST", "/clock/advance", R"({"by":")" + by + R"("})").status == 200);
}

/// Runs it, and once more from its session.
void twice(const std::function<void(Served&)>& story) {
  Served served;
  const std::string digest = served.during([&] { story(served); });
  CHECK(served.replayed() == digest);
}

const std::string publish = R"("match": "command == 'basic.publish'")";

}  // namespace

TEST_CASE("nack: the message is refused; after, it is there, and its publisher believes it is not", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.confirms();
    rule(served, "{" + publish + R"(, "do": "nack", "nth": 2})");
    for (const char* body : {"a", "b", "c"}) client.publish(body);
    CHECK(client.take() == Lines{"acked 1", "nacked 2", "acked 3"});
    client.consume();
    CHECK(client.take() == Lines{"delivered 1 a", "delivered 2 c"});
    rule(served, "{" + publish + R"(, "do": "nack", "when": "after", "limit": 1})");
    client.publish("d");
    CHECK(client.take() == Lines{"nacked 4", "delivered 3 d"});
  });
}

TEST_CASE("drop: no confirm ever comes, and none speaks for what was dropped", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.confirms();
    rule(served, "{" + publish + R"(, "do": "drop", "nth": 1})");
    rule(served, "{" + publish + R"(, "do": "drop", "when": "after", "nth": 2})");
    for (const char* body : {"a", "b", "c"}) client.publish(body);
    CHECK(client.take() == Lines{"acked 3"});
    client.consume();
    CHECK(client.take() == Lines{"delivered 1 b", "delivered 2 c"});
  });
}

TEST_CASE("delay: what follows on the connection waits behind it, and keeps its order", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.confirms();
    rule(served, "{" + publish + R"(, "do": "delay", "by": "2 s", "nth": 1})");
    client.publish("a");
    client.publish("b");
    client.declare("other");
    later(served, "1999 ms");
    CHECK(client.take().empty());
    later(served, "1 ms");
    CHECK(client.take() == Lines{"acked 1", "acked 2", "declared other"});
    rule(served, "{" + publish + R"(, "do": "delay", "when": "after", "by": "2 s", "limit": 1})");
    client.consume();
    client.take();
    client.publish("c");
    client.declare("third");
    later(served, "1999 ms");
    CHECK(client.take().empty());
    later(served, "1 ms");
    CHECK(client.take() == Lines{"acked 3", "delivered 3 c", "declared third"});
  });
}

TEST_CASE("delay: who has waited behind another has waited", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.confirms();
    rule(served, "{" + publish + R"(, "do": "delay", "by": "2 s"})");
    client.publish("a");
    later(served, "500 ms");
    client.publish("b");
    client.publish("c");
    later(served, "1500 ms");
    CHECK(client.take() == Lines{"acked 1"});
    later(served, "500 ms");
    CHECK(client.take() == Lines{"acked 2", "acked 3"});
  });
}

TEST_CASE("from and until: by the clock's day, or from the rule's coming on", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    later(served, "10 min");
    rule(
        served,
        R"({"name": "day", "match": "command == 'queue.declare'", "do": "observe", "from": "00:15", "until": "00:16"})");
    rule(served, R"({"name": "next", "match": "command == 'queue.declare'", "do": "observe", "until": "+10 min"})");
    for (const char* name : {"a", "b", "c", "d", "e"}) {  // At 00:10, :13, :16, :19, :22
      client.declare(name);
      later(served, "3 min");
    }
    CHECK(Json::parse(served.control("GET", "/faults/day").body)["matched"] == 0);
    CHECK(Json::parse(served.control("GET", "/faults/next").body)["matched"] == 4);
  });
}

TEST_CASE("stall: nothing goes either way, for its time or for ever", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.consume();
    client.take();
    rule(served, R"({"match": "command == 'queue.declare'", "do": "stall", "by": "1 min", "limit": 1})");
    client.declare("other");
    served.manage("POST", "/api/exchanges/%2F/amq.default/publish",
                  R"({"properties":{},"routing_key":"jobs","payload":"x","payload_encoding":"string"})");
    client.listen();
    CHECK(client.take().empty());
    later(served, "1 min");
    CHECK(client.take() == Lines{"delivered 1 x", "declared other"});
    rule(served, R"({"match": "command == 'queue.declare'", "do": "stall"})");
    client.declare("third");
    later(served, "10 h");
    CHECK(client.take().empty());
    // Its end is heard all the same: what it had in hand goes back.
    served.ask(Kind::disconnect, [](BrokerRequest& request) { request.requeue = true; });
    CHECK(Json::parse(served.manage("GET", "/api/queues/%2F/jobs").body)["messages_ready"] == 1);
  });
}

TEST_CASE("what is kept back for a client that has gone is forgotten with it", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.confirms();
    rule(served, "{" + publish + R"(, "do": "stall", "when": "after", "nth": 1})");
    client.publish("a");
    client.publish("b");
    served.ask(Kind::disconnect);
    CHECK(client.take().empty());
    // The first had happened; of the second nobody had read anything.
    CHECK(Json::parse(served.manage("GET", "/api/queues/%2F/jobs").body)["messages"] == 1);
    client.listen();
    served.ask(Kind::connect, [](BrokerRequest& request) { request.vhost = "/"; });
    served.ask(Kind::open_channel);
    client.consume();
    CHECK(client.take() == Lines{"delivered 1 a"});
  });
}

TEST_CASE("error: a channel or the whole connection is closed, with the rule's code and text", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    rule(served,
         R"({"name": "locked", "match": "command == 'queue.declare' && queue == 'mine'", "do": "error", "code": 405,
                     "text": "somebody has it"})");
    client.declare("yours");
    client.declare("mine");
    CHECK(client.take() == Lines{"declared yours", "405 RESOURCE_LOCKED - somebody has it"});
    served.ask(Kind::close_channel);
    served.ask(Kind::open_channel);
    rule(served, R"({"name": "gone", "match": "command == 'basic.consume'", "do": "error", "when": "after"})");
    client.consume();
    CHECK(client.take() == Lines{"541 INTERNAL_ERROR - fault rule 'gone'"});
  });
}

TEST_CASE("close: instead, nothing has happened; after, everything has, and nobody is told", "[rules]") {
  for (const bool after : {false, true}) {
    twice([after](Served& served) {
      Client client(served);
      client.confirms();
      rule(served, "{" + publish + R"(, "do": "close", "when": ")" + (after ? "after" : "instead") + R"("})");
      client.publish("a");
      CHECK(client.take() == Lines{"cut"});
      CHECK(Json::parse(served.manage("GET", "/api/queues/%2F/jobs").body)["messages"] == (after ? 1 : 0));
      CHECK(Json::parse(served.control("GET", "/state").body)["connections"].empty());
    });
  }
}

TEST_CASE("RABBIT-008: a duplicate is confirmed once and delivered twice", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.confirms();
    rule(served, "{" + publish + R"(, "do": "duplicate"})");
    client.publish("a");
    client.consume();
    CHECK(client.take() == Lines{"acked 1", "delivered 1 a", "delivered 2 a"});
    CHECK(served.control("GET", "/history").body.find(R"("kind":"fault-applied","system":"jobs","what":"live-1")") !=
          std::string::npos);
  });
}

TEST_CASE("redeliver: an ack that the broker has never heard; a delivery that comes again", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.consume();
    rule(served, R"({"match": "command == 'basic.ack' && attempt == 1", "do": "redeliver"})");
    client.publish("a");
    client.ack(1);
    client.ack(2);
    CHECK(client.take() == Lines{"delivered 1 a", "delivered 2 a again"});
    rule(served, R"({"match": "command == 'basic.deliver' && attempt == 1", "do": "redeliver"})");
    client.publish("b");
    CHECK(client.take() == Lines{"delivered 4 b again"});
  });
}

TEST_CASE("a rule that sends back whatever is delivered does not hold up time", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.consume();
    rule(served, R"({"name": "always", "match": "command == 'basic.deliver'", "do": "redeliver"})");
    client.publish("a");
    CHECK(client.take() == Lines{"delivered 1001 a again"});
    CHECK(Json::parse(served.control("GET", "/faults/always").body)["struck"] == 1000);
  });
}

TEST_CASE("a delivery can be dropped, delayed, or break its channel or its connection", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    client.consume();
    client.take();
    const std::string deliver =
        R"({"match": "command == 'basic.deliver' && queue == 'jobs' && client == 'worker'", "limit": 1, )";
    rule(served, deliver + R"("do": "drop"})");
    client.publish("a");
    client.publish("b");
    CHECK(client.take() == Lines{"delivered 2 b"});
    rule(served, deliver + R"("do": "delay", "by": "5 s"})");
    client.publish("c");
    CHECK(client.take().empty());
    later(served, "5 s");
    CHECK(client.take() == Lines{"delivered 3 c"});
    rule(served, deliver + R"("do": "close", "when": "after"})");
    client.publish("d");
    CHECK(client.take() == Lines{"delivered 4 d", "cut"});
    CHECK(Json::parse(served.manage("GET", "/api/queues/%2F/jobs").body)["messages_ready"] == 4);
  });
}

TEST_CASE("a client is turned away where a rule has it so", "[rules]") {
  twice([](Served& served) {
    rule(served,
         R"({"match": "command == 'connection.open' && client == 'worker'", "do": "error", "code": 530, "limit": 1})");
    Client client(served);
    CHECK(Json::parse(served.control("GET", "/faults/live-1").body)["struck"] == 1);
    CHECK(Json::parse(served.control("GET", "/state").body)["connections"].empty());
  });
}

TEST_CASE("what a rule would do where it means nothing is counted apart", "[rules]") {
  twice([](Served& served) {
    Client client(served);
    rule(served, R"({"name": "n", "match": "true", "do": "nack"})");
    client.publish("a");
    client.declare("x");
    CHECK(served.control("GET", "/faults/n").body ==
          R"({"name":"n","of":"live","rule":{"match":"true","do":"nack"},"in-force":true,"matched":2,"struck":0,)"
          R"("meaningless":2})");
  });
}

TEST_CASE("rules come and go by name, and whatever is wrong with one is said", "[rules]") {
  Served served;
  served.during([&] {
    CHECK(served.control("GET", "/faults").body == "[]");
    CHECK(rule(served, R"({"match": "true", "do": "observe"})")["name"] == "live-1");
    CHECK(served.control("POST", "/faults", R"({"name": "live-1", "match": "true", "do": "observe"})").status == 409);
    CHECK(served.control("DELETE", "/faults/live-1").status == 200);
    CHECK(served.control("DELETE", "/faults/live-1").status == 404);
    CHECK(rule(served, R"({"name": "live-1", "match": "true", "do": "observe"})")["in-force"] == true);
    const auto refused = [&](const std::string& text) {
      const HttpResponse response = served.control("POST", "/faults", text);
      CHECK(response.status == 400);
      return Json::parse(response.body)["reason"].get<std::string>();
    };
    CHECK(refused("nothing") == R"(write {"match": "command == 'basic.publish'", "do": "nack"})");
    CHECK(refused(R"({"match": "comand == 'x'", "do": "nack"})").find("did you mean \"command\"?") !=
          std::string::npos);
    CHECK(refused(R"({"match": "true", "do": "nak"})").find("did you mean \"nack\"?") != std::string::npos);
    CHECK(refused(R"({"match": "true", "do": "error", "error": "WriteConflct"})") ==
          "/error: no system here knows an error \"WriteConflct\"; did you mean \"WriteConflict\"?");
    CHECK(refused(R"({"match": "true", "do": "observe", "colour": "red"})").find("unknown key \"colour\"") !=
          std::string::npos);
    CHECK(refused(R"({"name": "a b", "match": "true", "do": "observe"})") ==
          "/name: must be letters, digits, _ and -, 100 at most");
    CHECK(served.control("PUT", "/faults").status == 405);
  });
}

TEST_CASE("RABBIT-064: with too much waiting, who is connected or connects is told, until there is room", "[limits]") {
  twice([](Served& served) {
    served.gateway.set_memory_max(10);
    Client client(served);
    client.publish("0123456789");
    CHECK(client.take().empty());
    client.publish("0");
    CHECK(client.take() == Lines{"blocked: low on memory"});
    client.consume();
    client.take();
    client.ack(1);
    CHECK(client.take() == Lines{"unblocked"});
  });
}
