// Prefetch, priorities of consumers, time-outs, operators, and queues of a scenario.

#include "sim/models/world_bytes.hpp"
#include "tests/models/broker/clients.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("RABBIT-015: prefetch counts for each new consumer, or for the channel as a whole", "[broker_clients]") {
  for (const bool global : {false, true}) {
    RabbitWithClients rabbit;
    const ClientId client = rabbit.client();
    rabbit.queue(client, "q");
    rabbit.prefetch(client, 2, global);
    rabbit.consume(client, "q", "t");
    rabbit.consume(client, "q", "u");
    rabbit.publish(client, "ABCDEF", "q");
    REQUIRE(rabbit.letters() == (global ? "AB" : "ABCD"));
    rabbit.ack(client, 2, true);
    REQUIRE(rabbit.letters() == (global ? "CD" : "EF"));
  }
}

TEST_CASE("RABBIT-014, RABBIT-040: consumers with priority, and the one that is active", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.prefetch(client, 1);
  rabbit.consume(client, "q", "low");
  rabbit.consume(client, "q", "high", 1, false, {integer_field("x-priority", 10)});
  rabbit.queue(client, "single", {bool_field("x-single-active-consumer", true)});
  rabbit.consume(client, "single", "first");
  rabbit.consume(client, "single", "second");
  rabbit.told();
  rabbit.publish(client, "AB", "q");
  rabbit.publish(client, "CD", "single");
  REQUIRE(rabbit.told() == Lines{"1.1 delivered high #1 A", "1.1 delivered low #2 B", "1.1 delivered first #3 C"});
  rabbit.ask(client, 1, Kind::cancel, [](BrokerRequest& r) { r.text = "first"; });  // RABBIT-026: keeps C.
  REQUIRE(rabbit.told() == Lines{"1.1 cancelled first", "1.1 delivered second #4 D"});
  rabbit.ack(client, 3);
  REQUIRE(rabbit.told().empty());
}

TEST_CASE("RABBIT-017: without acknowledgements nothing is owed", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.prefetch(client, 1);
  rabbit.consume(client, "q", "t", 1, true);
  rabbit.publish(client, "ABC", "q");
  REQUIRE(rabbit.letters() == "ABC");
  REQUIRE(rabbit.references == 0);
  REQUIRE(rabbit.clients.next_timer(rabbit.broker) == INT64_MAX);
}

TEST_CASE("RABBIT-048: a delivery that is not acknowledged in time closes the channel", "[broker_clients]") {
  RabbitWithClients rabbit;
  rabbit.clients.set_acknowledgement_timeout(1'000'000'000);
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "A", "q");
  rabbit.consume(client, "q", "t");
  rabbit.told();
  REQUIRE(rabbit.clients.next_timer(rabbit.broker) == 1'000'000'000);
  rabbit.advance(1'000'000'000);
  REQUIRE(rabbit.told() ==
          Lines{"1.1 channel_error 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout "
                "value used: 1000 ms. This timeout value can be configured, see consumers doc guide to learn more"});
  REQUIRE(rabbit.lies("q") == "A");
}

TEST_CASE("an operator closes a connection and deletes a vhost", "[broker_clients]") {
  RabbitWithClients rabbit;
  rabbit.client();
  rabbit.clients.close_client(rabbit.broker, 1, "maintenance", 0);
  REQUIRE(rabbit.clients.events().at(0).text == "CONNECTION_FORCED - maintenance");
  rabbit.broker.add_vhost("other");
  REQUIRE(rabbit.broker.find_exchange(1, "amq.topic") != Broker::none);
  REQUIRE(rabbit.clients.delete_vhost(rabbit.broker, "other", 0));
  REQUIRE(rabbit.broker.find_exchange(1, "amq.topic") == Broker::none);
  REQUIRE(!rabbit.clients.delete_vhost(rabbit.broker, "/", 0));
}

TEST_CASE("queues of a scenario stand under their names, and die as the scenario says", "[broker_clients]") {
  QueueSpec orders, dead;
  orders.name = "orders";
  orders.dead_letter = 1;
  dead.name = "dead";
  ExchangeSpec events;
  events.name = "events";
  events.bindings = {{0, "k"}};
  RabbitWithClients rabbit(4200, {orders, dead}, {events});
  const ClientId client = rabbit.client();
  rabbit.queue(client, "orders", {text_field("x-dead-letter-routing-key", "dead")});
  rabbit.queue(client, "own");
  rabbit.bind(client, "own", "events", "k");
  rabbit.publish(client, "A", "k", "events");
  rabbit.broker.publish(0, "k", 'B', 0, 0);  // A worker of the scenario.
  REQUIRE((rabbit.lies("orders") == "AB" && rabbit.lies("own") == "AB"));
  rabbit.get(client, "orders");
  rabbit.settle(client, Kind::reject, 1);
  rabbit.get(client, "dead");
  REQUIRE(rabbit.heard.back().key == "dead");
  REQUIRE(!rabbit.heard.back().added_headers.empty());
  rabbit.told();
  rabbit.ask(client, 1, Kind::delete_queue, [](BrokerRequest& r) { r.name = "orders"; });
  REQUIRE(rabbit.told() == Lines{"1.1 channel_error 403 ACCESS_REFUSED - queue 'orders' in vhost '/' belongs to the "
                                 "scenario and cannot be deleted"});
}

TEST_CASE("broker and clients are values: what is saved goes on as if nothing had happened", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", {integer_field("x-max-priority", 3)});
  rabbit.publish(client, "ABC", "q", "", {.priority = 2, .expiration = "500"});
  rabbit.prefetch(client, 1);
  rabbit.consume(client, "q", "t");
  std::string bytes;
  WorldWriter writer(bytes);
  writer(rabbit.broker), writer(rabbit.clients);
  RabbitWithClients other;
  WorldReader reader(bytes);
  reader(other.broker), reader(other.clients);
  REQUIRE(reader.exhausted());
  std::string again;
  WorldWriter second(again);
  second(other.broker), second(other.clients);
  REQUIRE(again == bytes);
  other.ack(client, 1);
  REQUIRE(other.told() == Lines{"1.1 delivered t #2 B"});
}
