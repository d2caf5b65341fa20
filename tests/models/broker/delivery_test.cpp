#include "tests/models/broker/rabbit.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("RABBIT-012: a queue gives out its messages in the order in which they came", "[broker]") {
  Rabbit rabbit({classic()});
  rabbit.publish("ABC");
  REQUIRE(rabbit.takes(rabbit.consumer()) == "ABC");
}

TEST_CASE("RABBIT-013: a crash among several consumers puts older messages behind newer ones", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId first = rabbit.consumer(1), second = rabbit.consumer(1);
  rabbit.publish("ABC");
  REQUIRE(rabbit.takes(first) == "A");
  REQUIRE(rabbit.takes(second) == "B");
  rabbit.broker.ack(rabbit.held[1], 1);  // B is done ...
  rabbit.broker.close(first, Returned::lost, 2);
  REQUIRE(rabbit.takes(second) == "C");
  rabbit.broker.ack(rabbit.held[2], 3);
  REQUIRE(rabbit.takes(second) == "A");  // ... and so is C, before A.
}

TEST_CASE("RABBIT-014: dispatch goes round those that have room; a full one of higher priority is passed over",
          "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId a = rabbit.consumer(2), b = rabbit.consumer(2), c = rabbit.consumer(1);
  rabbit.publish("ABCDEF");
  REQUIRE(rabbit.takes(a) == "AD");
  REQUIRE(rabbit.takes(b) == "BE");
  REQUIRE(rabbit.takes(c) == "C");
  REQUIRE(rabbit.lies() == "F");
  Rabbit urgent({classic()});
  const ConsumerId low = urgent.consumer(3), high = urgent.consumer(2, 0, false, 10);
  urgent.publish("ABCD");
  REQUIRE(urgent.takes(high) == "AB");
  REQUIRE(urgent.takes(low) == "CD");
}

TEST_CASE("RABBIT-014: the round goes on where it was when one of the consumers leaves", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId a = rabbit.consumer(), b = rabbit.consumer(), c = rabbit.consumer();
  rabbit.publish("AB");
  rabbit.broker.close(a, Returned::lost, 1);  // A comes back and goes to the next in line.
  rabbit.publish("C");
  REQUIRE(rabbit.takes(c) == "A");
  REQUIRE(rabbit.takes(b) == "BC");
}

TEST_CASE("RABBIT-015: prefetch bounds what is unacknowledged; without it the first consumer takes all", "[broker]") {
  Rabbit rabbit({classic(), quorum()});
  const ConsumerId two = rabbit.consumer(2);
  rabbit.publish("ABCD");
  REQUIRE(rabbit.takes(two) == "AB");
  rabbit.broker.ack(rabbit.held[0], 1);
  REQUIRE(rabbit.takes(two) == "C");
  rabbit.broker.set_prefetch(two, 3, 2);
  REQUIRE(rabbit.takes(two) == "D");
  rabbit.broker.close(two, Returned::lost, 3);
  for (int n = 0; n < 9'996; ++n) rabbit.publish("x");
  const ConsumerId greedy = rabbit.consumer(0), late = rabbit.consumer(0);
  REQUIRE(rabbit.broker.unacked(0) == 9'999);
  REQUIRE_FALSE(rabbit.broker.receive(late));
  REQUIRE(rabbit.takes(greedy).size() == 9'999);
  for (int n = 0; n < 2'500; ++n) rabbit.publish("y", 1);
  rabbit.consumer(0, 1);
  REQUIRE(rabbit.broker.unacked(1) == 2'000);  // A quorum queue's own cap.
}

TEST_CASE("RABBIT-016: who joins late gets nothing of what is parked, until its holder dies", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId first = rabbit.consumer(250);
  for (int n = 0; n < 100; ++n) rabbit.publish("x");
  const ConsumerId late = rabbit.consumer(250);
  REQUIRE_FALSE(rabbit.broker.receive(late));
  rabbit.take(first);
  rabbit.broker.close(first, Returned::lost, 1);
  int redelivered = 0;
  while (const auto delivery = rabbit.broker.receive(late)) redelivered += delivery->redelivered ? 1 : 0;
  REQUIRE(redelivered == 100);  // Also the 99 that were never begun.
}

TEST_CASE("RABBIT-017: acknowledged on receipt means when it was sent: what dies with the consumer is gone",
          "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId consumer = rabbit.consumer(1, 0, true);  // Its prefetch bounds nothing.
  rabbit.publish("ABC");
  REQUIRE(rabbit.broker.unacked(0) == 0);
  REQUIRE(rabbit.lies().empty());
  REQUIRE(rabbit.take(consumer).settled);
  rabbit.broker.close(consumer, Returned::lost, 1);
  REQUIRE(rabbit.ends() == Lines{"B dropped connection_lost", "C dropped connection_lost"});
  REQUIRE(rabbit.lies().empty());
}

TEST_CASE("RABBIT-018: a channel that the broker closes gives back everything that was sent on it", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId consumer = rabbit.consumer(3), other = rabbit.consumer(3);
  rabbit.publish("ABCD");
  REQUIRE(rabbit.takes(consumer) == "AC");
  rabbit.broker.lose_connection(consumer, 1);
  REQUIRE(rabbit.takes(other) == "BDA");  // It is first in line now; the other one subscribes again behind it.
  REQUIRE(rabbit.take(consumer).redelivered);
}

TEST_CASE("RABBIT-019: a rejected message goes to the dead-letter queue, or is discarded silently", "[broker]") {
  Rabbit rabbit({dead_lettering_to(1), classic()});
  rabbit.publish("A");
  rabbit.publish("B", 1);
  rabbit.broker.reject(rabbit.take(rabbit.consumer()).message, 1);
  REQUIRE(rabbit.lies(1) == "BA");
  REQUIRE(rabbit.ends() == Lines{"A rejected 0->1"});
  rabbit.broker.reject(rabbit.take(rabbit.consumer(1, 1)).message, 2);
  REQUIRE(rabbit.ends() == Lines{"B dropped rejected"});
}

TEST_CASE("RABBIT-020: a classic queue puts a returned message to its old place", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.publish("ABC");
  rabbit.takes(consumer);
  rabbit.broker.hold_back(consumer);
  rabbit.broker.requeue(rabbit.held[0], Returned::nacked, 1);
  REQUIRE(rabbit.lies() == "ABC");
  rabbit.broker.set_prefetch(consumer, 2, 1);
  rabbit.broker.go_on(consumer, 1);
  REQUIRE(rabbit.takes(consumer) == "AB");
  rabbit.broker.hold_back(consumer);
  rabbit.broker.requeue(rabbit.held[2], Returned::nacked, 2);  // B, then A: by place, not by time of return.
  rabbit.broker.requeue(rabbit.held[1], Returned::nacked, 2);
  REQUIRE(rabbit.lies() == "ABC");
}

TEST_CASE("RABBIT-021: what is rejected with requeue can be delivered at once, without end", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.publish("A");
  for (std::uint32_t n = 0; n < 1'000; ++n) {
    const Delivery delivery = rabbit.take(consumer);
    REQUIRE(delivery.delivery_count == n);
    REQUIRE(delivery.at_once == n + 1);  // Somebody may want to know that no time has passed.
    rabbit.broker.requeue(delivery.message, Returned::rejected, 0);
  }
}

TEST_CASE("RABBIT-022: a lost connection gives back all its unacknowledged messages", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId consumer = rabbit.consumer(3);
  rabbit.publish("ABCD");
  rabbit.take(consumer);
  REQUIRE(rabbit.broker.unacked(0) == 3);
  rabbit.broker.close(consumer, Returned::lost, 1);
  REQUIRE(rabbit.broker.unacked(0) == 0);
  REQUIRE(rabbit.lies() == "ABCD");
}

TEST_CASE("RABBIT-023: redelivered says that it was sent before, not that anybody has seen it", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId first = rabbit.consumer(1);
  rabbit.publish("AB");
  rabbit.broker.close(first, Returned::lost, 1);  // A was sent, and no handler began.
  const ConsumerId second = rabbit.consumer(2);
  REQUIRE(rabbit.take(second).redelivered);
  REQUIRE_FALSE(rabbit.take(second).redelivered);
}

TEST_CASE("RABBIT-026: whoever is cancelled keeps what it has in hand; what it left lying goes back", "[broker]") {
  Rabbit rabbit({classic()});
  const ConsumerId consumer = rabbit.consumer(5);
  rabbit.publish("ABCDEF");
  const Delivery in_hand = rabbit.take(consumer);
  rabbit.broker.leave(rabbit.take(consumer).message);
  rabbit.broker.cancel(consumer, 1);
  REQUIRE(rabbit.lies() == "BCDEF");
  REQUIRE(rabbit.broker.unacked(0) == 1);
  rabbit.broker.ack(in_hand.message, 2);
  REQUIRE(rabbit.broker.unacked(0) == 0);
  REQUIRE_FALSE(rabbit.broker.receive(consumer));
}
