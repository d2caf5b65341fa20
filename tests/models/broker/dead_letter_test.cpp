#include "tests/models/broker/rabbit.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

QueueSpec living(std::int64_t ttl, std::int32_t dead_letter) {
  QueueSpec queue;
  queue.ttl = ttl;
  queue.dead_letter = dead_letter;
  return queue;
}

}  // namespace

TEST_CASE("RABBIT-050: four causes bring a message into the dead-letter queue", "[broker]") {
  QueueSpec limited = dead_lettering_to(1, quorum(0));
  limited.ttl = 100;
  limited.length_max = 1;
  Rabbit rabbit({limited, classic()});
  rabbit.publish("AB");  // A is pushed out.
  rabbit.broker.expire(0, 100);
  rabbit.now = 200;
  const ConsumerId consumer = rabbit.consumer(2);
  rabbit.publish("CD");
  rabbit.takes(consumer);
  rabbit.broker.reject(rabbit.held[0], 200);
  rabbit.broker.requeue(rabbit.held[1], Returned::nacked, 200);
  REQUIRE(rabbit.ends() == Lines{"A maxlen 0->1", "B expired 0->1", "C rejected 0->1", "D delivery_limit 0->1"});
}

TEST_CASE("RABBIT-051: a dead-letter queue that is not there at that moment takes nothing, silently", "[broker]") {
  Rabbit rabbit({dead_lettering_to(1), classic()});
  rabbit.broker.set_queue_there(1, false, 0);
  rabbit.publish("A");
  rabbit.broker.reject(rabbit.take(rabbit.consumer()).message, 1);
  REQUIRE(rabbit.ends() == Lines{"A dropped rejected"});
}

TEST_CASE("RABBIT-052: dead lettering is at most once: a full target that refuses is the end of the message",
          "[broker]") {
  QueueSpec full;
  full.length_max = 0;
  full.overflow = QueueSpec::Overflow::reject_publish;
  Rabbit rabbit({dead_lettering_to(1), full});
  rabbit.publish("A");
  rabbit.broker.reject(rabbit.take(rabbit.consumer()).message, 1);
  REQUIRE(rabbit.ends() == Lines{"A dropped refused"});
  REQUIRE(rabbit.lies(1).empty());
}

TEST_CASE("RABBIT-053: x-death has a line a queue and reason, newest first, with a count", "[broker]") {
  Rabbit rabbit({dead_lettering_to(1), living(100, 0)});  // Work, and a queue in which to wait.
  rabbit.publish("A");
  const ConsumerId consumer = rabbit.consumer(1);
  for (int cycle = 1; cycle <= 3; ++cycle) {
    const Delivery delivery = rabbit.take(consumer);
    REQUIRE(delivery.deaths == static_cast<std::uint32_t>(2 * (cycle - 1)));
    REQUIRE_FALSE(delivery.redelivered);  // A dead-lettered message is a new one to its next queue.
    rabbit.broker.reject(delivery.message, 1'000 * cycle);
    rabbit.broker.expire(1, 1'000 * cycle + 100);
  }
  const Delivery last = rabbit.take(consumer);
  const std::vector<Death>& deaths = rabbit.broker.deaths(last.message);
  REQUIRE(deaths.size() == 2);
  REQUIRE((deaths[0].queue == 1 && deaths[0].reason == DeathReason::expired && deaths[0].count == 3));
  REQUIRE((deaths[1].queue == 0 && deaths[1].reason == DeathReason::rejected && deaths[1].count == 3));
}

TEST_CASE("RABBIT-053: a dead-lettered message loses the life of its own that it had", "[broker]") {
  Rabbit rabbit({dead_lettering_to(1), classic()});
  rabbit.publish("A", 0, 10);
  rabbit.broker.expire(0, 10);
  REQUIRE(rabbit.lies(1) == "A");
  REQUIRE(rabbit.broker.next_expiry(1) == INT64_MAX);
}

TEST_CASE("RABBIT-054: a circle that nobody rejected in ends where a queue would see the message again", "[broker]") {
  Rabbit rabbit({living(10, 1), living(10, 0)});
  rabbit.publish("A");
  rabbit.broker.expire(0, 10);
  rabbit.broker.expire(1, 20);
  REQUIRE(rabbit.ends() == Lines{"A expired 0->1", "A dropped cycle"});
  Rabbit itself({living(10, 0)});
  itself.publish("A");
  itself.broker.expire(0, 10);
  REQUIRE(itself.ends() == Lines{"A dropped cycle"});
}

TEST_CASE("RABBIT-054: with a rejection in it, a circle goes on for ever", "[broker]") {
  Rabbit rabbit({dead_lettering_to(1), living(10, 0)});
  rabbit.publish("A");
  const ConsumerId consumer = rabbit.consumer(1);
  for (int round = 1; round <= 50; ++round) {
    rabbit.broker.reject(rabbit.take(consumer).message, 100 * round);
    rabbit.broker.expire(1, 100 * round + 10);
  }
  REQUIRE(rabbit.take(consumer).deaths == 100);
}

TEST_CASE("RABBIT-054: forty queues in a row are no circle", "[broker]") {
  std::vector<QueueSpec> queues;
  for (std::int32_t n = 1; n <= 40; ++n) queues.push_back(living(10, n));
  queues.push_back(classic());
  Rabbit rabbit(queues);
  rabbit.publish("A");
  for (std::uint32_t n = 0; n < 40; ++n) rabbit.broker.expire(n, 10 * (std::int64_t{n} + 1));
  REQUIRE(rabbit.lies(40) == "A");
}

TEST_CASE("STRAT-033: a moved message is a new one, with its old headers; and a shovel loses none", "[broker]") {
  QueueSpec full;
  full.length_max = 1;
  full.overflow = QueueSpec::Overflow::reject_publish;
  Rabbit rabbit({dead_lettering_to(1), classic(), full});
  rabbit.publish("A");
  rabbit.publish("X", 2);
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.broker.reject(rabbit.take(consumer).message, 1);
  REQUIRE(rabbit.broker.move(rabbit.broker.peek(1)[0], 2, 2).refused);
  REQUIRE(rabbit.lies(1) == "A");
  REQUIRE(rabbit.broker.move(rabbit.broker.peek(1)[0], 0, 3).copies == 1);
  const Delivery again = rabbit.take(consumer);
  REQUIRE(again.deaths == 1);
  REQUIRE_FALSE(again.redelivered);
}
