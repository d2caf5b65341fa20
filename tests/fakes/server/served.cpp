#include "tests/fakes/server/served.hpp"

#include <boost/asio/post.hpp>
#include <sstream>

#include "fakes/pacing/json_messages.hpp"
#include "fakes/pacing/replay.hpp"
#include "sim/compare/runner.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/fault_rules.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

namespace premortem::test {

namespace {

constexpr const char* text = R"({
  "premortem": 1, "title": "served", "items": { "task": {} }, "arrivals": {}, "checks": {},
  "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
  "systems": {
    "broker": { "is": "broker", "version": "3.13" },
    "jobs": { "is": "queue", "of": "task" },
    "events": { "is": "exchange", "type": "topic", "of": "task", "to": { "jobs": "job.#" } }
  }
})";

class NobodyOutside final : public fakes::Outside {
 public:
  State state(std::string&) const override { return State::idle; }
  std::int64_t last_traffic() const override { return 0; }
};

/// Lets the machine be seen by the control endpoint before time goes.
class Attaching final : public Driver {
 public:
  Attaching(fakes::Control& control, fakes::Pacer& pacer) : control_(control), pacer_(pacer) {}
  std::int64_t drive(Machine& machine, std::int64_t until) override {
    control_.attach(machine);
    return ended_at = pacer_.drive(machine, until);
  }
  std::int64_t ended_at = 0;

 private:
  fakes::Control& control_;
  fakes::Pacer& pacer_;
};

std::shared_ptr<const CompiledScenario> compiled() {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  REQUIRE(root);
  const auto loaded = load_scenario("served.jsonc", std::move(*root), diagnostics);
  Variant variant;
  variant.serving = true;
  const auto scenario = loaded ? compile_variant(*loaded, variant, diagnostics) : nullptr;
  INFO(diagnostics.format("served"));
  REQUIRE(scenario);
  return scenario;
}

fakes::HttpRequest made(const std::string& method, const std::string& target, const std::string& body) {
  fakes::HttpRequest request;
  request.method = method;
  request.body = body;
  REQUIRE(fakes::parse_target(target, request));
  return request;
}

}  // namespace

Served::Served()
    : scenario(compiled()),
      outside(std::make_unique<NobodyOutside>()),
      pacer(io, fakes::Pace{}, *outside, [](const std::string&) {}),
      management(pacer, gateway, {}) {
  pacer.set_paused(true);
  management.set_ports(5672, 15672);
}

std::string Served::during(const std::function<void()>& story) {
  pacer.set_recorder(
      [this](std::int64_t at, const BrokerRequest& request) { session += fakes::session_line(at, request); });
  boost::asio::post(io, [&] {
    story();
    pacer.stop();
  });
  const fakes::JsonMessages form;
  Attaching driver(controls, pacer);
  RunOptions how;
  how.driver = &driver;
  how.sink = &gateway;
  how.form = &form;
  const LiveRules rules;
  how.rule_reader = &rules;
  const std::string digest = run_scenario(*scenario, how).digest;
  fakes::SessionHead head;
  head.file = "served.jsonc";
  session = fakes::session_line(head) + session + fakes::session_end_line(driver.ended_at, digest);
  return digest;
}

std::string Served::replayed() const {
  std::istringstream in(session);
  const fakes::Session kept = fakes::read_session(in);
  fakes::SessionReplay driver(kept);
  const fakes::JsonMessages form;
  RunOptions how;
  how.driver = &driver;
  how.form = &form;
  const LiveRules rules;
  how.rule_reader = &rules;
  return run_scenario(*scenario, how).digest;
}

fakes::HttpResponse Served::manage(const std::string& method, const std::string& target, const std::string& body,
                                   std::vector<std::pair<std::string, std::string>> headers) {
  fakes::HttpRequest request = made(method, target, body);
  request.headers = std::move(headers);
  if (request.header("authorization").empty())
    request.headers.emplace_back("Authorization", "Basic Z3Vlc3Q6Z3Vlc3Q=");  // guest:guest
  return management.answer(request);
}

fakes::HttpResponse Served::control(const std::string& method, const std::string& target, const std::string& body) {
  return controls.answer(made(method, target, body));
}

void Served::ask(BrokerRequest::Kind kind, const std::function<void(BrokerRequest&)>& fill) {
  BrokerRequest request;
  request.kind = kind;
  request.client = 900;
  request.channel = kind == BrokerRequest::Kind::connect ? std::uint16_t{0} : std::uint16_t{1};
  if (fill) fill(request);
  gateway.request(request);
}

}  // namespace premortem::test
