// Services of a scenario over HTTP: requests over real sockets, on a clock that stands still until the story puts it
// forward. Each story is run again from its session, to the same digest.

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fakes/pacing/json_messages.hpp"
#include "fakes/pacing/replay.hpp"
#include "fakes/server/control.hpp"
#include "fakes/server/service_gateway.hpp"
#include "sim/compare/runner.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/fault_rules.hpp"
#include "sim/scenario/load.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/fakes/server/loopback.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::test::Peer;
using Json = nlohmann::ordered_json;
using Lines = std::vector<std::string>;

namespace {

constexpr std::string_view shop = R"_({
  "premortem": 1, "title": "shop", "checks": {},
  "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" }, TIMELINE
  "items": { "order": { "fields": { "region": "string", "due": "date" }, "done": "shipped" } },
  "arrivals": { "first": { "item": "order", "into": "orders", "at": ["00:00:01", "00:00:02"],
                           "fields": { "region": "north", "due": "2021-02-03" } } },
  "systems": {
    "store": { "is": "documents", "collections": { "kept": { "of": "order", "fields": { "size": "int" } } } },
    "orders": { "is": "queue", "of": "order" },
    "desk": { "is": "service", "of": "order",
              "fields": { "goods": "list(store.kept)", "number": "int", "words": "list(string)" }, "offers": {
      "ship": { "takes": "10 s", "does": [ { "each": "it.goods", "finish": "shipped" } ] },
      "region": { "does": [ { "reply": "it.region" } ] },
      "count": { "takes": "1 s", "does": [ { "reply": "size(it.goods)" } ] },
      "goods": { "does": [ { "reply": "it.goods" } ] },
      "words": { "does": [ { "reply": "it.words" } ] },
      "fail": { "takes": "1 s", "does": [ { "raise": "Broken" } ] },
      "late": { "does": [ { "raise": "Timeout" } ] } } },
    "till": { "is": "service", "offers": { "open": { "takes": "5 s" } } } }
})_";

class NoOtherProgram final : public fakes::Outside {
 public:
  State state(std::string&) const override { return State::idle; }
  std::int64_t last_traffic() const override { return 0; }
};

class Shop final : public Driver, public ClientSink {
 public:
  explicit Shop(const std::string& timeline = "") {
    std::string text(shop);
    text.replace(text.find("TIMELINE"), 8, timeline.empty() ? "" : "\"timeline\": [" + timeline + "],");
    Diagnostics diagnostics;
    std::optional<Node> root = read_scenario_text(text, diagnostics);
    INFO(diagnostics.format("shop"));
    REQUIRE(root);
    const auto loaded = load_scenario("shop.jsonc", std::move(*root), diagnostics);
    Variant variant;
    variant.serving = true;
    scenario_ = loaded ? compile_variant(*loaded, variant, diagnostics) : nullptr;
    INFO(diagnostics.format("shop"));
    REQUIRE(scenario_);
    pacer.set_paused(true);
    pacer.set_recorder(
        [this](std::int64_t at, const BrokerRequest& request) { session_ += fakes::session_line(at, request); });
  }

  /// `story` has its turn at the beginning, with the clock in its hand; then the run is stopped, and run again.
  RunResult during(const std::function<void()>& story) {
    boost::asio::post(io, [&] {
      story();
      pacer.stop();
    });
    const fakes::JsonMessages form;
    const LiveRules rules;
    RunOptions how;
    how.driver = this;
    how.sink = this;
    how.form = &form;
    how.rule_reader = &rules;
    RunResult result = run_scenario(*scenario_, how);
    std::istringstream in(fakes::session_line(fakes::SessionHead{}) + session_ +
                          fakes::session_end_line(ended_at_, result.digest));
    const fakes::Session kept = fakes::read_session(in);
    fakes::SessionReplay again(kept);
    how.driver = &again;
    how.sink = nullptr;
    CHECK(run_scenario(*scenario_, how).digest == result.digest);
    return result;
  }
  std::int64_t drive(Machine& machine, std::int64_t until) override {
    controls.attach(machine);
    return ended_at_ = pacer.drive(machine, until);
  }
  void told(const ClientEvent&, std::string_view, std::string_view) override {}
  void replied(const ServiceReply& reply) override { gateway.replied(reply); }

  void wait(const std::string& length) {
    REQUIRE(controls.answer(request("POST", "/clock/advance", R"({"by":")" + length + "\"}")).status == 200);
  }
  void rule(const std::string& text) { REQUIRE(controls.answer(request("POST", "/faults", text)).status < 300); }
  std::size_t inputs() const { return static_cast<std::size_t>(std::count(session_.begin(), session_.end(), '\n')); }

  boost::asio::io_context io;
  NoOtherProgram nobody;
  fakes::Pacer pacer{io, fakes::Pace{}, nobody, [](const std::string&) {}};
  fakes::ServiceGateway gateway{pacer};
  fakes::Control controls{pacer};
  fakes::HttpServer server{io, fakes::HttpServer::Spec{},
                           [this](const fakes::HttpRequest& request, const fakes::HttpResponder& responder) {
                             gateway.handle(request, responder);
                           }};

 private:
  static fakes::HttpRequest request(const std::string& method, const std::string& target, const std::string& body) {
    fakes::HttpRequest made;
    made.method = method;
    made.body = body;
    REQUIRE(fakes::parse_target(target, made));
    return made;
  }

  std::shared_ptr<const CompiledScenario> scenario_;
  std::string session_;
  std::int64_t ended_at_ = 0;
};

/// A program with one connection.
class Caller {
 public:
  explicit Caller(Shop& served, std::string name = "caller")
      : served_(served), name_(std::move(name)), peer_(served.server.port()) {}

  void post(const std::string& target, const std::string& body, const std::string& method = "POST") {
    const std::string agent = name_.empty() ? "" : "User-Agent: " + name_ + "\r\n";
    peer_.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\n" + agent +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// The next answer: "200 {}"
  std::string answer() {
    std::string told;
    const bool came = test::run_until(served_.io, [&] {
      peer_.read();
      const std::size_t head = peer_.text.find("\r\n\r\n");
      if (head == std::string::npos) return peer_.ended;
      const std::size_t length = std::stoul(peer_.text.substr(peer_.text.find("Content-Length: ") + 16));
      if (peer_.text.size() < head + 4 + length) return peer_.ended;
      last_head = peer_.text.substr(0, head);
      told = peer_.text.substr(9, 3) + " " + peer_.text.substr(head + 4, length);
      peer_.text.erase(0, head + 4 + length);
      return true;
    });
    return !came ? "no answer" : told.empty() ? "closed" : told;
  }
  std::string ask(const std::string& target, const std::string& body, const std::string& method = "POST") {
    post(target, body, method);
    return answer();
  }
  /// Until the service has heard of it.
  void sent(const std::string& target, const std::string& body) {
    const std::size_t before = served_.inputs();
    post(target, body);
    REQUIRE(test::run_until(served_.io, [&] { return served_.inputs() > before; }));
  }
  bool has_answer() {
    peer_.read();
    return !peer_.text.empty();
  }
  void hang_up() { peer_.close(); }

  std::string last_head;

 private:
  Shop& served_;
  std::string name_;
  Peer peer_;
};

std::uint64_t shipped(const RunResult& result) {
  std::uint64_t done = 0;
  for (const FateCounts& of_kind : result.fates) done += of_kind[Fate::done];
  return done;
}

}  // namespace

TEST_CASE("a call is answered when the simulated operation has replied, and its list is about items", "[services]") {
  Shop served;
  const RunResult result = served.during([&] {
    served.wait("3 s");
    Caller program(served);
    program.sent("/desk/ship", R"({"kind":"order","id":1,"number":7,"goods":[{"id":1,"size":3},{"id":2}]})");
    CHECK(served.gateway.waits());
    CHECK(served.server.idle());
    served.wait("9 s");
    CHECK_FALSE(program.has_answer());
    served.wait("1 s");
    CHECK(program.answer() == "200 {}");
    CHECK_FALSE(served.gateway.waits());
    CHECK(program.ask("/desk/region", R"({"id":2})") == R"(200 {"reply":"north"})");
  });
  CHECK(shipped(result) == 2);
}

TEST_CASE("documents and texts go both ways as arrays; what is missing comes from the item", "[services]") {
  Shop served;
  served.during([&] {
    served.wait("3 s");
    Caller program(served);
    CHECK(program.ask("/desk/goods", R"({"goods":[{"id":2,"size":3},{"id":1,"region":"south","due":"2021-03-01"}]})") ==
          R"(200 {"reply":[{"id":2,"region":"north","due":"2021-02-03","size":3},)"
          R"({"id":1,"region":"south","due":"2021-03-01","size":0}]})");
    CHECK(program.ask("/desk/words", R"({"words":["a","ü"]})") == R"(200 {"reply":["a","ü"]})");
    CHECK(program.ask("/desk/words", "{}") == R"(200 {"reply":[]})");
  });
}

TEST_CASE("an operation that fails answers with its error: 503, 504, or 500", "[services]") {
  Shop served(R"({ "at": "00:01", "stop": "till" }, { "at": "00:02", "crash": "desk" })");
  served.during([&] {
    Caller program(served);
    program.sent("/desk/fail", "{}");
    served.wait("1 s");
    CHECK(program.answer() == R"(500 {"error":"Broken"})");
    CHECK(program.ask("/desk/late", "{}") == R"(504 {"error":"Timeout"})");
    served.wait("1 min");
    CHECK(program.ask("/till/open", "{}") == R"(503 {"error":"Unavailable"})");
    served.wait("55 s");
    program.sent("/desk/ship", "{}");  // Under way when the service dies.
    served.wait("5 s");
    CHECK(program.answer() == R"(503 {"error":"Unavailable"})");
    CHECK(program.ask("/desk/region", "{}") == R"(503 {"error":"Unavailable"})");
  });
}

TEST_CASE("what is no call of a service is refused with what is wrong, and never asked", "[services]") {
  Shop served;
  served.during([&] {
    served.wait("3 s");
    Caller program(served);
    const auto reason = [&](const std::string& target, const std::string& body, const std::string& method = "POST") {
      const std::string answer = program.ask(target, body, method);
      return answer.substr(0, 4) + Json::parse(answer.substr(4))["reason"].get<std::string>();
    };
    CHECK(reason("/desk/ship", "goods") ==
          "400 the body is no JSON; write an object with the fields of the call, {} if there are none");
    CHECK(reason("/desk/ship", "[]") ==
          "400 the body must be a JSON object with the fields of the call, {} if there are none");
    CHECK(reason("/desk/ship", R"({"numbr":1})") == "400 desk.ship has no field \"numbr\"; did you mean \"number\"?");
    CHECK(reason("/desk/ship", R"({"number":"7"})") == "400 number must be an int of 64 bits, such as 7");
    CHECK(reason("/desk/ship", R"({"id":"7"})") == "400 id must be an int of 64 bits, such as 7");
    CHECK(reason("/desk/ship", R"({"kind":"ordre"})") == "400 kind must be \"order\"");
    CHECK(reason("/desk/ship", R"({"goods":{}})") == "400 goods must be an array");
    CHECK(reason("/desk/ship", R"({"goods":[7]})") == "400 goods[0] must be an object");
    CHECK(reason("/desk/ship", R"({"goods":[{"size":7}]})") ==
          "400 goods[0] says not which order it is about; write \"id\"");
    CHECK(reason("/desk/ship", R"({"goods":[{"id":1},{"id":3}]})") == "400 goods[1].id: there is no order 3");
    CHECK(reason("/desk/ship", R"({"goods":[{"id":1,"sise":3}]})") ==
          "400 store.kept has no field \"goods[0].sise\"; did you mean \"size\"?");
    CHECK(reason("/desk/ship", R"({"goods":[{"id":1,"due":"soon"}]})") ==
          "400 goods[0].due must be a date, such as \"2021-08-04\"");
    CHECK(reason("/desk/ship", R"({"words":["a",1]})") == "400 words[1] must be a string");
    CHECK(reason("/till/open", R"({"id":1})") == "400 till.open has no field \"id\"");
    const std::string there =
        "; there are /desk/ship, /desk/region, /desk/count, /desk/goods, /desk/words, /desk/fail, /desk/late, "
        "/till/open";
    CHECK(reason("/desk/shp", "{}") == "404 no service offers /desk/shp" + there);
    CHECK(reason("/", "", "GET") == "404 no service offers /" + there);
    CHECK(reason("/desk/ship", "", "GET") == "405 a service is called by POST");
    CHECK(program.last_head.find("\r\nAllow: POST\r\n") != std::string::npos);
    CHECK(served.inputs() == 0);
  });
}

TEST_CASE("whoever hangs up is not waited for, and the operation goes on", "[services]") {
  Shop served;
  const RunResult result = served.during([&] {
    served.wait("3 s");
    Caller program(served);
    program.sent("/desk/ship", R"({"goods":[{"id":1}]})");
    program.hang_up();
    CHECK(test::run_until(served.io, [&] { return !served.gateway.waits(); }));
    CHECK(served.server.connection_count() == 0);
    served.wait("10 s");
  });
  CHECK(shipped(result) == 1);
}

TEST_CASE("calls of several connections go on at the same time, those of one connection one after the other",
          "[services]") {
  Shop served;
  served.during([&] {
    Caller one(served), other(served, "");
    one.sent("/till/open", "{}");
    one.post("/till/open", "{}");  // Behind the first.
    served.wait("3 s");
    other.sent("/till/open", "{}");
    served.wait("2 s");
    CHECK(one.answer() == "200 {}");
    served.wait("3 s");
    CHECK(other.answer() == "200 {}");
    CHECK(test::run_until(served.io, [&] { return served.inputs() == 3; }));
    served.wait("5 s");
    CHECK(one.answer() == "200 {}");
  });
}

TEST_CASE("what is heard in one go is heard by caller, target and body, whatever way it came", "[services]") {
  Shop served;
  served.gateway.set_gathering(true);
  Lines said;
  served.gateway.set_transcript([&](const std::string& line) { said.push_back(line); });
  served.during([&] {
    Caller b(served, "b"), a(served, "a"), again(served, "a");
    b.post("/desk/region", "{}");
    CHECK(test::run_until(served.io, [&] { return said.size() == 1; }));
    a.post("/desk/words", "{}");
    again.post("/desk/region", "{}");
    CHECK(test::run_until(served.io, [&] { return said.size() == 3; }));
    CHECK(served.gateway.has_unheard());
    CHECK(served.inputs() == 0);
    said.clear();
    served.gateway.hear();
    CHECK(said == Lines{R"(http client a S 200 {"reply":""})", R"(http client a S 200 {"reply":[]})",
                        R"(http client b S 200 {"reply":""})"});
  });
}

TEST_CASE("fault rules strike calls of real programs by the name that these give themselves", "[services]") {
  Shop served;
  const RunResult result = served.during([&] {
    served.wait("3 s");
    Caller program(served);
    const std::string match = R"("match": "protocol == 'http' && system == 'desk' && client == 'caller')";
    served.rule(R"({"name":"refuse",)" + match +
                R"( && command == 'region'", "do":"error", "error":"Unavailable", "limit":1})");
    CHECK(program.ask("/desk/region", "{}") == R"(503 {"error":"Unavailable"})");
    CHECK(Caller(served, "somebody else").ask("/desk/region", "{}") == R"(200 {"reply":""})");
    CHECK(program.ask("/desk/region", "{}") == R"(200 {"reply":""})");

    served.rule(R"({"name":"slow",)" + match + R"( && command == 'count'", "do":"delay", "by":"1 min", "limit":1})");
    program.sent("/desk/count", "{}");
    served.wait("60 s");
    CHECK_FALSE(program.has_answer());
    served.wait("1 s");
    CHECK(program.answer() == R"(200 {"reply":0})");

    served.rule(R"({"name":"slow-answer",)" + match +
                R"( && command == 'region'", "do":"delay", "when":"after", "by":"2 s", "limit":1})");
    program.sent("/desk/region", "{}");
    served.wait("1 s");
    CHECK_FALSE(program.has_answer());
    served.wait("1 s");
    CHECK(program.answer() == R"(200 {"reply":""})");

    served.rule(R"({"name":"applied",)" + match +
                R"( && command == 'ship'", "do":"error", "when":"after", "error":"Timeout", "limit":1})");
    program.sent("/desk/ship", R"({"goods":[{"id":1}]})");
    served.wait("10 s");
    CHECK(program.answer() == R"(504 {"error":"Timeout"})");

    served.rule(R"({"name":"cut",)" + match + R"( && command == 'region'", "do":"close", "limit":1})");
    CHECK(program.ask("/desk/region", "{}") == "closed");

    served.rule(R"({"name":"lost",)" + match + R"( && command == 'ship'", "do":"drop", "when":"after", "limit":1})");
    Caller next(served);
    next.sent("/desk/ship", R"({"goods":[{"id":2}]})");
    served.wait("1 h");
    CHECK_FALSE(next.has_answer());
    CHECK(served.gateway.waits());
  });
  CHECK(shipped(result) == 2);  // Both times it had happened.
}

TEST_CASE("faults of the timeline strike calls of real programs, too", "[services]") {
  Shop served(R"({ "at": "00:01", "until": "00:02", "fail": "desk.ship", "error": "Timeout" },
                 { "at": "00:03", "until": "00:04", "slow": "till.open", "by": "5 s" })");
  served.during([&] {
    Caller program(served);
    served.wait("90 s");
    CHECK(program.ask("/desk/ship", "{}") == R"(504 {"error":"Timeout"})");
    served.wait("2 min");
    program.sent("/till/open", "{}");
    served.wait("9 s");
    CHECK_FALSE(program.has_answer());
    served.wait("1 s");
    CHECK(program.answer() == "200 {}");
  });
}
