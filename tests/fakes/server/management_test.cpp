// RabbitMQ's management API as tools use it: shapes and status codes of 3.13. protocols.md, A.6.

#include "fakes/server/amqp/management.hpp"

#include <nlohmann/json.hpp>

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

std::string error_of(const HttpResponse& response) { return std::to_string(response.status) + " " + response.body; }

std::vector<std::string> names(const Json& list) {
  std::vector<std::string> all;
  for (const Json& one : list) all.push_back(one["name"].get<std::string>());
  return all;
}

/// A client that consumes from "jobs" and holds one message.
void hold_one(Served& served) {
  served.ask(Kind::connect, [](BrokerRequest& request) {
    request.vhost = "/";
    request.name = "guest";
    request.text = "worker";
  });
  served.ask(Kind::open_channel);
  served.ask(Kind::publish, [](BrokerRequest& request) { request.key = "jobs"; });
  served.ask(Kind::publish, [](BrokerRequest& request) { request.key = "jobs"; });
  served.ask(Kind::qos, [](BrokerRequest& request) { request.number = 1; });
  served.ask(Kind::consume, [](BrokerRequest& request) {
    request.name = "jobs";
    request.text = "tag-1";
  });
}

}  // namespace

TEST_CASE("the management API wants a user and a password", "[management]") {
  Served served;
  REQUIRE(served.manage("GET", "/api/overview").status == 503);  // Nothing runs yet.
  served.during([&] {
    const HttpResponse refused = served.manage("GET", "/api/overview", "", {{"Authorization", "Basic eDp5"}});
    CHECK(error_of(refused) == R"(401 {"error":"not_authorized","reason":"Login failed"})");
    CHECK(json_of(served.manage("GET", "/api/whoami")).dump() ==
          R"({"name":"guest","tags":["administrator"],"is_internal_user":true})");
    CHECK(error_of(served.manage("GET", "/api/nonsense")) ==
          R"(404 {"error":"Object Not Found","reason":"Not Found"})");
  });
}

TEST_CASE("overview, nodes, users and health checks", "[management]") {
  Served served;
  served.during([&] {
    const Json overview = json_of(served.manage("GET", "/api/overview"));
    CHECK(overview["rabbitmq_version"] == "3.13.7");
    CHECK(overview["object_totals"].dump() ==
          R"({"channels":0,"connections":0,"consumers":0,"exchanges":8,"queues":1})");
    CHECK(overview["queue_totals"].dump() == R"({"messages":0,"messages_ready":0,"messages_unacknowledged":0})");
    CHECK(names(json_of(served.manage("GET", "/api/nodes"))) == std::vector<std::string>{"rabbit@localhost"});
    CHECK(names(json_of(served.manage("GET", "/api/users"))) == std::vector<std::string>{"guest"});
    CHECK(json_of(served.manage("GET", "/api/health/checks/alarms")).dump() == R"({"status":"ok"})");
    CHECK(json_of(served.manage("GET", "/api/healthchecks/node")).dump() == R"({"status":"ok"})");
    CHECK(json_of(served.manage("GET", "/api/aliveness-test/%2F")).dump() == R"({"status":"ok"})");
  });
}

TEST_CASE("vhosts: 201 for a new one, 204 for a known one, 404 for a missing one", "[management]") {
  Served served;
  served.during([&] {
    CHECK(served.manage("PUT", "/api/vhosts/tests").status == 201);
    CHECK(served.manage("PUT", "/api/vhosts/tests", "{}").status == 204);
    CHECK(json_of(served.manage("GET", "/api/vhosts/tests"))["name"] == "tests");
    CHECK(names(json_of(served.manage("GET", "/api/vhosts"))) == std::vector<std::string>{"/", "tests"});
    CHECK(served.manage("PUT", "/api/queues/tests/q", "{}").status == 201);
    CHECK(served.manage("DELETE", "/api/vhosts/tests").status == 204);
    CHECK(served.manage("GET", "/api/vhosts/tests").status == 404);
    CHECK(served.manage("DELETE", "/api/vhosts/tests").status == 404);
    CHECK(served.manage("GET", "/api/queues/tests").status == 404);
    CHECK(served.manage("DELETE", "/api/vhosts/%2F").status == 400);
  });
  CHECK(served.session.find(R"("request":"add-vhost","name":"tests")") != std::string::npos);
}

TEST_CASE("a queue is declared, listed, refused with other properties, and deleted", "[management]") {
  Served served;
  served.during([&] {
    const std::string body = R"({"durable":true,"auto_delete":false,"arguments":{"x-max-length":3}})";
    CHECK(served.manage("PUT", "/api/queues/%2F/q", body).status == 201);
    CHECK(served.manage("PUT", "/api/queues/%2F/q", body).status == 204);
    CHECK(error_of(served.manage("PUT", "/api/queues/%2F/q", R"({"durable":false})")) ==
          R"(400 {"error":"bad_request","reason":"inequivalent arg 'durable' for queue 'q' in vhost '/': )"
          R"(received 'false' but current is 'true'"})");
    const Json queue = json_of(served.manage("GET", "/api/queues/%2F/q"));
    CHECK(queue["arguments"].dump() == R"({"x-max-length":3})");
    CHECK(queue["state"] == "running");
    CHECK(queue["type"] == "classic");
    CHECK(queue["durable"] == true);
    CHECK(names(json_of(served.manage("GET", "/api/queues"))) == std::vector<std::string>{"jobs", "q"});
    const Json page = json_of(served.manage("GET", "/api/queues?page=1&page_size=1&name=q"));
    CHECK(page["total_count"] == 2);
    CHECK(names(page["items"]) == std::vector<std::string>{"q"});
    CHECK(served.manage("DELETE", "/api/queues/%2F/q").status == 204);
    CHECK(served.manage("GET", "/api/queues/%2F/q").status == 404);
    CHECK(served.manage("PUT", "/api/queues/%2F/q", "rubbish").status == 400);
  });
}

TEST_CASE("a message is published, looked at, and taken", "[management]") {
  Served served;
  const std::string digest = served.during([&] {
    const auto publish = [&](const std::string& key) {
      return json_of(served.manage("POST", "/api/exchanges/%2F/events/publish",
                                   R"({"properties":{"delivery_mode":2,"headers":{"n":1}},"routing_key":")" + key +
                                       R"(","payload":"aGVsbG8=","payload_encoding":"base64"})"))
          .dump();
    };
    CHECK(publish("job.a") == R"({"routed":true})");
    CHECK(publish("other") == R"({"routed":false})");
    const auto get = [&](const std::string& mode) {
      return json_of(served.manage("POST", "/api/queues/%2F/jobs/get",
                                   R"({"count":5,"encoding":"auto","ackmode":")" + mode + "\"}"));
    };
    const Json seen = get("ack_requeue_true");
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].dump() ==
          R"({"payload_bytes":5,"redelivered":false,"exchange":"events","routing_key":"job.a","message_count":0,)"
          R"("properties":{"headers":{"n":1},"delivery_mode":2},"payload":"hello","payload_encoding":"string"})");
    CHECK(get("reject_requeue_true")[0]["redelivered"] == true);
    CHECK(json_of(served.manage("GET", "/api/queues/%2F/jobs"))["messages_ready"] == 1);
    CHECK(get("ack_requeue_false").size() == 1);
    CHECK(get("ack_requeue_false").empty());
    CHECK(error_of(served.manage("POST", "/api/queues/%2F/jobs/get", R"({"count":1})")) ==
          R"(400 {"error":"bad_request","reason":"the key ackmode is missing"})");
  });
  CHECK(served.replayed() == digest);
}

TEST_CASE("contents of a queue are purged", "[management]") {
  Served served;
  served.during([&] {
    served.manage("POST", "/api/exchanges/%2F/amq.default/publish",
                  R"({"properties":{},"routing_key":"jobs","payload":"x","payload_encoding":"string"})");
    CHECK(json_of(served.manage("GET", "/api/queues/%2F/jobs"))["messages"] == 1);
    CHECK(served.manage("DELETE", "/api/queues/%2F/jobs/contents").status == 204);
    CHECK(json_of(served.manage("GET", "/api/queues/%2F/jobs"))["messages"] == 0);
  });
}

TEST_CASE("bindings are listed, made, and unmade by their properties_key", "[management]") {
  Served served;
  served.during([&] {
    CHECK(json_of(served.manage("GET", "/api/bindings/%2F/e/events/q/jobs")).dump() ==
          R"([{"source":"events","vhost":"/","destination":"jobs","destination_type":"queue","routing_key":"job.#",)"
          R"("arguments":{},"properties_key":"job.#"}])");
    CHECK(error_of(served.manage("DELETE", "/api/bindings/%2F/e/events/q/jobs/job.%23")) ==
          R"(400 {"error":"bad_request","reason":"it is a binding of the scenario's own and stays"})");
    CHECK(served.manage("PUT", "/api/exchanges/%2F/x", R"({"type":"headers"})").status == 201);
    const HttpResponse bound =
        served.manage("POST", "/api/bindings/%2F/e/x/q/jobs", R"({"routing_key":"k","arguments":{"a":1}})");
    REQUIRE(bound.status == 201);
    const std::string key = json_of(served.manage("GET", "/api/bindings/%2F/e/x/q/jobs"))[0]["properties_key"];
    CHECK(bound.headers.front().second == "jobs/" + key);
    CHECK(served.manage("GET", "/api/bindings/%2F/e/x/q/jobs/" + key).status == 200);
    CHECK(served.manage("DELETE", "/api/bindings/%2F/e/x/q/jobs/" + key).status == 204);
    CHECK(served.manage("DELETE", "/api/bindings/%2F/e/x/q/jobs/" + key).status == 404);
    CHECK(served.manage("POST", "/api/bindings/%2F/e/events/e/x", "{}").status == 201);
    CHECK(json_of(served.manage("GET", "/api/bindings/%2F")).size() == 3);  // One is the default exchange's.
    CHECK(served.manage("DELETE", "/api/exchanges/%2F/x").status == 204);
    CHECK(json_of(served.manage("GET", "/api/bindings")).size() == 2);
  });
}

TEST_CASE("a connection is listed with what it holds, and closed with a reason", "[management]") {
  Served served;
  const std::string digest = served.during([&] {
    hold_one(served);
    const Json connection = json_of(served.manage("GET", "/api/connections"))[0];
    CHECK(connection["name"] == "client 900 -> 127.0.0.1:5672");
    CHECK(connection["user_provided_name"] == "worker");
    const Json channel = json_of(served.manage("GET", "/api/channels"))[0];
    CHECK(channel["messages_unacknowledged"] == 1);
    CHECK(channel["prefetch_count"] == 1);
    const Json consumer = json_of(served.manage("GET", "/api/consumers"))[0];
    CHECK(consumer["consumer_tag"] == "tag-1");
    CHECK(consumer["queue"].dump() == R"({"name":"jobs","vhost":"/"})");
    const Json queue = json_of(served.manage("GET", "/api/queues/%2F/jobs"));
    CHECK(queue["messages_unacknowledged"] == 1);
    CHECK(queue["consumers"] == 1);
    const std::string target = "/api/connections/client%20900%20-%3E%20127.0.0.1%3A5672";
    CHECK(served.manage("DELETE", target, "", {{"X-Reason", "drill"}}).status == 204);
    CHECK(served.manage("DELETE", target).status == 404);
    CHECK(json_of(served.manage("GET", "/api/connections")).empty());
    CHECK(json_of(served.manage("GET", "/api/queues/%2F/jobs"))["messages_ready"] == 2);
  });
  CHECK(served.session.find(R"("request":"force-close","number":900,"text":"drill")") != std::string::npos);
  CHECK(served.replayed() == digest);
}

TEST_CASE("definitions go out and come in again", "[management]") {
  std::string exported;
  Served first;
  first.during([&] {
    first.manage("PUT", "/api/vhosts/v");
    first.manage("PUT", "/api/queues/v/q", R"({"arguments":{"x-queue-type":"quorum"}})");
    first.manage("PUT", "/api/exchanges/v/x", R"({"type":"topic"})");
    first.manage("POST", "/api/bindings/v/e/x/q/q", R"({"routing_key":"a.*"})");
    exported = first.manage("GET", "/api/definitions").body;
  });
  Served second;
  second.during([&] {
    CHECK(second.manage("POST", "/api/definitions", exported).status == 204);
    CHECK(json_of(second.manage("GET", "/api/queues/v/q"))["type"] == "quorum");
    CHECK(second.manage("GET", "/api/definitions").body == exported);
  });
}

TEST_CASE("what is not supported is refused aloud", "[management]") {
  Served served;
  served.during([&] {
    CHECK(error_of(served.manage("PUT", "/api/policies/%2F/p", R"({"pattern":".*","definition":{}})")) ==
          R"(501 {"error":"not_implemented","reason":"policies are not supported"})");
    CHECK(json_of(served.manage("GET", "/api/policies")).empty());
    CHECK(served.manage("PUT", "/api/users/eve", "{}").status == 501);
    CHECK(served.manage("PUT", "/api/permissions/%2F/guest", R"({"configure":".*","write":".*","read":".*"})").status ==
          204);
    CHECK(served.manage("PUT", "/api/permissions/%2F/guest", R"({"configure":"","write":".*","read":".*"})").status ==
          501);
    CHECK(served.manage("POST", "/api/definitions", R"({"policies":[{"name":"p"}]})").status == 501);
  });
}
