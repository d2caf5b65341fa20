#include "tests/models/broker/rabbit.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// How often the only message is delivered before it leaves its queue; at most 100 times.
int deliveries(Rabbit& rabbit, Returned how) {
  rabbit.publish("A");
  ConsumerId consumer = rabbit.consumer(1);
  for (int n = 1; n <= 100; ++n) {
    const auto delivery = rabbit.broker.receive(consumer);
    if (!delivery) return n - 1;
    rabbit.now = n;
    if (how == Returned::lost) {
      rabbit.broker.close(consumer, how, n);
      consumer = rabbit.consumer(1);
    } else if (how == Returned::released) {
      rabbit.broker.leave(delivery->message);
      rabbit.broker.cancel(consumer, n);
      rabbit.broker.go_on(consumer, n);
    } else {
      rabbit.broker.requeue(delivery->message, how, n);
    }
  }
  return 100;
}

/// Which of A, B and C is delivered next after A came back.
std::string after_return_of_a(QueueSpec queue, int version) {
  Rabbit rabbit({queue}, version);
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.publish("ABC");
  rabbit.takes(consumer);
  rabbit.broker.hold_back(consumer);
  rabbit.broker.requeue(rabbit.held[0], Returned::nacked, 1);
  return rabbit.lies();
}

}  // namespace

TEST_CASE("RABBIT-030: with a limit of 20, the 21st failure is the last: one delivery and 20 redeliveries",
          "[broker]") {
  Rabbit gone({quorum(20)});
  REQUIRE(deliveries(gone, Returned::rejected) == 21);
  REQUIRE(gone.ends() == Lines{"A dropped delivery_limit"});
  Rabbit kept({dead_lettering_to(1, quorum(20)), classic()});
  REQUIRE(deliveries(kept, Returned::rejected) == 21);
  REQUIRE(kept.ends() == Lines{"A delivery_limit 0->1"});
  Rabbit never({quorum(-1)});
  REQUIRE(deliveries(never, Returned::rejected) == 100);
}

TEST_CASE("RABBIT-031: up to 4.2 every return counts; from 4.3 only rejections and lost connections do", "[broker]") {
  struct Row {
    Returned how;
    int up_to_42, from_43;
  };
  for (const Row& row : {Row{Returned::rejected, 21, 21}, Row{Returned::lost, 21, 21}, Row{Returned::nacked, 21, 100},
                         Row{Returned::released, 21, 100}}) {
    for (const int version : {3013, 4000, 4200}) {
      Rabbit old({quorum(20)}, version);
      REQUIRE(deliveries(old, row.how) == row.up_to_42);
    }
    Rabbit newer({quorum(20)}, 4300);
    REQUIRE(deliveries(newer, row.how) == row.from_43);
  }
}

TEST_CASE("RABBIT-031: from 4.3 what does not count still says that it was delivered before", "[broker]") {
  Rabbit rabbit({quorum(20)}, 4300);
  const ConsumerId consumer = rabbit.consumer(1);
  rabbit.publish("A");
  rabbit.broker.requeue(rabbit.take(consumer).message, Returned::nacked, 1);
  const Delivery again = rabbit.take(consumer);
  REQUIRE(again.redelivered);
  REQUIRE(again.delivery_count == 1);
}

TEST_CASE("RABBIT-032: a consumer that crashes again and again takes the innocent neighbours of its poison with it",
          "[broker]") {
  Rabbit rabbit({quorum(20)});
  rabbit.publish("PABC");
  for (int crash = 1; crash <= 21; ++crash) {
    rabbit.now = crash;
    const ConsumerId consumer = rabbit.consumer(250);
    REQUIRE(static_cast<char>(rabbit.take(consumer).payload) == 'P');
    rabbit.broker.close(consumer, Returned::lost, crash);
  }
  REQUIRE(rabbit.ends() == Lines{"P dropped delivery_limit", "A dropped delivery_limit", "B dropped delivery_limit",
                                 "C dropped delivery_limit"});
}

TEST_CASE("RABBIT-033: what returns goes before the fresh, or to the tail up to 3.13 without a limit", "[broker]") {
  REQUIRE(after_return_of_a(quorum(-1), 3013) == "BCA");
  REQUIRE(after_return_of_a(quorum(20), 3013) == "ABC");
  for (const int version : {4000, 4200, 4300}) REQUIRE(after_return_of_a(quorum(20), version) == "ABC");
  REQUIRE(after_return_of_a(quorum(-1), 4000) == "ABC");
}

TEST_CASE("RABBIT-033: a quorum queue keeps the order of return, a classic one the order of arrival", "[broker]") {
  for (const bool is_quorum : {true, false}) {
    Rabbit rabbit({is_quorum ? quorum() : classic()});
    const ConsumerId consumer = rabbit.consumer(2);
    rabbit.publish("ABC");
    rabbit.takes(consumer);
    rabbit.broker.hold_back(consumer);
    rabbit.broker.requeue(rabbit.held[1], Returned::nacked, 1);
    rabbit.broker.requeue(rabbit.held[0], Returned::nacked, 2);
    REQUIRE(rabbit.lies() == (is_quorum ? "BAC" : "ABC"));
  }
}

TEST_CASE("RABBIT-036: a classic queue has no delivery limit at all", "[broker]") {
  QueueSpec queue = classic();
  queue.delivery_limit = 20;  // Even if somebody said so.
  Rabbit rabbit({queue});
  REQUIRE(deliveries(rabbit, Returned::rejected) == 100);
}

TEST_CASE("RABBIT-040: with a single active consumer the first gets all; the next takes over when it leaves or dies",
          "[broker]") {
  QueueSpec queue = classic();
  queue.single_active = true;
  Rabbit rabbit({queue});
  const ConsumerId first = rabbit.consumer(1), second = rabbit.consumer(1), third = rabbit.consumer(1);
  rabbit.publish("ABC");
  REQUIRE(rabbit.takes(first) == "A");
  REQUIRE(rabbit.takes(second).empty());  // Also while the first is full.
  rabbit.broker.hold_back(first);
  rabbit.broker.ack(rabbit.held[0], 1);
  REQUIRE(rabbit.takes(second).empty());  // Also while it hesitates.
  rabbit.broker.cancel(first, 2);
  REQUIRE(rabbit.takes(second) == "B");
  rabbit.broker.go_on(first, 3);  // It stands last in line now.
  rabbit.broker.close(second, Returned::lost, 4);
  REQUIRE(rabbit.takes(third) == "B");
  rabbit.broker.close(third, Returned::lost, 5);
  REQUIRE(rabbit.takes(first) == "B");
}
