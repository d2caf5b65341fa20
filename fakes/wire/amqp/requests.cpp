#include "fakes/wire/amqp/requests.hpp"

namespace premortem::fakes::amqp {

// Positions are those of the table of methods, where the first argument is often reserved.
bool to_request(const MethodCall& call, BrokerRequest& request) {
  using Kind = BrokerRequest::Kind;
  switch (id_of(*call.method)) {
    case id::channel_open:
      request.kind = Kind::open_channel;
      return true;
    case id::channel_close:
      request.kind = Kind::close_channel;
      return true;
    case id::flow:
      request.kind = Kind::flow;
      request.global = call.bit(0);
      return true;
    case id::exchange_declare:
      request.kind = Kind::declare_exchange;
      request.name = call.text(1);
      request.text = call.text(2);
      request.passive = call.bit(3);
      request.durable = call.bit(4);
      request.auto_delete = call.bit(5);
      request.internal = call.bit(6);
      request.no_wait = call.bit(7);
      request.arguments = call.text(8);
      return true;
    case id::exchange_delete:
      request.kind = Kind::delete_exchange;
      request.name = call.text(1);
      request.if_unused = call.bit(2);
      request.no_wait = call.bit(3);
      return true;
    case id::exchange_bind:
    case id::exchange_unbind:
      request.kind = id_of(*call.method) == id::exchange_bind ? Kind::bind_exchange : Kind::unbind_exchange;
      request.name = call.text(1);
      request.exchange = call.text(2);
      request.key = call.text(3);
      request.no_wait = call.bit(4);
      request.arguments = call.text(5);
      return true;
    case id::queue_declare:
      request.kind = Kind::declare_queue;
      request.name = call.text(1);
      request.passive = call.bit(2);
      request.durable = call.bit(3);
      request.exclusive = call.bit(4);
      request.auto_delete = call.bit(5);
      request.no_wait = call.bit(6);
      request.arguments = call.text(7);
      return true;
    case id::queue_bind:
      request.kind = Kind::bind_queue;
      request.name = call.text(1);
      request.exchange = call.text(2);
      request.key = call.text(3);
      request.no_wait = call.bit(4);
      request.arguments = call.text(5);
      return true;
    case id::queue_unbind:
      request.kind = Kind::unbind_queue;
      request.name = call.text(1);
      request.exchange = call.text(2);
      request.key = call.text(3);
      request.arguments = call.text(4);
      return true;
    case id::queue_purge:
      request.kind = Kind::purge_queue;
      request.name = call.text(1);
      request.no_wait = call.bit(2);
      return true;
    case id::queue_delete:
      request.kind = Kind::delete_queue;
      request.name = call.text(1);
      request.if_unused = call.bit(2);
      request.if_empty = call.bit(3);
      request.no_wait = call.bit(4);
      return true;
    case id::qos:
      request.kind = Kind::qos;
      request.number = static_cast<std::uint32_t>(call.number(1));
      request.global = call.bit(2);
      return true;
    case id::consume:
      request.kind = Kind::consume;
      request.name = call.text(1);
      request.text = call.text(2);
      request.no_local = call.bit(3);
      request.no_ack = call.bit(4);
      request.exclusive = call.bit(5);
      request.no_wait = call.bit(6);
      request.arguments = call.text(7);
      return true;
    case id::cancel:
      request.kind = Kind::cancel;
      request.text = call.text(0);
      request.no_wait = call.bit(1);
      return true;
    case id::publish:
      request.kind = Kind::publish;
      request.exchange = call.text(1);
      request.key = call.text(2);
      request.mandatory = call.bit(3);
      return true;
    case id::get:
      request.kind = Kind::get;
      request.name = call.text(1);
      request.no_ack = call.bit(2);
      return true;
    case id::ack:
      request.kind = Kind::ack;
      request.tag = call.number(0);
      request.multiple = call.bit(1);
      return true;
    case id::nack:
      request.kind = Kind::nack;
      request.tag = call.number(0);
      request.multiple = call.bit(1);
      request.requeue = call.bit(2);
      return true;
    case id::reject:
      request.kind = Kind::reject;
      request.tag = call.number(0);
      request.requeue = call.bit(1);
      return true;
    case id::recover:
    case id::recover_async:
      request.kind = Kind::recover;
      request.requeue = call.bit(0);
      request.no_wait = id_of(*call.method) == id::recover_async;
      return true;
    case id::confirm_select:
      request.kind = Kind::confirm_select;
      request.no_wait = call.bit(0);
      return true;
    case id::tx_select:
      request.kind = Kind::tx_select;
      return true;
    case id::tx_commit:
      request.kind = Kind::tx_commit;
      return true;
    case id::tx_rollback:
      request.kind = Kind::tx_rollback;
      return true;
    default:
      return false;
  }
}

std::uint32_t method_of(BrokerRequest::Kind kind) {
  using enum BrokerRequest::Kind;
  switch (kind) {
    case connect:
      return id::open;
    case open_channel:
      return id::channel_open;
    case close_channel:
      return id::channel_close;
    case declare_exchange:
      return id::exchange_declare;
    case delete_exchange:
      return id::exchange_delete;
    case bind_exchange:
      return id::exchange_bind;
    case unbind_exchange:
      return id::exchange_unbind;
    case declare_queue:
      return id::queue_declare;
    case bind_queue:
      return id::queue_bind;
    case unbind_queue:
      return id::queue_unbind;
    case purge_queue:
      return id::queue_purge;
    case delete_queue:
      return id::queue_delete;
    case qos:
      return id::qos;
    case consume:
      return id::consume;
    case cancel:
      return id::cancel;
    case publish:
      return id::publish;
    case get:
      return id::get;
    case ack:
      return id::ack;
    case nack:
      return id::nack;
    case reject:
      return id::reject;
    case recover:
      return id::recover;
    case confirm_select:
      return id::confirm_select;
    case tx_select:
      return id::tx_select;
    case tx_commit:
      return id::tx_commit;
    case tx_rollback:
      return id::tx_rollback;
    case flow:
      return id::flow;
    default:  // Nothing that goes over the wire as a method of its own.
      return 0;
  }
  return 0;
}

}  // namespace premortem::fakes::amqp
