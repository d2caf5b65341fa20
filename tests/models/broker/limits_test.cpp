#include "tests/models/broker/rabbit.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

QueueSpec at_most(std::int64_t length, QueueSpec::Overflow overflow = QueueSpec::Overflow::drop_head) {
  QueueSpec queue;
  queue.length_max = length;
  queue.overflow = overflow;
  return queue;
}
QueueSpec living(std::int64_t ttl, std::int32_t dead_letter = -1) {
  QueueSpec queue;
  queue.ttl = ttl;
  queue.dead_letter = dead_letter;
  return queue;
}

}  // namespace

TEST_CASE("RABBIT-044: a full queue drops the oldest, or refuses the newest", "[broker]") {
  Rabbit drops({at_most(10)});
  drops.publish("ABCDEFGHIJKLM");
  REQUIRE(drops.lies() == "DEFGHIJKLM");
  REQUIRE(drops.ends() == Lines{"A dropped maxlen", "B dropped maxlen", "C dropped maxlen"});
  Rabbit refuses({at_most(10, QueueSpec::Overflow::reject_publish)});
  refuses.publish("ABCDEFGHIJKLM");
  REQUIRE(refuses.lies() == "ABCDEFGHIJ");
  REQUIRE(refuses.ends() == Lines{"K dropped refused", "L dropped refused", "M dropped refused"});
  REQUIRE(refuses.broker.publish_to_queue(0, 'N', 0, 0).refused);
}

TEST_CASE("RABBIT-044: only what is ready counts; what a consumer holds makes room", "[broker]") {
  Rabbit rabbit({at_most(2, QueueSpec::Overflow::reject_publish)});
  const ConsumerId consumer = rabbit.consumer(3);
  rabbit.publish("ABCDEF");
  REQUIRE(rabbit.takes(consumer) == "ABC");
  REQUIRE(rabbit.lies() == "DE");
  REQUIRE(rabbit.ends() == Lines{"F dropped refused"});
}

TEST_CASE("RABBIT-044: with a length of nothing, only a consumer that is ready gets anything", "[broker]") {
  Rabbit rabbit({at_most(0)});
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.publish("AB");
  REQUIRE(rabbit.takes(consumer) == "A");
  REQUIRE(rabbit.ends() == Lines{"B dropped maxlen"});
}

TEST_CASE("RABBIT-045: the lower of the queue's and the message's life counts, and a return does not renew it",
          "[broker]") {
  Rabbit rabbit({living(100)});
  rabbit.publish("A", 0, 50);
  rabbit.publish("B", 0, 500);
  REQUIRE(rabbit.broker.next_expiry(0) == 50);
  rabbit.broker.expire(0, 50);
  REQUIRE(rabbit.broker.next_expiry(0) == 100);
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.now = 60;
  rabbit.takes(consumer);
  rabbit.broker.hold_back(consumer);
  rabbit.broker.requeue(rabbit.held[0], Returned::nacked, 60);
  REQUIRE(rabbit.broker.next_expiry(0) == 100);
  rabbit.broker.expire(0, 100);
  REQUIRE(rabbit.lies().empty());
  REQUIRE(rabbit.ends() == Lines{"A dropped expired", "B dropped expired"});
}

TEST_CASE("RABBIT-045: what has expired is never delivered, whoever asks first", "[broker]") {
  Rabbit rabbit({living(100)});
  rabbit.publish("A");
  rabbit.now = 100;
  const ConsumerId consumer = rabbit.consumer(1);  // Before anybody has called expire().
  REQUIRE_FALSE(rabbit.broker.receive(consumer));
  REQUIRE(rabbit.ends() == Lines{"A dropped expired"});
}

TEST_CASE("RABBIT-045: a message expires only at the head: a short life behind a long one comes late", "[broker]") {
  Rabbit rabbit({classic()});
  rabbit.publish("A", 0, 1'000);
  rabbit.publish("B", 0, 10);
  rabbit.broker.expire(0, 500);
  REQUIRE(rabbit.lies() == "AB");
  REQUIRE(rabbit.broker.ready(0) == 2);
  REQUIRE(rabbit.broker.next_expiry(0) == 1'000);
  rabbit.broker.expire(0, 1'000);
  REQUIRE(rabbit.ends() == Lines{"A dropped expired", "B dropped expired"});
}

TEST_CASE("RABBIT-046: a life of nothing means now or never", "[broker]") {
  Rabbit rabbit({living(0, 1), classic()});
  rabbit.publish("A");
  REQUIRE(rabbit.ends() == Lines{"A expired 0->1"});
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.publish("BC");
  REQUIRE(rabbit.takes(consumer) == "B");
  REQUIRE(rabbit.lies(1) == "AC");
}
