// A served session is kept line by line, and read back as it was.

#include "fakes/pacing/session_file.hpp"

#include <sstream>

#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::fakes;

namespace {

SessionHead head() {
  SessionHead head;
  head.file = "exports.jsonc";
  head.scenario_hash = "0123456789abcdef0123456789abcdef";
  head.strategy = "retry";
  head.set = {"exporter.external=true"};
  head.seed = 7;
  head.begins = 1'000;
  return head;
}

BrokerRequest publish() {
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::publish;
  request.client = 3;
  request.channel = 1;
  request.key = "jobs";
  request.mandatory = true;
  request.properties = std::string_view("\x80\x00\x01x", 4);
  request.body = "{}";
  return request;
}

Session read(const std::string& text) {
  std::istringstream in(text);
  return read_session(in);
}

std::string error_of(const std::string& text) {
  try {
    read(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a line says only what the request says", "[fakes][pacing]") {
  REQUIRE(session_line(5, publish()) ==
          R"({"at":5,"client":3,"request":"publish","channel":1,"key":"jobs","properties":"gAABeA==","body":"e30=",)"
          R"("mandatory":true})"
          "\n");
}

TEST_CASE("what was written is read back", "[fakes][pacing]") {
  BrokerRequest odd;
  odd.kind = BrokerRequest::Kind::declare_queue;
  odd.client = 4;
  odd.channel = 2;
  odd.name = "gr\xC3\xBC\xC3\x9F\x01";  // No plain text: in base64.
  odd.durable = odd.no_wait = true;
  odd.tag = UINT64_MAX;
  const Session session =
      read(session_line(head()) + session_line(5, publish()) + session_line(5, odd) + session_end_line(9, "abc"));
  REQUIRE(session.head.file == "exports.jsonc");
  REQUIRE(session.head.strategy == "retry");
  REQUIRE(session.head.set == std::vector<std::string>{"exporter.external=true"});
  REQUIRE(session.head.seed == 7);
  REQUIRE(session.head.begins == 1'000);
  REQUIRE(session.requests.size() == 2);
  REQUIRE(session.requests[0].at() == 5);
  REQUIRE(session.requests[0].request().kind == BrokerRequest::Kind::publish);
  REQUIRE(session.requests[0].request().properties == std::string_view("\x80\x00\x01x", 4));
  REQUIRE(session.requests[0].request().body == "{}");
  REQUIRE(session.requests[0].request().mandatory);
  REQUIRE_FALSE(session.requests[0].request().durable);
  REQUIRE(session.requests[1].request().name == odd.name);
  REQUIRE(session.requests[1].request().durable);
  REQUIRE(session.requests[1].request().tag == UINT64_MAX);
  REQUIRE(session.ended);
  REQUIRE(session.ends == 9);
  REQUIRE(session.digest == "abc");
}

TEST_CASE("a session that was cut off is as good as what is there of it", "[fakes][pacing]") {
  const std::string whole = session_line(head()) + session_line(5, publish()) + session_line(6, publish());
  const Session session = read(whole.substr(0, whole.size() - 20));
  REQUIRE(session.requests.size() == 1);
  REQUIRE_FALSE(session.ended);
}

TEST_CASE("what is no session is refused with the line", "[fakes][pacing]") {
  REQUIRE(error_of("") == "line 1: it is empty");
  REQUIRE(error_of("{}\n") == "line 1: no session; serve --session PATH writes one");
  REQUIRE(error_of("{\"a\": \n{}\n") == "line 1: no JSON object");
  REQUIRE(error_of(session_line(head()) + "[]\n" + session_line(5, publish())) == "line 2: no JSON object");
  REQUIRE(error_of(session_line(head()) + "{\"at\": 1, \"client\": 1, \"request\": \"dance\"}\n") ==
          "line 2: there is no request \"dance\"");
  REQUIRE(error_of(session_line(head()) + session_line(6, publish()) + session_line(5, publish())) ==
          "line 3: earlier than the line before");
}
