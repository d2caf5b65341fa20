// What clients are delivered, and how they settle it.

#include "tests/models/broker/clients.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("a client declares, publishes, consumes and acknowledges", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "AB", "q");
  rabbit.queue(client, "q");
  rabbit.consume(client, "q", "t");
  rabbit.ack(client, 1);
  REQUIRE(rabbit.told() == Lines{"1.1 queue_declared q 0/0", "1.1 queue_declared q 2/0", "1.1 consuming t",
                                 "1.1 delivered t #1 A", "1.1 delivered t #2 B"});
  REQUIRE(rabbit.references == 1);
  std::string why;
  REQUIRE(rabbit.clients.owes(client, why));
  REQUIRE(why == "consumer t on channel 1: delivery 2 unacknowledged");
  rabbit.ack(client, 2);
  REQUIRE(rabbit.references == 0);
  REQUIRE(!rabbit.clients.owes(client, why));
  REQUIRE(rabbit.told().empty());
}

TEST_CASE("A.3: what a lost connection had comes back in its old place and redelivered", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId first = rabbit.client();
  rabbit.queue(first, "q");
  rabbit.publish(first, "ABCDEF", "q");
  rabbit.prefetch(first, 3);
  rabbit.consume(first, "q", "t");
  REQUIRE(rabbit.letters() == "ABC");
  rabbit.ask(first, 0, Kind::disconnect, [](BrokerRequest& r) { r.requeue = true; });
  const ClientId second = rabbit.client();
  rabbit.consume(second, "q", "t");
  REQUIRE(rabbit.letters() == "abcDEF");
}

TEST_CASE("RABBIT-018: an unknown delivery tag closes the channel, and all that it had comes back",
          "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "AB", "q");
  rabbit.consume(client, "q", "t");
  rabbit.ack(client, 1);
  rabbit.told();
  rabbit.ack(client, 1);
  REQUIRE(rabbit.told() == Lines{"1.1 channel_error 406 PRECONDITION_FAILED - unknown delivery tag 1"});
  REQUIRE(rabbit.lies("q") == "B");
  rabbit.get(client, "q");  // Ignored until the client answers.
  rabbit.ask(client, 1, Kind::close_channel);
  rabbit.open(client, 1);
  rabbit.get(client, "q");
  REQUIRE(rabbit.told() == Lines{"1.1 channel_opened", "1.1 got #1 0 B again"});
}

TEST_CASE("RABBIT-020: two fetched and given back lie as before", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "ABCD", "q");
  rabbit.get(client, "q");
  rabbit.get(client, "q");
  rabbit.settle(client, Kind::nack, 2, false, true);
  rabbit.settle(client, Kind::nack, 1, false, true);
  rabbit.letters();
  for (int n = 0; n < 4; ++n) rabbit.get(client, "q");
  REQUIRE(rabbit.letters() == "abCD");
}
