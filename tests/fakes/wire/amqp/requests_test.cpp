// What each method of a client asks of the broker, from the bytes of the method.
#include "fakes/wire/amqp/requests.hpp"

#include "tests/fakes/wire/amqp/wire_bytes.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::fakes::amqp;
using namespace premortem::testing;
using Kind = BrokerRequest::Kind;

namespace {

BrokerRequest read(std::uint32_t id, const std::string& arguments) {
  static std::string kept;  // The request's texts are the bytes'.
  kept = arguments;
  MethodCall call;
  BrokerRequest request;
  REQUIRE(decode_arguments(*find_method(id), kept, call));
  REQUIRE(to_request(call, request));
  CHECK(method_of(request.kind) == (id == id::recover_async ? id::recover : id));
  return request;
}

// The flags that are set, by their names.
std::string flags(const BrokerRequest& request) {
  std::string out;
  const auto add = [&](bool flag, const std::string& name) {
    if (flag) out += (out.empty() ? "" : " ") + name;
  };
  add(request.passive, "passive");
  add(request.durable, "durable");
  add(request.exclusive, "exclusive");
  add(request.auto_delete, "auto_delete");
  add(request.internal, "internal");
  add(request.no_wait, "no_wait");
  add(request.if_unused, "if_unused");
  add(request.if_empty, "if_empty");
  add(request.no_local, "no_local");
  add(request.no_ack, "no_ack");
  add(request.mandatory, "mandatory");
  add(request.multiple, "multiple");
  add(request.requeue, "requeue");
  add(request.global, "global");
  return out;
}

const std::string ticket = bytes("\0\0");
const std::string table = short_text("a") + "V";
std::string octet(int bits) { return std::string(1, static_cast<char>(bits)); }

}  // namespace

TEST_CASE("each bit of a method is the flag of its name", "[amqp]") {
  struct Case {
    std::uint32_t id;
    std::string before;              // The arguments before the bits,
    std::string after;               // and behind them.
    std::vector<std::string> flags;  // One for each bit.
  };
  const std::string q = ticket + short_text("q");
  const std::vector<Case> cases{
      {id::exchange_declare,
       ticket + short_text("e") + short_text("t"),
       long_text(""),
       {"passive", "durable", "auto_delete", "internal", "no_wait"}},
      {id::exchange_delete, q, "", {"if_unused", "no_wait"}},
      {id::exchange_bind, q + short_text("s") + short_text("k"), long_text(""), {"no_wait"}},
      {id::exchange_unbind, q + short_text("s") + short_text("k"), long_text(""), {"no_wait"}},
      {id::queue_declare, q, long_text(""), {"passive", "durable", "exclusive", "auto_delete", "no_wait"}},
      {id::queue_bind, q + short_text("e") + short_text("k"), long_text(""), {"no_wait"}},
      {id::queue_purge, q, "", {"no_wait"}},
      {id::queue_delete, q, "", {"if_unused", "if_empty", "no_wait"}},
      {id::qos, big_endian(0, 4) + big_endian(5, 2), "", {"global"}},
      {id::consume, q + short_text("T"), long_text(""), {"no_local", "no_ack", "exclusive", "no_wait"}},
      {id::cancel, short_text("T"), "", {"no_wait"}},
      {id::publish, q + short_text("k"), "", {"mandatory"}},
      {id::get, q, "", {"no_ack"}},
      {id::ack, big_endian(1, 8), "", {"multiple"}},
      {id::nack, big_endian(1, 8), "", {"multiple", "requeue"}},
      {id::reject, big_endian(1, 8), "", {"requeue"}},
      {id::recover, "", "", {"requeue"}},
      {id::confirm_select, "", "", {"no_wait"}},
      {id::flow, "", "", {"global"}},
  };
  for (const Case& each : cases) {
    CHECK(flags(read(each.id, each.before + octet(0) + each.after)) == "");
    for (std::size_t bit = 0; bit < each.flags.size(); ++bit) {
      INFO(find_method(each.id)->name);
      CHECK(flags(read(each.id, each.before + octet(1 << bit) + each.after)) == each.flags[bit]);
    }
  }
  CHECK(flags(read(id::recover_async, octet(1))) == "no_wait requeue");
}

TEST_CASE("each text of a method is where the model looks for it", "[amqp]") {
  const BrokerRequest exchange =
      read(id::exchange_declare, ticket + short_text("e") + short_text("topic") + octet(0) + long_text(table));
  CHECK(exchange.kind == Kind::declare_exchange);
  CHECK(exchange.name == "e");
  CHECK(exchange.text == "topic");
  CHECK(exchange.arguments == table);

  const BrokerRequest between = read(id::exchange_bind, ticket + short_text("to") + short_text("from") +
                                                            short_text("k") + octet(0) + long_text(table));
  CHECK(between.kind == Kind::bind_exchange);
  CHECK(between.name == "to");
  CHECK(between.exchange == "from");
  CHECK(between.key == "k");
  CHECK(between.arguments == table);

  for (const std::uint32_t id : {id::queue_bind, id::queue_unbind}) {
    const std::string bits = id == id::queue_bind ? octet(0) : "";
    const BrokerRequest bind =
        read(id, ticket + short_text("q") + short_text("e") + short_text("k") + bits + long_text(table));
    CHECK(bind.kind == (id == id::queue_bind ? Kind::bind_queue : Kind::unbind_queue));
    CHECK(bind.name == "q");
    CHECK(bind.exchange == "e");
    CHECK(bind.key == "k");
    CHECK(bind.arguments == table);
  }

  const BrokerRequest consume =
      read(id::consume, ticket + short_text("q") + short_text("T") + octet(0) + long_text(table));
  CHECK(consume.kind == Kind::consume);
  CHECK(consume.name == "q");
  CHECK(consume.text == "T");
  CHECK(consume.arguments == table);

  const BrokerRequest publish = read(id::publish, ticket + short_text("e") + short_text("k") + octet(2));
  CHECK(publish.kind == Kind::publish);
  CHECK(publish.exchange == "e");
  CHECK(publish.key == "k");

  CHECK(read(id::qos, big_endian(0, 4) + big_endian(513, 2) + octet(0)).number == 513);
  CHECK(read(id::nack, big_endian(0x0102030405060708, 8) + octet(0)).tag == 0x0102030405060708);
  CHECK(read(id::cancel, short_text("T") + octet(0)).text == "T");
  CHECK(read(id::get, ticket + short_text("q") + octet(0)).name == "q");
}

TEST_CASE("what only a server says is no request", "[amqp]") {
  int requests = 0;
  for (const Method& each : methods()) {
    MethodCall call;
    call.method = &each;
    BrokerRequest request;
    requests += to_request(call, request) ? 1 : 0;
  }
  CHECK(requests == 26);  // One for each kind but connect and disconnect, and recover has two.
}
