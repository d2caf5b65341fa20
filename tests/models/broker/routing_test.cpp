#include "tests/models/broker/rabbit.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

ExchangeSpec exchange(ExchangeSpec::Type type, std::vector<ExchangeSpec::Binding> bindings,
                      std::int32_t alternate = -1) {
  ExchangeSpec made;
  made.type = type;
  made.bindings = std::move(bindings);
  made.alternate = alternate;
  return made;
}
using enum ExchangeSpec::Type;

}  // namespace

TEST_CASE("RABBIT-001: an exchange puts one copy into every queue that a binding reaches, however many do",
          "[broker]") {
  Rabbit rabbit({classic(), classic(), classic()}, 4000,
                {exchange(direct, {{0, "a"}, {0, "b"}, {1, "b"}}), exchange(fanout, {{0, ""}, {0, "x"}, {2, ""}}),
                 exchange(topic, {{0, "order.*"}, {0, "order.#"}, {1, "#.paid"}})});
  REQUIRE(rabbit.route('A', "b").copies == 2);
  REQUIRE(rabbit.route('B', "a").copies == 1);
  REQUIRE(rabbit.route('C', "whatever", 1).copies == 2);
  REQUIRE(rabbit.route('D', "order.paid", 2).copies == 2);
  REQUIRE(rabbit.route('E', "order.new.fast", 2).copies == 1);
  REQUIRE(rabbit.lies(0) == "ABCDE");
  REQUIRE(rabbit.lies(1) == "AD");
  REQUIRE(rabbit.lies(2) == "C");
}

TEST_CASE("RABBIT-001: a star is one word of a topic, a hash any number of them", "[broker]") {
  REQUIRE(topic_matches("#", ""));
  REQUIRE(topic_matches("a.#", "a"));
  REQUIRE(topic_matches("a.#.z", "a.z"));
  REQUIRE(topic_matches("a.#.z", "a.b.c.z"));
  REQUIRE(topic_matches("*.b", "a.b"));
  REQUIRE_FALSE(topic_matches("*", ""));
  REQUIRE_FALSE(topic_matches("a.*", "a"));
  REQUIRE_FALSE(topic_matches("a.*", "a.b.c"));
  REQUIRE_FALSE(topic_matches("a", "a.b"));
}

TEST_CASE("RABBIT-002: what no queue wants is dropped without error, or goes to the alternate exchange", "[broker]") {
  Rabbit rabbit({classic()}, 4000,
                {exchange(direct, {{0, "known"}}), exchange(direct, {{0, "known"}}, 2), exchange(fanout, {{0, ""}})});
  const PublishOutcome lost = rabbit.route('A', "unknown");
  REQUIRE(lost.copies == 0);
  REQUIRE_FALSE(lost.refused);  // Nothing that a publisher without mandatory would hear: a confirm is an ack.
  REQUIRE(rabbit.broker.unroutable(0) == 1);
  REQUIRE(rabbit.ends() == Lines{"A unroutable"});
  REQUIRE(rabbit.route('B', "unknown", 1).copies == 1);
  REQUIRE(rabbit.broker.unroutable(1) == 0);
  REQUIRE(rabbit.lies() == "B");
}

TEST_CASE("RABBIT-002: a queue that is not there wants nothing, and neither does the default exchange then",
          "[broker]") {
  Rabbit rabbit({classic()}, 4000, {exchange(direct, {{0, "known"}})});
  rabbit.broker.set_queue_there(0, false, 0);
  REQUIRE(rabbit.route('A', "known").unroutable);
  rabbit.publish("B");
  REQUIRE(rabbit.ends() == Lines{"A unroutable", "B dropped no_route"});
  rabbit.broker.set_queue_there(0, true, 0);
  REQUIRE(rabbit.route('C', "known").copies == 1);
  REQUIRE(rabbit.lies() == "C");
}

TEST_CASE("RABBIT-003: a publisher that asks for it learns that no queue wanted its message", "[broker]") {
  Rabbit rabbit({classic()}, 4000, {exchange(direct, {{0, "known"}})});
  REQUIRE(rabbit.route('A', "unknown").unroutable);
  REQUIRE_FALSE(rabbit.route('A', "unknown").missing);
  REQUIRE_FALSE(rabbit.route('B', "known").unroutable);
}

TEST_CASE("RABBIT-004: an exchange that is not there is another error than a key that nobody wants", "[broker]") {
  Rabbit rabbit({classic()}, 4000, {exchange(direct, {{0, "known"}})});
  rabbit.broker.set_exchange_there(0, false);
  REQUIRE(rabbit.route('A', "known").missing);
  REQUIRE(rabbit.lies().empty());
  rabbit.broker.set_exchange_there(0, true);
  REQUIRE_FALSE(rabbit.route('B', "known").missing);
  REQUIRE(rabbit.lies() == "B");
}

TEST_CASE("RABBIT-006: one queue's refusal makes the confirm of the whole message a nack", "[broker]") {
  QueueSpec full;
  full.length_max = 0;
  full.overflow = QueueSpec::Overflow::reject_publish;
  Rabbit rabbit({classic(), full}, 4000, {exchange(fanout, {{0, ""}, {1, ""}})});
  const PublishOutcome outcome = rabbit.route('A', "");
  REQUIRE(outcome.copies == 1);
  REQUIRE(outcome.refused);
  REQUIRE(rabbit.lies(0) == "A");
}
