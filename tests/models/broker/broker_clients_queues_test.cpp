// Queues of clients: priorities, limits, expiry, dead letters, ends.

#include "tests/models/broker/clients.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {
constexpr std::int64_t millisecond = 1'000'000;

FieldTable dead_lettering_to(const std::string& key, FieldTable more = {}) {
  more.push_back(text_field("x-dead-letter-exchange", ""));
  more.push_back(text_field("x-dead-letter-routing-key", key));
  return more;
}
}  // namespace

TEST_CASE("RABBIT-043: the highest priority first, and never above the queue's own", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", {integer_field("x-max-priority", 5)});
  rabbit.publish(client, "A", "q");
  rabbit.publish(client, "B", "q", "", {.priority = 3});
  rabbit.publish(client, "C", "q", "", {.priority = 9});
  rabbit.publish(client, "D", "q", "", {.priority = 5});
  rabbit.publish(client, "E", "q", "", {.priority = 1});
  REQUIRE(rabbit.lies("q") == "CDBEA");
}

TEST_CASE("RABBIT-044: by length and by bytes, the oldest go", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", {integer_field("x-max-length-bytes", 25)});
  rabbit.publish(client, "ABC", "q");  // Ten bytes each.
  REQUIRE(rabbit.lies("q") == "BC");
  REQUIRE(rabbit.references == 2);
}

TEST_CASE("RABBIT-045: expiration counts at the head only", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "A", "q", "", {.expiration = "10000"});
  rabbit.publish(client, "B", "q", "", {.expiration = "20"});
  REQUIRE(rabbit.clients.next_timer(rabbit.broker) == 10'000 * millisecond);
  rabbit.advance(100 * millisecond);
  REQUIRE(rabbit.lies("q") == "AB");
  rabbit.advance(10'000 * millisecond);
  REQUIRE(rabbit.lies("q").empty());
  REQUIRE(rabbit.clients.next_timer(rabbit.broker) == INT64_MAX);
}

TEST_CASE("RABBIT-053: x-death names queue, exchange, keys and what the expiration was", "[broker_clients]") {
  RabbitWithClients rabbit(3013);
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", dead_lettering_to("d"));
  rabbit.queue(client, "d");
  rabbit.bind(client, "q", "amq.direct", "k");
  rabbit.publish(client, "A", "k", "amq.direct", {.expiration = "20"});
  rabbit.advance(3'000'000'000);
  rabbit.get(client, "d");
  const ClientEvent& got = rabbit.heard.back();
  REQUIRE(got.exchange.empty());
  REQUIRE(got.key == "d");
  REQUIRE(got.without_expiration);
  const FieldTable headers = decode_table(got.added_headers).value();
  const FieldTable& death = find_field(headers, "x-death")->items.at(0).items;
  REQUIRE(find_field(death, "count")->integer == 1);
  REQUIRE(find_field(death, "reason")->text == "expired");
  REQUIRE(find_field(death, "queue")->text == "q");
  REQUIRE(find_field(death, "time")->integer == 3);
  REQUIRE(find_field(death, "exchange")->text == "amq.direct");
  REQUIRE(find_field(death, "routing-keys")->items.at(0).text == "k");
  REQUIRE(find_field(death, "original-expiration")->text == "20");
  REQUIRE(find_field(headers, "x-first-death-queue")->text == "q");
  REQUIRE(find_field(headers, "x-last-death-queue") == nullptr);  // From 4.0 on.
}

TEST_CASE("RABBIT-053, RABBIT-054: three rounds with a rejection are counted; a round without one is cut",
          "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", dead_lettering_to("retry"));
  rabbit.queue(client, "retry", dead_lettering_to("q", {integer_field("x-message-ttl", 10)}));
  rabbit.publish(client, "A", "q");
  for (int round = 1; round <= 3; ++round) {
    rabbit.get(client, "q");
    rabbit.settle(client, Kind::reject, static_cast<std::uint64_t>(round));
    rabbit.advance(rabbit.now + 10 * millisecond);
  }
  rabbit.get(client, "q");
  const FieldTable headers = decode_table(rabbit.heard.back().added_headers).value();
  const std::vector<TableValue>& lines = find_field(headers, "x-death")->items;
  REQUIRE(lines.size() == 2);
  REQUIRE(find_field(lines[0].items, "queue")->text == "retry");
  REQUIRE(find_field(lines[0].items, "count")->integer == 3);
  REQUIRE(find_field(lines[1].items, "count")->integer == 3);
  rabbit.queue(client, "loop", dead_lettering_to("loop", {integer_field("x-message-ttl", 10)}));
  rabbit.publish(client, "B", "loop");
  rabbit.advance(rabbit.now + 10 * millisecond);
  REQUIRE(rabbit.lies("loop").empty());
  REQUIRE(rabbit.effects[rabbit.effects.size() - 2].reason == DeathReason::cycle);
}

TEST_CASE("RABBIT-051: without the exchange the dead are gone", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", {text_field("x-dead-letter-exchange", "typo")});
  rabbit.publish(client, "A", "q");
  rabbit.get(client, "q");
  rabbit.settle(client, Kind::nack, 1);
  REQUIRE(rabbit.references == 0);
}

TEST_CASE("RABBIT-030: with a limit of 2 the third return is the last, and each names the count", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "d");
  rabbit.queue(client, "q",
               dead_lettering_to("d", {text_field("x-queue-type", "quorum"), integer_field("x-delivery-limit", 2)}));
  rabbit.publish(client, "A", "q");
  std::vector<std::uint32_t> counts;
  for (std::uint64_t tag = 1; tag <= 3; ++tag) {
    rabbit.get(client, "q");
    counts.push_back(rabbit.heard.back().delivery_count);
    rabbit.settle(client, Kind::nack, tag, false, true);
  }
  REQUIRE(counts == std::vector<std::uint32_t>{0, 1, 2});
  REQUIRE(rabbit.lies("q") + "|" + rabbit.lies("d") == "|A");
}

TEST_CASE("RABBIT-047: a queue that nobody uses goes, and its messages with it", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "d");
  rabbit.queue(client, "q", dead_lettering_to("d", {integer_field("x-expires", 1000)}));
  rabbit.publish(client, "A", "q");
  rabbit.advance(999 * millisecond);
  REQUIRE(rabbit.lies("q") == "A");
  rabbit.advance(1000 * millisecond);
  REQUIRE(rabbit.broker.find_queue(0, "q") == Broker::none);
  REQUIRE(rabbit.lies("d").empty());
  REQUIRE(rabbit.references == 0);
}

TEST_CASE("RABBIT-025: with its queue a consumer is cancelled, and told if it understands that", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId knows = rabbit.client(1), does_not = rabbit.client(0);
  rabbit.queue(knows, "q");
  rabbit.publish(knows, "A", "q");
  rabbit.consume(knows, "q", "t");
  rabbit.consume(does_not, "q", "u");
  rabbit.told();
  rabbit.ask(does_not, 1, Kind::delete_queue, [](BrokerRequest& r) { r.name = "q"; });
  REQUIRE(rabbit.told() == Lines{"1.1 cancelled_by_us t", "2.1 queue_deleted 0"});
  rabbit.ack(knows, 1);  // It is nobody's, and no error.
  REQUIRE(rabbit.told().empty());
  REQUIRE(rabbit.references == 0);
}

TEST_CASE("an auto-delete queue goes with its last consumer, an auto-delete exchange with its last binding",
          "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.ask(client, 1, Kind::declare_queue, [](BrokerRequest& r) { r.auto_delete = r.exclusive = true; });
  const std::string name = rabbit.heard.back().text;
  REQUIRE(name.rfind("amq.gen-", 0) == 0);
  rabbit.ask(client, 1, Kind::declare_exchange,
             [](BrokerRequest& r) { r.name = "e", r.text = "fanout", r.auto_delete = true; });
  rabbit.ask(client, 1, Kind::bind_queue, [](BrokerRequest& r) { r.exchange = "e"; });  // The last declared.
  rabbit.consume(client, "", "t");
  rabbit.ask(client, 1, Kind::cancel, [](BrokerRequest& r) { r.text = "t"; });
  REQUIRE(rabbit.broker.find_queue(0, name) == Broker::none);
  REQUIRE(rabbit.broker.find_exchange(0, "e") == Broker::none);
}
