// Codes and texts of what clients do wrong: protocols.md, A.4. Clients and their users match on them.

#include "tests/models/broker/clients.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// What the only client is told when it does that, after queue "p1" and exchange "e1" (direct) were declared.
template <class Does>
Lines told(int version, Does&& does) {
  RabbitWithClients rabbit(version);
  const ClientId client = rabbit.client();
  rabbit.queue(client, "p1");
  rabbit.exchange(client, "e1", "direct");
  rabbit.told();
  does(rabbit, client);
  return rabbit.told();
}

template <class Fill>
Lines asked(Kind kind, Fill&& fill, int version = 3013) {
  return told(version, [&](RabbitWithClients& rabbit, ClientId client) { rabbit.ask(client, 1, kind, fill); });
}

Lines declared(const std::string& name, const FieldTable& arguments, int version = 3013) {
  return told(version, [&](RabbitWithClients& rabbit, ClientId client) { rabbit.queue(client, name, arguments); });
}

const Lines no_queue{"1.1 channel_error 404 NOT_FOUND - no queue 'nope' in vhost '/'"};
const Lines no_exchange{"1.1 channel_error 404 NOT_FOUND - no exchange 'nope' in vhost '/'"};

Lines channel_error(const std::string& text) { return {"1.1 channel_error " + text}; }
Lines connection_error(const std::string& text) { return {"1.0 connection_error " + text}; }

}  // namespace

TEST_CASE("RABBIT-063: declared again with something else, the channel is closed", "[broker_clients]") {
  REQUIRE(asked(Kind::declare_queue, [](BrokerRequest& r) { r.name = "p1"; }) ==
          channel_error("406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'p1' in vhost '/': received "
                        "'false' but current is 'true'"));
  TableValue ten = integer_field("x-max-length", 10);
  ten.type = 'b';
  REQUIRE(declared("p1", {ten}) ==
          channel_error("406 PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'p1' in vhost '/': "
                        "received the value '10' of type 'byte' but current is none"));
  REQUIRE(told(3013, [](RabbitWithClients& rabbit, ClientId client) { rabbit.exchange(client, "e1", "fanout"); }) ==
          channel_error("406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'e1' in vhost '/': received "
                        "'fanout' but current is 'direct'"));
  REQUIRE(declared("p1", {text_field("x-queue-type", "classic")}) == Lines{"1.1 queue_declared p1 0/0"});
}

TEST_CASE("A.4: what is not there is not found, but can be deleted", "[broker_clients]") {
  REQUIRE(asked(Kind::declare_queue, [](BrokerRequest& r) { r.name = "nope", r.passive = true; }) == no_queue);
  for (const Kind kind : {Kind::consume, Kind::get, Kind::purge_queue})
    REQUIRE(asked(kind, [](BrokerRequest& r) { r.name = "nope"; }) == no_queue);
  REQUIRE(asked(Kind::bind_queue, [](BrokerRequest& r) { r.name = "nope", r.exchange = "e1"; }) == no_queue);
  REQUIRE(asked(Kind::bind_queue, [](BrokerRequest& r) { r.name = "p1", r.exchange = "nope"; }) == no_exchange);
  REQUIRE(asked(Kind::declare_exchange, [](BrokerRequest& r) { r.name = "nope", r.passive = true; }) == no_exchange);
  REQUIRE(asked(Kind::publish, [](BrokerRequest& r) { r.exchange = "nope"; }) == no_exchange);
  REQUIRE(asked(Kind::delete_queue, [](BrokerRequest& r) { r.name = "nope"; }) == Lines{"1.1 queue_deleted 0"});
  REQUIRE(asked(Kind::delete_exchange, [](BrokerRequest& r) { r.name = "nope"; }) == Lines{"1.1 exchange_deleted"});
}

TEST_CASE("A.4: reserved names and system exchanges are refused", "[broker_clients]") {
  REQUIRE(declared("amq.foo", {}) ==
          channel_error("403 ACCESS_REFUSED - queue name 'amq.foo' contains reserved prefix 'amq.*'"));
  REQUIRE(asked(Kind::delete_exchange, [](BrokerRequest& r) { r.name = "amq.direct"; }) ==
          channel_error("403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed"));
  const Lines standard = channel_error("403 ACCESS_REFUSED - operation not permitted on the default exchange");
  REQUIRE(asked(Kind::delete_exchange, [](BrokerRequest&) {}) == standard);
  REQUIRE(asked(Kind::bind_queue, [](BrokerRequest& r) { r.name = "p1"; }) == standard);
}

TEST_CASE("A.4: an unknown exchange type closes the connection up to 3.13, then only the channel", "[broker_clients]") {
  const auto fill = [](BrokerRequest& r) { r.name = "e2", r.text = "nosuch"; };
  REQUIRE(asked(Kind::declare_exchange, fill, 3010) ==
          connection_error("503 COMMAND_INVALID - unknown exchange type 'nosuch'"));
  REQUIRE(asked(Kind::declare_exchange, fill, 4200) ==
          channel_error("406 PRECONDITION_FAILED - unknown exchange type 'nosuch'"));
}

TEST_CASE("A.4: bad arguments are named", "[broker_clients]") {
  const auto refused = [](const std::string& name, const std::string& why) {
    return channel_error("406 PRECONDITION_FAILED - invalid arg '" + name + "' for queue 'p2' in vhost '/': " + why);
  };
  REQUIRE(declared("p2", {text_field("x-message-ttl", "1")}) ==
          refused("x-message-ttl", "\"expected integer, got longstr\""));
  REQUIRE(declared("p2", {integer_field("x-message-ttl", -1)}) == refused("x-message-ttl", "{value_negative,-1}"));
  REQUIRE(declared("p2", {integer_field("x-max-priority", 256)}) ==
          refused("x-max-priority", "{max_value_exceeded,256}"));
  REQUIRE(declared("p2", {text_field("x-queue-type", "nosuch")}) ==
          refused("x-queue-type", "\"unsupported queue type 'nosuch'\""));
  REQUIRE(declared("p2", {text_field("x-queue-type", "stream")}) ==
          connection_error("540 NOT_IMPLEMENTED - x-queue-type=stream"));
  REQUIRE(declared("p2", {text_field("x-anything", "else")}) == Lines{"1.1 queue_declared p2 0/0"});
}

TEST_CASE("RABBIT-038: quorum queues are durable, for all, and without classic priorities", "[broker_clients]") {
  const std::string table = encode_table({text_field("x-queue-type", "quorum")});
  const auto as = [&](bool durable, bool exclusive) {
    return asked(Kind::declare_queue, [&](BrokerRequest& r) {
      r.name = "pq", r.arguments = table, r.durable = durable, r.exclusive = exclusive;
    });
  };
  const std::string start = "406 PRECONDITION_FAILED - invalid ", end = " for queue 'pq' in vhost '/'";
  REQUIRE(as(false, false) == channel_error(start + "property 'non-durable'" + end));
  REQUIRE(as(true, true) == channel_error(start + "property 'exclusive-owner'" + end));
  REQUIRE(declared("pq", {text_field("x-queue-type", "quorum"), integer_field("x-max-priority", 5)}) ==
          channel_error(start + "arg 'x-max-priority'" + end + " of queue type rabbit_quorum_queue"));
  REQUIRE(told(3013,
               [](RabbitWithClients& rabbit, ClientId client) {
                 rabbit.queue(client, "pq", {text_field("x-queue-type", "quorum")});
                 rabbit.told();
                 rabbit.prefetch(client, 5, true);
                 rabbit.consume(client, "pq", "t");
               }) ==
          Lines{"1.1 qos_set",
                "1.0 connection_error 540 NOT_IMPLEMENTED - queue 'pq' in vhost '/' does not support global qos"});
}

TEST_CASE("A.4: consumer tags and exclusive consumers", "[broker_clients]") {
  REQUIRE(told(3013, [](RabbitWithClients& rabbit, ClientId client) {
            rabbit.consume(client, "p1", "T");
            rabbit.consume(client, "p1", "T");
          }) == Lines{"1.1 consuming T", "1.0 connection_error 530 NOT_ALLOWED - attempt to reuse consumer tag 'T'"});
  REQUIRE(told(3013, [](RabbitWithClients& rabbit, ClientId client) {  // RABBIT-042
            rabbit.ask(client, 1, Kind::consume, [](BrokerRequest& r) { r.name = "p1", r.exclusive = true; });
            rabbit.told();
            rabbit.consume(client, "p1", "U");
          }) == channel_error("403 ACCESS_REFUSED - queue 'p1' in vhost '/' in exclusive use"));
}

TEST_CASE("A.4: an exclusive queue is its connection's alone, and goes with it", "[broker_clients]") {
  RabbitWithClients rabbit;
  const ClientId owner = rabbit.client(), other = rabbit.client();
  rabbit.ask(owner, 1, Kind::declare_queue, [](BrokerRequest& r) { r.name = "exq", r.exclusive = true; });
  rabbit.told();
  rabbit.get(other, "exq");
  REQUIRE(rabbit.told() ==
          Lines{"2.1 channel_error 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'exq' in vhost "
                "'/'. It could be originally declared on another connection or the exclusive property value does not "
                "match that of the original declaration."});
  rabbit.ask(owner, 0, Kind::disconnect);
  REQUIRE(rabbit.broker.find_queue(0, "exq") == Broker::none);
}

TEST_CASE("A.4: deletes with conditions", "[broker_clients]") {
  const auto with_one = [](bool if_unused, bool if_empty) {
    return told(3013, [&](RabbitWithClients& rabbit, ClientId client) {
      rabbit.publish(client, "A", "p1");
      if (if_unused) rabbit.consume(client, "p1", "t");
      rabbit.told();
      rabbit.ask(client, 1, Kind::delete_queue,
                 [&](BrokerRequest& r) { r.name = "p1", r.if_unused = if_unused, r.if_empty = if_empty; });
    });
  };
  REQUIRE(with_one(false, true) == channel_error("406 PRECONDITION_FAILED - queue 'p1' in vhost '/' not empty"));
  REQUIRE(with_one(true, false) == channel_error("406 PRECONDITION_FAILED - queue 'p1' in vhost '/' in use"));
  REQUIRE(with_one(false, false) == Lines{"1.1 queue_deleted 1"});
  REQUIRE(
      told(3013, [](RabbitWithClients& rabbit, ClientId client) {
        rabbit.bind(client, "p1", "e1", "k");
        rabbit.ask(client, 1, Kind::delete_exchange, [](BrokerRequest& r) { r.name = "e1", r.if_unused = true; });
      }) == Lines{"1.1 queue_bound", "1.1 channel_error 406 PRECONDITION_FAILED - exchange 'e1' in vhost '/' in use"});
}

TEST_CASE("A.4: channels, vhosts, properties, and what RabbitMQ has not", "[broker_clients]") {
  REQUIRE(told(3013, [](RabbitWithClients& rabbit, ClientId client) { rabbit.ask(client, 7, Kind::get); }) ==
          connection_error("504 CHANNEL_ERROR - expected 'channel.open'"));
  REQUIRE(asked(Kind::recover, [](BrokerRequest&) {}) == connection_error("540 NOT_IMPLEMENTED - requeue=false"));
  REQUIRE(told(3013, [](RabbitWithClients& rabbit, ClientId client) {
            rabbit.publish(client, "A", "p1", "", {.expiration = "abc"});
          }) == channel_error("406 PRECONDITION_FAILED - invalid expiration 'abc': no_integer"));
  REQUIRE(told(3013, [](RabbitWithClients& rabbit,
                        ClientId client) { rabbit.publish(client, "A", "p1", "", {.user = "bob"}); }) ==
          channel_error("406 PRECONDITION_FAILED - user_id property set to 'bob' but authenticated user was "
                        "'guest'"));
  REQUIRE(told(3013,
               [](RabbitWithClients& rabbit, ClientId client) {
                 rabbit.ask(client, 1, Kind::tx_select);
                 rabbit.ask(client, 1, Kind::confirm_select);
               }) == Lines{"1.1 tx_selected",
                           "1.1 channel_error 406 PRECONDITION_FAILED - cannot switch from tx to confirm mode"});
  RabbitWithClients rabbit;
  BrokerRequest request;
  request.client = 1;
  request.vhost = "nope";
  rabbit.ask(request);
  REQUIRE(rabbit.told() == connection_error("530 NOT_ALLOWED - vhost nope not found"));
}
