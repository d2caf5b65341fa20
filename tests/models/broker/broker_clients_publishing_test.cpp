// Routing, returns, confirms, transactions, direct replies.

#include "tests/models/broker/clients.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("RABBIT-001: one copy a queue, by every type of exchange", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.bind(client, "q", "amq.direct", "k");
  rabbit.bind(client, "q", "amq.fanout", "");
  rabbit.bind(client, "q", "amq.topic", "a.*");
  rabbit.bind(client, "q", "amq.topic", "#");
  rabbit.publish(client, "A", "k", "amq.direct");
  rabbit.publish(client, "B", "other", "amq.direct");
  rabbit.publish(client, "C", "any", "amq.fanout");
  rabbit.publish(client, "D", "a.b", "amq.topic");
  REQUIRE(rabbit.lies("q") == "ACD");
}

TEST_CASE("RABBIT-001: exchanges of type headers match all or any, with or without x-", "[broker_clients]") {
  const auto reaches = [](const std::string& match, const FieldTable& headers) {
    RabbitWithClients rabbit;
    const ClientId client = rabbit.client();
    rabbit.queue(client, "q");
    rabbit.bind(client, "q", "amq.headers", "",
                {text_field("x-match", match), text_field("a", "1"), integer_field("x-b", 2)});
    rabbit.publish(client, "A", "", "amq.headers", {.headers = encode_table(headers)});
    return rabbit.lies("q") == "A";
  };
  const TableValue a = text_field("a", "1"), wrong = text_field("a", "2"), b = integer_field("x-b", 2);
  REQUIRE((reaches("all", {a}) && !reaches("all", {wrong, b})));
  REQUIRE((reaches("any", {a}) && !reaches("any", {wrong, b})));
  REQUIRE((reaches("all-with-x", {a, b}) && !reaches("all-with-x", {a})));
  REQUIRE((reaches("any-with-x", {wrong, b}) && !reaches("any-with-x", {wrong})));
}

TEST_CASE("exchanges bound in a circle deliver once; an alternate takes what nobody wants", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.exchange(client, "a", "fanout");
  rabbit.exchange(client, "b", "fanout");
  rabbit.exchange(client, "c", "direct", {text_field("alternate-exchange", "a")});
  rabbit.queue(client, "q");
  rabbit.bind(client, "q", "b", "");
  for (const auto& [to, from] : {std::pair("a", "b"), std::pair("b", "a")}) {
    BrokerRequest request;
    request.kind = Kind::bind_exchange;
    request.client = client;
    request.channel = 1;
    request.name = to;
    request.exchange = from;
    rabbit.ask(request);
  }
  rabbit.publish(client, "A", "k", "a");
  rabbit.publish(client, "B", "k", "c");
  REQUIRE(rabbit.lies("q") == "AB");
}

TEST_CASE("CC and BCC are further routing keys; an internal exchange takes nothing from clients", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  for (const char* name : {"p", "q", "r"}) rabbit.queue(client, name);
  const std::string headers = encode_table(
      {array_field("CC", {text_field("", "q")}), array_field("BCC", {text_field("", "r"), text_field("", "p")})});
  rabbit.publish(client, "A", "p", "", {.headers = headers});
  REQUIRE(rabbit.lies("p") + rabbit.lies("q") + rabbit.lies("r") == "AAA");
  rabbit.ask(client, 1, Kind::declare_exchange,
             [](BrokerRequest& r) { r.name = "in", r.text = "fanout", r.internal = true; });
  rabbit.told();
  rabbit.publish(client, "B", "", "in");
  REQUIRE(rabbit.told() == Lines{"1.1 channel_error 403 ACCESS_REFUSED - cannot publish to internal exchange 'in' in "
                                 "vhost '/'"});
}

TEST_CASE("RABBIT-002, RABBIT-003: without a route a confirm comes all the same, after the return",
          "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.ask(client, 1, Kind::confirm_select);
  rabbit.publish(client, "A", "nowhere");
  rabbit.publish(client, "B", "nowhere", "", {}, true);
  REQUIRE(rabbit.told() == Lines{"1.1 confirming", "1.1 acked #1", "1.1 returned 312 NO_ROUTE B", "1.1 acked #2"});
}

TEST_CASE("RABBIT-044: reject-publish is a nack", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q", {integer_field("x-max-length", 1), text_field("x-overflow", "reject-publish")});
  rabbit.ask(client, 1, Kind::confirm_select);
  rabbit.told();
  rabbit.publish(client, "ABC", "q");
  REQUIRE(rabbit.told() == Lines{"1.1 acked #1", "1.1 nacked #2", "1.1 nacked #3"});
}

TEST_CASE("RABBIT-004: after a publish to nowhere the channel takes nothing more", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "A", "q", "missing");
  rabbit.publish(client, "BC", "q");
  REQUIRE(rabbit.lies("q").empty());
}

TEST_CASE("a transaction publishes and settles at its commit; a rollback forgets both", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId client = rabbit.client();
  rabbit.queue(client, "q");
  rabbit.publish(client, "A", "q");
  rabbit.get(client, "q");
  rabbit.ask(client, 1, Kind::tx_select);
  rabbit.told();
  rabbit.publish(client, "B", "q");
  rabbit.ack(client, 1);
  REQUIRE(rabbit.references == 2);
  rabbit.ask(client, 1, Kind::tx_rollback);
  REQUIRE(rabbit.references == 1);
  REQUIRE(rabbit.lies("q").empty());
  rabbit.publish(client, "C", "q");
  rabbit.publish(client, "D", "nowhere", "", {}, true);
  rabbit.ack(client, 1);
  rabbit.ask(client, 1, Kind::tx_commit);
  REQUIRE(rabbit.told() == Lines{"1.1 tx_rolled_back", "1.1 returned 312 NO_ROUTE D", "1.1 tx_committed"});
  REQUIRE(rabbit.lies("q") == "C");
  REQUIRE(rabbit.references == 1);
}

TEST_CASE("direct reply-to goes past all queues to whoever asked", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId asks = rabbit.client(), answers = rabbit.client();
  rabbit.queue(answers, "q");
  rabbit.consume(answers, "q", "work");
  rabbit.consume(asks, "amq.rabbitmq.reply-to", "replies", 1, true);
  rabbit.publish(asks, "A", "q", "", {.reply_to = "amq.rabbitmq.reply-to"});
  const std::string to = rabbit.heard.back().reply_to;
  REQUIRE(to.rfind("amq.rabbitmq.reply-to.", 0) == 0);
  rabbit.told();
  rabbit.publish(answers, "B", to);
  REQUIRE(rabbit.told() == Lines{"1.1 delivered replies #1 B"});
  rabbit.ask(asks, 1, Kind::close_channel);
  rabbit.told();
  rabbit.publish(answers, "C", to, "", {}, true);
  REQUIRE(rabbit.told() == Lines{"2.1 returned 312 NO_ROUTE C"});
}
