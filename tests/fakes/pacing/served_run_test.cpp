// A scenario with a real program in it, without sockets: what the program asks is scripted here.

#include <functional>
#include <map>

#include "fakes/pacing/json_messages.hpp"
#include "fakes/pacing/replay.hpp"
#include "sim/compare/runner.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/load.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::fakes;

namespace {

/// Every minute a job; whoever makes its file makes it done.
const char* const exports = R"({
  "premortem": 1, "title": "Exports", "clock": {"from": "2021-01-04 00:00", "until": "2021-01-04 00:10", "zone": "UTC"},
  "items": {"export": {"fields": {"deanery": "string", "start": "date", "size": "int"}, "done": "made"}}, "arrivals": {},
  "systems": {
    "cron": {"is": "job", "cron": "1,2,3 * * * *",
             "does": [{"send": "export", "to": "commands", "with": {"deanery": "'EMD'", "start": "today", "size": "7"}}]},
    "commands": {"is": "queue", "of": "export", "name": "esr.commands"},
    "exporter": {"is": "consumer", "reads": "commands", "external": true, "does": [{"publish": "files"}]},
    "files": {"is": "queue", "of": "export"},
    "delivery": {"is": "consumer", "reads": "files", "does": [{"finish": "made"}]}
  },
  "checks": {"all-made": {"every": "export", "ends": ["done"]}}
})";

std::shared_ptr<const CompiledScenario> compiled(const char* text) {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(text, diagnostics);
  INFO(diagnostics.format("exports.jsonc"));
  REQUIRE(root.has_value());
  const auto loaded = load_scenario("exports.jsonc", std::move(*root), diagnostics);
  INFO(diagnostics.format("exports.jsonc"));
  REQUIRE(loaded.has_value());
  Variant variant;
  variant.serving = true;
  auto scenario = compile_variant(*loaded, variant, diagnostics);
  INFO(diagnostics.format("exports.jsonc"));
  REQUIRE(scenario != nullptr);
  return scenario;
}

/// A client on one channel that answers each delivery as it is told to.
class Program final : public Driver, public ClientSink {
 public:
  using Handler = std::function<void(Program&, const ClientEvent&, const std::string& body)>;
  explicit Program(Handler on_delivery) : on_delivery_(std::move(on_delivery)) {}

  void told(const ClientEvent& event, std::string_view properties, std::string_view body) override {
    if (event.kind == ClientEvent::Kind::delivered) {
      delivered_.emplace_back(event, std::string(body));
      properties_.emplace_back(properties);
    }
    if (event.kind == ClientEvent::Kind::channel_error || event.kind == ClientEvent::Kind::connection_error)
      errors_.push_back(event.text);
  }

  std::int64_t drive(Machine& machine, std::int64_t until) override {
    machine_ = &machine;
    machine.run_until(time_from_nanoseconds(machine.now() + 1));
    ask(BrokerRequest::Kind::connect, [](BrokerRequest& r) { r.vhost = "/", r.name = "guest"; });
    ask(BrokerRequest::Kind::open_channel, [](BrokerRequest&) {});
    ask(BrokerRequest::Kind::consume, [](BrokerRequest& r) { r.name = "esr.commands"; });
    while (machine.next_event() < until) {
      machine.run_until(time_from_nanoseconds(machine.next_event() + 1));
      while (!delivered_.empty()) {
        const auto [event, body] = delivered_.front();
        delivered_.erase(delivered_.begin());
        on_delivery_(*this, event, body);
      }
    }
    machine.run_until(time_from_nanoseconds(until));
    return until;
  }

  void ask(BrokerRequest::Kind kind, const std::function<void(BrokerRequest&)>& fill) {
    BrokerRequest request;
    request.kind = kind;
    request.client = 1;
    request.channel = kind == BrokerRequest::Kind::connect || kind == BrokerRequest::Kind::disconnect ? 0 : 1;
    fill(request);
    kept.requests.emplace_back(machine_->now(), request);
    machine_->request(request);
    machine_->run_until(time_from_nanoseconds(machine_->now() + 1));
  }
  void ack(std::uint64_t tag) {
    ask(BrokerRequest::Kind::ack, [&](BrokerRequest& r) { r.tag = tag; });
  }
  void publish(const std::string& queue, const std::string& body) {
    ask(BrokerRequest::Kind::publish, [&](BrokerRequest& r) { r.key = queue, r.body = body; });
  }

  Session kept;
  std::vector<std::string> errors_, properties_;

 private:
  Handler on_delivery_;
  Machine* machine_ = nullptr;
  std::vector<std::pair<ClientEvent, std::string>> delivered_;
};

std::uint64_t unreadable = 0;  ///< Of the last run.

RunResult serve(const CompiledScenario& scenario, Driver& driver, ClientSink* sink) {
  const JsonMessages form;
  RunOptions how;
  how.driver = &driver;
  how.sink = sink;
  how.form = &form;
  RunResult result = run_scenario(scenario, how);
  unreadable = form.unreadable();
  return result;
}

std::uint64_t count(const RunResult& result, Fate fate) { return result.fates.at(0)[fate]; }

}  // namespace

TEST_CASE("a real program gets a simulated message as JSON, and its answer finishes the item", "[fakes][pacing]") {
  std::vector<std::string> bodies;
  Program program([&](Program& self, const ClientEvent& event, const std::string& body) {
    bodies.push_back(body);
    self.publish("files", body);
    self.ack(event.tag);
  });
  const auto scenario = compiled(exports);
  const RunResult result = serve(*scenario, program, &program);
  REQUIRE(program.errors_.empty());
  REQUIRE(bodies ==
          std::vector<std::string>{R"({"kind":"export","id":1,"deanery":"EMD","start":"2021-01-04","size":7})",
                                   R"({"kind":"export","id":2,"deanery":"EMD","start":"2021-01-04","size":7})",
                                   R"({"kind":"export","id":3,"deanery":"EMD","start":"2021-01-04","size":7})"});
  REQUIRE(program.properties_.at(0) == std::string("\x90\x80\x10"
                                                   "application/json\x02\x08"
                                                   "export 1",
                                                   29));
  REQUIRE(count(result, Fate::done) == 3);
  REQUIRE(result.checks.at(0).verdict == CheckVerdict::holds);
}

TEST_CASE("RABBIT-017: what a real program acknowledges before it works is lost when it forgets it",
          "[fakes][pacing]") {
  Program program([](Program& self, const ClientEvent& event, const std::string& body) {
    self.ack(event.tag);
    if (event.tag != 2) self.publish("files", body);
  });
  const auto scenario = compiled(exports);
  const RunResult result = serve(*scenario, program, &program);
  REQUIRE(count(result, Fate::done) == 2);
  REQUIRE(count(result, Fate::lost) == 1);
}

TEST_CASE("what a real program brings is an item of its own, unless it says which it is about", "[fakes][pacing]") {
  Program program([](Program& self, const ClientEvent& event, const std::string& body) {
    self.publish("files", body);
    self.publish("files", R"({"deanery": "YHD"})");
    self.publish("files", R"({"id": 1})");
    self.publish("files", "no JSON at all");
    self.ack(event.tag);
  });
  const auto scenario = compiled(exports);
  const RunResult result = serve(*scenario, program, &program);
  REQUIRE(result.fates.at(0).arrived ==
          6);  // Three of the cron's, three brought; a body that is none is about nothing.
  REQUIRE(count(result, Fate::duplicated) == 1);
  REQUIRE(unreadable == 3);
}

TEST_CASE("a session runs again to the same digest, without its program", "[fakes][pacing]") {
  Program program([](Program& self, const ClientEvent& event, const std::string& body) {
    if (event.tag == 1) {
      self.ask(BrokerRequest::Kind::nack, [&](BrokerRequest& r) { r.tag = event.tag, r.requeue = true; });
    } else {
      self.publish("files", body);
      self.ack(event.tag);
    }
  });
  const auto scenario = compiled(exports);
  const RunResult served = serve(*scenario, program, &program);
  REQUIRE(count(served, Fate::done) == 3);
  program.kept.ended = true;
  program.kept.ends = scenario->model->ends;
  SessionReplay again(program.kept);
  const RunResult replayed = serve(*scenario, again, nullptr);
  REQUIRE(replayed.digest == served.digest);
  REQUIRE(count(replayed, Fate::done) == 3);

  SECTION("and one byte more in it is another run") {
    BrokerRequest request = program.kept.requests[2].request();
    request.text = "tag";
    program.kept.requests[2] = KeptRequest(program.kept.requests[2].at(), request);
    SessionReplay other(program.kept);
    REQUIRE(serve(*scenario, other, nullptr).digest != served.digest);
  }
}

TEST_CASE("elsewhere than under serve the steps play what is external", "[fakes][pacing]") {
  Diagnostics diagnostics;
  const auto loaded = load_scenario("exports.jsonc", *read_scenario_text(exports, diagnostics), diagnostics);
  const auto scenario = compile_variant(*loaded, Variant{}, diagnostics);
  const RunResult result = run_scenario(*scenario, RunOptions{});
  REQUIRE(count(result, Fate::done) == 3);
}

TEST_CASE("what the timeline does to a system that a program plays is said to do nothing", "[fakes][pacing]") {
  std::string text = exports;
  text.insert(text.find("\"systems\""),
              R"("timeline": [{"id": "bang", "at": "2021-01-04 00:05", "crash": "exporter"}], )");
  const auto scenario = compiled(text.c_str());
  REQUIRE(scenario->notes ==
          std::vector<std::string>{"timeline[bang]: a real program plays exporter; \"crash\" does nothing to it"});
}

TEST_CASE("ack-finishes: an acknowledgement finishes the item, if nothing has finished it before", "[fakes][pacing]") {
  const auto acknowledges = [](Program& self, const ClientEvent& event, const std::string& body) {
    if (event.tag == 1) self.publish("files", body);  // Whoever reads the file finishes it, and once is enough.
    if (event.tag == 2) return self.ask(BrokerRequest::Kind::reject, [&](BrokerRequest& r) { r.tag = event.tag; });
    self.ack(event.tag);
  };
  std::string text = exports;
  const auto served = [&] {
    Program program(acknowledges);
    const auto scenario = compiled(text.c_str());
    return serve(*scenario, program, &program);
  };
  const std::size_t place = text.find("\"external\"");
  SECTION("as done") {
    text.insert(place, R"("ack-finishes": "made", )");
    const RunResult result = served();
    CHECK(count(result, Fate::done) == 2);
    CHECK(count(result, Fate::lost) == 1);  // The rejected one.
  }
  SECTION("as what does not count as done") {
    text.insert(place, R"("ack-finishes": "seen", )");
    const RunResult result = served();
    CHECK(count(result, Fate::done) == 1);
    CHECK(count(result, Fate::misrouted) == 1);
    CHECK(count(result, Fate::lost) == 1);
  }
  SECTION("without it, acknowledging finishes nothing") {
    const RunResult result = served();
    CHECK(count(result, Fate::done) == 1);
    CHECK(count(result, Fate::lost) == 2);
  }
  SECTION("all at once, as well") {
    text.insert(place, R"("ack-finishes": "made", )");
    Program program([](Program& self, const ClientEvent& event, const std::string&) {
      if (event.tag != 3) return;
      self.ask(BrokerRequest::Kind::ack, [](BrokerRequest& r) { r.tag = 3, r.multiple = true; });
    });
    const auto scenario = compiled(text.c_str());
    CHECK(count(serve(*scenario, program, &program), Fate::done) == 3);
  }
}

TEST_CASE("ack-finishes has no effect where the steps do the work", "[fakes][pacing]") {
  std::string text = exports;
  text.insert(text.find("\"external\""), R"("ack-finishes": "made", )");
  const auto digest = [](const std::string& file) {
    Diagnostics diagnostics;
    const auto loaded = load_scenario("exports.jsonc", *read_scenario_text(file, diagnostics), diagnostics);
    return run_scenario(*compile_variant(*loaded, Variant{}, diagnostics), RunOptions{}).digest;
  };
  CHECK(digest(text) == digest(exports));
}

TEST_CASE("lists of documents and of texts go to a real program and come back as they were", "[fakes][pacing]") {
  constexpr const char* parts = R"_({
    "premortem": 1, "title": "Parts", "clock": {"from": "2021-01-04 00:00", "until": "2021-01-04 00:10", "zone": "UTC"},
    "items": {"part": {"fields": {"start": "date"}, "done": "made"}},
    "arrivals": {"two": {"item": "part", "into": "incoming", "at": ["00:00:01", "00:00:02"],
                         "fields": {"start": "2021-02-03"}}},
    "systems": {
      "store": {"is": "documents", "collections": {"kept": {"of": "part", "fields": {"size": "int"}}}},
      "incoming": {"is": "queue", "of": "part"},
      "keeper": {"is": "consumer", "reads": "incoming", "does": [{"insert": "store.kept", "with": {"size": "3"}}]},
      "cron": {"is": "job", "cron": "1 * * * *", "does": [{"find": "store.kept", "as": "all"},
        {"work": "250 ms"}, {"publish": "commands", "with": {"parts": "all", "words": "['a', 'b']", "at": "now"}}]},
      "commands": {"is": "queue", "name": "esr.commands",
                   "fields": {"parts": "list(store.kept)", "words": "list(string)", "at": "time"}},
      "exporter": {"is": "consumer", "reads": "commands", "external": true, "does": [{"publish": "files"}]},
      "files": {"is": "queue", "fields": {"parts": "list(store.kept)", "words": "list(string)", "at": "time"}},
      "delivery": {"is": "consumer", "reads": "files", "does": [
        {"filter": "size(it.words) == 2 && it.words[1] == 'b' && it.parts[0].size == 3 && now - it.at < duration('1 s')"},
        {"each": "it.parts", "finish": "made"}]}
    },
    "checks": {"all-made": {"every": "part", "ends": ["done"]}}
  })_";
  std::vector<std::string> bodies;
  Program program([&](Program& self, const ClientEvent& event, const std::string& body) {
    bodies.push_back(body);
    self.publish("files", body);
    self.ack(event.tag);
  });
  const auto scenario = compiled(parts);
  const RunResult result = serve(*scenario, program, &program);
  CHECK(bodies == std::vector<std::string>{
                      R"({"parts":[{"id":1,"start":"2021-02-03","size":3},{"id":2,"start":"2021-02-03","size":3}],)"
                      R"("words":["a","b"],"at":"2021-01-04T00:01:00.25Z"})"});
  CHECK(count(result, Fate::done) == 2);
}
