// The control endpoint: the clock in a test's hand, the state, the history, the end.

#include "fakes/server/control.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "fakes/server/http_server.hpp"
#include "tests/fakes/server/loopback.hpp"
#include "tests/fakes/server/served.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::fakes::HttpResponse;
using premortem::test::Served;
using Json = nlohmann::ordered_json;
using Kind = BrokerRequest::Kind;

namespace {

Json json_of(const HttpResponse& response) {
  INFO(response.status << " " << response.body);
  REQUIRE(response.status == 200);
  return Json::parse(response.body);
}

void connect(Served& served) {
  served.ask(Kind::connect, [](BrokerRequest& request) {
    request.vhost = "/";
    request.name = "guest";
    request.text = "worker";
  });
  served.ask(Kind::open_channel);
}

}  // namespace

TEST_CASE("the clock stands still, is put forward, and never goes back", "[control]") {
  Served served;
  REQUIRE(served.control("GET", "/clock").status == 503);
  served.during([&] {
    CHECK(served.control("GET", "/clock").body ==
          R"({"now":"2021-01-04T00:00:00Z","ns":1609718400000000000,"speed":1.0,"paused":true,"driving":true,)"
          R"("waits-for":""})");
    CHECK(json_of(served.control("POST", "/clock/advance", R"({"by":"20 min"})"))["now"] == "2021-01-04T00:20:00Z");
    CHECK(json_of(served.control("POST", "/clock/advance", R"({"to":"2021-01-04 13:00"})"))["now"] ==
          "2021-01-04T13:00:00Z");
    CHECK(json_of(served.control("POST", "/clock/advance", R"({"to":"2021-01-04T14:00:00Z"})"))["now"] ==
          "2021-01-04T14:00:00Z");
    CHECK(served.control("POST", "/clock/advance", R"({"to":"2021-01-04 13:00"})").status == 400);
    CHECK(served.control("POST", "/clock/advance", R"({"by":"soon"})").status == 400);
    CHECK(served.control("POST", "/clock/advance", "{}").status == 400);
  });
}

TEST_CASE("what expires on the way has expired when the clock was put forward", "[control]") {
  Served served;
  const std::string digest = served.during([&] {
    served.manage("PUT", "/api/queues/%2F/short", R"({"arguments":{"x-message-ttl":60000}})");
    served.manage("POST", "/api/exchanges/%2F/amq.default/publish",
                  R"({"properties":{},"routing_key":"short","payload":"x","payload_encoding":"string"})");
    const auto messages = [&] { return json_of(served.manage("GET", "/api/queues/%2F/short"))["messages"]; };
    served.control("POST", "/clock/advance", R"({"by":"59 s"})");
    CHECK(messages() == 1);
    served.control("POST", "/clock/advance", R"({"by":"1 s"})");
    CHECK(messages() == 0);
    served.manage("PUT", "/api/queues/%2F/later", "{}");  // At its own instant in the session.
  });
  CHECK(served.replayed() == digest);
}

TEST_CASE("speed and pause change while it runs", "[control]") {
  Served served;
  served.during([&] {
    CHECK(json_of(served.control("PUT", "/clock", R"({"speed":"max"})"))["speed"] == "max");
    CHECK(json_of(served.control("PUT", "/clock", R"({"speed":3600,"paused":false})"))["paused"] == false);
    const auto now = [&] { return json_of(served.control("GET", "/clock"))["ns"].get<std::int64_t>(); };
    const std::int64_t before = now();
    CHECK(test::run_until(served.io, [&] { return now() > before; }));
    CHECK(json_of(served.control("PUT", "/clock", R"({"paused":true})"))["paused"] == true);
    CHECK(now() == now());
    CHECK(served.control("PUT", "/clock", R"({"speed":-1})").status == 400);
    CHECK(served.control("PUT", "/clock", R"({"spede":1})").status == 400);
    CHECK(served.control("PUT", "/clock", "fast").status == 400);
    CHECK(served.control("DELETE", "/clock").status == 405);
  });
}

TEST_CASE("a paused run that is put forward to its end has ended", "[control]") {
  Served served;
  served.during([&] {
    const Json clock = json_of(served.control("POST", "/clock/advance", R"({"by":"2 days"})"));
    CHECK(clock["now"] == "2021-01-04T23:59:59.999999999Z");
  });
}

TEST_CASE("the state names systems, queues and what connections owe", "[control]") {
  Served served;
  served.during([&] {
    connect(served);
    served.ask(Kind::publish, [](BrokerRequest& request) { request.key = "jobs"; });
    served.ask(Kind::consume, [](BrokerRequest& request) {
      request.name = "jobs";
      request.text = "tag-1";
    });
    const Json state = json_of(served.control("GET", "/state"));
    CHECK(state["queues"].dump() == R"([{"name":"jobs","vhost":"/","ready":0,"unacked":1,"consumers":1}])");
    CHECK(state["connections"].dump() == R"([{"client":900,"name":"worker","user":"guest","vhost":"/","channels":)"
                                         R"([{"number":1,"consumers":["tag-1"],"owes":[1]}]}])");
    CHECK(state["systems"][0].contains("on"));
  });
}

TEST_CASE("the history is told as JSON lines, from any record on", "[control]") {
  Served served;
  served.during([&] {
    connect(served);
    const HttpResponse all = served.control("GET", "/history");
    REQUIRE(all.status == 200);
    std::istringstream lines(all.body);
    std::vector<Json> told;
    for (std::string line; std::getline(lines, line);) told.push_back(Json::parse(line));
    REQUIRE(told.size() >= 2);
    CHECK(told.back()["kind"] == "asked");
    CHECK(told.back()["at"] == "2021-01-04T00:00:00Z");
    const std::string last = std::to_string(told.back()["record"].get<std::uint64_t>());
    const HttpResponse one = served.control("GET", "/history?from=" + last + "&limit=1");
    CHECK(Json::parse(one.body) == told.back());
    CHECK(served.control("GET", "/history?from=999999").body.empty());
    CHECK(served.control("GET", "/history?from=x").status == 400);
  });
}

TEST_CASE("what is asked behind the clock's end comes too late, also for the session", "[control]") {
  Served served;
  const std::string digest = served.during([&] {
    connect(served);
    served.control("PUT", "/clock", R"({"speed":1000000000,"paused":false})");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // A thousand seconds for each of its microseconds.
    served.ask(Kind::declare_queue, [](BrokerRequest& request) { request.name = "late"; });
  });
  CHECK(served.session.find("late") == std::string::npos);
  CHECK(served.replayed() == digest);
}

TEST_CASE("unknown paths are told so", "[control]") {
  Served served;
  served.during([&] {
    CHECK(served.control("GET", "/weather").status == 404);
    CHECK(served.control("POST", "/stop").status == 202);
  });
}

TEST_CASE("control answers over a real socket", "[control]") {
  Served served;
  fakes::HttpServer server(served.io, {},
                           [&](const fakes::HttpRequest& request) { return served.controls.answer(request); });
  served.during([&] {
    test::Peer peer(server.port());
    peer.send("GET /faults HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(test::run_until(served.io, [&] {
      peer.read();
      return peer.text.ends_with("[]");
    }));
    CHECK(peer.text.starts_with("HTTP/1.1 200 OK\r\n"));
  });
}
